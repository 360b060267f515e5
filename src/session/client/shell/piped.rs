//! The end of piped input, told in the remote shell's own way.

use std::time::Duration;

use crate::inventory::{self, Filter, Instance, Query};

use crate::session::ledger::end::End;
use crate::session::live::Session;

/// How long it is quiet before the end is first sent.
/// A shell that edits lines and one that does not set the terminal to different modes. If the first
/// exits with end of file still unread, the second takes it for a command.
const SETTLED: Duration = Duration::from_millis(500);
/// How long it is quiet before the end is sent again.
const QUIET: Duration = Duration::from_secs(2);
/// How often a shell that may be a Windows one hears of the end:
/// ten quiet minutes. Windows has no end of file.
const MOST: u32 = 300;
/// End of file, as a terminal types it.
const EOF: u8 = 0x04;

/// Where the input comes from, and whether it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    /// A person at a terminal.
    Keyboard,
    /// A pipe or file; whether the last byte was a line feed, or there was none.
    Piped { at_line_start: bool },
    /// It ended, and what the remote side takes for its end is being looked up.
    Ending { at_line_start: bool },
    /// It ended. The remote side hears of it until it believes it.
    Ended { windows: Option<bool>, told: u32 },
}

impl Input {
    pub(crate) fn new(is_terminal: bool) -> Self {
        if is_terminal {
            Self::Keyboard
        } else {
            Self::Piped {
                at_line_start: true,
            }
        }
    }

    /// Whether its end was met, and has to be told.
    pub(crate) fn is_ending(self) -> bool {
        matches!(self, Self::Ending { .. })
    }

    /// Whether its end is being told.
    pub(crate) fn has_ended(self) -> bool {
        matches!(self, Self::Ended { .. })
    }

    /// Takes note of what was read from a pipe; nothing is its end.
    pub(crate) fn read(&mut self, bytes: &[u8]) {
        if let Self::Piped { at_line_start } = *self {
            *self = match bytes.last() {
                None => Self::Ending { at_line_start },
                Some(last) => Self::Piped {
                    at_line_start: *last == b'\n',
                },
            };
        }
    }

    /// It is known now what the remote side takes for its end.
    /// What has to be sent before that: the line feed that the input lacks.
    pub(crate) fn ended(&mut self, windows: Option<bool>) -> &'static [u8] {
        let in_line = Self::Ending {
            at_line_start: false,
        };
        let lacks = *self == in_line && windows != Some(true);
        *self = Self::Ended { windows, told: 0 };
        if lacks { b"\n" } else { b"" }
    }

    /// How long it has to be quiet before the end is sent.
    pub(crate) fn quiet(self) -> Duration {
        match self {
            Self::Ended { told: 1.., .. } => QUIET,
            _ => SETTLED,
        }
    }

    /// The bytes that tell the end, unless they were told in vain too often.
    /// On a pty, end of file counts at the beginning of a line only, and a program inside the
    /// script may have eaten the one before.
    pub(crate) fn tell_end(&mut self) -> Result<&'static [u8], End> {
        let Self::Ended { windows, told } = self else {
            return Ok(b"");
        };
        *told += 1;
        match windows {
            Some(true) => Ok(b"exit\r"),
            None if *told > MOST => Err(End::lost(
                "its shell ignored the end of the input, and the instance's platform is not known",
            )),
            _ => Ok(&[EOF]),
        }
    }
}

/// Whether the shell is one of Windows;
/// `None` if that is unknown. Asked only at the end, and only if the listing has not said it
/// already.
pub(crate) async fn is_windows(session: Session<'_, '_>) -> Option<bool> {
    let target = &session.request.target;
    if target.windows.is_some() {
        return target.windows;
    }
    let query = Query::only(Filter::Id(target.instance_id.clone()));
    let (context, role) = (session.context, session.started.role.current());
    let listed = inventory::list(context.customer, &role, context.aws, &query, &|_, _| ()).await;
    listed.instances.first().map(Instance::is_windows)
}

#[cfg(test)]
mod tests {
    use super::{Input, MOST};

    fn tellings(windows: Option<bool>) -> usize {
        let mut input = Input::Ended { windows, told: 0 };
        let most = usize::try_from(MOST).unwrap() + 10;
        (0..most).map_while(|_| input.tell_end().ok()).count()
    }

    #[test]
    fn the_end_is_told_for_ever_only_where_it_is_sure_to_be_understood() {
        assert_eq!(tellings(None), usize::try_from(MOST).unwrap());
        assert_eq!(tellings(Some(false)), usize::try_from(MOST).unwrap() + 10);
    }
}
