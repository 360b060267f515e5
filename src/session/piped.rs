//! The end of piped input, told in the remote shell's own way.

use crate::inventory::{self, Filter, Instance, Query};

use super::start::Started;
use super::{Request, Stage};

/// How often the end is told to a shell of which nobody says that it is no Windows, which has no end of
/// file: ten quiet minutes.
const MOST: u32 = 300;
/// End of file, as a terminal types it.
const EOF: u8 = 0x04;

/// Where the input comes from, and whether it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Input {
    /// A person at a terminal.
    Keyboard,
    /// A pipe or file; whether the last byte was a line feed, or there was none.
    Piped { at_line_start: bool },
    /// It ended, and what the remote side takes for its end is being looked up.
    Ending { at_line_start: bool },
    /// It ended; the remote side is told until it believes it.
    Ended { windows: Option<bool>, told: u32 },
}

impl Input {
    /// The bytes that tell the end once more; `None` when they were told in vain too often. On a pty, end
    /// of file counts at the beginning of a line only, and a program inside the script may have eaten the
    /// one before.
    pub(super) fn tell_end(&mut self) -> Option<&'static [u8]> {
        let Self::Ended { windows, told } = self else {
            return Some(b"");
        };
        *told += 1;
        match windows {
            Some(true) => Some(b"exit\r"),
            Some(false) => Some(&[EOF]),
            None => (*told <= MOST).then_some(&[EOF]),
        }
    }
}

/// Whether the shell is one of Windows; asked only at the end, and only if the listing has not said it
/// already. `None` where nobody says.
pub(super) async fn is_windows(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
) -> Option<bool> {
    if request.target.windows.is_some() {
        return request.target.windows;
    }
    let query = Query::only(Filter::Id(request.target.instance_id.clone()));
    let listed = inventory::list(stage.customer, &started.role, stage.aws, &query).await;
    listed.instances.first().map(Instance::is_windows)
}

#[cfg(test)]
mod tests {
    use super::{Input, MOST};

    fn tellings(windows: Option<bool>) -> usize {
        let mut input = Input::Ended { windows, told: 0 };
        let most = usize::try_from(MOST).unwrap() + 10;
        (0..most).map_while(|_| input.tell_end()).count()
    }

    #[test]
    fn the_end_is_told_for_ever_only_where_it_is_sure_to_be_understood() {
        assert_eq!(tellings(None), usize::try_from(MOST).unwrap());
        assert_eq!(tellings(Some(false)), usize::try_from(MOST).unwrap() + 10);
    }
}
