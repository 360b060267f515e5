//! What the journal keeps, loses and finds again.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::time::UNIX_EPOCH;

use tempfile::TempDir;

use super::super::folder::append;
use super::super::record::tests::record;
use super::*;
use crate::callbacks::Warnings;
use crate::platform::places;

fn count(warnings: &Warnings) -> usize {
    warnings.0.lock().unwrap().len()
}

fn journal() -> (TempDir, Journal) {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().to_str().unwrap();
    let journal = Journal::new(&Os::with_environment([(places::STATE_VARIABLE, state)]));
    (home, journal)
}

fn states(journal: &Journal) -> Vec<(State, bool)> {
    let unsettled = journal.look().unwrap().unsettled;
    let state = |one: &Unsettled| (one.record.state, one.has_owner);
    unsettled.iter().map(state).collect()
}

/// Waits until no session is unsettled: a sync on another thread may hold a lock a little longer.
async fn gone(journal: &Journal) {
    let begun = std::time::Instant::now();
    while !states(journal).is_empty() && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(PAUSE).await;
    }
    assert_eq!(states(journal), []);
}

#[tokio::test]
async fn a_session_is_kept_until_its_end_is_known() {
    let ((home, journal), warnings) = (journal(), Warnings::default());
    assert_eq!(journal.look().unwrap().unsettled, []);
    let mut entry = journal.begin(record("a"), &warnings);
    assert_eq!(states(&journal), [(State::Open, true)]);
    entry.opened("alice-0123");
    let unsettled = journal.look().unwrap().unsettled;
    let id = |record: &Record| record.session_id.clone();
    assert_eq!(id(&unsettled[0].record).as_deref(), Some("alice-0123"));
    assert!(journal.claim(&unsettled[0], &warnings).await.is_none());

    let place = home.path().join("vendor-ssm");
    // The lock keeps no other program from reading the record.
    let text = fs::read_to_string(place.join("sessions/a.jsonl")).unwrap();
    assert!(text.contains("alice-0123"), "{text}");
    entry.settle(State::Ended, "it ended by itself", UNIX_EPOCH);
    assert!(place.join("history.jsonl").exists());
    assert_eq!(states(&journal), []);
    let history = journal.history(&Warnings::default()).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(id(&history[0]).as_deref(), Some("alice-0123"));
    assert_eq!(history[0].state, State::Ended);
    assert_eq!(history[0].seconds(), Some(0));
    assert_eq!(count(&warnings), 0);
}

#[tokio::test]
async fn one_without_an_owner_may_still_be_open_and_can_be_claimed() {
    let ((_home, journal), warnings) = (journal(), Warnings::default());
    drop(journal.begin(record("a"), &warnings));
    let open = journal.begin(record("b"), &warnings);
    open.settle(State::MayStillBeOpen, "throttled", UNIX_EPOCH);
    let left = (State::MayStillBeOpen, false);
    // A sync on another thread may hold a lock a little longer.
    let begun = std::time::Instant::now();
    while states(&journal) != [left, left] && begun.elapsed() < Duration::from_secs(20) {
        tokio::time::sleep(PAUSE).await;
    }
    assert_eq!(states(&journal), [left, left]);
    for unsettled in journal.look().unwrap().unsettled {
        let entry = journal.claim(&unsettled, &warnings).await.unwrap();
        assert!(journal.claim(&unsettled, &warnings).await.is_none());
        entry.settle(State::Ended, "terminated", UNIX_EPOCH);
    }
    assert_eq!(states(&journal), []);
    assert_eq!(journal.history(&Warnings::default()).unwrap().len(), 2);
    journal.begin(record("c"), &warnings).forget();
    assert_eq!(journal.history(&Warnings::default()).unwrap().len(), 2);
    assert_eq!(count(&warnings), 0);
}

#[test]
fn what_was_cut_off_is_left_out_and_nothing_counts_twice() {
    let (home, journal) = journal();
    let sessions = home.path().join("vendor-ssm/sessions");
    private::make_all(&sessions).unwrap();
    let mut settled = record("a");
    settled.state = State::Ended;
    journal.folder.settle(&settled).unwrap();
    let history = home.path().join("vendor-ssm/history.jsonl");
    let mut file = OpenOptions::new().append(true).open(&history).unwrap();
    file.write_all(b"{\"nonce\":\"cut o").unwrap();
    journal.folder.settle(&record("b")).unwrap();
    journal.folder.settle(&settled).unwrap();
    assert_eq!(journal.history(&Warnings::default()).unwrap().len(), 2);
    // Settled, and its file not removed; never written; and a file of another program.
    let line = serde_json::to_vec(&record("a")).unwrap();
    fs::write(sessions.join("a.jsonl"), line).unwrap();
    fs::write(sessions.join("e.jsonl"), "").unwrap();
    #[cfg(unix)]
    for name in ["a.jsonl", "e.jsonl"] {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(sessions.join(name), mode).unwrap();
    }
    fs::write(sessions.join(".f"), "").unwrap();
    fs::write(sessions.join("README"), "hello").unwrap();
    assert_eq!(journal.look().unwrap().unsettled, []);
    assert!(!sessions.join("a.jsonl").exists());
    assert_eq!(journal.history(&Warnings::default()).unwrap().len(), 2);
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_costs_one_warning() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    for os in [
        Os::with_environment([]),
        Os::with_environment([(places::STATE_VARIABLE, path)]),
    ] {
        let (journal, warnings) = (Journal::new(&os), Warnings::default());
        for nonce in ["a", "b"] {
            let mut entry = journal.begin(record(nonce), &warnings);
            entry.opened("alice-0123");
            entry.settle(State::Ended, "", UNIX_EPOCH);
        }
        assert_eq!(count(&warnings), 1);
    }
}

#[test]
#[cfg_attr(windows, ignore = "wine does not tell that an open file is removed")]
fn what_another_has_settled_meanwhile_is_nobodys() {
    let file = tempfile::NamedTempFile::new().unwrap();
    append(file.as_file(), &record("a")).unwrap();
    let opened = File::open(file.path()).unwrap();
    assert!(read(&opened).is_some());
    drop(file);
    assert!(read(&opened).is_none());
}

#[tokio::test]
async fn what_the_history_cannot_take_is_not_forgotten() {
    let ((home, journal), warnings) = (journal(), Warnings::default());
    let entry = journal.begin(record("a"), &warnings);
    let history = home.path().join("vendor-ssm/history.jsonl");
    fs::create_dir(&history).unwrap();
    entry.settle(State::Ended, "it ended by itself", UNIX_EPOCH);
    let file = home.path().join("vendor-ssm/sessions/a.jsonl");
    assert!(file.exists());
    assert_eq!(count(&warnings), 1);
    // It has ended all the same, so no alarm is raised. Later the history takes it.
    gone(&journal).await;
    assert!(file.exists());
    fs::remove_dir(&history).unwrap();
    assert_eq!(states(&journal), []);
    assert!(!file.exists());
    let settled = journal.history(&warnings).unwrap();
    assert_eq!(settled.len(), 1);
    assert_eq!(settled[0].state, State::Ended);
}
