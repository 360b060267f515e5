//! Tables for stdout: borderless, a line a row;
//! on a terminal they fit its width, in a pipe nothing is cut. All cells are escaped.

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width, presets};

use super::sanitize::cell;
use crate::inventory::Instance;

/// Between two columns.
const GAP: u16 = 2;
/// What a cell without a value shows.
const ABSENT: &str = "-";
/// Names and platforms are never cut to less than this.
const LEAST: u16 = 8;
/// What may be cut.
const MAY_BE_CUT: [&str; 3] = ["CUSTOMER", "NAME", "PLATFORM"];
/// What is left out, in this order, on a terminal that is too narrow for all.
const SPARED: [&str; 6] = ["TYPE", "PLATFORM", "PING", "STATE", "REGION", "PRIVATE IP"];

/// The table of `list`. `width` is the terminal's; the customer is shown when there are several.
pub(crate) fn list(instances: &[Instance], width: Option<u16>) -> String {
    let several = instances
        .windows(2)
        .any(|pair| pair[0].customer != pair[1].customer);
    let titles = [
        "CUSTOMER",
        "NAME",
        "INSTANCE ID",
        "PRIVATE IP",
        "PLATFORM",
        "TYPE",
        "STATE",
        "PING",
        "REGION",
    ];
    let first = usize::from(!several);
    let mut table = Grid::new(titles[first..].iter().copied(), width);
    for instance in instances {
        let cells = [
            Some(instance.customer.as_str()),
            instance.name.as_deref(),
            Some(instance.instance_id.as_str()),
            instance.private_ip.as_deref(),
            instance.platform.as_deref(),
            instance.instance_type.as_deref(),
            instance.state.as_deref(),
            Some(ping(instance)),
            Some(instance.region.as_str()),
        ];
        table.row(cells[first..].iter().copied());
    }
    table.finish()
}

/// A table with titles, its last column as long as it has to be.
pub(crate) fn columns<'a, const N: usize>(
    titles: [&'a str; N],
    rows: impl IntoIterator<Item = [Option<&'a str>; N]>,
) -> String {
    let mut table = Grid::new(titles, None);
    for row in rows {
        table.row(row);
    }
    table.finish()
}

/// Names and values, a line each; a name without a value is left out.
pub(crate) fn facts(facts: &[(&str, Option<&str>)]) -> String {
    let mut table = Grid::new([], None);
    for (name, value) in facts {
        if value.is_some() {
            table.row([Some(*name), *value]);
        }
    }
    table.finish()
}

/// The agent's status in a word that needs no colour.
pub(crate) fn ping(instance: &Instance) -> &'static str {
    match instance.ping_status.as_deref() {
        Some("Online") => "online",
        Some(_) => "offline",
        None => "unknown",
    }
}

struct Grid<'a> {
    table: Table,
    titles: Vec<&'a str>,
}

impl<'a> Grid<'a> {
    fn new(titles: impl IntoIterator<Item = &'a str>, width: Option<u16>) -> Self {
        let titles: Vec<&str> = titles.into_iter().collect();
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_truncation_indicator("…");
        match width {
            Some(width) => table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        if !titles.is_empty() {
            table.set_header(line(titles.iter().copied().map(Some)));
        }
        Self { table, titles }
    }

    fn row<'b>(&mut self, cells: impl IntoIterator<Item = Option<&'b str>>) {
        self.table.add_row(line(cells));
    }

    fn finish(mut self) -> String {
        let hidden = self.hidden();
        let titles = self.titles;
        let cuts = self.table.width().is_some();
        for (index, column) in self.table.column_iter_mut().enumerate() {
            column.set_padding((0, GAP));
            let title = titles.get(index).copied().unwrap_or_default();
            column.set_constraint(if hidden.contains(&title) {
                ColumnConstraint::Hidden
            } else if cuts && MAY_BE_CUT.contains(&title) {
                ColumnConstraint::LowerBoundary(Width::Fixed(LEAST + GAP))
            } else {
                ColumnConstraint::ContentWidth
            });
        }
        self.table.trim_fmt()
    }

    /// The columns that do not fit.
    fn hidden(&self) -> Vec<&'static str> {
        let Some(room) = self.table.width() else {
            return Vec::new();
        };
        let widths = self.table.column_max_content_widths();
        let least = |(title, width): (&&str, &u16)| {
            GAP + if MAY_BE_CUT.contains(title) {
                (*width).min(LEAST)
            } else {
                *width
            }
        };
        let mut hidden = Vec::new();
        for spared in SPARED {
            let shown = self
                .titles
                .iter()
                .zip(&widths)
                .filter(|(title, _)| !hidden.contains(*title));
            if shown.map(least).sum::<u16>() <= room + GAP {
                break;
            }
            hidden.push(spared);
        }
        hidden
    }
}

fn line<'a>(cells: impl IntoIterator<Item = Option<&'a str>>) -> Row {
    let cells = cells.into_iter().map(|text| match text {
        Some(text) if !text.is_empty() => cell(text),
        _ => ABSENT.to_owned(),
    });
    let mut row = Row::from(cells.collect::<Vec<_>>());
    row.max_height(1);
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(name: &str, customer: &str) -> Instance {
        Instance {
            customer: customer.to_owned(),
            account_id: None,
            region: "us-east-1".parse().unwrap(),
            availability_zone: None,
            instance_id: "i-0123456789abcdef0".to_owned(),
            name: Some(name.to_owned()),
            state: Some("running".to_owned()),
            ping_status: Some("Online".to_owned()),
            platform: Some("Linux/UNIX".to_owned()),
            instance_type: Some("t3.micro".to_owned()),
            private_ip: Some("10.0.0.1".to_owned()),
            tags: std::collections::BTreeMap::new(),
            addresses: Vec::new(),
        }
    }

    #[test]
    fn a_list_is_aligned_and_says_in_words_what_is_off() {
        let mut stopped = instance("web-2", "acme");
        stopped.state = Some("stopped".to_owned());
        stopped.ping_status = Some("ConnectionLost".to_owned());
        stopped.private_ip = None;
        let mut dark = instance("データ", "acme");
        dark.ping_status = None;
        let table = list(&[instance("web-1", "acme"), stopped, dark], None);
        let expected = "\
NAME    INSTANCE ID          PRIVATE IP  PLATFORM    TYPE      STATE    PING     REGION
web-1   i-0123456789abcdef0  10.0.0.1    Linux/UNIX  t3.micro  running  online   us-east-1
web-2   i-0123456789abcdef0  -           Linux/UNIX  t3.micro  stopped  offline  us-east-1
データ  i-0123456789abcdef0  10.0.0.1    Linux/UNIX  t3.micro  running  unknown  us-east-1";
        assert_eq!(table, expected);
    }

    #[test]
    fn a_pipe_gets_everything_and_a_terminal_what_fits() {
        let long = "a-very-long-name-of-an-instance-".repeat(4);
        let instances = [instance(&long, "acme"), instance("twin", "acme")];
        assert!(list(&instances, None).contains(&long));
        for width in [30, 40, 60, 80, 100, 120] {
            let shown = list(&instances, Some(width));
            assert_eq!(shown.lines().count(), 3, "{shown}");
            assert!(
                shown.contains("i-0123456789abcdef0") && shown.contains('…'),
                "{shown}"
            );
            for line in shown.lines() {
                assert!(
                    line.chars().count() <= usize::from(width),
                    "{width}: {shown}"
                );
            }
        }
    }

    #[test]
    fn no_cell_breaks_a_row() {
        let table = list(
            &[
                instance("a\nb\u{1b}[31m\u{202e}", "acme"),
                instance("b", "beta"),
            ],
            None,
        );
        assert_eq!(table.lines().count(), 3, "{table}");
        assert!(table.contains("CUSTOMER"), "{table}");
        assert!(
            !table.contains('\u{1b}') && !table.contains('\u{202e}'),
            "{table}"
        );
    }

    #[test]
    fn two_thousand_rows_are_no_burden() {
        let instances: Vec<Instance> = (0..2000)
            .map(|number| instance(&format!("web-{number}"), "acme"))
            .collect();
        let began = std::time::Instant::now();
        assert_eq!(list(&instances, Some(120)).lines().count(), 2001);
        assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    }
}
