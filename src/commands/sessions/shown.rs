//! Sessions as `sessions` and `history` show them.

use serde::Serialize;

use crate::error::Error;
use crate::session::journal::{Record, State};
use crate::ui::Ui;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct Sessions<'a> {
    version: u8,
    sessions: Vec<Shown<'a>>,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    session_id: Option<&'a str>,
    kind: Option<&'a str>,
    customer: &'a str,
    account_id: Option<&'a str>,
    region: &'a str,
    instance_id: Option<&'a str>,
    name: Option<&'a str>,
    role_session_name: Option<&'a str>,
    started: Option<&'a str>,
    ended: Option<&'a str>,
    state: State,
    reason: Option<&'a str>,
    client: Option<&'a str>,
}

/// Prints sessions as JSON.
pub(crate) fn json(ui: &Ui, records: &[Record]) -> Result<(), Error> {
    let sessions = records.iter().map(|record| Shown {
        session_id: record.session_id.as_deref(),
        kind: record.kind.as_deref(),
        customer: &record.customer,
        account_id: record.account_id.as_deref(),
        region: &record.region,
        instance_id: known(&record.instance_id),
        name: record.name.as_deref(),
        role_session_name: known(&record.role_session_name),
        started: known(&record.started),
        ended: record.ended.as_deref(),
        state: record.state,
        reason: record.reason.as_deref(),
        client: record.client.as_deref(),
    });
    ui.json(&Sessions {
        version: 1,
        sessions: sessions.collect(),
    })
}

/// The text, unless it is empty: a record has empty text for what is not known.
pub(crate) fn known(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
