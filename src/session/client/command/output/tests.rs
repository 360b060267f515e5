use std::path::Path;

use super::super::ahead::Unkept;
use super::super::piece::BLOCK;
use super::{Limits, Outlet, Piece, Pieces, Stream, limited};
use crate::session::error::fault::Fault;

const LIMITS: Limits = Limits {
    each: 4 * BLOCK,
    all: 6 * BLOCK,
    disk: 8 * BLOCK as u64,
};

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Gives lines with their numbers, of both streams, until there is no room for good.
async fn fill(outlet: &Outlet, lines: std::ops::Range<usize>) -> Result<(), Unkept> {
    for number in lines {
        let (stream, line) = line(number);
        outlet.give(stream, line.as_bytes());
        while !outlet.has_room() {
            outlet.room().await?;
        }
    }
    Ok(())
}

fn line(number: usize) -> (Stream, String) {
    let stream = if number % 3 == 1 {
        Stream::Errors
    } else {
        Stream::Output
    };
    (stream, format!("line {number:0900}\n"))
}

/// All that one command has written, to its end: the bytes in order, each with its stream.
async fn taken(pieces: &mut Pieces, of: usize) -> Vec<(Stream, String)> {
    let mut taken: Vec<(Stream, String)> = Vec::new();
    loop {
        let Piece {
            command,
            stream,
            bytes,
        } = pieces.next().await.unwrap().unwrap();
        if command != of {
            continue;
        }
        if bytes.is_empty() {
            return taken;
        }
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        match taken.last_mut() {
            Some((last, whole)) if *last == stream => whole.push_str(&text),
            _ => taken.push((stream, text)),
        }
    }
}

fn expected(lines: std::ops::Range<usize>) -> Vec<(Stream, String)> {
    let mut expected: Vec<(Stream, String)> = Vec::new();
    for (stream, text) in lines.map(line) {
        match expected.last_mut() {
            Some((last, whole)) if *last == stream => whole.push_str(&text),
            _ => expected.push((stream, text)),
        }
    }
    expected
}

#[test]
fn what_memory_does_not_hold_goes_to_the_file_and_comes_back_in_order() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (outlets, mut pieces) = limited(1, None, folder.path(), LIMITS);
        let lines = 10 * BLOCK / 906;
        fill(&outlets[0], 0..lines).await.unwrap();
        // It has no name, where a file can be without one.
        #[cfg(unix)]
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        drop(outlets);
        assert!(taken(&mut pieces, 0).await == expected(0..lines));
        assert!(pieces.next().await.is_none());
    });
}

#[test]
fn more_can_pass_than_is_ever_kept() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut outlets, mut pieces) = limited(1, None, folder.path(), LIMITS);
        let outlet = outlets.remove(0);
        let step = 5 * BLOCK / 906;
        let mut read = Vec::new();
        // The reader always has some blocks in memory and in the file before it.
        for round in 0..20 {
            fill(&outlet, round * step..(round + 1) * step)
                .await
                .unwrap();
            while read.len() < round * step * 906 {
                read.extend_from_slice(&pieces.next().await.unwrap().unwrap().bytes);
            }
        }
        outlet.end();
        while let Some(piece) = pieces.next().await {
            read.extend_from_slice(&piece.unwrap().bytes);
        }
        let given = (0..20 * step).map(|number| line(number).1);
        assert!(read == given.collect::<String>().into_bytes());
    });
}

/// Fills it until it takes nothing else: how much was given, and the reason.
async fn overfill(outlet: &Outlet) -> (usize, Fault) {
    let mut given = 0;
    loop {
        let filled = fill(outlet, given..given + 1).await;
        given += 1;
        match filled {
            Ok(()) => {}
            Err(Unkept::Fault(fault)) => return (given, fault),
            Err(Unkept::Closed) => panic!("the reader is there"),
        }
    }
}

#[test]
fn beyond_the_limit_no_more_is_taken_and_nothing_is_lost() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (mut outlets, mut pieces) = limited(1, None, folder.path(), LIMITS);
        let outlet = outlets.remove(0);
        let (given, unkept) = overfill(&outlet).await;
        assert_eq!(unkept, Fault::Unread(LIMITS.disk));
        let whole = (given * 906) / BLOCK;
        assert!((12..=14).contains(&whole), "{whole} blocks");
        outlet.end();
        assert!(taken(&mut pieces, 0).await == expected(0..given));
    });
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_nothing_is_lost() {
    block_on(async {
        let (mut outlets, mut pieces) = limited(1, None, Path::new("/nowhere/at all"), LIMITS);
        let outlet = outlets.remove(0);
        let (given, unkept) = overfill(&outlet).await;
        let said = unkept.to_string();
        assert!(said.contains(r#""/nowhere/at all" failed: "#), "{said}");
        assert!(given * 906 >= LIMITS.each);
        outlet.end();
        assert!(taken(&mut pieces, 0).await == expected(0..given));
    });
}

#[test]
fn commands_share_the_memory_and_take_turns() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (outlets, mut pieces) = limited(3, None, folder.path(), LIMITS);
        let lines = 4 * BLOCK / 906;
        for outlet in &outlets {
            fill(outlet, 0..lines).await.unwrap();
        }
        let in_memory = outlets[0].ahead.memory();
        assert!(in_memory <= LIMITS.all, "{in_memory}");
        drop(outlets);
        let mut seen = [0, 0, 0];
        let mut ends = Vec::new();
        while let Some(piece) = pieces.next().await {
            let piece = piece.unwrap();
            seen[piece.command] += piece.bytes.len();
            if piece.bytes.is_empty() {
                ends.push(piece.command);
                // None of them is far behind.
                let least = seen.iter().min().unwrap();
                assert!(*least + 2 * BLOCK > lines * 906, "{seen:?}");
            }
        }
        assert_eq!(seen, [lines * 906; 3]);
        assert_eq!(ends, [0, 1, 2]);
    });
}

#[test]
fn a_reader_who_leaves_is_noticed_at_once() {
    block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let (outlets, pieces) = limited(1, None, folder.path(), LIMITS);
        let room = outlets[0].room();
        let leave = async { drop(pieces) };
        let (room, ()) = futures_util::future::join(room, leave).await;
        assert!(matches!(room, Err(Unkept::Closed)), "{room:?}");
    });
}
