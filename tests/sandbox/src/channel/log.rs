//! The session's log: what was to be seen, line by line, as the agent streams it to `CloudWatch`.

use std::time::SystemTime;

/// A line of output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When it was complete.
    pub time: SystemTime,
    /// The line without its end, control characters included.
    pub text: String,
}

/// All that was seen so far.
#[derive(Debug, Default)]
pub struct Log {
    lines: Vec<Line>,
    rest: Vec<u8>,
}

impl Log {
    pub fn write(&mut self, output: &[u8]) {
        self.rest.extend_from_slice(output);
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            self.lines.push(Line::of(&line));
        }
    }

    /// The complete lines; with `over` also one that was never ended.
    pub fn lines(&self, over: bool) -> Vec<Line> {
        let mut lines = self.lines.clone();
        if over && !self.rest.is_empty() {
            lines.push(Line::of(&self.rest));
        }
        lines
    }
}

impl Line {
    fn of(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        Self {
            time: SystemTime::now(),
            text: text.trim_end_matches(['\r', '\n']).to_owned(),
        }
    }
}
