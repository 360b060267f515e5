//! Follows page tokens to the end. Refused are endless lists: a token that comes back, or too many.

use std::collections::HashSet;

/// More pages than any account has: 1,000 of 1,000 instances each.
const MOST_PAGES: usize = 1000;

/// The tokens met so far.
#[derive(Debug, Default)]
pub(super) struct Pages {
    seen: HashSet<String>,
}

impl Pages {
    /// The token to ask the next page with; `None` after the last. Errors: why it is not followed.
    pub(super) fn next(&mut self, token: Option<&str>) -> Result<Option<String>, &'static str> {
        // Some services end a list with an empty token.
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Ok(None);
        };
        if self.seen.len() + 1 >= MOST_PAGES {
            return Err("the list does not end: too many pages");
        }
        if !self.seen.insert(token.to_owned()) {
            return Err("the list does not end: a page token came a second time");
        }
        Ok(Some(token.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends() {
        let mut pages = Pages::default();
        assert_eq!(pages.next(Some("a")), Ok(Some("a".to_owned())));
        assert_eq!(pages.next(Some("b")), Ok(Some("b".to_owned())));
        assert!(pages.next(Some("a")).is_err());
        assert_eq!(pages.next(Some("")), Ok(None));
        assert_eq!(pages.next(None), Ok(None));
    }

    #[test]
    fn pages_are_counted() {
        let mut pages = Pages::default();
        let followed = (0..).take_while(|page| pages.next(Some(&page.to_string())).is_ok());
        // The first page had no token.
        assert_eq!(followed.count() + 1, MOST_PAGES);
    }
}
