//! `history`: the local journal. It needs neither settings nor AWS.

use crate::args::{self, Format, Global};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::os::Os;
use crate::session::journal::{Journal, Record, State};
use crate::ui::{Ui, table};

use super::sessions::shown;

/// Runs `history`.
pub(super) fn run(args: &args::History, global: &Global, os: &Os, ui: &Ui) -> Result<Exit, Error> {
    let mut records = Journal::new(os).history(ui).map_err(Error::Journal)?;
    if let Some(customer) = &global.customer {
        records.retain(|record| record.customer == *customer);
    }
    let before = records
        .len()
        .saturating_sub(args.limit.unwrap_or(usize::MAX));
    records.drain(..before);
    if args.output.output == Format::Json {
        shown::json(ui, &records)?;
    } else if records.is_empty() {
        ui.say("the journal is empty");
    } else {
        ui.data(&text(&records))?;
    }
    Ok(Exit::Ok)
}

fn text(records: &[Record]) -> String {
    let lasted: Vec<Option<String>> = records
        .iter()
        .map(|record| record.seconds().map(length))
        .collect();
    let ends: Vec<String> = records.iter().map(end).collect();
    let rows = records.iter().zip(&lasted).zip(&ends);
    table::columns(
        [
            "STARTED",
            "WHO",
            "CUSTOMER",
            "INSTANCE ID",
            "NAME",
            "KIND",
            "LASTED",
            "END",
            "REASON",
        ],
        rows.map(|((record, lasted), end)| {
            [
                Some(record.started.as_str()),
                Some(record.role_session_name.as_str()),
                Some(record.customer.as_str()),
                Some(record.instance_id.as_str()),
                record.name.as_deref(),
                record.kind.as_deref(),
                lasted.as_deref(),
                Some(end.as_str()),
                record.reason.as_deref(),
            ]
        }),
    )
}

/// How the session ended, without the word for a session that ended normally.
fn end(record: &Record) -> String {
    match (record.state, &record.end) {
        (State::Ended, Some(how)) => how.clone(),
        (state, None) => state.name().to_owned(),
        (state, Some(how)) => format!("{}: {how}", state.name()),
    }
}

/// The length, such as `1h02m`, `2m05s` or `7s`.
fn length(seconds: i64) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest}s"),
        (0, _) => format!("{minutes}m{rest:02}s"),
        _ => format!("{hours}h{minutes:02}m"),
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_length_is_two_numbers_at_most() {
        for (seconds, said) in [(0, "0s"), (59, "59s"), (125, "2m05s"), (3720, "1h02m")] {
            assert_eq!(length(seconds), said);
        }
    }
}
