//! `policy check`: reads the files and shows the findings.
//! Text from a file is escaped before it is shown, since it may be a customer's.

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Serialize;

use crate::args::{Format, PolicyCheck};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::policy::{self, Checked, Finding, Guardrail, Severity};
use crate::ui::Ui;
use crate::ui::paragraph;

/// The longest file that is read, in bytes. An account's authorization details are smaller.
const LARGEST: u64 = 256 << 20;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct JsonFindings {
    version: u8,
    findings: Vec<FileFinding>,
}

/// A finding and the file it is in.
#[derive(Debug, Serialize)]
struct FileFinding {
    guardrail: Guardrail,
    severity: Severity,
    file: String,
    line: usize,
    sid: Option<String>,
    message: String,
    fix: Option<String>,
    #[serde(skip)]
    statement: String,
}

/// Runs `policy check`. A file that cannot be read does not stop the others from being checked.
pub(super) fn check(args: &PolicyCheck, ui: &Ui) -> Result<Exit, Error> {
    let mut found = Vec::new();
    let mut failed = Vec::new();
    let mut policies = 0;
    for path in &args.files {
        let file = path.display().to_string();
        match file_checked(path, &file, &args.break_glass) {
            Ok(checked) => {
                policies += checked.policies;
                let of_file = |finding| FileFinding::new(finding, &file);
                found.extend(checked.findings.into_iter().map(of_file));
            }
            Err(error) => failed.push(error),
        }
    }
    let fails = found.iter().any(|found| found.severity.fails());
    let summary = summary(policies, args.files.len() - failed.len(), &found);
    if args.output.output == Format::Json {
        ui.json(&JsonFindings {
            version: 1,
            findings: found,
        })?;
    } else {
        if !found.is_empty() {
            let blocks: Vec<String> = found.iter().map(|found| found.shown(ui.width())).collect();
            ui.data(&blocks.join("\n"))?;
        }
        if failed.len() < args.files.len() {
            ui.say(&summary);
        }
    }
    let Some(last) = failed.pop() else {
        return Ok(if fails { Exit::Findings } else { Exit::Ok });
    };
    for error in &failed {
        ui.warn(&error.to_string());
    }
    Err(last)
}

fn file_checked(path: &Path, file: &str, break_glass: &[String]) -> Result<Checked, Error> {
    let unreadable = |source: io::Error| Error::Unreadable {
        file: file.to_owned(),
        source,
    };
    let no_policy = |why: &str| Error::Usage {
        message: format!("{file}: {why}"),
        hint: Some("pass IAM policies or CloudFormation templates, in JSON or YAML".to_owned()),
    };
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(no_policy("it is larger than 256 MiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| no_policy("it is not UTF-8 text"))?;
    policy::check(&text, break_glass).map_err(|error| no_policy(&error.to_string()))
}

impl FileFinding {
    fn new(finding: Finding, file: &str) -> Self {
        Self {
            guardrail: finding.guardrail,
            severity: finding.severity,
            file: file.to_owned(),
            line: finding.line,
            sid: finding.sid,
            message: finding.message,
            fix: finding.fix,
            statement: finding.statement,
        }
    }

    /// The form that compilers use: place, severity and message on the first line, the fix below.
    fn shown(&self, width: Option<u16>) -> String {
        let head = format!(
            "{}:{}: {} {} ({}): {}",
            self.file,
            self.line,
            self.severity.name(),
            self.guardrail.name(),
            self.statement,
            self.message
        );
        let mut block = paragraph::wrapped(&head, "", "    ", width);
        if let Some(fix) = &self.fix {
            block.push_str(&paragraph::wrapped(fix, "  fix: ", "    ", width));
        }
        block
    }
}

/// How much was checked and what was found, in one line.
fn summary(policies: usize, files: usize, found: &[FileFinding]) -> String {
    let looked_at = format!(
        "{} in {}",
        counted(policies, "policy", "policies"),
        counted(files, "file", "files")
    );
    let parts: Vec<String> = [
        (Severity::Violation, "violation", "violations"),
        (Severity::Undecided, "undecided", "undecided"),
        (Severity::Exempt, "exempt", "exempt"),
        (Severity::Warning, "warning", "warnings"),
    ]
    .into_iter()
    .filter_map(|(severity, one, many)| {
        let number = found
            .iter()
            .filter(|found| found.severity == severity)
            .count();
        (number > 0).then(|| counted(number, one, many))
    })
    .collect();
    if parts.is_empty() {
        format!("{looked_at}: nothing found")
    } else {
        format!("{looked_at}: {}", parts.join(", "))
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
