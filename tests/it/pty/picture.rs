//! The picture in README.md: the picker and a shell, as a terminal shows them in a real run.

use std::fmt::Write as _;
use std::path::Path;

use anstyle_svg::{Term, WIN10_CONSOLE};
use snapbox::assert::Assert;
use snapbox::data::{Data, DataFormat};
use vt100::{Color, Screen};

use crate::behind::{Behind, HOSTS};
use crate::harness::SETTINGS;
use crate::harness::terminal::{PROMPT, Terminal, none_open};

/// What a run has to look like; `SNAPSHOTS=overwrite` writes it.
const FILE: &str = "docs/connect.svg";
/// A dark terminal with soft colours.
const TERMINAL: Term = Term::new()
    .fg_color(rgb(0xd6, 0xde, 0xeb))
    .bg_color(rgb(0x16, 0x1b, 0x26))
    .palette(WIN10_CONSOLE);
/// Pixels between the two screens.
const GAP: usize = 10;
const ROWS: u16 = 14;
const COLUMNS: u16 = 110;
/// The instances of the picture's customer.
const SHOWN: [&str; 6] = ["web-1", "web-2", "web-eu-1", "web-eu-2", "db-1", "batch-1"];
/// What the instance has in the folder where its shells start.
const LOG: &str = "\
09:41:58 orders: listening on port 8080
09:42:07 orders: db-1.internal:5432: connection refused
09:42:12 orders: db-1.internal:5432: connection refused
";

/// The program is started by a person's shell, whose prompt is in the picture too.
#[test]
fn the_readmes_picture_is_a_real_run() {
    let europe = ["ec2.eu-west-1.amazonaws.com", "ssm.eu-west-1.amazonaws.com"];
    let behind = Behind::serving(&[HOSTS.as_slice(), &europe].concat(), None);
    let bench = &behind.bench;
    bench.settings(&SETTINGS.replace("\"us-east-1\"", "\"us-east-1\", \"eu-west-1\""));
    bench.sandbox.world(|world| {
        let is_shown = |name: Option<&str>| name.is_some_and(|name| SHOWN.contains(&name));
        world.instances.retain(|own| is_shown(own.tag("Name")));
    });
    for (name, text) in [("orders.log", LOG), ("orders.toml", "port = 8080\n")] {
        std::fs::write(bench.sandbox.home().join(name), text).unwrap();
    }

    let variables = [
        ("AWS_ENDPOINT_URL", ""),
        ("HTTPS_PROXY", &behind.proxy.url()),
    ];
    let mut terminal = Terminal::local_shell(bench, ROWS, COLUMNS, &variables);
    terminal.shows("$");
    terminal.types("vendor-ssm connect\r");
    terminal.shows("db-1");
    terminal.types("web");
    terminal.shows_that("the rows that match", |screen| {
        screen.contains("filter: web")
            && SHOWN
                .iter()
                .all(|name| screen.contains(name) == name.starts_with("web"))
    });
    terminal.settle();
    let picker = sgr(&terminal.cells());

    terminal.types("\r");
    let prompts = |terminal: &Terminal, count: usize| {
        terminal.shows_that("the next prompt", |screen| {
            screen.matches(PROMPT.trim_end()).count() == count
                && screen.trim_end().ends_with(PROMPT.trim_end())
        });
    };
    prompts(&terminal, 1);
    terminal.types("ls\r");
    prompts(&terminal, 2);
    terminal.types("grep --color refused orders.log\r");
    prompts(&terminal, 3);
    let shell = sgr(&terminal.cells());
    terminal.types("exit\r");
    terminal.shows_that("the local prompt", |screen| {
        screen.trim_end().ends_with("\n$")
    });
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(bench);

    let svg = at_one_time(&picture([&picker, &shell]));
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(
            Data::text(svg),
            Data::read_from(&expected, Some(DataFormat::Text)),
        );
}

/// The picture with the same time in the line before the session whenever it is drawn.
fn at_one_time(svg: &str) -> String {
    let (before, after) = svg.split_once("until ").unwrap();
    let (time, rest) = after.split_at(5);
    assert!(time.is_ascii() && time.as_bytes()[2] == b':', "{time}");
    format!("{before}until 10:41{rest}")
}

/// Two screens, one above the other.
fn picture(screens: [&str; 2]) -> String {
    let mut inner = String::new();
    let mut below = 0;
    let mut width = 0;
    for screen in screens {
        let svg = TERMINAL.render_svg(screen.trim_end_matches('\n'));
        let size = |name: &str| -> usize {
            let (_, rest) = svg.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once("px\"").unwrap().0.parse().unwrap()
        };
        width = width.max(size("width"));
        let _ = writeln!(
            inner,
            "{}",
            svg.trim_end()
                .replacen("<svg", &format!("<svg y=\"{below}px\""), 1)
        );
        below += size("height") + GAP;
    }
    format!(
        "<svg width=\"{width}px\" height=\"{}px\" xmlns=\"http://www.w3.org/2000/svg\">\n{inner}</svg>\n",
        below - GAP
    )
}

/// The screen's rows down to the last that has text, as text with SGR sequences alone.
fn sgr(screen: &Screen) -> String {
    let (rows, columns) = screen.size();
    let mut text = String::new();
    let mut written = 0;
    for row in 0..rows.get() {
        let mut line = String::new();
        for column in 0..columns.get() {
            let Some(cell) = screen.cell(row, column) else {
                continue;
            };
            if cell.is_wide_continuation() {
                continue;
            }
            line.push_str("\u{1b}[0");
            for (on, number) in [
                (cell.bold(), 1),
                (cell.dim(), 2),
                (cell.italic(), 3),
                (cell.underline(), 4),
                (cell.inverse(), 7),
            ] {
                if on {
                    let _ = write!(line, ";{number}");
                }
            }
            colour(&mut line, 38, cell.fgcolor(), cell.bold());
            colour(&mut line, 48, cell.bgcolor(), false);
            line.push('m');
            line.push_str(if cell.has_contents() {
                cell.contents()
            } else {
                " "
            });
        }
        let blank = line.trim_end_matches("\u{1b}[0m ").len();
        text.push_str(&line[..blank]);
        text.push_str("\u{1b}[0m\n");
        if !screen
            .contents_between(row, 0, row, columns.get())
            .trim()
            .is_empty()
        {
            written = text.len();
        }
    }
    text.truncate(written);
    text
}

const fn rgb(red: u8, green: u8, blue: u8) -> anstyle::Color {
    anstyle::Color::Rgb(anstyle::RgbColor(red, green, blue))
}

/// Writes one ground's colour. Terminals show bold text in the bright one.
fn colour(line: &mut String, ground: u8, colour: Color, is_bright: bool) {
    let _ = match colour {
        Color::Default => Ok(()),
        // The first eight have codes of their own, which the palette knows.
        Color::Idx(index @ 0..8) => {
            let base = if is_bright { ground + 52 } else { ground - 8 };
            write!(line, ";{}", base + index)
        }
        Color::Idx(index) => write!(line, ";{ground};5;{index}"),
        Color::Rgb(red, green, blue) => write!(line, ";{ground};2;{red};{green};{blue}"),
    };
}
