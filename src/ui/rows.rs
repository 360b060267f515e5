//! The picker's rows, aligned by hand:
//! dialoguer takes lines, counts their bytes, and finds the answer by their text. Refused is a
//! broken row: what does not fit is cut with `…`, an instance's id never, and no cell can steer the
//! terminal.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::sanitize;
use super::table::{self, ABSENT, ping};
use crate::inventory::Instance;

/// Between two columns, where there is room.
const GAP: usize = 2;
/// Columns of the screen that dialoguer uses before a row.
const PICKER_MARKER: usize = 2;

/// One column: how narrow it may become; `None` is never cut.
type Column = Option<usize>;

const CUSTOMER: Column = Some(12);
const NAME: Column = Some(8);
const ID: Column = None;
const PRIVATE_IP: Column = None;
const PLATFORM: Column = Some(7);
const STATE: Column = None;
const PING: Column = None;
const REGION: Column = None;
/// The picker's rows, one for each instance in the same order:
/// name, id, private IP, platform, state, ping and region. Each fits `width` and holds the id, so
/// no two are alike. If no instance's ping is known, the rows have no ping.
/// `ascii`: the terminal shows no UTF-8.
pub(crate) fn picker_rows(instances: &[Instance], width: usize, ascii: bool) -> Vec<String> {
    picker(instances, width, ascii, false)
}

/// The same, each beginning with its customer.
pub(crate) fn picker_rows_of_customers(
    instances: &[Instance],
    width: usize,
    ascii: bool,
) -> Vec<String> {
    picker(instances, width, ascii, true)
}

fn picker(instances: &[Instance], width: usize, ascii: bool, customers: bool) -> Vec<String> {
    let has_ping = instances.iter().any(|it| it.ping_status.is_some());
    let mut columns = vec![NAME, ID, PRIVATE_IP, PLATFORM, STATE];
    if customers {
        columns.insert(0, CUSTOMER);
    }
    if has_ping {
        columns.push(PING);
    }
    columns.push(REGION);
    // The columns that bytes are taken from, and where the id stands.
    let (narrow, id_at): (&[usize], usize) = if customers { (&[1, 0], 2) } else { (&[0], 1) };
    let rows = instances.iter().map(|instance| {
        let platform = match instance.platform.as_deref() {
            Some(_) if instance.is_windows() => "Windows",
            // What is commonest and shortest to read; the list has it in full.
            Some("Linux/UNIX") => "Linux",
            other => other.unwrap_or(ABSENT),
        };
        let mut row = vec![
            shown(instance.name.as_deref()),
            instance.instance_id.clone(),
            shown(instance.private_ip.as_deref()),
            shown(Some(platform)),
            shown(instance.state.as_deref()),
        ];
        if customers {
            row.insert(0, shown(Some(&instance.customer)));
        }
        if has_ping {
            row.push(ping(instance).to_owned());
        }
        row.push(instance.region.to_string());
        row
    });
    let plain = |text: &str| sanitize::ascii(text).into_owned();
    let rows: Vec<Vec<String>> = if ascii {
        rows.map(|row| row.iter().map(|cell| plain(cell)).collect())
            .collect()
    } else {
        rows.collect()
    };
    // To know which rows the terminal has wrapped, dialoguer counts bytes. Four columns are left
    // for the bytes of the three cuts that a row may have.
    let layout = Layout::new(&columns, &rows, width.saturating_sub(4), id_at);
    // If not even the ids fit, each row is wrapped the same number of times.
    let terminal = width + PICKER_MARKER;
    let most_bytes = (layout.width + PICKER_MARKER).div_ceil(terminal) * terminal;
    let fit = |mut row: Vec<String>| {
        let mut line = layout.line(&row);
        for at in narrow {
            let mut width = layout.widths[*at];
            while line.len() > most_bytes && width > 1 {
                width -= 1;
                row[*at] = cut(&row[*at], width);
                line = layout.line(&row);
            }
        }
        line
    };
    let rows = rows.into_iter().map(fit);
    if ascii {
        // A cut has as many columns as it had bytes.
        rows.map(|row| plain(&row)).collect()
    } else {
        rows.collect()
    }
}

fn shown(text: Option<&str>) -> String {
    table::shown(text).into_owned()
}

/// How wide the columns are, and how far apart.
struct Layout {
    widths: Vec<usize>,
    gap: usize,
    width: usize,
}

impl Layout {
    fn new(columns: &[Column], rows: &[Vec<String>], width: usize, id_at: usize) -> Self {
        let mut widths = vec![0; columns.len()];
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width());
            }
        }
        let mut layout = Self {
            widths,
            gap: GAP,
            width,
        };
        if layout.excess() > 0 {
            layout.gap = 1;
        }
        // The customer last: to mistake the customer is worse than to mistake the name.
        for (at, column) in columns.iter().enumerate().rev() {
            if let Some(least) = *column {
                let spare = layout.widths[at].saturating_sub(least);
                layout.widths[at] -= spare.min(layout.excess());
            }
        }
        // What still does not fit is cut at the line's end, but the id stays whole.
        layout.width = width.max(layout.total(id_at + 1) + 2);
        layout
    }

    /// How wide the first columns are together.
    fn total(&self, columns: usize) -> usize {
        self.widths[..columns].iter().sum::<usize>() + self.gap * columns.saturating_sub(1)
    }

    fn excess(&self) -> usize {
        self.total(self.widths.len()).saturating_sub(self.width)
    }

    /// One row, without blanks at its end.
    fn line(&self, row: &[String]) -> String {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&self.widths).enumerate() {
            if at > 0 {
                line.extend(std::iter::repeat_n(' ', self.gap));
            }
            let cell = cut(cell, *width);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width - cell.width()));
        }
        line.truncate(line.trim_end().len());
        cut(&line, self.width)
    }
}

/// The text in at most `width` columns of the screen, its end as `…` where it is longer.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for character in text.chars() {
        used += character.width().unwrap_or_default();
        if used + 1 > width {
            break;
        }
        kept.push(character);
    }
    // Emoji may be wider together than one by one.
    while !kept.is_empty() && kept.width() + 1 > width {
        kept.pop();
    }
    if width > 0 {
        kept.push('…');
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::sanitize::is_unsafe;
    use super::*;

    fn instance(number: usize, name: Option<&str>) -> Instance {
        Instance {
            customer: "acme".into(),
            account_id: None,
            region: "us-east-1".parse().unwrap(),
            availability_zone: None,
            instance_id: format!("i-{number:017x}"),
            name: name.map(str::to_owned),
            state: Some("running".into()),
            ping_status: Some("Online".into()),
            platform: Some("Linux/UNIX".into()),
            instance_type: Some("t3.micro".into()),
            private_ip: Some("10.0.0.1".to_owned()),
            tags: std::collections::BTreeMap::new(),
            addresses: Vec::new(),
        }
    }

    #[test]
    fn the_pickers_rows_show_all_in_80_columns() {
        let mut windows = instance(2, Some("db"));
        windows.platform = Some("Windows with SQL Server Standard".into());
        windows.state = Some("stopped".into());
        windows.ping_status = Some("ConnectionLost".into());
        windows.private_ip = Some("10.123.123.1".to_owned());
        assert_eq!(
            picker_rows(&[instance(1, Some("web-1")), windows], 78, false),
            [
                "web-1 i-00000000000000001 10.0.0.1     Linux   running online  us-east-1",
                "db    i-00000000000000002 10.123.123.1 Windows stopped offline us-east-1",
            ]
        );
    }

    #[test]
    fn the_pickers_rows_are_safe_whatever_the_name_and_the_width() {
        let names = [
            None,
            Some(""),
            Some("web-1"),
            Some("\u{1b}[2J\u{1b}]0;owned\u{7}\r\nweb-1"),
            Some("web\u{202e}1-bew\u{200b}\u{e0041}\u{9b}31m"),
            Some("とても長い名前のデータベースサーバーとても長い名前のデータベースサーバー"),
            Some(
                "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}",
            ),
            Some("❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}❤\u{fe0f}"),
            Some("🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀"),
        ];
        // Each name twice: only the id tells the rows apart.
        let instances: Vec<Instance> = names
            .iter()
            .chain(&names)
            .enumerate()
            .map(|(number, name)| instance(number, *name))
            .collect();
        for width in 34..200 {
            let rows = picker_rows(&instances, width, false);
            assert_eq!(rows.iter().collect::<HashSet<_>>().len(), rows.len());
            for (row, instance) in rows.iter().zip(&instances) {
                assert!(row.contains(&instance.instance_id), "{width}: {row}");
                assert!(!row.contains(is_unsafe), "{width}: {row:?}");
                assert!(row.width() <= width, "{width}: {row}");
                assert!(
                    row.len() <= width + 2,
                    "{width}: {} bytes: {row}",
                    row.len()
                );
            }
        }
        for row in picker_rows(&instances, 0, false) {
            assert!(row.contains("i-0000"), "{row}");
        }
    }

    #[test]
    fn on_a_terminal_without_utf8_the_pickers_rows_are_ascii() {
        let names = [
            Some("web\u{11b}31m-1"),
            Some("とても長い名前のデータベースサーバー"),
            None,
        ];
        let instances: Vec<Instance> = names
            .iter()
            .enumerate()
            .map(|(number, name)| instance(number, *name))
            .collect();
        for width in 34..200 {
            let rows = picker_rows(&instances, width, true);
            for (row, instance) in rows.iter().zip(&instances) {
                assert!(
                    row.is_ascii() && row.contains(&instance.instance_id),
                    "{row}"
                );
                assert!(row.len() <= width + 2, "{width}: {row}");
            }
        }
    }

    #[test]
    fn the_pickers_rows_of_several_customers_begin_with_the_customer() {
        let mut others = instance(2, Some("a-long-name-of-a-database"));
        others.customer = "a-customer-with-a-name".into();
        let instances = [instance(1, Some("web-1")), others];
        for width in [48, 60, 78, 120, 200] {
            let rows = picker_rows_of_customers(&instances, width, false);
            assert!(rows[0].starts_with("acme "), "{width}: {}", rows[0]);
            assert!(rows[1].starts_with("a-customer-"), "{width}: {}", rows[1]);
            for (row, instance) in rows.iter().zip(&instances) {
                assert!(row.contains(&instance.instance_id), "{width}: {row}");
                assert!(row.width() <= width, "{width}: {row}");
                assert!(row.len() <= width + 2, "{width}: {row}");
            }
        }
        let wide = &picker_rows_of_customers(&instances, 120, false)[1];
        assert!(
            wide.starts_with("a-customer-with-a-name  a-long-name-of-a-database  i-"),
            "{wide}"
        );
        // Too narrow for all: the id is whole, and the customer is there.
        for row in picker_rows_of_customers(&instances, 18, false) {
            assert!(row.starts_with('a') && row.contains("i-0000"), "{row}");
        }
    }

    #[test]
    fn text_is_cut_by_what_the_screen_shows() {
        let table = [
            ("web", 3, "web"),
            ("web-1", 4, "web…"),
            ("データ", 5, "デー…"),
            ("データ", 4, "デ…"),
            ("a", 0, ""),
            ("ab", 1, "…"),
        ];
        for (text, width, shown) in table {
            assert_eq!(cut(text, width), shown);
        }
    }
}
