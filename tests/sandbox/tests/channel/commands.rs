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
    client.ends().await;
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
async fn control_characters_become_signals() {
    let channels = Channels::new();
    let trap = "sh -c 'trap \"echo int\" INT; trap \"echo quit; exit 3\" QUIT; echo ready; \
                while :; do sleep 0.05; done'";
    let mut client = start(&channels, separate(trap)).await;
    client.sees("ready\n").await;
    client.type_in("typed\x03").await;
    client.sees("int\n").await;
    client.type_in("\x1c\x03").await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: 3");

    let mut client = start(&channels, separate("sh -c 'echo ready; exec sleep 600'")).await;
    client.sees("ready\n").await;
    client.type_in("\x03").await;
    client.ends().await;
    assert_eq!(of(&client, PayloadType::ExitCode), "EXIT_CODE: -1");
}

/// Commands must not inherit that the sandbox ignores a signal.
#[test]
fn control_characters_become_signals_when_the_sandbox_ignores_them() {
    let output = Command::new("/bin/sh")
        .args([
            "-c",
            "trap '' INT QUIT; exec \"$0\" --exact commands::control_characters_become_signals",
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
