//! The command line up to the cursor, read by the command line's own definition.
//! It is not parsed: half of it is still to be typed, and what is wrong in it is passed over.

use clap::{Arg, Command};

/// What may stand at the cursor.
#[derive(Debug)]
pub(super) enum Place<'a> {
    /// The value of an option.
    Value(&'a Arg),
    /// A command, or the next argument of this one.
    Word {
        /// Whether a command below this one may come.
        commands: bool,
        argument: Option<&'a Arg>,
    },
    /// The name of an option.
    Option,
    /// A word of the command that another program runs.
    OtherProgram,
    /// Nothing that is known.
    Unknown,
}

/// A command line, read up to the cursor.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The command as far as it is typed, and its name at each depth.
    pub command: &'a Command,
    pub path: Vec<&'a str>,
    /// The values that are typed before the cursor, each with its argument's id.
    pub values: Vec<(&'a str, String)>,
    pub place: Place<'a>,
    /// What the word at the cursor has before the part to complete, such as `--customer=`.
    pub lead: String,
    /// The part of the word that is there.
    pub begun: String,
}

impl<'a> Line<'a> {
    /// Reads the words after the program's name. The last one is at the cursor.
    pub(super) fn read(root: &'a Command, words: &[String]) -> Self {
        let (at_cursor, before) = match words.split_last() {
            Some((last, before)) => (last.as_str(), before),
            None => ("", words),
        };
        let mut line = Self {
            command: root,
            path: Vec::new(),
            values: Vec::new(),
            place: Place::Unknown,
            lead: String::new(),
            begun: at_cursor.to_owned(),
        };
        let mut waiting = None;
        let mut positional = 0;
        let mut is_escaped = false;
        for word in before {
            if let Some(argument) = waiting.take() {
                line.note(argument, word);
            } else if is_escaped {
                positional += 1;
            } else if word == "--" {
                is_escaped = true;
            } else if word.starts_with('-') && word != "-" {
                match line.option(word) {
                    Some((argument, Some(value))) => line.note(argument, &value.text),
                    Some((argument, None)) => waiting = Some(argument),
                    None => {}
                }
            } else if let Some(below) = line.below(word, positional) {
                line.path.push(below.get_name());
                line.command = below;
            } else {
                if let Some(argument) = line.argument(positional) {
                    line.note(argument, word);
                }
                positional += 1;
            }
        }
        line.place = line.at_cursor(at_cursor, waiting, positional, is_escaped);
        line
    }

    fn at_cursor(
        &mut self,
        word: &str,
        waiting: Option<&'a Arg>,
        positional: usize,
        is_escaped: bool,
    ) -> Place<'a> {
        if let Some(argument) = waiting {
            return Place::Value(argument);
        }
        if is_escaped && self.command.get_positionals().any(Arg::is_last_set) {
            return Place::OtherProgram;
        }
        if word.starts_with('-') && !is_escaped {
            return match self.option(word) {
                Some((argument, Some(value))) => {
                    self.lead = value.lead;
                    self.begun = value.text;
                    Place::Value(argument)
                }
                _ => Place::Option,
            };
        }
        Place::Word {
            commands: positional == 0 && !is_escaped,
            argument: self.argument(positional),
        }
    }

    /// The argument that stands at this place; a repeatable one stands at all that follow.
    fn argument(&self, positional: usize) -> Option<&'a Arg> {
        let all = || {
            self.command
                .get_positionals()
                .filter(|one| !one.is_last_set())
        };
        let repeats = |argument: &&Arg| {
            let most = argument.get_num_args().map(|range| range.max_values());
            most.is_some_and(|most| most > 1)
        };
        all()
            .nth(positional)
            .or_else(|| all().last().filter(repeats))
    }

    fn below(&self, word: &str, positional: usize) -> Option<&'a Command> {
        (positional == 0).then(|| self.command.find_subcommand(word))?
    }

    /// The option of this word that takes a value, with the value if it is in the same word.
    fn option(&self, word: &str) -> Option<(&'a Arg, Option<Value>)> {
        let takes = |argument: &&Arg| argument.get_action().takes_values();
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (long, None),
            };
            let mut arguments = self.command.get_arguments();
            let argument = arguments
                .find(|one| one.get_long() == Some(name))
                .filter(takes)?;
            let value = value.map(|value| Value {
                lead: format!("--{name}="),
                text: value.to_owned(),
            });
            // Such as --wait, whose value needs an equals sign.
            let is_whole = value.is_none() && argument.is_require_equals_set();
            return (!is_whole).then_some((argument, value));
        }
        let letters = word.strip_prefix('-')?;
        for (at, letter) in letters.char_indices() {
            let mut arguments = self.command.get_arguments();
            let argument = arguments.find(|one| one.get_short() == Some(letter))?;
            if !takes(&argument) {
                continue;
            }
            let end = at + letter.len_utf8();
            let rest = letters[end..].strip_prefix('=').unwrap_or(&letters[end..]);
            let value = (end < letters.len()).then(|| Value {
                lead: word[..word.len() - rest.len()].to_owned(),
                text: rest.to_owned(),
            });
            return Some((argument, value));
        }
        None
    }

    fn note(&mut self, argument: &'a Arg, value: &str) {
        self.values
            .push((argument.get_id().as_str(), value.to_owned()));
    }

    /// The last value of an argument.
    pub(super) fn value<'l>(&'l self, id: &'l str) -> Option<&'l str> {
        self.all_values(id).last()
    }

    /// All values of an argument.
    pub(super) fn all_values<'l>(&'l self, id: &'l str) -> impl Iterator<Item = &'l str> {
        let values = self.values.iter();
        values
            .filter(move |(known, _)| *known == id)
            .map(|(_, value)| value.as_str())
    }
}

/// A value in its option's word.
#[derive(Debug)]
struct Value {
    /// What comes before it.
    lead: String,
    text: String,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Args;

    fn described(words: &[&str]) -> String {
        let mut root = Args::command();
        root.build();
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let line = Line::read(&root, &words);
        let place = match line.place {
            Place::Value(argument) => format!("value of {}", argument.get_id()),
            Place::Word { commands, argument } => format!(
                "{}{}",
                if commands { "command or " } else { "" },
                argument.map_or("nothing", |argument| argument.get_id().as_str())
            ),
            Place::Option => "option".to_owned(),
            Place::OtherProgram => "other program".to_owned(),
            Place::Unknown => "unknown".to_owned(),
        };
        format!(
            "{}|{place}|{}|{}",
            line.path.join(" "),
            line.lead,
            line.begun
        )
    }

    #[test]
    fn the_place_at_the_cursor_is_found() {
        for (words, expected) in [
            (&[][..], "|command or nothing||"),
            (&["con"], "|command or nothing||con"),
            (&["connect", ""], "connect|command or target||"),
            (&["connect", "-c", ""], "connect|value of customer||"),
            (&["connect", "-cac"], "connect|value of customer|-c|ac"),
            (&["connect", "-qc=ac"], "connect|value of customer|-qc=|ac"),
            (
                &["connect", "--customer=a"],
                "connect|value of customer|--customer=|a",
            ),
            (
                &["-c", "list", "connect", "w"],
                "connect|command or target||w",
            ),
            (
                &["--customer=list", "connect", ""],
                "connect|command or target||",
            ),
            (&["connect", "--wait", ""], "connect|command or target||"),
            (&["connect", "--wait=", ""], "connect|command or target||"),
            (&["connect", "web-1", ""], "connect|nothing||"),
            (&["connect", "--rea"], "connect|option||--rea"),
            (&["connect", "-"], "connect|option||-"),
            (
                &["connect", "--unknown", "web"],
                "connect|command or target||web",
            ),
            (&["connect", "--", "web"], "connect|target||web"),
            (&["run", "web-1", ""], "run|targets||"),
            (&["run", "web-1", "--", ""], "run|other program||"),
            (&["run", "web-1", "--", "df", "-"], "run|other program||-"),
            (
                &["sessions", "terminate", "a", ""],
                "sessions terminate|ids||",
            ),
            (&["customer", "show", ""], "customer show|command or name||"),
            (&["nonsense", "connect", ""], "|nothing||"),
        ] {
            assert_eq!(described(words), expected, "{words:?}");
        }
    }

    #[test]
    fn values_before_the_cursor_are_known() {
        let mut root = Args::command();
        root.build();
        let words = [
            "-c",
            "acme",
            "run",
            "web-1",
            "--region=eu-west-1",
            "--customer",
            "beta",
            "",
        ];
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let line = Line::read(&root, &words);
        assert_eq!(line.value("customer"), Some("beta"));
        assert_eq!(line.all_values("targets").collect::<Vec<_>>(), ["web-1"]);
        assert_eq!(line.value("regions"), Some("eu-west-1"));
    }
}
