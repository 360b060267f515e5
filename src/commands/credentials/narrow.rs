//! What narrows the credentials: `--only`, `--policy` and `--for`.
//! Whatever is doubtful is refused before AWS is asked.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::args::{Narrowing, Only};
use crate::choice::Wanted;
use crate::error::Error;
use crate::identity::{SessionPolicy, Task};
use crate::names::Malformed;
use crate::os::Os;
use crate::policy;
use crate::settings::Customer;
use crate::trust::{self, Distrust};

/// The longest file that is read, in bytes. A session policy has at most 2,048 characters.
const LARGEST: u64 = 64 << 10;

/// How the credentials are narrowed.
#[derive(Debug)]
pub(super) struct Narrowed {
    /// What they may do; `None`: all that the customer grants.
    pub policy: Option<SessionPolicy>,
    /// How long they last, in seconds.
    pub duration_seconds: u32,
}

impl Narrowed {
    /// What the flags ask for; `None` if they narrow nothing.
    pub(super) fn read(
        customer: &Customer,
        flags: &Narrowing,
        os: &Os,
    ) -> Result<Option<Self>, Error> {
        let policy = match &flags.policy {
            Some(path) => Some(of_file(path, os)?),
            None if flags.only.is_empty() => None,
            None => Some(of_tasks(customer, &flags.only)?),
        };
        if policy.is_none() && flags.seconds.is_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            policy,
            duration_seconds: flags.seconds.unwrap_or(customer.duration_seconds),
        }))
    }
}

fn of_tasks(customer: &Customer, only: &[Only]) -> Result<SessionPolicy, Error> {
    // As a TARGET, an id may be typed in capitals.
    let ids: Vec<String> = only
        .iter()
        .filter_map(|only| match only {
            Only::List => None,
            Only::Session(typed) => Some(id(typed)),
        })
        .collect::<Result<_, _>>()?;
    let mut tasks: Vec<Task<'_>> = ids.iter().map(|id| Task::Session(id)).collect();
    if only.contains(&Only::List) {
        tasks.push(Task::List);
    }
    SessionPolicy::of_tasks(customer, &tasks).map_err(|Malformed(why)| Error::Usage {
        message: format!("--only: {why}"),
        hint: Some("name fewer instances".to_owned()),
    })
}

fn id(typed: &str) -> Result<String, Error> {
    match Wanted::parse(typed) {
        Wanted::Id(id) => Ok(id),
        _ => Err(Error::Usage {
            message: format!("invalid value {typed:?} for --only session=: expected an instance id"),
            hint: Some(
                "find the id with `vendor-ssm list`: a name or an address can move to another instance"
                    .to_owned(),
            ),
        }),
    }
}

/// The policy in a file, which only this user and root may write, as the settings file.
fn of_file(path: &Path, os: &Os) -> Result<SessionPolicy, Error> {
    let file = path.display().to_string();
    let unreadable = |source: io::Error| Error::Unreadable {
        file: file.clone(),
        source,
    };
    let no_policy = |why: String| Error::Usage {
        message: format!("{file}: {why}"),
        hint: Some(
            "pass one IAM policy in JSON that says what the credentials may do, without principals"
                .to_owned(),
        ),
    };
    let real = match trust::file(path, os) {
        Ok(real) => real,
        Err(Distrust::Unreadable { source, .. }) => return Err(unreadable(source)),
        Err(Distrust::NotA(..)) => return Err(no_policy("it is not a regular file".to_owned())),
        Err(why) => return Err(Error::UnsafeFile { file, why }),
    };
    let mut bytes = Vec::new();
    File::open(real)
        .and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(no_policy("it is larger than 64 KiB".to_owned()));
    }
    let text =
        String::from_utf8(bytes).map_err(|_| no_policy("it is not UTF-8 text".to_owned()))?;
    let text = text.trim_start_matches('\u{feff}');
    policy::check_session_policy(text).map_err(no_policy)?;
    SessionPolicy::of_text(text).map_err(|Malformed(why)| no_policy(why))
}
