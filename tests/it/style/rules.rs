//! The rules of plain English that a program can check.

/// The most words that a sentence may have.
const LONGEST: usize = 30;

/// Phrases that have a plainer form, lower case; and that form.
///
/// "There is no settings file", "no longer" and "no more than" are plain.
const RIDDLES: [(&str, &str); 37] = [
    ("whoever", "say who"),
    ("nobody", "say who does not"),
    ("somebody", "say who"),
    ("anybody", "say who"),
    ("someone's", "say whose"),
    ("is no", "is not a"),
    ("are no", "are not"),
    ("was no", "was not a"),
    ("were no", "were not"),
    ("be no", "not be a"),
    ("no more", "no longer"),
    ("anew", "again"),
    ("are got", "say who gets them"),
    ("is got", "say who gets it"),
    ("which is said", "say who prints it"),
    ("is said", "say who prints it"),
    ("are said", "say who prints them"),
    ("is told", "say who reports it"),
    ("are told", "say who reports them"),
    ("that nobody says", "unknown"),
    ("what is piped", "piped input"),
    ("goes behind", "is appended to"),
    ("very much output", "a lot of output"),
    ("ended us", "stopped vendor-ssm"),
    ("the highest counts", "the highest wins"),
    ("ended by itself", "say what ended it"),
    ("at most so many", "at most this many"),
    ("the last so many", "the last NUMBER"),
    ("so many seconds", "this many seconds"),
    ("where it takes longer", "if it takes longer"),
    ("all that no", "all that are not"),
    (
        "that no vendor-ssm",
        "to which no vendor-ssm process is attached",
    ),
    ("was given up", "was cancelled"),
    ("is given up", "is cancelled"),
    ("no more use", "no longer needs"),
    ("did not take it", "did not run it"),
    ("can do without", "does not need"),
];

/// Words for those who wrote it.
const OURS: [&str; 6] = ["we", "us", "our", "ours", "ourselves", "we're"];

/// What is wrong with a text, one line each.
pub fn faults(text: &str) -> Vec<String> {
    let text = &without_code(text);
    let mut faults = Vec::new();
    for sentence in sentences(text) {
        let count = sentence
            .split_whitespace()
            .filter(|word| word.contains(char::is_alphanumeric))
            .count();
        if count > LONGEST {
            faults.push(format!("{count} words: {sentence}"));
        }
    }
    let words: Vec<String> = words(&without_quotes(text));
    for (phrase, better) in RIDDLES {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        for (at, found) in words.windows(phrase.len()).enumerate() {
            let next = words.get(at + phrase.len()).map_or("", String::as_str);
            let before = at
                .checked_sub(1)
                .map_or("", |before| words[before].as_str());
            let is_plain = match phrase.last() {
                Some(&"no") => next == "longer" || before == "there",
                Some(&"more") => next == "than",
                _ => false,
            };
            if found == phrase && !is_plain {
                let around = context(&words, at, phrase.len());
                faults.push(format!(
                    "{:?}, better {better:?}: {around}",
                    phrase.join(" ")
                ));
            }
        }
    }
    for (at, word) in words.iter().enumerate() {
        if OURS.contains(&word.as_str()) {
            let around = context(&words, at, 1);
            faults.push(format!("{word:?}, better vendor-ssm or you: {around}"));
        }
    }
    faults
}

fn context(words: &[String], at: usize, length: usize) -> String {
    let begin = at.saturating_sub(5);
    let end = words.len().min(at + length + 5);
    words[begin..end].join(" ")
}

/// Inline code becomes one word.
fn without_code(text: &str) -> String {
    let mut parts = text.split('`');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    while let Some(code) = parts.next() {
        let Some(after) = parts.next() else {
            // The last one opens nothing.
            plain.push_str(code);
            break;
        };
        plain.push_str("CODE");
        plain.push_str(after);
    }
    plain
}

/// Leaves out what stands in double quotes.
fn without_quotes(text: &str) -> String {
    let straight = text.replace(['“', '”'], "\"");
    let parts: Vec<&str> = straight.split('"').collect();
    if parts.len().is_multiple_of(2) {
        return straight;
    }
    parts.into_iter().step_by(2).collect::<Vec<_>>().join(" … ")
}

/// The words, lower case, without the signs around them; `US` is a country.
fn words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '…'))
        .filter(|word| !word.is_empty() && *word != "US")
        .map(|word| word.to_lowercase().replace('’', "'"))
        .collect()
}

/// The sentences of a text:
/// they end at a full stop, a question mark or an exclamation mark before a space, and at the end
/// of a paragraph.
fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    for paragraph in text.split("\n\n") {
        let mut sentence: Vec<&str> = Vec::new();
        for word in paragraph.split_whitespace() {
            sentence.push(word);
            let bare = word.trim_end_matches(['"', '”', ')', '\'', '*', '_']);
            let is_short = ["e.g.", "i.e.", "etc.", "vs."].contains(&bare);
            if bare.ends_with(['.', '!', '?']) && !is_short {
                sentences.push(sentence.join(" "));
                sentence.clear();
            }
        }
        if !sentence.is_empty() {
            sentences.push(sentence.join(" "));
        }
    }
    sentences
}

#[test]
fn the_rules_find_what_they_should() {
    let long = "word ".repeat(31);
    for (text, fault) in [
        (long.as_str(), "31 words"),
        ("Whoever asks.", "\"whoever\""),
        ("It is no port.", "\"is no\""),
        ("There are no more of them.", "\"no more\""),
        ("They are got anew.", "\"anew\""),
        ("Our account", "\"our\""),
        ("it ended us, then", "\"us\""),
    ] {
        let found = faults(text);
        assert!(
            found.iter().any(|found| found.contains(fault)),
            "{text}: {found:?}"
        );
    }
    let short = "word ".repeat(30);
    for text in [
        short.trim_end(),
        &format!("{}. {}", short.trim_end(), short.trim_end()),
        "It is no longer open, no more than that, in us-east-1.",
        "AWS says \"we have no more of us\", and `is no` is code.",
        "There is no port. The US",
    ] {
        assert_eq!(faults(text), [""; 0], "{text}");
    }
}
