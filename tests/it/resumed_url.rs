//! Where a resumed session goes on if ResumeSession's stream URL cannot be used: where it began.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use vendor_ssm_sandbox::ResumedUrl;

use crate::behind::{Behind, HOSTS};
use crate::forward::{Running, bench, connect, echo, echoes};
use crate::harness::Bench;
use crate::harness::terminal::{LIMIT, Terminal, called, none_open, until};

/// A port of this machine on which nothing listens.
fn refused() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("ws://{}", listener.local_addr().unwrap())
}

fn answers(bench: &Bench, url: ResumedUrl) {
    bench.sandbox.options().resumed_url = url;
}

/// Drops the session's connection, and waits for the next one.
fn drops(bench: &Bench) {
    let id = bench.sandbox.open_sessions().remove(0);
    let opened = || {
        let record = bench.sandbox.channels().record(&id).unwrap();
        record.opened.len()
    };
    let times = opened();
    assert!(bench.sandbox.channels().drop_connection(&id));
    let again = until(2 * LIMIT, || opened() > times);
    assert!(again, "{:?}", bench.sandbox.actions());
}

#[test]
fn a_shell_goes_on_whatever_resume_session_answers() {
    let bench = bench();
    let mut terminal = Terminal::shell(&bench);
    let other = Bench::new();
    let urls = [
        ResumedUrl::Absent,
        ResumedUrl::Text(String::new()),
        ResumedUrl::Text("wss://".to_owned()),
        ResumedUrl::Text("not a URL".to_owned()),
        ResumedUrl::Text("wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/x".to_owned()),
        ResumedUrl::On("wss://evil.example".to_owned()),
        ResumedUrl::On("ws://198.51.100.7".to_owned()),
        ResumedUrl::On("https://127.0.0.1:1".to_owned()),
        ResumedUrl::On("wss://ssmmessages.eu-west-1.amazonaws.com".to_owned()),
        ResumedUrl::On(refused()),
        // Another service, which knows neither the session nor who signs.
        ResumedUrl::On(format!("ws://127.0.0.1:{}", other.sandbox.port())),
        ResumedUrl::Own,
    ];
    let times = urls.len();
    for (number, url) in urls.into_iter().enumerate() {
        answers(&bench, url);
        drops(&bench);
        terminal.types(&format!("echo again-$(({number}+70))\r"));
        terminal.shows(&format!("again-{}", number + 70));
    }
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
    assert_eq!(called(&bench, "ResumeSession"), times);
    assert_eq!(called(&bench, "StartSession"), 1);
}

#[test]
fn a_forward_and_a_proxy_go_on_too() {
    let bench = bench();
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    for url in [ResumedUrl::On(refused()), ResumedUrl::Text("x".to_owned())] {
        answers(&bench, url);
        echoes(&mut socket, b"before");
        drops(&bench);
        echoes(&mut socket, b"after");
    }
    running.leaves(&bench);

    let mut child = bench.piped(&format!("proxy web-1 {port}"));
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let mut echoes = |text: &[u8; 6]| {
        stdin.write_all(text).unwrap();
        let mut answer = [0; 6];
        stdout.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, text);
    };
    echoes(b"before");
    drops(&bench);
    echoes(b"after\n");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A URL of something else gets no connection, and the token least of all.
#[test]
fn nobody_else_is_connected_to() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let bench = bench();
    let mut terminal = Terminal::run(&bench, "connect web-1 --client builtin -v");
    terminal.shows("sh-5.2$");
    let address = listener.local_addr().unwrap();
    answers(
        &bench,
        ResumedUrl::Text(format!(
            "ws://{address}/v1/data-channel/another?token=SECRET"
        )),
    );
    drops(&bench);
    assert!(listener.accept().is_err());
    terminal.shows("trying StartSession's with the new token");
    terminal.shows("the stream URL is not the data channel of session");
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(!ended.screen.contains("SECRET"), "{}", ended.screen);
}

/// Under AWS's own names the proxy sees every host that is asked for.
#[test]
fn a_foreign_host_is_not_asked_for_by_name() {
    let behind = Behind::new(None);
    let mut shell = behind
        .command("connect web-1 --client builtin")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let bench = &behind.bench;
    let began = || {
        let open = bench.sandbox.open_sessions();
        let record = |id: &String| bench.sandbox.channels().record(id);
        open.first()
            .and_then(record)
            .is_some_and(|record| !record.opened.is_empty())
    };
    assert!(until(LIMIT, began));
    for host in [
        "wss://evil.example",
        "wss://ssmmessages.eu-west-1.amazonaws.com",
    ] {
        answers(bench, ResumedUrl::On(host.to_owned()));
        drops(bench);
    }
    drop(shell.stdin.take());
    assert!(shell.wait().unwrap().success());
    for host in behind.hosts() {
        let name = host.split(':').next().unwrap();
        assert!(HOSTS.contains(&name), "{host}");
    }
}

/// A host that takes the connection and says nothing costs 15 seconds, not the session.
#[test]
fn a_host_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let silent = std::thread::spawn(move || {
        let sockets: Vec<TcpStream> = listener.incoming().take(1).map(Result::unwrap).collect();
        std::thread::sleep(LIMIT);
        drop(sockets);
    });
    let bench = bench();
    let mut terminal = Terminal::shell(&bench);
    answers(&bench, ResumedUrl::On(format!("ws://{address}")));
    let began = Instant::now();
    drops(&bench);
    assert!(began.elapsed() >= Duration::from_secs(14));
    terminal.types("echo still-$((1+1))\r");
    terminal.shows("still-2");
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    assert_eq!(called(&bench, "ResumeSession"), 1);
    silent.join().unwrap();
}
