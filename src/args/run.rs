//! `run`.

use std::num::{NonZeroU32, NonZeroUsize};
use std::path::PathBuf;

use clap::builder::{NonEmptyStringValueParser, TypedValueParser as _};
use clap::{Args as ClapArgs, ValueEnum};

use super::{key_value, number};
use crate::names::quoted;

/// `run`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Run {
    /// Instance ids, exact Name tags or private IP addresses
    #[arg(required_unless_present_any = ["filters", "all", "all_customers"], value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub targets: Vec<String>,
    /// Which instances, if none is named.
    #[command(flatten)]
    pub choice: Choice,
    /// The command and its arguments.
    /// They arrive unchanged; use `sh -c '…'` for shell syntax. On Windows the words are one
    /// PowerShell script
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Run on up to this many targets at once
    #[arg(long, value_name = "NUMBER", default_value = "10", value_parser = number::one_or_more)]
    pub parallel: NonZeroUsize,
    /// Start nothing more after the first failure, and let what runs finish
    #[arg(long)]
    pub fail_fast: bool,
    /// Stop the command after this many seconds [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = number::seconds)]
    pub timeout: Option<NonZeroU32>,
    /// Run the command through an interactive shell, if the customer grants only that.
    /// stdout and stderr are then one stream, as on a terminal
    #[arg(long, value_name = "WAY", value_enum)]
    pub via: Option<Via>,
    /// Say why you need the sessions; the customer finds it in CloudTrail
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Confirm a customer by its name, where the settings require it (repeatable)
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub confirm: Vec<String>,
    /// Wait up to this many seconds until a target's agent is connected [without a number: 300]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300", value_parser = number::seconds_or_none)]
    pub wait: Option<u32>,
    /// Print the results to stdout in this format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Results,
    /// Print identical outputs once, after the end, with the names of their targets
    #[arg(long, conflicts_with = "output_dir")]
    pub group: bool,
    /// Write outputs to the files CUSTOMER/INSTANCE-ID.stdout and .stderr in this folder
    #[arg(long, value_name = "DIR", value_parser = NonEmptyStringValueParser::new().map(PathBuf::from))]
    pub output_dir: Option<PathBuf>,
    /// Overwrite files in the folder of --output-dir
    #[arg(long, requires = "output_dir")]
    pub force: bool,
}

/// The format of the results of `run`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Results {
    /// The output of the commands, for people.
    #[default]
    Text,
    /// For programs: one object with `"version": 1`, at the end.
    Json,
    /// For programs: an object with `"version": 1` a line, each as soon as its target is done.
    Jsonl,
}

/// The instances to run on, if no TARGET is named.
#[derive(Debug, Clone, Default, ClapArgs)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each flag is given by itself"
)]
pub struct Choice {
    /// Run on the instances that match: name=web-* or tag:KEY=VALUE (repeatable, all must match)
    #[arg(long = "filter", value_name = "FILTER", value_parser = key_value, conflicts_with = "targets")]
    pub filters: Vec<(String, String)>,
    /// Run on all of the customer's instances
    #[arg(long, conflicts_with_all = ["targets", "filters"])]
    pub all: bool,
    /// Run on the matching instances of every customer in the settings file; needs --filter
    #[arg(long, conflicts_with_all = ["targets", "all", "customer"], requires = "filters")]
    pub all_customers: bool,
    /// Run on the instances that match without asking
    #[arg(long)]
    pub yes: bool,
    /// Show what vendor-ssm would run on, but open nothing
    #[arg(long)]
    pub dry_run: bool,
}

impl Choice {
    /// The flags that choose the instances, as a shell reads them.
    pub fn flags(&self) -> String {
        let mut flags = Vec::new();
        if self.all {
            flags.push("--all".to_owned());
        }
        if self.all_customers {
            flags.push("--all-customers".to_owned());
        }
        for (key, value) in &self.filters {
            flags.push(format!("--filter {}", quoted(&format!("{key}={value}"))));
        }
        flags.join(" ")
    }
}

/// How a command reaches the instance, if not through the session document for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Via {
    /// An interactive shell.
    Shell,
}
