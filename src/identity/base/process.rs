//! Runs the program that `credential_process` names.
//! As in the SDK, a shell runs it, and it prints JSON (AWS SDKs and Tools Reference Guide, "Process
//! credential provider"). Unlike there, its output is bounded, and a timeout stops it.

use std::process::Stdio;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use zeroize::Zeroizing;

use super::itself::MARKER;
use super::root::Hidden;
use crate::os::Os;
use crate::platform::{self, Leash, Program};

/// The most that the program may print, in bytes.
const MOST: u64 = 64 << 10;
/// The most of its complaint that is kept, in bytes.
const COMPLAINT: u64 = 4 << 10;

/// Gets the credentials that the program prints.
pub(super) async fn credentials(
    command: &Hidden,
    os: &Os,
) -> Result<Credentials, CredentialsError> {
    let failed = |error: std::io::Error| {
        CredentialsError::provider_error(format!("the program could not be run: {error}"))
    };
    // It may ask a person. Piped input is for the command that vendor-ssm runs.
    let stdin = if os.stdin_terminal {
        Stdio::inherit()
    } else {
        Stdio::null()
    };
    let mut shell = platform::shell(&command.0);
    shell
        .env(MARKER, "1")
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut program = Program::start(shell, Leash::Loose).map_err(failed)?;
    let pipes = program.pipes();
    let (stdout, stderr) = (pipes.stdout.take(), pipes.stderr.take());
    let complaint = async { bounded(stderr, COMPLAINT).await.map(|(text, _)| text) };
    let printed = async {
        match bounded(stdout, MOST).await {
            Ok((text, false)) => Ok(text),
            Ok((_, true)) => Err(CredentialsError::provider_error(format!(
                "the program printed more than {MOST} bytes"
            ))),
            Err(error) => Err(failed(error)),
        }
    };
    // A program that prints too much is not waited for.
    let (printed, complaint) =
        tokio::try_join!(printed, async { complaint.await.map_err(failed) })?;
    let status = program.wait().await.map_err(failed)?;
    if !status.success() {
        let complaint = String::from_utf8_lossy(&complaint);
        let said = match complaint.trim() {
            "" => "It printed nothing to stderr".to_owned(),
            said => format!("Stderr: {said}"),
        };
        return Err(CredentialsError::provider_error(format!(
            "the program ended with {status}. {said}"
        )));
    }
    let printed = std::str::from_utf8(&printed);
    let printed = printed.map_err(|_| wrong("it is not UTF-8"))?;
    read(printed, os.now())
}

/// Reads to the end, and keeps so many bytes; whether there were more.
/// What is too much of an output ends the reading: it may have no end.
async fn bounded(
    stream: Option<impl AsyncRead + Unpin>,
    most: u64,
) -> std::io::Result<(Zeroizing<Vec<u8>>, bool)> {
    let mut kept = Zeroizing::new(Vec::new());
    let Some(mut stream) = stream else {
        return Ok((kept, false));
    };
    (&mut stream).take(most).read_to_end(&mut kept).await?;
    if kept.len() as u64 == most && stream.read(&mut [0]).await? > 0 {
        if most == MOST {
            return Ok((kept, true));
        }
        tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
        return Ok((kept, true));
    }
    Ok((kept, false))
}

/// Reads what the program printed. As in the SDK, the letter case of the keys does not matter.
fn read(printed: &str, now: SystemTime) -> Result<Credentials, CredentialsError> {
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(printed) else {
        return Err(wrong("it is not a JSON object"));
    };
    let find = |name: &str| {
        let mut members = object.iter();
        let found = members.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    };
    let text = |name: &str| find(name).and_then(Value::as_str).map(str::to_owned);
    match find("Version") {
        Some(version) if version.as_i64() == Some(1) => {}
        Some(_) => return Err(wrong("Version is not 1")),
        None => return Err(wrong("Version is missing")),
    }
    let needed = |name: &str| text(name).ok_or_else(|| wrong(&format!("{name} is missing")));
    let (id, secret) = (needed("AccessKeyId")?, needed("SecretAccessKey")?);
    let expiry = match find("Expiration") {
        None => None,
        Some(value) => {
            let time = value
                .as_str()
                .and_then(|text| text.parse::<jiff::Timestamp>().ok());
            let time = time.ok_or_else(|| wrong("Expiration is not a time of ISO 8601"))?;
            if SystemTime::from(time) <= now {
                let text = format!("the program printed credentials that expired at {time}");
                return Err(CredentialsError::provider_error(text));
            }
            Some(time.into())
        }
    };
    Ok(Credentials::new(
        id,
        secret,
        text("SessionToken"),
        expiry,
        "process",
    ))
}

fn wrong(why: &str) -> CredentialsError {
    let text = format!("could not parse what the program printed: {why}");
    CredentialsError::provider_error(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_prints_is_read_as_the_sdk_reads_it() {
        let now = SystemTime::from("2026-11-27T12:00:00Z".parse::<jiff::Timestamp>().unwrap());
        for (printed, outcome) in [
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"b"}"#,
                Ok(None),
            ),
            (
                r#"{"version":1,"accesskeyid":"A","secretaccesskey":"b","SessionToken":"c","x":[1]}"#,
                Ok(Some("c")),
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"b","SessionToken":null,"Expiration":"2026-11-27T13:00:00+00:00"}"#,
                Ok(None),
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"b","Expiration":"2026-11-27T11:59:59Z"}"#,
                Err("expired at 2026-11-27T11:59:59Z"),
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"b","Expiration":7}"#,
                Err("Expiration is not"),
            ),
            (
                r#"{"Version":1,"AccessKeyId":"A"}"#,
                Err("SecretAccessKey is missing"),
            ),
            (r#"{"Version":"1"}"#, Err("Version is not 1")),
            ("{}", Err("Version is missing")),
            ("[]", Err("not a JSON object")),
            ("", Err("not a JSON object")),
        ] {
            match (read(printed, now), outcome) {
                (Ok(keys), Ok(token)) => {
                    assert_eq!(keys.access_key_id(), "A");
                    assert_eq!(keys.session_token(), token, "{printed}");
                }
                (Err(error), Err(part)) => {
                    let text = crate::aws::chain(&error);
                    assert!(text.contains(part), "{printed}: {text}");
                    assert!(!text.contains('b') || !text.contains("\"b\""), "{text}");
                }
                (read, _) => panic!("{printed}: {read:?}"),
            }
        }
    }
}
