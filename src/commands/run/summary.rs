//! The table at the end of a `run` on several targets. Pure.

use std::time::Duration;

use crate::ui::table;

use super::outcome::Outcome;

/// With more targets than this, those that exited with 0 are only counted.
const MOST_ROWS: usize = 40;

/// A table with a row for each target, and a line that counts them.
/// The targets of a customer stand together. `width` is the terminal's.
pub(super) fn text(outcomes: &[Outcome<'_>], took: Duration, width: Option<u16>) -> String {
    let failed = outcomes.iter().filter(|outcome| outcome.is_failure());
    let failed = failed.count();
    let shows_all = outcomes.len() <= MOST_ROWS;
    let mut shown: Vec<&Outcome<'_>> = outcomes
        .iter()
        .filter(|outcome| shows_all || outcome.is_failure())
        .collect();
    let mut customers: Vec<&str> = Vec::new();
    for outcome in outcomes {
        if !customers.contains(&outcome.whose.customer) {
            customers.push(outcome.whose.customer);
        }
    }
    let place = |name: &str| customers.iter().position(|customer| *customer == name);
    shown.sort_by_key(|outcome| place(outcome.whose.customer));
    let numbers: Vec<[Option<String>; 2]> = shown
        .iter()
        .map(|outcome| {
            let seconds = outcome.seconds().map(|seconds| format!("{seconds:.1}"));
            [outcome.exit_code.map(|code| code.to_string()), seconds]
        })
        .collect();
    let several = customers.len() > 1;
    let first = usize::from(!several);
    let titles = ["CUSTOMER", "NAME", "STATUS", "EXIT", "SECONDS"];
    let rows = shown.iter().zip(&numbers).map(|(outcome, numbers)| {
        let cells = [
            Some(outcome.whose.customer),
            own(outcome, several),
            Some(outcome.status.name()),
            numbers[0].as_deref(),
            numbers[1].as_deref(),
        ];
        cells[first..].to_vec()
    });
    let mut text = String::new();
    if !shown.is_empty() {
        text = table::rows(&titles[first..], rows.collect(), width);
        text.push('\n');
    }
    let hidden = outcomes.len() - shown.len();
    let ok = outcomes.len() - failed;
    let seconds = took.as_secs_f64();
    let count = outcomes.len();
    let note = if hidden > 0 {
        "; the table shows only those that failed"
    } else {
        ""
    };
    format!("{text}{count} targets: {ok} ok, {failed} failed, in {seconds:.1} s{note}")
}

/// The target's label; with several customers, without the customer, who has a column.
fn own<'a>(outcome: &'a Outcome<'_>, several: bool) -> Option<&'a str> {
    let label = &outcome.whose.label;
    let own = label.strip_prefix(outcome.whose.customer);
    let own = own.and_then(|rest| rest.strip_prefix('/'));
    if several { own } else { Some(label) }
}
