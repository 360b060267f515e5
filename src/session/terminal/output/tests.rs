use super::*;

fn output(terminal: Terminal) -> Output {
    Output::new(terminal, &Os::default())
}

fn all(output: &mut Output, pieces: &[&[u8]]) -> Vec<u8> {
    let each = pieces.iter();
    each.flat_map(|piece| output.pass(Bytes::copy_from_slice(piece)).to_vec())
        .collect()
}

/// What passes, the same however the bytes are cut into pieces; and the output at its end.
fn passed(bytes: &[u8]) -> (Vec<u8>, Output) {
    let mut whole = output(Terminal::Filtered);
    let passed = all(&mut whole, &[bytes]);
    let off = whole.off();
    for at in 0..=bytes.len() {
        let mut cut = output(Terminal::Filtered);
        let (one, two) = bytes.split_at(at);
        assert!(
            all(&mut cut, &[one, two]) == passed,
            "{at} {}",
            shown(bytes)
        );
        assert_eq!(cut.off(), off, "{at} {}", shown(bytes));
    }
    let mut single = output(Terminal::Filtered);
    let bytes: Vec<_> = bytes.chunks(1).collect();
    assert!(all(&mut single, &bytes) == passed);
    assert_eq!(single.off(), off);
    (passed, whole)
}

fn shown(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// What switches off what these bytes switch on.
fn off(bytes: &[u8]) -> String {
    String::from_utf8(passed(bytes).1.off().to_vec()).unwrap()
}

#[test]
fn the_clipboard_is_left_out_in_every_form() {
    let table: &[(&[u8], &[u8])] = &[
        // Write, read, clear, and other selections than the clipboard.
        (b"a\x1b]52;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b]52;c;aGVsbG8=\x1b\\b", b"ab"),
        (b"a\x1b]52;c;?\x07b", b"ab"),
        (b"a\x1b]52;;!\x07b", b"ab"),
        (b"a\x1b]52;ps0;aGVsbG8=\x07b", b"ab"),
        // 8-bit forms, as a byte and as a character, ended in either way.
        (b"a\x9d52;c;aGVsbG8=\x9cb", b"ab"),
        (b"a\xc2\x9d52;c;aGVsbG8=\xc2\x9cb", b"ab"),
        (b"a\x1b]52;c;aGVsbG8=\x9cb", b"ab"),
        (b"a\xc2\x9d52;c;aGVsbG8=\x07b", b"ab"),
        // As a cut character would bring it.
        (b"a\xe2\x9d52;c;aGVsbG8=\x9cb", b"a\xe2b"),
        // Numbers that some terminals read as 52.
        (b"a\x1b]052;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b]+52;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b] 52;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b]52x;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b]5\x00\x0a2;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b\x0d]52;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b\x7f]52;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b]4294967348;c;aGVsbG8=\x07b", b"ab"),
        (b"a\x1b\x1b\x1b]52;c;aGVsbG8=\x07b", b"ab"),
        // Ended by what begins something else.
        (b"a\x1b]52;c;aGVs\x1b[31mred\x07", b"a\x1b[31mred\x07"),
        (b"a\x1b]52;c;aGVs\x1b]52;c;bG8=\x07b", b"ab"),
        (b"a\x1b]52;c;aGVs\x18b", b"ab"),
        // Inside something else.
        (b"\x1b]0;title\x1b]52;c;aGVs\x07b", b"\x1b]0;title\x18b"),
        (b"\x1b[3\x1b]52;c;aGVs\x07b", b"\x1b[3\x18b"),
        (b"\x1b_app\x1b]52;c;aGVs\x07\x1b\\", b"\x1b_app\x18\x1b\\"),
        (
            b"\x1bktitle\x1b]52;c;aGVs\x07\x1b\\",
            b"\x1bktitle\x18\x1b\\",
        ),
        // What is left out would join what stands around it.
        (b"\x1b]5\x1b]52;c;x\x072;c;aGVs\x07", b"2;c;aGVs\x07"),
        (b"\x1b]5\x9d52;c;x\x072;c;aGVs\x07", b"2;c;aGVs\x07"),
        (b"\x1b\x9d52;c;x\x07]52;c;aGVs\x07", b"]52;c;aGVs\x07"),
        (b"\x1b]1337;Co\x1b]52;;\x07py=:aGVs\x07", b"py=:aGVs\x07"),
        (
            b"\x1b]x5\x1b]52;;\x072;c;aGVs\x07",
            b"\x1b]x5\x182;c;aGVs\x07",
        ),
        // Windows Terminal takes the digits alone, kitty the first five.
        (b"\x1b]5x2;c;aGVs\x07b", b"\x1b]5x2\x18b"),
        (b"\x1b]P5\xc3\xa92;c;aGVs\x07b", b"\x1b]P5\xc3\xa92\x18b"),
        (b"a\x1b]000529c;aGVs\x07b", b"ab"),
        (b"a\x1b]52\x010c;aGVs\x07b", b"ab"),
        // kitty's and iTerm2's own.
        (b"a\x1b]50;Copy=:aGVs\x07b", b"ab"),
        (b"a\x1b]5522;type=write\x1b\\b", b"ab"),
        (b"a\x1b]1337;Copy=:aGVsbG8=\x07b", b"ab"),
        (
            b"a\x1b]1337;CopyToClipboard=\x07text\x1b]1337;EndCopy\x07b",
            b"atextb",
        ),
    ];
    for (bytes, expected) in table {
        let (passed, mut output) = passed(bytes);
        assert_eq!(shown(&passed), shown(expected), "{}", shown(bytes));
        assert!(output.last_notice().is_some() && output.last_notice().is_none());
    }
}

#[test]
fn the_clipboard_is_left_out_of_what_tmux_and_screen_hand_on() {
    let osc = b"\x1b]52;c;aGVsbG8=\x07";
    let st = b"\x1b]52;c;aGVsbG8=\x1b\\";
    let tmux = |content: &[u8]| {
        let mut out = b"\x1bPtmux;".to_vec();
        for byte in content {
            if *byte == 0x1b {
                out.push(0x1b);
            }
            out.push(*byte);
        }
        out.extend_from_slice(b"\x1b\\");
        out
    };
    let screen = |content: &[u8]| [b"\x1bP", content, b"\x1b\\"].concat();
    let none = b"\x1bPtmux;\x1b\\".to_vec();
    let table = [
        (tmux(osc), none.clone()),
        (tmux(st), none.clone()),
        (tmux(b"\xc2\x9d52;c;aGVs\xc2\x9c"), none.clone()),
        (tmux(&tmux(osc)), tmux(&none)),
        (tmux(&tmux(&tmux(st))), tmux(&tmux(&none))),
        (screen(osc), screen(b"")),
        (tmux(&screen(osc)), tmux(&screen(b""))),
        // Screen hands on 768 bytes at most: scripts send several strings.
        (
            [screen(b"\x1b]52;c;aGVs"), screen(b"bG8="), screen(b"\x07")].concat(),
            screen(b"").repeat(3),
        ),
        // The number in two of them, and the number in two of tmux's.
        (
            [screen(b"\x1b]5"), screen(b"2;c;aGVs\x07")].concat(),
            screen(b"").repeat(2),
        ),
        (
            [tmux(b"\x1b]5"), tmux(b"2;c;aGVs\x07")].concat(),
            none.repeat(2),
        ),
        // tmux drops an escape that is not doubled; another terminal takes it.
        (
            b"\x1bPtmux;\x1b\x1b\x1b]\x1b5\x1b2;c;aGVs\x07\x1b\\".to_vec(),
            none.clone(),
        ),
        (
            b"\x1bPtmux;\x1b]52;c;aGVs\x07\x1b\\".to_vec(),
            b"\x1bPtmux;]52;c;aGVs\x07\x1b\\".to_vec(),
        ),
        // tmux passes over parameters, and takes a cancel for content.
        (
            b"\x1bP0tmux;\x1b\x1b]\x1b5\x1b2;c;aGVs\x07\x1b\\".to_vec(),
            b"\x1bP0tmux;\x1b\\".to_vec(),
        ),
        (
            b"\x1bPt\x1bmux;\x1b\x1b]\x1b5\x1b2;c;aGVs\x07\x1b\\".to_vec(),
            none.clone(),
        ),
        (
            b"\x1bPtmux;\x18\x1b\x1b]\x1b5\x1b2;c;aGVs\x07".to_vec(),
            b"\x1bPtmux;\x18\x1b\\\x1b5\x1b2;c;aGVs\x07".to_vec(),
        ),
        // What is too deep is left out whole, but for its way out.
        (
            tmux(&tmux(&tmux(&tmux(&tmux(osc))))),
            tmux(&tmux(&tmux(&tmux(b"")))),
        ),
    ];
    for (bytes, expected) in table {
        let (passed, mut output) = passed(&bytes);
        let text = shown(&passed);
        assert!(
            !text.contains("\\x1b]52") && !text.contains("\\x9d52"),
            "{text}"
        );
        if shown(&bytes).matches("tmux").count() < 5 {
            assert_eq!(text, shown(&expected), "{}", shown(&bytes));
        }
        let is_inert = !passed.contains(&0x1b) || passed == expected;
        assert!(is_inert || output.last_notice().is_some());
    }
}

#[test]
fn all_else_passes_as_it_came() {
    let every: Vec<u8> = (0..=255).collect();
    let sixel = [
        b"\x1bPq\"1;1;9;9#0;2;0;0;0".as_slice(),
        &b"#0~~@@vv$-".repeat(50),
        b"\x1b\\",
    ]
    .concat();
    let link = [
        b"\x1b]8;id=1;https://example.com/".as_slice(),
        &b"x".repeat(900),
        b"\x1b\\text\x1b]8;;\x1b\\",
    ]
    .concat();
    let table: Vec<&[u8]> = vec![
        b"plain\r\n\ttext\x08\x07",
        "“quoted”52;c; gr\u{fc}\u{df}e \u{732b} \u{1f680}".as_bytes(),
        "\u{201d}52;c;aGVsbG8=\u{7}".as_bytes(),
        b"cut \xe2\x80",
        b"\xf0\x9f\x9a text \xc3 text \xff\xfe",
        &every,
        b"\x1b]0;a title \xe2\x80\x9d 52;c;\x07$ ",
        b"\x1b]520;c;x\x07\x1b]5;0;red\x07\x1b]2;52;c;x\x07\x1b]l\x07",
        b"\x1b]P1ff0000text\x1b]R",
        b"\x1b]1337;File=inline=1:aGVsbG8=\x07\x1b]1337;Custom=1\x07\x1b]1337;C\x1b\\",
        b"\x1b]11;?\x07\x1b[c\x1b[>c\x1b[6n\x1b[?u\x1b[>q\x1bP+q544e\x1b\\\x1bP$qm\x1b\\\x05\x1bZ",
        b"\x1b_Gi=1,a=q;AAAA\x1b\\",
        b"\x1bP=1s\x1b\\",
        b"\x1b[38;5;52;1m\x1b[4:3m\x1b[52;1H\x1b#8\x1b(0lqk\x1b(B",
        b"\x1b\x1b[A\x1b\x1b\\",
        &sixel,
        &link,
        b"\x1bPtmux;\x1b\x1b[5 q\x1b\\\x1bPtmux;\x1b\x1b]8;;\x1b\x1b\\\x1b\\",
        b"\x1bPtm\x1b\\\x1bPtmux\xc3\xa4\x1b\\",
    ];
    for bytes in table {
        let (mut passed, mut output) = passed(bytes);
        // The beginning of a sequence or a character is held back until it is known.
        let held = bytes.len() - passed.len();
        assert!(held <= 4, "{held} {}", shown(bytes));
        passed.extend_from_slice(&bytes[passed.len()..]);
        assert_eq!(shown(&passed), shown(bytes));
        assert_eq!(output.last_notice(), None, "{}", shown(bytes));
    }
}

#[test]
fn raw_output_is_followed_and_not_touched() {
    let bytes = b"\x1b]52;c;aGVs\x07\x1b[?1000h\x1bPtmux;\x1b]52;c;x\x07\x1b\\";
    let mut output = output(Terminal::Raw);
    assert_eq!(all(&mut output, &[bytes]), bytes);
    assert_eq!(output.off(), "\x1b[?1000l");
    assert_eq!(output.last_notice(), None);
}

#[test]
fn memory_is_bounded_however_long_something_is() {
    for begin in [
        b"\x1b]52;c;".as_slice(),
        b"\x1b]0;",
        b"\x1b]",
        b"\x1bP",
        b"\x1bPtmux;",
        b"\x1b[",
        b"\x1b",
        b"\x1b_",
        b"\x1b]1337;",
        b"",
    ] {
        for more in [b"0", b"\x1b", b"\x00", b";", b"A", b"\xe2"] {
            let mut output = output(Terminal::Filtered);
            let mut length = output.pass(Bytes::copy_from_slice(begin)).len();
            let block = more.repeat(4096);
            for _ in 0..50 {
                length += output.pass(block.clone().into()).len();
            }
            assert!(length <= 50 * 4096 + begin.len());
            let debug = format!("{output:?}").len();
            assert!(debug < 12_000, "{debug} {} {}", shown(begin), shown(more));
        }
    }
}

#[test]
fn in_another_encoding_each_byte_counts() {
    for (name, is_eight_bit) in [
        ("de_DE.ISO-8859-1", true),
        ("ja_JP.eucJP@x", true),
        ("en_US.UTF-8", false),
        ("C.utf8", false),
        ("C", false),
        ("", false),
    ] {
        let os = Os::with_environment([("LANG", name)]);
        let mut output = Output::new(Terminal::Filtered, &os);
        let text = "\u{201d}52;c;aGVs\u{7}b".as_bytes();
        let passed = all(&mut output, &[text]);
        assert_eq!(
            passed == b"\xe2\x80b",
            is_eight_bit,
            "{name} {}",
            shown(&passed)
        );
        assert_eq!(passed == text, !is_eight_bit, "{name}");
    }
    // The output itself can leave UTF-8, and then comes back to it.
    let text = "\u{1b}%@\u{201d}52;c;aGVs\u{7}b".as_bytes();
    let (passed, output) = passed(text);
    assert_eq!(passed, b"\x1b%@\xe2\x80b");
    assert_eq!(output.off(), "\x1b%G");
}

#[test]
fn what_was_switched_on_is_switched_off_and_nothing_else() {
    let table: &[(&[u8], &str)] = &[
        (b"text \x1b[2J\x1b[5;10H\x1b[?1049h\x1b[?1049l", ""),
        (b"\x1b[?47h", "\x1b[?47l"),
        (b"\x1b[?1047h", "\x1b[?1047l"),
        (b"\x1b[?1049h", "\x1b[?1049l"),
        (b"\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"),
        (b"\x1b[?25l\x1b[?25h", ""),
        (
            b"\x1b[?1000;1006;2004h",
            "\x1b[?1000l\x1b[?1006l\x1b[?2004l",
        ),
        (b"\x1b[?1002h\x1b[?1003h\x1b[?1002l", "\x1b[?1003l"),
        (b"\x1b[?1h\x1b=", "\x1b[?1l\x1b>"),
        (b"\x1b[?1h\x1b=\x1b[?1l\x1b>", ""),
        (b"\x1b[?1004h", "\x1b[?1004l"),
        (b"\x1b[?2026h", "\x1b[?2026l"),
        (b"\x1b[?2048h", "\x1b[?2048l"),
        (b"\x1b[?7l", "\x1b[?7h"),
        // Saved while on, and restored.
        (
            b"\x1b[?1000h\x1b[?1000s\x1b[?1000l\x1b[?1000r",
            "\x1b[?1000l",
        ),
        (b"\x1b[?1000s\x1b[?1000h\x1b[?1000r", ""),
        // More parameters than a terminal keeps, controls between them, 8-bit forms.
        (
            &[&b"\x1b[?"[..], &b"0;".repeat(99), b"1000h"].concat(),
            "\x1b[?1000l",
        ),
        (b"\x1b[?10\r\n00h", "\x1b[?1000l"),
        (b"\xc2\x9b?1000h", "\x1b[?1000l"),
        (b"\x9b?1000h", "\x1b[?1000l"),
        // Few terminals take the byte: it switches on, and not off.
        (b"\x1b[?1000h\x9b?1000l", "\x1b[?1000l"),
        (b"\x1b[?1000h\xc2\x9b?1000l", ""),
        (b"\x1b[?1049h\x1bc", "\x1b[?47l"),
        // The kitty keyboard, which each screen has for itself.
        (b"\x1b[>1u", "\x1b[<1u"),
        (b"\x1b[>1u\x1b[>5u\x1b[<u", "\x1b[<1u"),
        (b"\x1b[>1u\x1b[<9u", ""),
        (b"\x1b[=5;1u", "\x1b[=0u"),
        (b"\x1b[=5;1u\x1b[=0;1u", ""),
        (b"\x1b[?1049h\x1b[>31u", "\x1b[<1u\x1b[?1049l"),
        (
            b"\x1b[>1u\x1b[?1049h\x1b[>1u",
            "\x1b[<1u\x1b[?1049l\x1b[<1u",
        ),
        (b"\x1b[>4;2m", "\x1b[>4m"),
        (b"\x1b[>4;2m\x1b[>4;0m", ""),
        (b"\x1b[>4;2m\x1b[>4m", ""),
        (b"\x1b[2;20r", "\x1b7\x1b[r\x1b8"),
        (b"\x1b[2;20r\x1b[r", ""),
        (b"\x1b[?6h", "\x1b[?6l\x1b[r\x1b[9999;1H\r\n"),
        (b"\x1b[1;31m", "\x1b[m"),
        (b"\x1b[1;31m\x1b[0m", ""),
        (b"\x1b[1;31m\x1b[m", ""),
        (b"\x1b(0", "\x1b(B"),
        (b"\x1b(0lqk\x1b(B", ""),
        (b"\x1b)0\x0e", "\x0f\x1b)B"),
        (b"\x0e\x0f", ""),
        (b"\x1b[5 q", "\x1b[0 q"),
        (b"\x1b[5 q\x1b[0 q", ""),
        (b"\x1b[4h\x1b[2h", "\x1b[2l\x1b[4l"),
        (b"\x1b[3g", "\x1b[?5W"),
        (b"\x1b[5i", "\x1b[4i\x1b[?4i"),
        (b"\x1b]8;;https://example.com\x07link", "\x1b]8;;\x07"),
        (b"\x1b]8;;https://example.com\x07link\x1b]8;;\x07", ""),
        (
            b"\x1b]11;#ff0000\x07\x1b]4;1;red\x1b\\",
            "\x1b]104\x07\x1b]111\x07",
        ),
        (b"\x1b]11;?\x07\x1b]4;1;?\x07", ""),
        (b"\x1b]11;#ff0000\x07\x1b]111\x07", ""),
        (b"\x1b]9;4;1;50\x07", "\x1b]9;4;0\x07"),
        (b"\x1b]9;4;1;50\x07\x1b]9;4;0\x07", ""),
        (b"\x1b[22;2t", "\x1b[23;0t"),
        (b"\x1b[22;2t\x1b[23;2t", ""),
        // Strings that were begun.
        (b"\x1bPq#0", "\x18\x1b\\"),
        (b"\x1b]0;title", "\x18\x1b\\"),
        (b"\x1b[?10", "\x18\x1b\\"),
        (b"\x1b]52;c;", ""),
        (b"\x1b", ""),
        // The terminal around tmux is switched back by way of tmux.
        (
            b"\x1bPtmux;\x1b\x1b[?1000h\x1b\\",
            "\x1bPtmux;\x1b\x1b[?1000l\x1b\\",
        ),
        (b"\x1bP\x1b[?1000h\x1b\\", "\x1bP\x1b[?1000l\x1b\\"),
    ];
    for (bytes, expected) in table {
        assert_eq!(
            shown(off(bytes).as_bytes()),
            shown(expected.as_bytes()),
            "{}",
            shown(bytes)
        );
        // What it says switches off everything.
        let mut output = output(Terminal::Filtered);
        all(&mut output, &[bytes]);
        let back = output.off();
        all(&mut output, &[&back]);
        if !bytes.starts_with(b"\x1b[?1049h") && !bytes.ends_with(b"g") {
            assert_eq!(output.off(), "", "{}", shown(bytes));
        }
    }
}

#[test]
fn a_notice_waits_for_a_program_with_the_whole_screen() {
    let mut output = output(Terminal::Filtered);
    all(&mut output, &[b"\x1b[?1049h\x1b]52;c;aGVs\x07"]);
    assert_eq!(output.notice(), None);
    all(&mut output, &[b"\x1b[?1049l\x1b]52;c;aGVs\x07"]);
    assert!(output.notice().is_some());
    assert_eq!((output.notice(), output.last_notice()), (None, None));
}

#[test]
fn answers_are_awaited_only_if_something_was_asked() {
    let asks = |bytes: &[u8]| passed(bytes).1.awaits_answers();
    for bytes in [
        b"\x1b[c".as_slice(),
        b"\x1b[6n",
        b"\x1b[?1$p",
        b"\x1b[18t",
        b"\x1b]11;?\x07",
        b"\x1bP+q544e\x1b\\",
        b"\x1b[?1000h",
        b"\x05",
    ] {
        assert!(asks(bytes), "{}", shown(bytes));
    }
    assert!(!asks(b"text \x1b[31mred\x1b[m\x1b]0;title\x07\x1b[?2004h"));
}

#[test]
fn an_escape_character_does_not_wait_for_what_comes_behind_another() {
    // tmux and Alacritty pass over the character of 8 bits, and still wait.
    let table: &[(&[u8], &[u8])] = &[
        (b"\x1b\xc3\xa9]52;c;aGVs\x07", b"\xc3\xa9]52;c;aGVs\x07"),
        (b"\x1b\xff]52;c;aGVs\x07", b"\xff]52;c;aGVs\x07"),
        (b"\x1b\x9b]52;c;aGVs\x07", b"\x9b]52;c;aGVs\x07"),
    ];
    for (bytes, expected) in table {
        assert_eq!(shown(&passed(bytes).0), shown(expected));
    }
}

/// What a terminal takes for commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Alacritty and tmux: `ESC` waits for an ASCII character; any `ESC` ends a command.
    Waiting,
    /// Windows Terminal: of a number only the digits count.
    Digits,
    /// kitty: only `BEL` and `ESC \` end a command; five digits count.
    Kitty,
}

/// Whether one of the commands that the terminal sees is for the clipboard.
fn sees_clipboard(bytes: &[u8], reader: Reader) -> bool {
    let is_kitty = reader == Reader::Kitty;
    let mut command: Option<Vec<u8>> = None;
    let mut is_escaped = false;
    for &byte in bytes {
        let was_escaped = std::mem::take(&mut is_escaped);
        match (byte, &mut command) {
            (0x07, Some(text)) => {
                if is_clipboard(text, reader) {
                    return true;
                }
                command = None;
            }
            (0x1b, Some(text)) if is_kitty => {
                is_escaped = true;
                text.push(byte);
            }
            (b'\\', Some(text)) if was_escaped && is_kitty => {
                text.pop();
                if is_clipboard(text, reader) {
                    return true;
                }
                command = None;
            }
            (0x1b, _) => {
                if command.is_some_and(|text| is_clipboard(&text, reader)) {
                    return true;
                }
                (command, is_escaped) = (None, true);
            }
            (0x18 | 0x1a, _) if !is_kitty => command = None,
            (0 | 0x7f, Some(_)) => {}
            (0..0x20, Some(_)) if !is_kitty => {}
            (_, Some(text)) => text.push(byte),
            (b']', None) if was_escaped => command = Some(Vec::new()),
            (0..0x20 | 0x7f.., None) if !is_kitty => is_escaped = was_escaped,
            _ => {}
        }
    }
    false
}

fn is_clipboard(text: &[u8], reader: Reader) -> bool {
    let is_digit = |byte: &&u8| byte.is_ascii_digit();
    let number: Vec<u8> = match reader {
        Reader::Waiting => text.iter().take_while(is_digit).copied().collect(),
        Reader::Digits => {
            let before = text.iter().take_while(|byte| **byte != b';');
            before.filter(is_digit).copied().collect()
        }
        Reader::Kitty => text.iter().take(5).take_while(is_digit).copied().collect(),
    };
    let value = String::from_utf8_lossy(&number).parse::<u64>();
    let is_copy = text.starts_with(b"50;Copy") || text.starts_with(b"1337;Copy");
    is_copy || value == Ok(52) && text.contains(&b';')
}

/// What tmux and screen hand on of device control strings, as one stream each.
fn handed_on(bytes: &[u8]) -> [Vec<u8>; 2] {
    let [mut tmux, mut screen] = [Vec::new(), Vec::new()];
    let mut rest = bytes;
    while let Some(at) = rest.windows(2).position(|two| two == b"\x1bP") {
        rest = &rest[at + 2..];
        let [mut undoubled, mut whole] = [Vec::new(), Vec::new()];
        let mut is_escaped = false;
        let mut parts = rest.iter();
        // Each ends a string in its own place: tmux takes `ESC ESC \` for content.
        for byte in parts.by_ref() {
            match (byte, std::mem::take(&mut is_escaped)) {
                (b'\\', true) => break,
                (0x1b, false) => is_escaped = true,
                _ => undoubled.push(*byte),
            }
        }
        for byte in rest {
            if *byte == b'\\' && whole.last() == Some(&0x1b) {
                whole.pop();
                break;
            }
            whole.push(*byte);
        }
        let begins = |byte: &&u8| matches!(**byte, 0..0x40 | 0x7f);
        let header = undoubled.iter().take_while(begins).count();
        if let Some(content) = undoubled[header..].strip_prefix(b"tmux;") {
            tmux.extend_from_slice(content);
        }
        screen.extend_from_slice(&whole);
        rest = parts.as_slice();
    }
    [tmux, screen]
}

#[test]
fn no_terminal_sees_a_command_for_the_clipboard() {
    const PARTS: [&[u8]; 30] = [
        b"\x1b",
        b"\x1b]",
        b"]",
        b"5",
        b"2",
        b"52;",
        b";c;aGVs",
        b"\x07",
        b"\x1b\\",
        b"\\",
        b"\x18",
        b"\x1bP",
        b"\x1bPtmux;",
        b"tmux;",
        b"t",
        b"\x1b\x1b]",
        b"\x9d",
        b"\xc2\x9d",
        b"\xc2",
        b"\xc3\xa9",
        b"\x00",
        b"\x7f",
        b"x",
        b"\x1b[",
        b"0",
        b"1337;",
        b"Co",
        b"py=:x",
        b"\x9b",
        b"P",
    ];
    let mut random: u64 = 20_260_101;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    for _ in 0..20_000 {
        let length = 4 + next() % 16;
        let bytes: Vec<u8> = (0..length)
            .flat_map(|_| PARTS[usize::try_from(next() % 30).unwrap()])
            .copied()
            .collect();
        let passed = all(&mut output(Terminal::Filtered), &[&bytes]);
        let [tmux, screen] = handed_on(&passed);
        for stream in [&passed, &tmux, &screen] {
            for reader in [Reader::Waiting, Reader::Digits, Reader::Kitty] {
                assert!(
                    !sees_clipboard(stream, reader),
                    "{} passed as {}",
                    shown(&bytes),
                    shown(&passed)
                );
            }
        }
    }
}
