//! Tables for stdout: borderless, a line a row;
//! on a terminal they fit its width, in a pipe nothing is cut. All cells are escaped.

use std::borrow::Cow;

use comfy_table::{ColumnConstraint, ContentArrangement, Row, Table, Width, presets};
use console::Style;
use unicode_width::UnicodeWidthStr as _;

use super::sanitize::cell;
use crate::inventory::Instance;

/// Between two columns.
const GAP: usize = 2;
/// What a cell without a value shows.
pub(super) const ABSENT: &str = "-";
/// Names and platforms are never cut to less than this.
const LEAST: usize = 8;
/// So many rows of a list become text at once.
const PART: usize = 1000;
/// What may be cut.
const MAY_BE_CUT: [&str; 3] = ["CUSTOMER", "NAME", "PLATFORM"];
/// What is left out, in this order, on a terminal that is too narrow for all.
const SPARED: [&str; 8] = [
    "TYPE",
    "PLATFORM",
    "PING",
    "STATE",
    "REGION",
    "PRIVATE IP",
    "SECONDS",
    "EXIT",
];

/// The table of `list`, in parts, since the table of a large account takes much memory.
/// `width` is the terminal's; the customer is shown when there are several. Colour only repeats
/// what the words of the state and the agent's status say.
pub(crate) fn list(
    instances: &[Instance],
    width: Option<u16>,
    colour: bool,
) -> impl Iterator<Item = String> + use<'_> {
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
    let rows: Vec<Vec<Cell>> = instances
        .iter()
        .map(|instance| cells(&row(instance)[first..]))
        .collect();
    let layout = Layout::new(&titles[first..], width, &rows);
    let mut rows = rows.into_iter();
    instances
        .chunks(PART)
        .enumerate()
        .map(move |(number, part)| {
            let titles = (number == 0).then_some(&titles[first..]);
            let table = layout.table(titles, rows.by_ref().take(part.len()));
            if colour {
                coloured(&table, part, usize::from(number == 0))
            } else {
                table
            }
        })
}

/// The same table with colours. `heads` lines come before the first instance.
fn coloured(table: &str, instances: &[Instance], heads: usize) -> String {
    let mut lines: Vec<String> = table.lines().map(str::to_owned).collect();
    for (line, instance) in lines.iter_mut().skip(heads).zip(instances) {
        // These are the last columns, so that no name can be taken for one of them.
        let region = instance.region.as_str();
        let end = line.len()
            - if line.ends_with(region) {
                region.len()
            } else {
                0
            };
        let ping = ping(instance);
        let state = shown(instance.state.as_deref());
        let end = paint(line, end, ping, &ping_style(ping));
        paint(line, end, &state, &state_style(&state));
    }
    lines.join("\n")
}

/// Colours the word before `end`, with only blanks between, and returns where it begins.
/// If the column is left out, nothing changes.
fn paint(line: &mut String, end: usize, word: &str, style: &Style) -> usize {
    let before = line[..end].trim_end();
    let Some(begin) = before.strip_suffix(word).map(str::len) else {
        return end;
    };
    let painted = style.clone().force_styling(true).apply_to(word).to_string();
    line.replace_range(begin..begin + word.len(), &painted);
    begin
}

fn ping_style(ping: &str) -> Style {
    match ping {
        "online" => Style::new().green(),
        "offline" => Style::new().red(),
        _ => Style::new().yellow(),
    }
}

fn state_style(state: &str) -> Style {
    match state {
        "running" => Style::new().green(),
        "pending" | "stopping" | "shutting-down" => Style::new().yellow(),
        "stopped" | "terminated" => Style::new().red(),
        _ => Style::new(),
    }
}

/// The cells of an instance's row.
fn row(instance: &Instance) -> [Option<&str>; 9] {
    [
        Some(instance.customer.as_str()),
        instance.name.as_deref(),
        Some(instance.instance_id.as_str()),
        instance.private_ip.as_deref(),
        instance.platform.as_deref(),
        instance.instance_type.as_deref(),
        instance.state.as_deref(),
        Some(ping(instance)),
        Some(instance.region.as_str()),
    ]
}

/// A table with titles, its last column as long as it has to be.
pub(crate) fn columns<'a, const N: usize>(
    titles: [&'a str; N],
    rows: impl IntoIterator<Item = [Option<&'a str>; N]>,
) -> String {
    fitted(titles, rows, None)
}

/// A table with titles that fits a terminal of this width, if there is one.
pub(crate) fn fitted<'a, const N: usize>(
    titles: [&'a str; N],
    rows: impl IntoIterator<Item = [Option<&'a str>; N]>,
    width: Option<u16>,
) -> String {
    whole(Some(&titles), rows, width)
}

/// A table with titles that fits a terminal of this width.
pub(crate) fn rows(titles: &[&str], rows: Vec<Vec<Option<&str>>>, width: Option<u16>) -> String {
    whole(Some(titles), rows, width)
}

/// Names and values, a line each; a name without a value is left out.
pub(crate) fn facts(facts: &[(&str, Option<&str>)]) -> String {
    let facts = facts.iter().filter(|(_, value)| value.is_some());
    whole(None, facts.map(|(name, value)| [Some(*name), *value]), None)
}

fn whole<'a>(
    titles: Option<&[&str]>,
    rows: impl IntoIterator<Item = impl AsRef<[Option<&'a str>]>>,
    width: Option<u16>,
) -> String {
    let rows: Vec<Vec<Cell>> = rows.into_iter().map(|row| cells(row.as_ref())).collect();
    Layout::new(titles.unwrap_or_default(), width, &rows).table(titles, rows)
}

/// The agent's status in a word that needs no colour.
pub(crate) fn ping(instance: &Instance) -> &'static str {
    match instance.ping_status.as_deref() {
        Some("Online") => "online",
        Some(_) => "offline",
        None => "unknown",
    }
}

/// How wide each column is, without the gap; `None` for one that is left out.
#[derive(Debug)]
struct Layout(Vec<Option<usize>>);

impl Layout {
    /// As wide as the cells need. In a given width, columns are left out and cut until they fit.
    fn new(titles: &[&str], width: Option<u16>, rows: &[Vec<Cell<'_>>]) -> Self {
        let mut widths: Vec<usize> = titles.iter().map(|title| title.width()).collect();
        for row in rows {
            widths.resize(row.len(), 0);
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width);
            }
        }
        let mut layout = Self(widths.into_iter().map(Some).collect());
        if let Some(room) = width {
            // The last column needs no gap.
            layout.fit(titles, usize::from(room) + GAP);
        }
        layout
    }

    fn fit(&mut self, titles: &[&str], room: usize) {
        let may_be_cut = |at: usize| MAY_BE_CUT.contains(&titles[at]);
        let total = |widths: &[Option<usize>], least: bool| -> usize {
            let widths = widths.iter().enumerate();
            let widths = widths.filter_map(|(at, width)| width.map(|width| (at, width)));
            let widths = widths.map(|(at, width)| {
                if least && may_be_cut(at) {
                    width.min(LEAST)
                } else {
                    width
                }
            });
            widths.map(|width| width + GAP).sum()
        };
        for spared in SPARED {
            if total(&self.0, true) <= room {
                break;
            }
            if let Some(at) = titles.iter().position(|title| *title == spared) {
                self.0[at] = None;
            }
        }
        // The widest loses first, so that what is short stays whole.
        while total(&self.0, false) > room {
            let widths = self.0.iter_mut().enumerate();
            let cut = widths
                .filter(|(at, _)| may_be_cut(*at))
                .filter_map(|(_, width)| width.as_mut())
                .filter(|width| **width > LEAST)
                .max_by_key(|width| **width);
            match cut {
                Some(width) => *width -= 1,
                None => break,
            }
        }
    }

    /// The rows in this layout, without a line break at the end.
    fn table<'a>(
        &self,
        titles: Option<&[&str]>,
        rows: impl IntoIterator<Item = Vec<Cell<'a>>>,
    ) -> String {
        let mut table = Table::new();
        table
            .load_style(presets::NOTHING)
            .set_truncation_indicator("…")
            .set_content_arrangement(ContentArrangement::Disabled);
        if let Some(titles) = titles {
            table.set_header(line(titles.iter().copied()));
        }
        for row in rows {
            table.add_row(line(row.into_iter().map(|cell| cell.text)));
        }
        for (column, width) in table.column_iter_mut().zip(&self.0) {
            column.set_padding((0, u16::try_from(GAP).unwrap_or_default()));
            column.set_constraint(match width {
                None => ColumnConstraint::Hidden,
                Some(width) => {
                    let width = u16::try_from(width + GAP).unwrap_or(u16::MAX);
                    ColumnConstraint::Absolute(Width::Fixed(width))
                }
            });
        }
        table.trim_fmt()
    }
}

fn line(cells: impl IntoIterator<Item = impl Into<String>>) -> Row {
    let mut row = Row::from(cells.into_iter().map(Into::into).collect::<Vec<String>>());
    row.max_height(1);
    row
}

/// A cell as it is shown. It is escaped and measured once.
#[derive(Debug)]
struct Cell<'a> {
    text: Cow<'a, str>,
    /// Columns of the screen.
    width: usize,
}

fn cells<'a>(row: &[Option<&'a str>]) -> Vec<Cell<'a>> {
    row.iter()
        .map(|text| {
            let text = shown(*text);
            // It has no control characters any more, so each byte of ASCII is a column.
            let width = if text.is_ascii() {
                text.len()
            } else {
                text.width()
            };
            Cell { text, width }
        })
        .collect()
}

/// The text of a cell.
pub(super) fn shown(text: Option<&str>) -> Cow<'_, str> {
    match text {
        Some(text) if !text.is_empty() => cell(text),
        _ => Cow::Borrowed(ABSENT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instance(name: &str, customer: &str) -> Instance {
        Instance {
            customer: customer.into(),
            account_id: None,
            region: "us-east-1".parse().unwrap(),
            availability_zone: None,
            instance_id: "i-0123456789abcdef0".to_owned(),
            name: Some(name.to_owned()),
            state: Some("running".into()),
            ping_status: Some("Online".into()),
            platform: Some("Linux/UNIX".into()),
            instance_type: Some("t3.micro".into()),
            private_ip: Some("10.0.0.1".to_owned()),
            tags: std::collections::BTreeMap::new(),
            addresses: Vec::new(),
        }
    }

    fn joined(instances: &[Instance], width: Option<u16>) -> String {
        list(instances, width, false).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn colour_repeats_the_state_and_the_ping_and_nothing_else() {
        // A name that ends like a state.
        let mut stopped = instance("web running online us-east-1", "acme");
        stopped.state = Some("stopped".into());
        stopped.ping_status = None;
        let instances = [instance("web-1", "acme"), stopped];
        for width in [None, Some(100), Some(60), Some(40)] {
            let plain = joined(&instances, width);
            let parts: Vec<String> = list(&instances, width, true).collect();
            let colourful = parts.join("\n");
            assert_eq!(console::strip_ansi_codes(&colourful), plain);
            let painted: Vec<&str> = colourful
                .split("\u{1b}[")
                .skip(1)
                .step_by(2)
                .map(|part| part.split_once('m').unwrap().1)
                .collect();
            let shown: &[&str] = match width {
                Some(40 | 60) => &[],
                _ => &["running", "online", "stopped", "unknown"],
            };
            // In a row the ping is painted first, and stands after the state.
            assert_eq!(painted, shown, "{width:?}: {colourful:?}");
        }
    }

    #[test]
    fn a_list_is_aligned_and_says_in_words_what_is_off() {
        let mut stopped = instance("web-2", "acme");
        stopped.state = Some("stopped".into());
        stopped.ping_status = Some("ConnectionLost".into());
        stopped.private_ip = None;
        let mut dark = instance("データ", "acme");
        dark.ping_status = None;
        let table = joined(&[instance("web-1", "acme"), stopped, dark], None);
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
        assert!(joined(&instances, None).contains(&long));
        for width in [30, 40, 60, 80, 100, 120] {
            let shown = joined(&instances, Some(width));
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
        let table = joined(
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
    fn ten_thousand_rows_are_aligned_and_no_burden() {
        let mut instances: Vec<Instance> = (0..10_000)
            .map(|number| instance(&format!("web-{number}"), "acme"))
            .collect();
        instances[9000].name = Some("the-longest-name-of-all".to_owned());
        let began = std::time::Instant::now();
        for width in [None, Some(120), Some(60)] {
            let table = joined(&instances, width);
            let at = |line: &str| line[..line.find("i-0123").unwrap()].width();
            let lines: Vec<&str> = table.lines().collect();
            assert_eq!(lines.len(), 10_001);
            assert!(lines[0].starts_with("NAME"), "{}", lines[0]);
            assert!(lines[1..].iter().all(|line| at(line) == at(lines[1])));
        }
        assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
    }
}
