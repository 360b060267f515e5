//! Frames captured from a real client and a server that it worked with.

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits
        .chunks(2)
        .map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn uuid(text: &str) -> Uuid {
    text.parse().unwrap()
}

const HANDSHAKE_REQUEST: &str = "
    000000746f75747075745f73747265616d5f6461746120202020202020202020
    2020202000000001000001a1fff44d6100000000000000000000000000000001
    bb234cce2d1a07afaafe328b8b214378c865e9decc400fd320a8331c8c220e6b
    7bd1dcfb9a362c6fcddff49f5d22cbf0000000050000009b7b224167656e7456
    657273696f6e223a22332e332e3938372e30222c22526571756573746564436c
    69656e74416374696f6e73223a5b7b22416374696f6e54797065223a22536573
    73696f6e54797065222c22416374696f6e506172616d6574657273223a7b2253
    657373696f6e54797065223a225374616e646172645f53747265616d222c2250
    726f70657274696573223a6e756c6c7d7d5d7d
";

const ACKNOWLEDGE_HANDSHAKE: &str = "
    0000007461636b6e6f776c656467652020202020202020202020202020202020
    2020202000000001000001a1fff44d6100000000000000000000000000000003
    8af8320d6b06febc7846754ea6df491ec7c27818932cd4b7acf4a7902979b416
    17ed654c8fb68b7a48d44e3489ba5e3e00000000000000b07b2241636b6e6f77
    6c65646765644d65737361676554797065223a226f75747075745f7374726561
    6d5f64617461222c2241636b6e6f776c65646765644d6573736167654964223a
    2261616665333238622d386232312d343337382d626232332d34636365326431
    6130376166222c2241636b6e6f776c65646765644d6573736167655365717565
    6e63654e756d626572223a302c22497353657175656e7469616c4d6573736167
    65223a747275657d
";

const HANDSHAKE_RESPONSE: &str = "
    00000074696e7075745f73747265616d5f646174612020202020202020202020
    2020202000000001000001a1fff44d6100000000000000000000000000000000
    b118f7526c89578eb794a26698bc40acc15970f285b82fe29690a5c8f2ce9b2f
    4267eae1785947d095631a5cd98cfa4000000006000000937b22436c69656e74
    56657273696f6e223a22312e322e3635302e30222c2250726f63657373656443
    6c69656e74416374696f6e73223a5b7b22416374696f6e54797065223a225365
    7373696f6e54797065222c22416374696f6e537461747573223a312c22416374
    696f6e526573756c74223a6e756c6c2c224572726f72223a22227d5d2c224572
    726f7273223a6e756c6c7d
";

const HANDSHAKE_COMPLETE: &str = "
    000000746f75747075745f73747265616d5f6461746120202020202020202020
    2020202000000001000001a1fff44d6200000000000000010000000000000000
    9974095eb4f38d3e507c3db0e3fb449a4781947f5374bda19e06a9097050e632
    aa80a2848d68a7e1c7f9dfd5b5e864b100000007000000377b2248616e647368
    616b6554696d65546f436f6d706c657465223a3932363439342c22437573746f
    6d65724d657373616765223a22227d
";

const SIZE: &str = "
    00000074696e7075745f73747265616d5f646174612020202020202020202020
    2020202000000001000001a1fff44d6200000000000000010000000000000000
    aaba32bfe9b0c9b9686800e52ded4d7dd53ca1ea7dce87c11432052a8550ed26
    15cf715ca843c89710ed83325b691cba00000003000000157b22636f6c73223a
    38302c22726f7773223a32347d
";

const KEY: &str = "
    00000074696e7075745f73747265616d5f646174612020202020202020202020
    2020202000000001000001a1fff4554600000000000000020000000000000000
    8fe334794ea82e9f7da59a4b123148f8acac86c0e609ca906f632b0e2dacccb2
    b77d22b0621f20ebece1a4835b93f6f000000001000000016c
";

const ACKNOWLEDGE_KEY: &str = "
    0000007461636b6e6f776c656467652020202020202020202020202020202020
    2020202000000001000001a1fff4554700000000000000000000000000000003
    bb5652b1364b2f4f86181c90eeaf4a59082c79c54129b43aed7d22f57933f72e
    35598e43dcb14b32628f6bbc391f50ca00000000000000af7b2241636b6e6f77
    6c65646765644d65737361676554797065223a22696e7075745f73747265616d
    5f64617461222c2241636b6e6f776c65646765644d6573736167654964223a22
    37646135396134622d313233312d343866382d386665332d3334373934656138
    32653966222c2241636b6e6f776c65646765644d65737361676553657175656e
    63654e756d626572223a322c22497353657175656e7469616c4d657373616765
    223a747275657d
";

const CHANNEL_CLOSED_LONG: &str = "
    000000746368616e6e656c5f636c6f7365642020202020202020202020202020
    2020202000000001000001a1fff45a0e00000000000000000000000000000000
    926c215dc6bff4974420e64c44e845b5c475e0f0a0de10f6988236e6011407b0
    0f3ec91a2ae06ec804c724e194e71c6e00000000000000da7b224d6573736167
    6554797065223a226368616e6e656c5f636c6f736564222c224d657373616765
    4964223a2234343230653634632d343465382d343562352d393236632d323135
    646336626666343937222c2244657374696e6174696f6e4964223a22692d3031
    323334353637383961626364656630222c2253657373696f6e4964223a227573
    65722d3935653436346239353239363431653561222c22536368656d61566572
    73696f6e223a312c224372656174656444617465223a22313739353239353536
    36333530222c224f7574707574223a22227d
";

const CHANNEL_CLOSED_SHORT: &str = "
    000000706368616e6e656c5f636c6f7365640000000000000000000000000000
    0000000000000001000001a1ffe8527100000000000000000000000000000000
    9426121378676a1526bc5221e250472ac4157ed419fe7c0bc97889de265f1348
    fce8d77034dcab1fe16d2ebccaa70de7000000fa7b224d657373616765547970
    65223a226368616e6e656c5f636c6f736564222c224d657373616765
";

#[test]
fn captured_frames_survive_both_ways() {
    for hex in [
        HANDSHAKE_REQUEST,
        ACKNOWLEDGE_HANDSHAKE,
        HANDSHAKE_RESPONSE,
        HANDSHAKE_COMPLETE,
        SIZE,
        KEY,
        ACKNOWLEDGE_KEY,
        CHANNEL_CLOSED_LONG,
    ] {
        let frame = bytes(hex);
        assert_eq!(Message::decode(&frame).unwrap().encode(), frame);
    }
}

#[test]
fn fields_are_where_they_belong() {
    let request = Message::decode(&bytes(HANDSHAKE_REQUEST)).unwrap();
    assert_eq!(request.message_type, OUTPUT_STREAM_DATA);
    assert_eq!(request.created, 0x01a1_fff4_4d61);
    assert_eq!((request.sequence, request.flags), (0, SYN));
    assert_eq!(request.id, uuid("aafe328b-8b21-4378-bb23-4cce2d1a07af"));
    assert_eq!(request.payload_type, PayloadType::HandshakeRequest as u32);
    assert_eq!(
        request.payload,
        br#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream","Properties":null}}]}"#
    );
    let key = Message::decode(&bytes(KEY)).unwrap();
    assert_eq!(
        (key.sequence, key.flags, key.payload),
        (2, 0, b"l".to_vec())
    );
    let size = Message::decode(&bytes(SIZE)).unwrap();
    assert_eq!(size.payload_type, PayloadType::Size as u32);
    let size: Size = serde_json::from_slice(&size.payload).unwrap();
    assert_eq!(size, Size { cols: 80, rows: 24 });
}

#[test]
fn acknowledgements_are_the_captured_ones() {
    for (message, acknowledgement) in [
        (HANDSHAKE_REQUEST, ACKNOWLEDGE_HANDSHAKE),
        (KEY, ACKNOWLEDGE_KEY),
    ] {
        let message = Message::decode(&bytes(message)).unwrap();
        let captured = Message::decode(&bytes(acknowledgement)).unwrap();
        assert_eq!(
            (captured.sequence, captured.flags, captured.payload_type),
            (0, SYN_FIN, 0)
        );
        let ours = serde_json::to_string(&Acknowledge::of(&message)).unwrap();
        assert_eq!(ours.as_bytes(), captured.payload);
    }
}

#[test]
fn channel_closed_in_both_forms() {
    let long = Message::decode(&bytes(CHANNEL_CLOSED_LONG)).unwrap();
    let closed: ChannelClosed = serde_json::from_slice(&long.payload).unwrap();
    assert_eq!(closed.destination_id, "i-0123456789abcdef0");
    assert_eq!(closed.output, "");
    assert_eq!(serde_json::to_vec(&closed).unwrap(), long.payload);

    let short = long.encode_short();
    assert_eq!(Message::decode(&short).unwrap(), long);
    let captured = bytes(CHANNEL_CLOSED_SHORT);
    // The capture stops within the payload: it shows the header alone.
    assert_eq!(captured[..36], short[..36]);
    assert_eq!(captured[116..116 + 32], short[116..116 + 32]);
    assert_eq!(
        Message::decode(&captured),
        Err(Malformed::PayloadLength {
            stated: 0xfa,
            actual: captured.len() - 116
        })
    );
}

#[test]
fn refuses_what_an_agent_would_drop() {
    let good = bytes(KEY);
    let changed = |offset: usize, byte: u8| {
        let mut frame = good.clone();
        frame[offset] = byte;
        Message::decode(&frame).unwrap_err()
    };
    assert_eq!(Message::decode(&good[..3]), Err(Malformed::Short(3)));
    assert_eq!(Message::decode(&good[..119]), Err(Malformed::Short(119)));
    assert_eq!(changed(3, 0x75), Malformed::HeaderLength(0x75));
    assert_eq!(changed(35, 0), Malformed::MessageType);
    assert_eq!(changed(39, 2), Malformed::SchemaVersion(2));
    assert_eq!(
        changed(48, 0xff),
        Malformed::Sequence(i64::from_be_bytes([0xff, 0, 0, 0, 0, 0, 0, 2]))
    );
    assert_eq!(
        changed(119, 2),
        Malformed::PayloadLength {
            stated: 2,
            actual: 1
        }
    );
    assert_eq!(changed(120, b'm'), Malformed::Digest);
    assert_eq!(changed(80, 0), Malformed::Digest);
    let mut undated = good.clone();
    undated[40..48].fill(0);
    assert_eq!(Message::decode(&undated), Err(Malformed::Created));
    let mut empty = Message::decode(&good).unwrap();
    empty.payload.clear();
    assert_eq!(Message::decode(&empty.encode()), Err(Malformed::Empty));
}
