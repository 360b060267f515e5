//! Commands without a terminal: their words, their outputs, their exit code and their end.

use super::*;

/// A client that has answered the handshake.
async fn start(channels: &Channels, command: vendor_ssm_sandbox::channel::Command) -> Client {
    channels.create(
        Spec {
            behind: Behind::Command(command),
            ..spec(shell())
        },
        "first".to_owned(),
    );
    let mut client = Client::open(channels, "first").await;
    let request = client.shake_hands("1.2.764.0").await;
    assert_eq!(request["AgentVersion"], AGENT_VERSION);
    assert_eq!(
        request["RequestedClientActions"][0]["ActionParameters"],
        serde_json::json!({"SessionType": "NonInteractiveCommands", "Properties": null})
    );
    client
}

fn separate(line: &str) -> vendor_ssm_sandbox::channel::Command {
    vendor_ssm_sandbox::channel::Command {
        separate: true,
        ..merged(line)
    }
}

fn merged(line: &str) -> vendor_ssm_sandbox::channel::Command {
    vendor_ssm_sandbox::channel::Command {
        line: line.to_owned(),
        ..vendor_ssm_sandbox::channel::Command::default()
    }
}

fn of(client: &Client, payload_type: PayloadType) -> String {
    let bytes = client.received_of(payload_type);
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn separate_outputs_come_with_the_exit_code() {
    let channels = Channels::new();
    let command = separate("sh -c 'echo out; echo err >&2; exit 7'");
    let mut client = start(&channels, command).await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::Output), "out\n");
    assert_eq!(of(&client, PayloadType::StdErr), "err\n");
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 7");
    let (last, _) = client.received.last().unwrap();
    assert_eq!(*last, PayloadType::ExitCode as u32);
    assert_eq!(client.closed.unwrap().output, "");
    assert_eq!(channels.violations(ID), [""; 0]);
}

#[tokio::test]
async fn merged_outputs_come_at_the_end_without_one() {
    let channels = Channels::new();
    let command = merged("sh -c 'echo out; echo err >&2; read x; echo $?; sleep 1; exit 7'");
    let mut client = start(&channels, command).await;
    client.listen(Duration::from_millis(500)).await;
    assert_eq!(of(&client, PayloadType::Output), "");
    client.ends().await;
    // There is no stdin, so `read` finds its end.
    assert_eq!(of(&client, PayloadType::Output), "out\nerr\n1\n");
    assert_eq!(of(&client, PayloadType::StdErr), "");
    assert_eq!(of(&client, PayloadType::ExitCode), "");
    assert_eq!(client.closed.unwrap().output, "");
}

#[tokio::test]
async fn windows_plays_a_script() {
    let channels = Channels::new();
    let command = vendor_ssm_sandbox::channel::Command {
        windows: true,
        ..separate("echo 'a b'; cmd /c exit 7; exit $LASTEXITCODE")
    };
    let mut client = start(&channels, command).await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::Output), "a b\r\n");
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 7");
}

#[tokio::test]
async fn a_client_that_knows_no_separate_outputs_is_told() {
    for (version, told) in [("1.2.295", true), ("1.2.312.0", false)] {
        let channels = Channels::new();
        let behind = Behind::Command(separate("true"));
        channels.create(
            Spec {
                behind,
                ..spec(shell())
            },
            "first".to_owned(),
        );
        let mut client = Client::open(&channels, "first").await;
        client.shake_hands(version).await;
        let complete = of(&client, PayloadType::HandshakeComplete);
        assert_eq!(complete.contains("Please update"), told, "{complete}");
    }
}

#[tokio::test]
async fn no_shell_sees_the_words() {
    let channels = Channels::new();
    let command = separate(r#"printf '<%s>' "$HOME" * 'a  b' c\ d '' "#);
    let mut client = start(&channels, command).await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::Output), "<$HOME><*><a  b><c d><>");
}

#[tokio::test]
async fn prefixes_come_at_the_beginnings_of_lines() {
    let channels = Channels::new();
    let command = vendor_ssm_sandbox::channel::Command {
        stdout_prefix: "OUT:".to_owned(),
        stderr_prefix: "ERR:".to_owned(),
        ..separate("sh -c 'printf a; sleep 0.3; printf \"b\\n\"; sleep 0.3; echo c; echo d >&2'")
    };
    let mut client = start(&channels, command).await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::Output), "OUT:ab\nOUT:c\n");
    assert_eq!(of(&client, PayloadType::StdErr), "ERR:d\n");

    let wrong = vendor_ssm_sandbox::channel::Command {
        stdout_prefix: "no spaces".to_owned(),
        ..separate("true")
    };
    let mut client = start(&channels, wrong).await;
    client.ends().await;
    let output = client.closed.unwrap().output;
    assert_eq!(output, "invalid stdoutSeparatorPrefix no spaces");
}

#[tokio::test]
async fn a_command_that_cannot_start_says_why() {
    let channels = Channels::new();
    let mut client = start(&channels, separate("no-such-program --help")).await;
    client
        .until("the exit code", |client| {
            !client.received_of(PayloadType::ExitCode).is_empty()
        })
        .await;
    let began = Instant::now();
    client.ends().await;
    assert!(began.elapsed() > Duration::from_millis(900));
    let reason = "exec: \"no-such-program\": executable file not found in $PATH";
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 1");
    assert_eq!(of(&client, PayloadType::StdErr), reason);
    let order: Vec<u32> = client.received.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(order[order.len() - 2..], [12, 11]);
    let output = client.closed.unwrap().output;
    assert!(output.ends_with(&format!("Error occurred starting the command: {reason}\n")));

    let mut client = start(&channels, merged("/no/such")).await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::ExitCode), "");
    let reason = "fork/exec /no/such: no such file or directory";
    assert_eq!(of(&client, PayloadType::StdErr), reason);

    let mut client = start(&channels, separate("echo 'open")).await;
    client.ends().await;
    let text = of(&client, PayloadType::StdErr);
    assert!(
        text.contains("EOF found when expecting closing quote"),
        "{text}"
    );
}

#[tokio::test]
async fn control_characters_become_signals_and_the_exit_code_is_1() {
    // Whatever becomes of the command, its own status is lost.
    for (key, name) in [("typed\x03", "INT"), ("\x1c\x03", "QUIT")] {
        for then in ["exit 3", "trap - TERM; kill -TERM $$", "exit 0"] {
            let channels = Channels::new();
            let trap = format!(
                "sh -c 'trap \"echo {name}; {then}\" {name}; echo ready; while :; do sleep 0.05; done'"
            );
            let mut client = start(&channels, separate(&trap)).await;
            client.sees("ready\n").await;
            client.type_in(key).await;
            client.ends().await;
            assert_eq!(client.text, format!("{name}\n"));
            assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 1");
        }
    }
    let channels = Channels::new();
    let mut client = start(&channels, separate("sh -c 'echo ready; exec sleep 600'")).await;
    client.sees("ready\n").await;
    client.type_in("\x03").await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 1");
}

#[tokio::test]
async fn a_command_whose_end_is_waited_for_already_keeps_its_exit_code() {
    for (then, code) in [("exit 7", "7"), ("trap - TERM; kill -TERM $$", "-1")] {
        let channels = Channels::new();
        let line = format!(
            "sh -c 'trap \"{then}\" INT; echo ready; exec >&- 2>&-; while :; do sleep 0.05; done'"
        );
        let mut client = start(&channels, separate(&line)).await;
        client.sees("ready\n").await;
        client.listen(Duration::from_millis(300)).await;
        client.type_in("\x03").await;
        client.ends().await;
        assert_eq!(
            of(&client, PayloadType::ExitCode),
            format!("EXIT_CODE: {code}")
        );
    }
}

#[tokio::test]
async fn after_a_signal_nothing_is_taken_until_the_command_has_ended() {
    let channels = Channels::new();
    let trap = "sh -c 'trap \"echo int\" INT; trap \"\" QUIT; echo ready; sleep 1; sleep 1'";
    let mut client = start(&channels, separate(trap)).await;
    client.sees("ready\n").await;
    let before = client.acknowledged.len();
    client.type_in("\x03").await;
    client.type_in("\x03").await;
    client.sees("int\n").await;
    assert_eq!(client.acknowledged.len(), before);
    client.ends().await;
    assert_eq!(client.text, "", "the second one came too late");
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 1");
}

#[tokio::test]
async fn a_signal_closes_the_pipes_with_the_command() {
    let channels = Channels::new();
    let line = "sh -c 'sleep 600 & echo ready; wait'";
    let mut client = start(&channels, separate(line)).await;
    client.sees("ready\n").await;
    client.type_in("\x03").await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 1");
}

/// Drops the connection of a session and takes it up again.
async fn cut(channels: &Channels, client: Client, away: Duration) -> Client {
    assert!(channels.drop_connection(ID));
    tokio::time::sleep(away).await;
    assert!(channels.renew(ID, "second".to_owned()));
    let received = client.received;
    let mut client = Client::resume(channels, "second", client.memory).await;
    client.received = received;
    client
}

#[tokio::test]
async fn what_a_command_says_while_its_client_is_away_is_its_last_word() {
    let channels = Channels::new();
    let line = "sh -c 'for i in $(seq 40); do echo $i; sleep 0.05; done; exit 5'";
    let mut client = start(&channels, separate(line)).await;
    client.sees("5\n").await;
    let mut client = cut(&channels, client, Duration::from_millis(500)).await;
    client.ends().await;
    let output = of(&client, PayloadType::Output);
    let lines: Vec<u32> = output.lines().map(|line| line.parse().unwrap()).collect();
    let last = u32::try_from(lines.len()).unwrap();
    assert!(lines.iter().copied().eq(1..=last) && last < 20, "{lines:?}");
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 5");
}

#[tokio::test]
async fn a_command_that_fills_the_pipe_then_stands_still() {
    let channels = Channels::new();
    let line = "sh -c 'echo ready; sleep 0.3; echo away; sleep 0.5; head -c 200000 /dev/zero'";
    let mut client = start(&channels, separate(line)).await;
    client.sees("ready\n").await;
    let mut client = cut(&channels, client, Duration::from_millis(500)).await;
    client.listen(Duration::from_secs(2)).await;
    assert_eq!(of(&client, PayloadType::Output), "ready\naway\n");
    assert_eq!(of(&client, PayloadType::ExitCode), "");
    assert_eq!(channels.state(ID), Some(State::Running));
    assert!(channels.terminate(ID, "Terminated."));
    client.ends().await;
}

#[tokio::test]
async fn a_command_that_ends_while_its_client_is_away_has_no_exit_code() {
    let channels = Channels::new();
    let line = "sh -c 'echo ready; sleep 0.5; echo last; exit 5'";
    let mut client = start(&channels, separate(line)).await;
    client.sees("ready\n").await;
    // The agent waits two seconds for what it has sent to arrive.
    let mut client = cut(&channels, client, Duration::from_secs(1)).await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::Output), "ready\nlast\n");
    assert_eq!(of(&client, PayloadType::ExitCode), "");
    assert_eq!(client.closed.unwrap().output, "");
}

#[tokio::test]
async fn nothing_is_missing_where_the_agent_does_not_learn_of_the_loss() {
    let channels = Channels::new();
    channels.faults().keep_losses_from_agents(true);
    let line = "sh -c 'for i in $(seq 40); do echo $i; sleep 0.02; done; exit 5'";
    let mut client = start(&channels, separate(line)).await;
    client.sees("5\n").await;
    let mut client = cut(&channels, client, Duration::from_millis(300)).await;
    client.ends().await;
    let output = of(&client, PayloadType::Output);
    let numbers = output.lines().map(|line| line.parse::<u32>().unwrap());
    assert!(numbers.eq(1..=40), "{output}");
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 5");
}

/// Commands must not inherit that the sandbox ignores a signal.
#[test]
fn control_characters_become_signals_when_the_sandbox_ignores_them() {
    let output = Command::new("/bin/sh")
        .args([
            "-c",
            "trap '' INT QUIT; exec \"$0\" --exact commands::control_characters_become_signals_and_the_exit_code_is_1",
        ])
        .arg(std::env::current_exe().unwrap())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );
}

#[tokio::test]
async fn what_is_no_text_at_the_very_end_is_lost() {
    let channels = Channels::new();
    let command = separate(r"printf '\377\376abc\000\377\n\303\251\377'");
    let mut client = start(&channels, command).await;
    client.ends().await;
    assert_eq!(
        client.received_of(PayloadType::Output),
        b"\xff\xfeabc\x00\xff\n\xc3\xa9"
    );
}

#[tokio::test]
async fn much_output_comes_whole() {
    let channels = Channels::new();
    let mut client = start(&channels, separate("seq 1 300000")).await;
    client.ends().await;
    let output = of(&client, PayloadType::Output);
    let numbers = output.lines().map(|line| line.parse::<u32>().unwrap());
    assert!(numbers.eq(1..=300_000) && output.ends_with('\n'));
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 0");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn nothing_is_left_of_a_terminated_command() {
    for separately in [true, false] {
        let channels = Channels::new();
        let marker = Uuid::new_v4().to_string();
        let line = format!("sh -c 'sleep 600 & sh -c \"sleep 601; echo {marker}\"'");
        let command = vendor_ssm_sandbox::channel::Command {
            separate: separately,
            ..merged(&line)
        };
        let mut client = start(&channels, command).await;
        let alive = || processes_with(&marker);
        eventually("started", || alive() > 1).await;
        assert!(channels.terminate(ID, "Terminated."));
        client.ends().await;
        assert_eq!(client.closed.unwrap().output, "Terminated.");
        eventually("killed", || alive() == 0).await;
    }
}

/// How many living processes have this in their arguments.
#[cfg(target_os = "linux")]
fn processes_with(marker: &str) -> usize {
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .filter(|line| String::from_utf8_lossy(line).contains(marker))
        .count()
}
