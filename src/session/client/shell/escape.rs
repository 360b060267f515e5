//! The escape of the builtin client, as ssh has it.
//! Pure. After the escape character at the beginning of a line, `.` ends the session, `?` explains,
//! and the character itself is sent once.

/// What the keys mean.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// Bytes for the remote side.
    Send(Vec<u8>),
    /// End the session.
    End,
    /// Explain the escapes.
    Help,
}

/// Reads keys and remembers where a line began.
#[derive(Debug)]
pub(crate) struct Escape {
    character: Option<u8>,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    LineStart,
    InLine,
    Escaped,
}

impl Escape {
    /// `None` switches escapes off. A character beyond ASCII cannot be one.
    pub(crate) fn new(character: Option<char>) -> Self {
        Self {
            character: character.and_then(|character| u8::try_from(character).ok()),
            state: State::LineStart,
        }
    }

    /// Explains itself.
    pub(crate) fn help(&self) -> String {
        let c = self
            .character
            .map_or_else(String::new, |character| char::from(character).to_string());
        format!(
            "escapes at the beginning of a line: {c}. ends the session, {c}? shows this, {c}{c} sends {c}"
        )
    }

    /// Takes keys apart. Nothing follows [`Key::End`].
    pub(crate) fn read(&mut self, keys: &[u8]) -> Vec<Key> {
        let Some(escape) = self.character else {
            return vec![Key::Send(keys.to_vec())];
        };
        let mut read = Vec::new();
        let mut bytes = Vec::with_capacity(keys.len());
        for &key in keys {
            match (self.state, key) {
                (State::LineStart, key) if key == escape => {
                    self.state = State::Escaped;
                    continue;
                }
                (State::Escaped, b'.') => {
                    flush(&mut bytes, &mut read);
                    read.push(Key::End);
                    return read;
                }
                (State::Escaped, b'?') => {
                    flush(&mut bytes, &mut read);
                    read.push(Key::Help);
                    self.state = State::LineStart;
                    continue;
                }
                (State::Escaped, key) if key != escape => bytes.push(escape),
                _ => {}
            }
            bytes.push(key);
            self.state = if matches!(key, b'\r' | b'\n') {
                State::LineStart
            } else {
                State::InLine
            };
        }
        flush(&mut bytes, &mut read);
        read
    }
}

fn flush(bytes: &mut Vec<u8>, read: &mut Vec<Key>) {
    if !bytes.is_empty() {
        read.push(Key::Send(std::mem::take(bytes)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(keys: &[&str]) -> Vec<Key> {
        let mut escape = Escape::new(Some('~'));
        keys.iter()
            .flat_map(|keys| escape.read(keys.as_bytes()))
            .collect()
    }

    fn send(text: &str) -> Key {
        Key::Send(text.as_bytes().to_vec())
    }

    #[test]
    fn escapes_count_at_the_beginning_of_a_line_only() {
        assert_eq!(read(&["~."]), [Key::End]);
        assert_eq!(read(&["ls\r~.rest"]), [send("ls\r"), Key::End]);
        assert_eq!(read(&["ls\r", "~", "."]), [send("ls\r"), Key::End]);
        assert_eq!(read(&["a~."]), [send("a~.")]);
        assert_eq!(read(&["~~"]), [send("~")]);
        assert_eq!(read(&["~~."]), [send("~.")]);
        assert_eq!(read(&["~x"]), [send("~x")]);
        assert_eq!(read(&["~?", "~."]), [Key::Help, Key::End]);
        assert_eq!(read(&["~\r~."]), [send("~\r"), Key::End]);
    }

    #[test]
    fn without_a_character_everything_is_sent() {
        assert_eq!(Escape::new(None).read(b"\r~."), [send("\r~.")]);
    }
}
