//! How the agent splits a command into words where it runs it without a shell:
//! the rules of github.com/google/shlex, which amazon-ssm-agent uses. They are not those of POSIX:
//! a backslash between double quotes escapes whatever follows, and one before a line break does not
//! join lines.

/// The words of a command, or why there are none, in the agent's words.
pub fn split(line: &str) -> Result<Vec<String>, &'static str> {
    const BACKSLASH: &str = "EOF found after escape character";
    const QUOTE: &str = "EOF found when expecting closing quote";
    let mut words = Vec::new();
    // None between words, as a word may be empty: ''.
    let mut word: Option<String> = None;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '#' if word.is_none() => {
                // A comment, to the end of the line.
                let _rest = characters.find(|character| *character == '\n');
            }
            '\\' => {
                let escaped = characters.next().ok_or(BACKSLASH)?;
                word.get_or_insert_default().push(escaped);
            }
            '\'' => loop {
                let word = word.get_or_insert_default();
                match characters.next().ok_or(QUOTE)? {
                    '\'' => break,
                    quoted => word.push(quoted),
                }
            },
            '"' => loop {
                let word = word.get_or_insert_default();
                match characters.next().ok_or(QUOTE)? {
                    '"' => break,
                    '\\' => word.push(characters.next().ok_or(BACKSLASH)?),
                    quoted => word.push(quoted),
                }
            },
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_as_the_agent_does() {
        let cases: [(&str, &[&str]); 12] = [
            ("", &[]),
            ("  uname \t -a\n", &["uname", "-a"]),
            (
                "sh -c 'echo \"$HOME\" \\n'",
                &["sh", "-c", "echo \"$HOME\" \\n"],
            ),
            ("echo '' \"\"", &["echo", "", ""]),
            ("a'b'\"c\"d", &["abcd"]),
            (r#""a\"b\\c\$d\e""#, &[r#"a"b\c$de"#]),
            (r"a\ b \'", &["a b", "'"]),
            ("a\\\nb", &["a\nb"]),
            ("echo # not this\nbut this", &["echo", "but", "this"]),
            ("a#b '#c'", &["a#b", "#c"]),
            ("echo $HOME *", &["echo", "$HOME", "*"]),
            ("é\u{a0}ß", &["é\u{a0}ß"]),
        ];
        for (line, words) in cases {
            assert_eq!(split(line).unwrap(), words, "{line:?}");
        }
        for open in ["'a", "\"a", "a'"] {
            assert_eq!(split(open), Err("EOF found when expecting closing quote"));
        }
        for open in ["\\", "a \\", "\"a\\"] {
            assert_eq!(split(open), Err("EOF found after escape character"));
        }
    }
}
