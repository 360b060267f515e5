//! A settings file made of a fuzzer's bytes, and edits of it.

use std::path::PathBuf;

use super::super::origin::Decided;
use super::super::source::Source;
use super::super::{Documents, resolve};
use super::page::Page;
use super::{Edit, NewCustomer};
use crate::args::Global;
use crate::os::Os;

/// The customer that is added.
const NAME: &str = "fuzz-added";

/// Decides a file twice, adds a customer and removes it again.
/// Both decisions agree. The edit of a usable file gives a usable one, keeps every line that was
/// there, and can be taken back.
pub(crate) fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (global, os) = (
        Global::default(),
        Os::with_environment([("HOME", "/home/a")]),
    );
    let source = |text: &str| Source::file(found(), text);
    let decided = |text: &str| resolve::decide(&source(text), &global, &os);
    let before = match decided(text) {
        Ok(settings) => settings,
        Err(error) => {
            let again = decided(text).err().map(|error| error.to_string());
            assert_eq!(again, Some(error.to_string()));
            return;
        }
    };
    let open = |text: &str| {
        let Source {
            location,
            origin,
            texts,
        } = source(text);
        let pages = texts.into_iter().map(Page::open);
        Some(Edit {
            global: &global,
            os: &os,
            location,
            origin,
            pages: pages.collect::<Option<_>>()?,
            vendor: Vec::new(),
        })
    };
    let Some(mut edit) = open(text) else {
        return;
    };
    if edit.add(&added()).is_err() {
        return;
    }
    let with = edit.pages[0].text().to_owned();
    let settings = decided(&with).unwrap_or_else(|error| panic!("{error}\n{with}"));
    assert_eq!(settings.customers.len(), before.customers.len() + 1);
    let kept = settings
        .customers
        .iter()
        .filter(|customer| customer.name != NAME);
    for (kept, customer) in kept.zip(&before.customers) {
        assert_eq!(format!("{kept:?}"), format!("{customer:?}"));
    }
    let mut lines = with.lines();
    for line in text.lines() {
        assert!(
            lines.any(|kept| kept == line),
            "a line is gone: {line:?}\n{with}"
        );
    }
    let Some(mut edit) = open(&with) else {
        panic!("it cannot be edited\n{with}");
    };
    if let Err(error) = edit.remove(NAME) {
        panic!("{error}\n{with}");
    }
    assert_eq!(edit.pages[0].text().trim_end(), text.trim_end());
}

fn found() -> Decided<PathBuf> {
    Decided::flag("--config", PathBuf::from("/home/a/config.toml"))
}

fn added() -> NewCustomer {
    fn parsed<T: std::str::FromStr>(text: &str) -> T {
        text.parse().ok().expect("a value of its kind")
    }
    NewCustomer {
        name: NAME.to_owned(),
        role_arn: parsed("arn:aws:iam::999999999999:role/fuzz"),
        external_id: parsed("an-external-id-that-no-seed-has"),
        tag_key: None,
        tag_value: "fuzz".to_owned(),
        regions: vec![parsed("us-east-1")],
        confirm: false,
        require_reason: false,
        grant_ends: None,
        documents: Documents::default(),
        duration_seconds: None,
        vendor: None,
    }
}
