//! A journal for the completion of names, and shells that complete them.

use std::path::Path;

use super::terminal::Terminal;
use super::{Bench, SETTINGS};

/// Names that a shell would read as something else, or that vendor-ssm does not take for a name.
const HOSTILE: [&str; 14] = [
    "$(touch owned)",
    "`touch owned`",
    ";touch owned",
    "|touch owned",
    "&touch owned",
    "web 1",
    "-rf",
    "*",
    "~root",
    "a'b\"c",
    "{a,b}",
    "\u{1b}]0;owned\u{7}",
    "i-0f3a91c27be45d806",
    "10.0.0.1",
];
/// What comes before the number in the ids of the instances with those names.
pub const HOSTILE_ID: &str = "i-000000000000ff";

/// Instances with hostile names beside `web-1` and `db-1`, each with a session in the journal.
/// A second customer has had none.
pub fn visited() -> Bench {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let mut line = "run web-1 db-1".to_owned();
    bench.sandbox.world(|world| {
        let model = world.instance("i-0f3a91c27be45d806").unwrap().clone();
        for (number, name) in HOSTILE.iter().enumerate() {
            let mut one = model.clone();
            one.id = format!("{HOSTILE_ID}{number:03}");
            line.push(' ');
            line.push_str(&one.id);
            one.tags.retain(|(key, _)| key != "Name");
            one.tags.push(("Name".to_owned(), (*name).to_owned()));
            world.instances.push(one);
        }
    });
    let ran = bench.run(&format!("{line} -- true"));
    assert_eq!(ran.code, 0, "{ran:?}");
    bench.settings(&format!(
        "{SETTINGS}[customers.beta]\n\
         role_arn = \"arn:aws:iam::333333333333:role/Sessions\"\n\
         external_id = \"ExternalIDBeta\"\n\
         tag_value = \"Third_Party_A\"\n\
         regions = [\"eu-west-1\", \"eu-central-1\"]\n"
    ));
    bench
}

/// The ids of the instances with hostile names, the newest session first or not.
pub fn hostile_ids() -> Vec<String> {
    let numbers = 0..HOSTILE.len();
    numbers
        .map(|number| format!("{HOSTILE_ID}{number:03}"))
        .collect()
}

/// Types TAB in a shell that has loaded the program's own script, and looks at the screen.
/// `start` is what starts the shell, `load` what it loads the script with.
pub fn completes_in(start: &str, load: &str) {
    let bench = visited();
    std::fs::write(bench.home().join("a policy.json"), "{}").unwrap();
    let mut terminal = Terminal::local_shell(&bench, 40, 110, &[]);
    terminal.shows("$");
    terminal.types(&format!("exec {start}\r"));
    terminal.types("echo sta''rted\r");
    terminal.shows("started");
    terminal.types(&format!("{load}\r"));
    terminal.types("echo loa''ded\r");
    terminal.shows("loaded");
    // What is typed, and the line that it becomes.
    for (typed, line) in [
        ("vendor-ssm conn\t", "vendor-ssm connect "),
        ("vendor-ssm connect -c ac\t", "vendor-ssm connect -c acme "),
        (
            "vendor-ssm connect --customer=be\t",
            "vendor-ssm connect --customer=beta ",
        ),
        (
            "vendor-ssm connect -c acme we\t",
            "vendor-ssm connect -c acme web-1 ",
        ),
        (
            "vendor-ssm connect -c acme i-00\t",
            &format!("vendor-ssm connect -c acme {HOSTILE_ID}0"),
        ),
        (
            "vendor-ssm connect -c beta we\t",
            "vendor-ssm connect -c beta we",
        ),
        (
            "vendor-ssm list --region eu-w\t",
            "vendor-ssm list --region eu-west-1 ",
        ),
        (
            "vendor-ssm policy check a\\ po\t",
            "vendor-ssm policy check a\\ policy.json ",
        ),
        (
            "vendor-ssm --config=conf\t",
            "vendor-ssm --config=config.toml ",
        ),
    ] {
        terminal.types(typed);
        terminal.shows(line.trim_end());
        terminal.types("<");
        terminal.shows(&format!("{line}<"));
        // Ctrl-U takes the line back, Ctrl-L clears the screen.
        terminal.types("\u{15}\u{c}");
        terminal.shows_that("an empty line", |screen| !screen.contains('<'));
    }
    // All of them, one after the other or as a list: nothing runs, and nothing steers the terminal.
    terminal.types("vendor-ssm connect -c acme ");
    for _ in 0..20 {
        terminal.types("\t");
    }
    terminal.shows(&format!("{HOSTILE_ID}000"));
    terminal.types("\r");
    terminal.types("\u{3}\u{3}");
    terminal.settle();
    assert_eq!(owned(bench.home()), [""; 0]);
    assert!(!String::from_utf8_lossy(&terminal.bytes()).contains("\u{1b}]0;owned"));
}

/// The files that a hostile name would have made.
fn owned(home: &Path) -> Vec<String> {
    let names = std::fs::read_dir(home).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("owned")).collect()
}
