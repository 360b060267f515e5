//! `StartSession`:
//! the document is decided first, then the target, and only then is looked whether they are there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::Properties;
use super::{check_length, target};
use crate::call::{CHANNEL_PATH, Call};
use crate::channel::{Behind, Command, Encryption, Port, Preferences, Shell, Spec};
use crate::iam::Context;
use crate::server::answer::{Refusal, Service};
use crate::shared::Session;
use crate::world::{Document, DocumentType, Instance, Platform, SessionType, token_value};

const DEFAULT_DOCUMENT: &str = "SSM-SessionManagerRunShell";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    target: Option<String>,
    document_name: Option<String>,
    reason: Option<String>,
    #[serde(default)]
    parameters: BTreeMap<String, Vec<String>>,
}

impl Input {
    fn check(&self) -> Result<(), Refusal> {
        check_length("target", self.target.as_deref(), 400)?;
        if self.reason.is_some() {
            check_length("reason", self.reason.as_deref(), 256)?;
        }
        // The API reference's pattern `.{1,256}`: in it, a dot stands for no line break.
        let breaks = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
        if let Some(reason) = &self.reason
            && reason.contains(breaks)
        {
            let text = format!(
                "1 validation error detected: Value '{reason}' at 'reason' failed to satisfy constraint: \
                 Member must satisfy regular expression pattern: .{{1,256}}"
            );
            return Err(Refusal::shape(Service::Ssm, text));
        }
        if let Some(name) = &self.document_name {
            let fits = |c: char| c.is_ascii_alphanumeric() || "_-.:/".contains(c);
            if !name.chars().all(fits) || !(3..=128).contains(&name.len()) {
                let text = format!(
                    "1 validation error detected: Value '{name}' at 'documentName' failed to satisfy constraint: \
                     Member must satisfy regular expression pattern: ^[a-zA-Z0-9_\\-.:/]{{3,128}}$"
                );
                return Err(Refusal::shape(Service::Ssm, text));
            }
        }
        for (name, values) in &self.parameters {
            check_length("parameters", Some(name), 255)?;
            for value in values.iter().filter(|value| !value.is_empty()) {
                check_length("parameters", Some(value), 65_535)?;
            }
        }
        Ok(())
    }
}

pub(super) fn start_session(call: &mut Call<'_>, input: Input) -> Result<Value, Refusal> {
    let name = input.document_name.as_deref().unwrap_or(DEFAULT_DOCUMENT);
    call.note("Target", input.target.clone().unwrap_or_default());
    call.note("DocumentName", name);
    if let Some(reason) = &input.reason {
        call.note("Reason", reason);
    }
    for (name, values) in &input.parameters {
        call.note(&format!("Parameters {name}"), values.join(","));
    }
    input.check()?;
    let wanted = input.target.clone().unwrap_or_default();

    let document = call.state.world.document_in(&call.region, name).cloned();
    let document_arn = match &document {
        Some(document) => document.arn(&call.region, &call.caller.account),
        None => format!(
            "arn:aws:ssm:{}:{}:document/{name}",
            call.region, call.caller.account
        ),
    };
    call.authorize("StartSession", &document_arn, Context::new())?;
    let (target_arn, tags) = target(call, &wanted);
    call.authorize("StartSession", &target_arn, tags)?;

    let (document, kind) = session_document(document.as_ref())?;
    let target_instance = call.state.world.instance(&wanted);
    let platform = target_instance.map_or(Platform::Linux, |instance| instance.platform);
    let mut properties = Properties::of(document, platform, &input.parameters)?;
    let lookup_failed = !properties.look_up(&call.state.world.parameter_store);
    let instance = connected(call, &wanted)?;
    let run_as = run_as(call, document, &instance);
    let refused = run_as.as_ref().err().cloned();
    let handshake = call.shared.options().handshake;
    let spec = Spec {
        session_id: session_id(call.caller.name()),
        target: wanted,
        behind: behind(
            call,
            &instance,
            (kind, document.profile_on(platform).is_some()),
            &properties,
            refused.is_some(),
        ),
        handshake,
        encryption: encryption(call, document, kind),
        preferences: Preferences {
            idle: document.idle_timeout,
            longest: document.max_duration,
            logged: document.log_group.is_some(),
            run_as: run_as.ok().flatten(),
            shell_profile: document.profile_on(platform).map(str::to_owned),
            lookup_failed,
        },
        agent_version: instance.agent_version,
    };
    call.note("SessionId", &spec.session_id);
    Ok(open(call, spec, name, input.reason, refused))
}

/// The document with its session type, or the refusal of one that starts no session.
fn session_document(document: Option<&Document>) -> Result<(&Document, SessionType), Refusal> {
    let invalid = |text: &str| Err(Refusal::new(400, "InvalidDocument", text));
    match document.map(|document| (document, document.document_type)) {
        None => invalid("Document with name does not exist."),
        Some((_, DocumentType::Command)) => invalid(
            "Document type: 'Command' is not supported. Only type: 'Session' is supported for Session Manager.",
        ),
        Some((document, DocumentType::Session(kind))) => Ok((document, kind)),
    }
}

fn connected(call: &Call<'_>, target: &str) -> Result<Instance, Refusal> {
    call.state
        .world
        .instance(target)
        .filter(|instance| {
            instance.account == call.caller.account
                && instance.region == call.region
                && instance.is_connected()
        })
        .cloned()
        .ok_or_else(|| {
            Refusal::new(
                400,
                "TargetNotConnected",
                format!("{target} is not connected."),
            )
        })
}

/// How the document wants its sessions encrypted; those to a port never are.
fn encryption(call: &Call<'_>, document: &Document, kind: SessionType) -> Option<Encryption> {
    let key_id = document.kms_key_id.as_deref()?;
    let challenged = call.shared.options().kms_challenge;
    (kind != SessionType::Port).then(|| Encryption::new(key_id, challenged))
}

/// The OS user that Run As comes to, or what the agent says when there is none;
/// Windows has no Run As.
fn run_as(
    call: &Call<'_>,
    document: &Document,
    instance: &Instance,
) -> Result<Option<String>, String> {
    let Some(default) = &document.run_as_default_user else {
        return Ok(None);
    };
    if instance.platform == Platform::Windows {
        return Ok(None);
    }
    let user = call.caller.tag("SSMSessionRunAs").unwrap_or(default);
    if user.is_empty() {
        return Err("please set the RunAs default user".to_owned());
    }
    if !instance.os_users.iter().any(|own| own == user) {
        return Err(format!(
            "failed to start pty since RunAs user {user} does not exist"
        ));
    }
    Ok(Some(user.to_owned()))
}

/// The caller's name and 26 characters of `[a-z0-9]`.
fn session_id(name: &str) -> String {
    const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let bytes = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    let suffix: String = bytes
        .iter()
        .take(26)
        .map(|byte| char::from(ALPHABET[usize::from(byte % 36)]))
        .collect();
    format!("{name}-{suffix}")
}

/// What the agent starts for a session of this type.
fn behind(
    call: &Call<'_>,
    instance: &Instance,
    (kind, has_profile): (SessionType, bool),
    properties: &Properties,
    refused: bool,
) -> Behind {
    let home = call.shared.home.clone();
    match kind {
        // A profile is typed into the agent's own choice of a shell.
        SessionType::StandardStream if has_profile && !refused => Behind::Shell(Shell {
            program: "/bin/sh".into(),
            args: Vec::new(),
            ..shell(home, instance, None, refused)
        }),
        SessionType::StandardStream => Behind::Shell(shell(home, instance, None, refused)),
        SessionType::InteractiveCommands => {
            let command = properties.get("commands").to_owned();
            Behind::Interactive(shell(home, instance, Some(command), refused))
        }
        SessionType::NonInteractiveCommands => Behind::Command(Command {
            line: properties.get("commands").to_owned(),
            separate: properties.get("separateOutputStream") == "true",
            stdout_prefix: properties.get("stdOutSeparatorPrefix").to_owned(),
            stderr_prefix: properties.get("stdErrSeparatorPrefix").to_owned(),
            cwd: Some(home),
            windows: instance.platform == Platform::Windows,
        }),
        SessionType::Port => Behind::Port(Port {
            properties: properties.all().clone(),
            ports: instance.ports.clone(),
            hosts: instance.hosts.clone(),
        }),
    }
}

fn shell(home: PathBuf, instance: &Instance, command: Option<String>, refused: bool) -> Shell {
    let bash = Path::new("/bin/bash");
    let (program, args) = match command {
        // Stays silent until the agent has said why there is no shell.
        _ if refused => (
            "/bin/sh".into(),
            vec!["-c".to_owned(), "sleep 60".to_owned()],
        ),
        Some(command) => ("/bin/sh".into(), vec!["-c".to_owned(), command]),
        None if bash.exists() => (
            bash.to_owned(),
            vec!["--norc".to_owned(), "--noprofile".to_owned()],
        ),
        None => ("/bin/sh".into(), Vec::new()),
    };
    Shell {
        program,
        args,
        env: vec![("PS1".to_owned(), "sh-5.2$ ".to_owned())],
        cwd: Some(home),
        windows: instance.platform == Platform::Windows,
    }
}

fn open(
    call: &mut Call<'_>,
    spec: Spec,
    document: &str,
    reason: Option<String>,
    refused: Option<String>,
) -> Value {
    let token = token_value();
    let cell_number = cell_number(call);
    let url = stream_url(call, &spec.session_id, cell_number.as_deref());
    call.state.sessions.push(Session {
        id: spec.session_id.clone(),
        account: call.caller.account.clone(),
        region: call.region.clone(),
        target: spec.target.clone(),
        document: document.to_owned(),
        reason,
        owner_userid: call.caller.userid.clone(),
        owner_arn: call.caller.arn.clone(),
        started: call.now,
        ended: None,
        refused,
        cell_number,
    });
    let session_id = spec.session_id.clone();
    call.shared.channels.create(spec, token.clone());
    json!({"SessionId": session_id, "TokenValue": token, "StreamUrl": url})
}

/// The cell that serves the session from now on, opaque and in need of escapes.
pub(super) fn cell_number(call: &Call<'_>) -> Option<String> {
    let opaque = || format!("AAEAA+/{}=", Uuid::new_v4().simple());
    call.shared.options().cells.then(opaque)
}

/// Where the session's websocket is opened.
pub(super) fn stream_url(call: &Call<'_>, session_id: &str, cell_number: Option<&str>) -> String {
    channel_on(&call.shared.stream_host, session_id, cell_number)
}

/// The URL of a session's data channel on this host.
pub(super) fn channel_on(host: &str, session_id: &str, cell_number: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("role", "publish_subscribe");
    if let Some(cell_number) = cell_number {
        query.append_pair("cell-number", cell_number);
    }
    let query = query.finish();
    format!("{host}{CHANNEL_PATH}{session_id}?{query}")
}
