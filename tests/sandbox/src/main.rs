//! Runs a sandbox until a signal stops it:
//! `vendor-ssm-sandbox`. `vendor-ssm-sandbox iam-cases FILE` tries the policy evaluator.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use serde_json::json;
use vendor_ssm_sandbox::faults::Fault;
use vendor_ssm_sandbox::iam::MalformedPolicy;
use vendor_ssm_sandbox::options::{Ended, Options, StartLimit};
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, SESSION_KEY, World};
use vendor_ssm_sandbox::{Sandbox, iam};

/// An AWS on 127.0.0.1 to test vendor-ssm against.
///
/// Prints one line of JSON with its endpoint and alice's keys when it is ready, and ends on SIGTERM
/// or SIGINT.
#[derive(Parser)]
#[command(name = "vendor-ssm-sandbox", args_conflicts_with_subcommands = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Subcommand)]
enum Command {
    /// Decides every case of a file and says where the answer differs.
    IamCases {
        /// JSON: requests with policies and the wanted decision.
        file: PathBuf,
    },
}

#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each flag is given by itself"
)]
struct Serve {
    /// The port on 127.0.0.1; 0 is any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// So many instances instead of the seeds' few.
    #[arg(long, value_name = "N")]
    instances: Option<usize>,
    /// How long every answer takes at least, in milliseconds.
    #[arg(long, value_name = "M", default_value_t = 0)]
    latency_ms: u64,
    /// Put every service at the end of a way of its own, on which a round trip takes this many
    /// milliseconds. The line of JSON has their URLs as "relayed".
    #[arg(long, value_name = "M")]
    round_trip_ms: Option<u64>,
    /// The longest that minted credentials live, in seconds.
    #[arg(long, value_name = "SECONDS")]
    credential_lifetime: Option<u64>,
    /// Serve TLS, with the CA's certificate in DIR/ca.pem.
    #[arg(long, value_name = "DIR")]
    tls: Option<PathBuf>,
    /// Another name for the server's certificate (repeatable).
    #[arg(long, value_name = "NAME")]
    tls_name: Vec<String>,
    /// What `TerminateSession` answers for a session that has ended:
    /// 200, does-not-exist, validation, access-denied.
    #[arg(long, value_name = "ANSWER", default_value = "200")]
    terminated_answer: Ended,
    /// A planned failure, ACTION=KIND[:N] (repeatable).
    /// Kinds: throttle, 500, 500-after, 503, hang, hang-after, reset, reset-after, half, garbage,
    /// html, expired, denied, refused(CODE) with an error that `StartSession` documents, slow(MS),
    /// clock-skew(SECONDS).
    #[arg(long, value_name = "ACTION=KIND[:N]")]
    fault: Vec<Fault>,
    /// Throttle `StartSession` beyond N calls a second, and a burst of as many, in each account and
    /// region.
    #[arg(long, value_name = "N[:BURST]")]
    start_limit: Option<StartLimit>,
    /// Put the sandbox's clock this many seconds off.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        allow_hyphen_values = true
    )]
    clock_skew: i64,
    /// Stream URLs have a cell number, which `ResumeSession` changes.
    #[arg(long)]
    cells: bool,
    /// Encrypt sessions with the customer's KMS key, and let its role use that.
    #[arg(long)]
    encrypt: bool,
    /// End sessions after so many idle seconds.
    #[arg(long, value_name = "SECONDS")]
    idle_timeout: Option<u64>,
    /// The most items of one page.
    #[arg(long, value_name = "N")]
    page_size: Option<usize>,
    /// Write every call to FILE, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    trail: Option<PathBuf>,
    /// Let a websocket be opened without a signature.
    #[arg(long)]
    allow_unsigned_channel: bool,
    /// Open every session with a handshake.
    #[arg(long)]
    handshake: bool,
    /// Let the customer's role start sessions with this document too (repeatable).
    #[arg(long, value_name = "DOCUMENT")]
    grant: Vec<String>,
    /// The version of every instance's agent, which decides how it forwards ports.
    #[arg(long, value_name = "VERSION")]
    agent_version: Option<String>,
    /// On every instance, the port PORT is this machine's HERE (repeatable), as in 22:2222.
    #[arg(long, value_name = "PORT:HERE", value_parser = two_ports)]
    map_port: Vec<(u16, u16)>,
}

fn two_ports(text: &str) -> Result<(u16, u16), String> {
    let ports = text
        .split_once(':')
        .and_then(|(port, here)| Some((port.parse().ok()?, here.parse().ok()?)));
    ports.ok_or_else(|| "expected two ports, as in 22:2222".to_owned())
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Some(Command::IamCases { file }) => iam_cases(&file),
        None => serve(args.serve),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "vendor-ssm-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Lets the documents of the customers ask for what was given on the command line.
fn ask(world: &mut World, encrypt: bool, idle: Option<Duration>) -> Result<(), MalformedPolicy> {
    for document in &mut world.documents {
        document.idle_timeout = idle;
        document.kms_key_id = encrypt.then(|| SESSION_KEY.to_owned());
    }
    match world.role_mut(CUSTOMER, CUSTOMER_ROLE) {
        Some(role) if encrypt => role.set_policy("encrypt", ENCRYPT),
        _ => Ok(()),
    }
}

const ENCRYPT: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Action": "kms:GenerateDataKey", "Resource": "*"}}"#;

fn serve(args: Serve) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let sandbox = Sandbox::start(Options {
        port: args.port,
        instances: args.instances,
        latency: Duration::from_millis(args.latency_ms),
        round_trip: args.round_trip_ms.map(Duration::from_millis),
        credential_lifetime: args.credential_lifetime.map(Duration::from_secs),
        tls: args.tls,
        tls_names: args.tls_name,
        trail: args.trail,
        faults: args.fault,
        start_limit: args.start_limit,
        ended: args.terminated_answer,
        page_size: args.page_size,
        cells: args.cells,
        allow_unsigned_channel: args.allow_unsigned_channel,
        handshake: args.handshake,
        ..Options::default()
    })?;
    sandbox.clock().skew(args.clock_skew);
    sandbox.world(|world| {
        for instance in &mut world.instances {
            instance.ports.clone_from(&args.map_port);
            if let Some(version) = &args.agent_version {
                instance.agent_version.clone_from(version);
            }
        }
        let documents: Vec<&str> = args.grant.iter().map(String::as_str).collect();
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE);
        role.map_or(Ok(()), |role| role.grant_documents(&documents))
    })?;

    let idle = args.idle_timeout.map(Duration::from_secs);
    sandbox.world(|world| ask(world, args.encrypt, idle))?;

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        // Listening for the signals comes first: a reader of the line may send one at once.
        let ended = ended()?;
        let alice = sandbox.credentials("alice");
        let ready = json!({
            "endpoint": sandbox.endpoint(),
            "relayed": sandbox.relayed(),
            "ca_file": sandbox.ca_file(),
            "user": "alice",
            "access_key_id": alice.as_ref().map(|keys| &keys.access_key_id),
            "secret_access_key": alice.as_ref().map(|keys| &keys.secret_access_key),
        });
        let mut out = std::io::stdout();
        writeln!(out, "{ready}")?;
        out.flush()?;
        ended.await;
        Ok::<_, std::io::Error>(())
    })?;
    Ok(ExitCode::SUCCESS)
}

/// A future that ends with SIGTERM or SIGINT, already listening when it is returned.
#[cfg(unix)]
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn ended() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Decides every case of a file; fails when an answer differs.
fn iam_cases(file: &Path) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let outcomes = iam::cases::run(&std::fs::read_to_string(file)?)?;
    let mut out = std::io::stdout().lock();
    for outcome in &outcomes {
        let mark = if outcome.is_right() {
            "ok    "
        } else {
            "DIFFER"
        };
        let (want, got) = (&outcome.want, &outcome.got);
        writeln!(
            out,
            "{mark} want {want:<18} got {got:<18} {}",
            outcome.label
        )?;
    }
    let wrong = outcomes
        .iter()
        .filter(|outcome| !outcome.is_right())
        .count();
    writeln!(out, "{} cases, {wrong} differ", outcomes.len())?;
    Ok(if wrong == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
