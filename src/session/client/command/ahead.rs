//! What was read ahead of the reader of the output: in memory first, then in a temporary file.
//!
//! The agent closes the session two seconds after its command has ended (amazon-ssm-agent,
//! `agent/session/shell/shell.go`). So the far side never waits for the reader. Each command's
//! output stays in order; between commands there is none.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use crate::channel::Bytes;
use crate::session::error::fault::Fault;

use super::piece::{BLOCK, Filling, Stream};
use super::spool::{Place, Reading, Spool, Writing};

/// How much may wait for the reader, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// In memory, of one command.
    pub each: usize,
    /// In memory, of all commands. A block of each command comes on top.
    pub all: usize,
    /// In temporary files, of all commands.
    pub disk: u64,
}

impl Limits {
    pub(super) const USUAL: Self = Self {
        each: 8 << 20,
        all: 32 << 20,
        disk: 1 << 30,
    };
}

/// Why a command's output cannot be taken any longer.
#[derive(Debug, Clone)]
pub(super) enum Unkept {
    /// The reader has left.
    Closed,
    /// Too much waits for the reader, or the temporary file cannot be written.
    Fault(Fault),
}

/// A block that waits for the reader.
#[derive(Debug)]
enum Block {
    Memory(Bytes),
    Disk(Place),
}

/// The output of one command.
#[derive(Debug)]
struct Queue {
    /// The oldest first.
    blocks: VecDeque<Block>,
    /// The block behind those, on its way to the file.
    writing: Option<Writing>,
    /// The blocks behind that one, which have to go there too.
    unwritten: VecDeque<Bytes>,
    /// What comes last.
    filling: Filling,
    /// How much of it is in memory, but for `filling`.
    memory: usize,
    spool: Spool,
    /// Why nothing more is taken.
    unkept: Option<Fault>,
    /// Whether the command's output has ended, and whether the reader knows.
    has_ended: bool,
    end_is_known: bool,
    /// Wakes who fills it.
    waker: Option<Waker>,
}

impl Queue {
    fn has_room(&self) -> bool {
        self.writing.is_none() && self.unkept.is_none()
    }
}

/// What the reader gets next.
#[derive(Debug)]
pub(super) enum Next {
    /// A block of this command.
    Block(usize, Bytes),
    /// A block of this command, from its file.
    Reading(usize, Reading),
    /// The end of this command.
    End(usize),
}

/// The output of all commands that waits for the reader.
#[derive(Debug)]
pub(super) struct Ahead {
    limits: Limits,
    folder: Arc<Path>,
    inner: RefCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    queues: Vec<Queue>,
    /// How much is in memory, but for the blocks that are being filled.
    memory: usize,
    /// How many bytes of the files are in use.
    disk: u64,
    /// Whether the reader has left.
    is_closed: bool,
    /// The command whose turn is next.
    turn: usize,
    /// Wakes the reader.
    waker: Option<Waker>,
}

impl Ahead {
    /// For this many commands, with temporary files in this folder.
    pub(super) fn new(commands: usize, limits: Limits, folder: Arc<Path>) -> Self {
        let queue = || Queue {
            blocks: VecDeque::new(),
            writing: None,
            unwritten: VecDeque::new(),
            filling: Filling::default(),
            memory: 0,
            spool: Spool::new(Arc::clone(&folder)),
            unkept: None,
            has_ended: false,
            end_is_known: false,
            waker: None,
        };
        let inner = RefCell::new(Inner {
            queues: std::iter::repeat_with(queue).take(commands).collect(),
            memory: 0,
            disk: 0,
            is_closed: false,
            turn: 0,
            waker: None,
        });
        Self {
            limits,
            folder,
            inner,
        }
    }

    /// Whether more of this command's output may be taken from the far side.
    pub(super) fn has_room(&self, command: usize) -> bool {
        self.inner.borrow().queues[command].has_room()
    }

    /// Keeps a command's output. There should be [room](Self::has_room).
    pub(super) fn give(&self, command: usize, stream: Stream, mut bytes: &[u8]) {
        let mut inner = self.inner.borrow_mut();
        if inner.is_closed {
            return;
        }
        while !bytes.is_empty() {
            let taken = inner.queues[command].filling.take(stream, bytes);
            bytes = &bytes[taken..];
            if taken == 0 {
                inner.close_block(command, self.limits);
            }
        }
        inner.wake_reader();
    }

    /// Waits for room, as long as there is none.
    /// An error is final: nothing more is to be taken. What was taken still reaches its reader,
    /// unless that has left.
    pub(super) fn poll_room(
        &self,
        command: usize,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), Unkept>> {
        let inner = &mut *self.inner.borrow_mut();
        if inner.is_closed {
            return Poll::Ready(Err(Unkept::Closed));
        }
        loop {
            let queue = &mut inner.queues[command];
            if let Some(fault) = queue.unkept.clone() {
                return Poll::Ready(Err(Unkept::Fault(fault)));
            }
            queue.waker = Some(context.waker().clone());
            let Some(writing) = &mut queue.writing else {
                return Poll::Pending;
            };
            let written = ready!(Pin::new(&mut writing.job).poll(context));
            match written.unwrap_or_else(|error| Err(io::Error::other(error))) {
                Ok(file) => {
                    queue.spool.written(file);
                    let place = queue.writing.take().map(|writing| writing.place);
                    queue.blocks.extend(place.map(Block::Disk));
                    inner.write(command, self.limits);
                }
                Err(error) => {
                    let folder = self.folder.display().to_string();
                    let why = error.to_string();
                    queue.unkept = Some(Fault::Unkept { folder, why });
                    inner.write_nothing(command);
                }
            }
            inner.wake_reader();
            if inner.queues[command].has_room() {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// The command's output has ended.
    pub(super) fn end(&self, command: usize) {
        let mut inner = self.inner.borrow_mut();
        let queue = &mut inner.queues[command];
        queue.has_ended = true;
        queue.waker = None;
        inner.write_nothing(command);
        inner.wake_reader();
    }

    /// What the reader gets next; `None` once every command has ended and the reader has it all.
    pub(super) fn poll_next(&self, context: &mut Context<'_>) -> Poll<Option<Next>> {
        let mut inner = self.inner.borrow_mut();
        let (count, turn) = (inner.queues.len(), inner.turn);
        for command in (turn..count).chain(0..turn) {
            if let Some(next) = inner.take(command) {
                inner.turn = (command + 1) % count;
                return Poll::Ready(Some(next));
            }
        }
        if inner.queues.iter().all(|queue| queue.end_is_known) {
            return Poll::Ready(None);
        }
        inner.waker = Some(context.waker().clone());
        Poll::Pending
    }

    /// A block was read from its file.
    pub(super) fn free(&self, command: usize, place: Place) {
        let mut inner = self.inner.borrow_mut();
        inner.disk -= BLOCK as u64;
        inner.queues[command].spool.free(place);
    }

    /// How much is in memory, but for the blocks that are being filled.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.inner.borrow().memory
    }

    /// The reader leaves.
    pub(super) fn close(&self) {
        let mut inner = self.inner.borrow_mut();
        inner.is_closed = true;
        for queue in &mut inner.queues {
            queue.blocks.clear();
            queue.waker.take().into_iter().for_each(Waker::wake);
        }
    }
}

impl Inner {
    fn wake_reader(&mut self) {
        self.waker.take().into_iter().for_each(Waker::wake);
    }

    /// A block is full: it stays in memory, or goes to the file.
    fn close_block(&mut self, command: usize, limits: Limits) {
        let queue = &mut self.queues[command];
        let block = queue.filling.seal();
        let fits = |used: usize, limit| used + block.len() <= limit;
        let is_next = queue.writing.is_none();
        if is_next && fits(queue.memory, limits.each) && fits(self.memory, limits.all) {
            self.keep_in_memory(command, block);
        } else {
            queue.unwritten.push_back(block);
            if is_next {
                self.write(command, limits);
            }
        }
    }

    /// Starts to write the next block that has to go to the file.
    fn write(&mut self, command: usize, limits: Limits) {
        let queue = &mut self.queues[command];
        if queue.unwritten.is_empty() {
            return;
        }
        if self.disk + BLOCK as u64 > limits.disk {
            queue.unkept = Some(Fault::Unread(limits.disk));
            return self.write_nothing(command);
        }
        if let Some(block) = queue.unwritten.pop_front() {
            self.disk += BLOCK as u64;
            queue.writing = Some(queue.spool.write(block));
        }
    }

    /// Keeps in memory what was on its way to the file, since that was the last output.
    fn write_nothing(&mut self, command: usize) {
        let queue = &mut self.queues[command];
        let writing = queue.writing.take();
        let unwritten = std::mem::take(&mut queue.unwritten);
        for block in writing
            .map(|writing| writing.block)
            .into_iter()
            .chain(unwritten)
        {
            self.keep_in_memory(command, block);
        }
    }

    fn keep_in_memory(&mut self, command: usize, block: Bytes) {
        let queue = &mut self.queues[command];
        queue.memory += block.len();
        self.memory += block.len();
        queue.blocks.push_back(Block::Memory(block));
    }

    /// What this command has for the reader.
    fn take(&mut self, command: usize) -> Option<Next> {
        let queue = &mut self.queues[command];
        match queue.blocks.pop_front() {
            Some(Block::Memory(block)) => {
                queue.memory -= block.len();
                self.memory -= block.len();
                Some(Next::Block(command, block))
            }
            Some(Block::Disk(place)) => Some(Next::Reading(command, queue.spool.read(place))),
            None if queue.writing.is_some() => None,
            None if !queue.filling.is_empty() => Some(Next::Block(command, queue.filling.seal())),
            None if queue.has_ended && !queue.end_is_known => {
                queue.end_is_known = true;
                Some(Next::End(command))
            }
            None => None,
        }
    }
}
