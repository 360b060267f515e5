//! A parent for the plugin, which neither restores the terminal nor ends its session when it dies: we
//! keep the terminal's mode, outlive its signals, and end it when we are ended.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use crate::aws::Service;
use crate::signals::{Ending, Signals};

use super::end::End;
use super::endpoint::Endpoint;
use super::keys::Keys;
use super::plugin::{HandOff, Plugin};
use super::reset::reset;
use super::start::Started;
use super::terminal::Saved;
use super::{Request, Stage};

/// A plugin that returns 0 sooner than this has hardly been a session.
const HARDLY: Duration = Duration::from_secs(2);
/// How long the plugin has to obey SIGTERM before it is killed.
const GRACE: Duration = Duration::from_secs(1);

/// Runs the plugin until it ends or we are told to. `keys` are what it may have.
pub(super) async fn run(
    stage: Stage<'_, '_>,
    plugin: &Plugin,
    keys: &Keys,
    request: &Request,
    started: &Started,
    signals: &mut Signals,
) -> End {
    let region = &request.target.region;
    let endpoint = stage
        .aws
        .endpoints()
        .of(Service::Ssm)
        .map_or_else(|| format!("https://{}", region.host("ssm")), str::to_owned);
    let credentials = match Endpoint::open().await {
        Ok(endpoint) => endpoint,
        Err(error) => {
            return End::NotOpened {
                reason: format!("there is nowhere to hand the plugin credentials: {error}"),
                hint: Some("use --client builtin".to_owned()),
            };
        }
    };
    let hand_off = HandOff {
        session_id: &started.session_id,
        stream_url: &started.stream_url,
        token: started.token.reveal(),
        region: region.as_str(),
        target: &request.target.instance_id,
        endpoint: &endpoint,
        credentials_uri: &credentials.uri(),
        authorization: credentials.authorization(),
    };
    stage.callbacks.hand_over();
    let _terminal = Saved::new(stage.os);
    // Ctrl-Z is for the remote side; the plugin hears it itself, and we must not stop.
    let mut suspend = signal(SignalKind::from_raw(Signal::TSTP.as_raw())).ok();
    let began = Instant::now();
    let mut command = Command::new(&plugin.path);
    command
        .args(hand_off.arguments())
        .env_clear()
        .envs(hand_off.environment(stage.os))
        .kill_on_drop(true);
    #[cfg(target_os = "linux")]
    dies_with_us(&mut command);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            return End::NotOpened {
                reason: format!("{} cannot be run: {error}", plugin.path.display()),
                hint: Some("use --client builtin".to_owned()),
            };
        }
    };
    let mut serving = std::pin::pin!(credentials.serve(stage, keys));
    loop {
        tokio::select! {
            never = &mut serving => match never {},
            status = child.wait() => return match status {
                Ok(status) if status.success() => {
                    if began.elapsed() < HARDLY {
                        stage.callbacks.warn("the plugin returned at once and says nothing of why: read what it printed above");
                    }
                    End::PluginReturned
                }
                Ok(status) => {
                    reset(stage.os).await;
                    // It was somewhere in a line of its own.
                    if stage.os.stdin_terminal { stage.callbacks.say(""); }
                    End::Lost { reason: format!("the plugin ended with {status}") }
                }
                Err(error) => End::Lost { reason: format!("the plugin cannot be waited for: {error}") },
            },
            // Before the plugin listens, Ctrl-Z would stop it for good.
            Some(()) = suspended(&mut suspend) => send(&child, Signal::CONT),
            ending = signals.next() => {
                // On a terminal the keyboard's signals went to the plugin too, which sends them on.
                let from_keyboard = stage.os.stdin_terminal && matches!(ending, Ending::INTERRUPT | Ending::QUIT);
                if !from_keyboard {
                    stop(&mut child).await;
                    reset(stage.os).await;
                    return End::Signal(ending);
                }
            }
        }
    }
}

/// Has the kernel kill the plugin when we are killed (prctl(2), PR_SET_PDEATHSIG). That signal comes when
/// the *thread* that has spawned it ends: this is the main thread, on which the current-thread runtime polls
/// us, and it lives as long as we do.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "between fork and exec only two plain system calls are made"
)]
fn dies_with_us(command: &mut Command) {
    use rustix::io::Errno;
    use rustix::process::{getpid, getppid, set_parent_process_death_signal};

    let us = getpid();
    let ask = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // We may have been killed before it was asked for; then nobody would tell.
        if getppid() == Some(us) {
            Ok(())
        } else {
            Err(Errno::SRCH.into())
        }
    };
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe {
        command.pre_exec(ask);
    }
}

async fn suspended(suspend: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    suspend.as_mut()?.recv().await
}

fn send(child: &Child, signal: Signal) {
    let id = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
    if let Some(id) = id {
        // It may have ended just now.
        let _ = kill_process(id, signal);
    }
}

async fn stop(child: &mut Child) {
    send(child, Signal::TERM);
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        let _ = child.kill().await;
    }
}
