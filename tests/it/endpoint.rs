//! The endpoint from which the plugin gets its credentials:
//! for who knows the token, while the session lives, and for no more than the plugin needs.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use aws_credential_types::Credentials;
use aws_sdk_ssm::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use serde_json::Value;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::plugin::{Script, Step};

use crate::harness::Bench;
use crate::harness::terminal::{LIMIT, Terminal, WEB_1, called, until};
use crate::pty::plugin::{Installed, configure, installed};

/// A plugin that stays until a line is typed, on a terminal.
struct Running {
    it: Installed,
    terminal: Terminal,
    address: String,
    token: String,
}

/// With credentials that live so long.
fn running(lifetime: Option<Duration>) -> Running {
    let steps = vec![Step::Print("here\n".to_owned()), Step::ReadLine];
    let it = installed(&Script {
        steps,
        ..Script::default()
    });
    it.bench.sandbox.options().credential_lifetime = lifetime;
    let terminal = Terminal::run(&it.bench, &format!("connect {WEB_1} --client plugin"));
    terminal.shows("here");
    let environment = it.plugin.dump().unwrap().environment;
    let uri = &environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    let address = uri.strip_prefix("http://").unwrap();
    let (address, path) = address.split_once('/').unwrap();
    assert_eq!(path, "credentials");
    assert!(address.starts_with("127.0.0.1:"));
    Running {
        address: address.to_owned(),
        token: environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"].clone(),
        it,
        terminal,
    }
}

impl Running {
    /// Sends a request's head, and tells the status and the body.
    fn asks(&self, line: &str, headers: &[(&str, &str)]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address)
            .unwrap_or_else(|error| panic!("{error}\n{}", self.terminal.screen()));
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let mut head = format!("{line} HTTP/1.1\r\n");
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        stream.write_all(format!("{head}\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    fn credentials(&self) -> Value {
        let headers = [
            ("Host", self.address.as_str()),
            ("Authorization", &self.token),
        ];
        let (status, body) = self.asks("GET /credentials", &headers);
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    fn ends(mut self) -> Installed {
        self.terminal.types("\r");
        let ended = self.terminal.ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        assert_eq!(self.it.bench.sandbox.open_sessions(), [""; 0]);
        self.it
    }
}

#[test]
fn only_the_plugin_is_answered_and_only_while_it_runs() {
    let running = running(None);
    let (host, token) = (running.address.clone(), running.token.clone());
    let other = host.replace("127.0.0.1", "localhost");
    let wrong = "x".repeat(token.len());
    for (line, headers, status) in [
        ("GET /credentials", vec![("Host", host.as_str())], 401),
        (
            "GET /credentials",
            vec![("Host", &host), ("Authorization", &wrong)],
            401,
        ),
        (
            "GET /credentials",
            vec![("Host", "evil.example"), ("Authorization", &token)],
            421,
        ),
        (
            "GET /credentials",
            vec![("Host", &other), ("Authorization", &token)],
            421,
        ),
        (
            "GET /",
            vec![("Host", &host), ("Authorization", &token)],
            404,
        ),
        (
            "POST /credentials",
            vec![("Host", &host), ("Authorization", &token)],
            405,
        ),
    ] {
        let (answered, body) = running.asks(line, &headers);
        assert_eq!(answered, status, "{line} {headers:?}");
        assert!(!body.contains("Secret"), "{body}");
    }
    let given = running.credentials();
    assert!(given["AccessKeyId"].as_str().unwrap().starts_with("ASIA"));
    for field in ["SecretAccessKey", "Token", "Expiration"] {
        assert!(!given[field].as_str().unwrap().is_empty(), "{field}");
    }
    running.ends();
    let late = TcpStream::connect(&host).map(|_| ());
    assert!(late.is_err(), "{late:?}");
}

/// Plain HTTP, a connection for each call.
#[derive(Debug)]
struct Plain;

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = request.try_into_http1x().unwrap();
        let host = request.uri().authority().unwrap().as_str();
        let mut sent = format!(
            "{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n",
            request.method(),
            request.uri().path()
        );
        for (name, value) in request.headers().iter().filter(|(name, _)| *name != "host") {
            write!(sent, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
        }
        let mut stream = TcpStream::connect(host).unwrap();
        stream.write_all(format!("{sent}\r\n").as_bytes()).unwrap();
        stream.write_all(request.body().bytes().unwrap()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status: u16 = head.split(' ').nth(1).unwrap().parse().unwrap();
        let answer = HttpResponse::new(status.try_into().unwrap(), body.to_owned().into());
        HttpConnectorFuture::ready(Ok(answer))
    }
}

#[tokio::test]
async fn they_open_resume_and_end_ones_own_session_and_nothing_else() {
    let running = running(None);
    let given = running.credentials();
    let text = |field: &str| given[field].as_str().unwrap().to_owned();
    let token = Some(text("Token"));
    let keys = Credentials::new(
        text("AccessKeyId"),
        text("SecretAccessKey"),
        token,
        None,
        "test",
    );
    let config = aws_sdk_ssm::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(http_client_fn(|_, _| SharedHttpConnector::new(Plain)))
        .region(Region::new("us-east-1"))
        .endpoint_url(running.it.bench.sandbox.endpoint())
        .credentials_provider(keys)
        .build();
    let ssm = aws_sdk_ssm::Client::from_conf(config);
    let id = running.it.bench.sandbox.open_sessions().remove(0);
    let resumed = ssm.resume_session().session_id(&id).send().await.unwrap();
    assert!(resumed.token_value().is_some());

    // What the customer role itself may do.
    let started = ssm.start_session().target(WEB_1).send().await;
    let listed = ssm.describe_instance_properties().send().await;
    let denied = |failed: bool, code: Option<&str>| failed && code == Some("AccessDeniedException");
    let code = |error: &dyn aws_smithy_types::error::metadata::ProvideErrorMetadata| {
        error.code().map(str::to_owned)
    };
    let start = started.map_err(|error| code(&error));
    let list = listed.map_err(|error| code(&error));
    assert!(denied(start.is_err(), start.unwrap_err().as_deref()));
    assert!(denied(list.is_err(), list.unwrap_err().as_deref()));
    let trail = running.it.bench.sandbox.trail();
    let decided = trail.iter().rfind(|event| event.action == "StartSession");
    assert_eq!(
        decided.unwrap().decisions.last().unwrap().effect,
        "ImplicitlyDenied"
    );

    ssm.terminate_session()
        .session_id(&id)
        .send()
        .await
        .unwrap();
    running.ends();
}

#[test]
fn they_are_renewed_before_their_end() {
    let running = running(Some(Duration::from_secs(12)));
    let first = running.credentials();
    assert_eq!(running.credentials(), first);
    let renewed = || running.credentials()["AccessKeyId"] != first["AccessKeyId"];
    assert!(until(LIMIT, renewed));
    let it = running.ends();
    assert!(called(&it.bench, "AssumeRole") > 3);
}

/// AWS's own plugin takes its credentials from the endpoint when it resumes, past the first ones'
/// end.
#[test]
#[ignore = "needs AWS's plugin, named by SESSION_MANAGER_PLUGIN"]
#[expect(
    clippy::disallowed_methods,
    reason = "only who runs it knows where the plugin is"
)]
fn awss_plugin_resumes_with_them() {
    let path = std::env::var("SESSION_MANAGER_PLUGIN").unwrap();
    let bench = Bench::with(Options {
        credential_lifetime: Some(Duration::from_secs(12)),
        // Before 1.2.764.0 it does not sign.
        allow_unsigned_channel: true,
        ..Options::default()
    });
    configure(&bench, Path::new(&path));
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client plugin"));
    terminal.shows("Starting session with SessionId");
    terminal.shows("sh-5.2$");
    terminal.types("kept=still; echo $kept-he''re\r");
    terminal.shows("still-here");
    std::thread::sleep(Duration::from_secs(15));
    for time in 1..3 {
        let id = bench.sandbox.open_sessions().remove(0);
        assert!(bench.sandbox.channels().drop_connection(&id));
        // It ends when it is typed to without a connection.
        let is_back = || bench.sandbox.channels().record(&id).unwrap().opened.len() > time;
        assert!(until(LIMIT, is_back), "{}", terminal.screen());
        terminal.types(&format!("echo $kept-again-$(({time}+7))\r"));
        terminal.shows(&format!("still-again-{}", time + 7));
        std::thread::sleep(Duration::from_secs(13));
    }
    let trail = bench.sandbox.trail();
    let resumed = trail.iter().find(|event| event.action == "ResumeSession");
    assert!(resumed.unwrap().user_agent.contains("aws-sdk-go"));
    assert!(resumed.unwrap().succeeded());
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
}

/// Every process on this machine can connect; one without the token makes way.
#[test]
fn idle_connections_do_not_keep_the_plugin_out() {
    let running = running(None);
    let connect = || TcpStream::connect(&running.address).unwrap();
    let idle: Vec<TcpStream> = (0..60).map(|_| connect()).collect();
    let began = Instant::now();
    running.credentials();
    // Eight at a time, each would have been waited for 5 s.
    assert!(began.elapsed() < Duration::from_secs(20));
    drop(idle);
    running.ends();
}

/// A user of this machine who has no process and no file.
const NOBODY: u32 = 65534;

/// bash that connects to the endpoint, as another user if the tests run as root.
struct Stranger {
    bash: Child,
    _stdin: ChildStdin,
}

impl Stranger {
    fn runs(running: &Running, script: &str) -> Self {
        let port = running.address.rsplit(':').next().unwrap();
        let mut command = Command::new("bash");
        command
            .args(["-c", script, "bash", &format!("/dev/tcp/127.0.0.1/{port}")])
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let mut bash = command.spawn().unwrap();
        let stdin = bash.stdin.take().unwrap();
        Self {
            bash,
            _stdin: stdin,
        }
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let _ = self.bash.kill();
        let _ = self.bash.wait();
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Connections that are held, that come and go, and that ask without the token.
#[test]
fn another_users_flood_does_not_keep_the_plugin_out() {
    const HOLDS: &str = "for i in {1..250}; do exec {fd}<>$1; done; read";
    // One's own processes could read the token, so the promise is about others.
    let (pause, times) = if is_root() {
        ("", 2)
    } else {
        ("read -t 0.01;", 1)
    };
    let comes = format!("while :; do : <>$1; {pause} done");
    let asks =
        format!("trap '' PIPE; while :; do printf 'GET / HTTP/1.1\\r\\n\\r\\n' >$1; {pause} done");
    let running = running(None);
    let mut strangers = vec![Stranger::runs(&running, HOLDS)];
    for _ in 0..times {
        strangers.push(Stranger::runs(&running, &comes));
        strangers.push(Stranger::runs(&running, &asks));
    }
    for _ in 0..150 {
        running.credentials();
    }
    for stranger in &mut strangers {
        assert!(stranger.bash.try_wait().unwrap().is_none());
    }
    drop(strangers);
    running.ends();
}
