//! Lists of entries in, verdicts out; the names and rights are those of a real Windows.

use super::*;

const US: &str = "S-1-5-21-1-2-3-1001";
const BOB: &str = "S-1-5-21-1-2-3-1002";
const ADMINISTRATORS: &str = "S-1-5-32-544";
const SYSTEM: &str = "S-1-5-18";
const INSTALLER: &str = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464";
const USERS: &str = "S-1-5-32-545";
const AUTHENTICATED: &str = "S-1-5-11";
const EVERYONE: &str = "S-1-1-0";

/// What icacls calls F, M, RX and W.
const FULL: u32 = 0x1f_01ff;
const MODIFY: u32 = 0x13_01bf;
const READ_AND_EXECUTE: u32 = 0x12_00a9;
const WRITE: u32 = 0x12_0116;

fn sid(text: &str) -> Sid {
    text.parse().unwrap()
}

fn entry(kind: Kind, account: &str, rights: u32) -> Entry {
    Entry {
        kind,
        inherit_only: false,
        inherited: false,
        rights,
        account: sid(account),
    }
}

fn allow(account: &str, rights: u32) -> Entry {
    entry(Kind::Allow, account, rights)
}

fn deny(account: &str, rights: u32) -> Entry {
    entry(Kind::Deny, account, rights)
}

fn below(entry: Entry) -> Entry {
    Entry {
        inherit_only: true,
        ..entry
    }
}

fn owned(owner: &str, entries: Vec<Entry>) -> Descriptor {
    Descriptor {
        owner: sid(owner),
        entries: Some(entries),
    }
}

fn judged(descriptor: &Descriptor, thing: Thing, demand: Demand) -> Result<(), Fault> {
    descriptor.judge(&sid(US), thing, demand)
}

/// Whether a list with just this entry passes for a file of this user's.
fn file_with(entries: Vec<Entry>) -> Result<(), Fault> {
    judged(&owned(US, entries), Thing::File, Demand::End)
}

fn writable(by: &str) -> Result<(), Fault> {
    let (by, inherited) = (sid(by), false);
    Err(Fault::Writable { by, inherited })
}

const DEMANDS: [Demand; 5] = [
    Demand::Way,
    Demand::End,
    Demand::Closed,
    Demand::Own,
    Demand::Private,
];

#[test]
fn this_user_and_administrators_may_own_and_write() {
    let trusted = [US, ADMINISTRATORS, SYSTEM, INSTALLER];
    let entries: Vec<Entry> = trusted.iter().map(|one| allow(one, FULL)).collect();
    for owner in trusted {
        let list = owned(owner, entries.clone());
        for thing in [Thing::File, Thing::Folder, Thing::Root] {
            for demand in [Demand::Way, Demand::End, Demand::Closed] {
                assert_eq!(judged(&list, thing, demand), Ok(()), "{owner}");
            }
        }
        // What vendor-ssm has made is this user's, or all administrators' if it was elevated.
        let is_own = [US, ADMINISTRATORS].contains(&owner);
        for demand in [Demand::Own, Demand::Private] {
            assert_eq!(
                judged(&list, Thing::File, demand).is_ok(),
                is_own,
                "{owner}"
            );
        }
    }
}

#[test]
fn administrators_of_ones_own_domain_are_administrators() {
    for (account, is_trusted) in [
        ("S-1-5-21-1-2-3-500", true),
        ("S-1-5-21-1-2-3-512", true),
        ("S-1-5-21-1-2-3-519", true),
        ("S-1-5-21-1-2-3-513", false),
        ("S-1-5-21-1-2-4-512", false),
        ("S-1-5-21-1-2-3-4-512", false),
        ("S-1-5-512", false),
        ("S-1-4-21-1-2-3-512", false),
    ] {
        let list = vec![allow(account, FULL)];
        assert_eq!(file_with(list).is_ok(), is_trusted, "{account}");
        let owner = judged(&owned(account, vec![]), Thing::File, Demand::End);
        assert_eq!(owner.is_ok(), is_trusted, "{account}");
    }
}

#[test]
fn what_another_account_owns_is_refused_whatever_the_list_says() {
    for owner in [BOB, USERS, EVERYONE, "S-1-5-19", "S-1-22-1-1000"] {
        let list = owned(owner, vec![allow(US, FULL)]);
        for demand in DEMANDS {
            let refused = judged(&list, Thing::Folder, demand);
            assert_eq!(refused, Err(Fault::Foreign(sid(owner))));
        }
    }
}

#[test]
fn every_right_to_change_a_file_is_refused_and_no_right_to_read_it() {
    for (rights, passes) in [
        (0, true),
        (READ_AND_EXECUTE, true),
        // Read, write, append, extended attributes, execute, attributes.
        (0x1, true),
        (0x2, false),
        (0x4, false),
        (0x8, true),
        (0x10, false),
        (0x20, true),
        (0x40, false),
        (0x80, true),
        (0x100, false),
        // Delete, read the list, change the list, take ownership, wait.
        (0x1_0000, false),
        (0x2_0000, true),
        (0x4_0000, false),
        (0x8_0000, false),
        (0x10_0000, true),
        // Generic: all, execute, write, read.
        (0x1000_0000, false),
        (0x2000_0000, true),
        (0x4000_0000, false),
        (0x8000_0000, true),
        (FULL, false),
        (MODIFY, false),
        (WRITE, false),
    ] {
        for account in [BOB, USERS, AUTHENTICATED, EVERYONE, "S-1-15-2-1"] {
            let expected = if passes { Ok(()) } else { writable(account) };
            let list = vec![allow(US, FULL), allow(account, rights)];
            assert_eq!(file_with(list), expected, "{account} {rights:x}");
        }
    }
}

#[test]
fn a_private_thing_is_not_read_by_others_either() {
    for rights in [0x1, 0x20, READ_AND_EXECUTE, 0x8000_0000, 0x2000_0000] {
        let list = owned(US, vec![allow(USERS, rights)]);
        let refused = judged(&list, Thing::Folder, Demand::Private);
        let (by, inherited) = (sid(USERS), false);
        assert_eq!(
            refused,
            Err(Fault::Readable { by, inherited }),
            "{rights:x}"
        );
        assert_eq!(judged(&list, Thing::Folder, Demand::Own), Ok(()));
    }
    let list = owned(US, vec![allow(USERS, 0x80), allow(SYSTEM, FULL)]);
    assert_eq!(judged(&list, Thing::Folder, Demand::Private), Ok(()));
}

/// `icacls C:\` of Windows 11.
fn system_drive() -> Descriptor {
    owned(
        INSTALLER,
        vec![
            allow(ADMINISTRATORS, FULL),
            allow(SYSTEM, FULL),
            allow(USERS, READ_AND_EXECUTE),
            below(allow(AUTHENTICATED, MODIFY)),
            allow(AUTHENTICATED, 0x4),
        ],
    )
}

#[test]
fn the_root_of_a_drive_passes_on_the_way_but_is_not_closed() {
    let drive = system_drive();
    for demand in [Demand::Way, Demand::End] {
        assert_eq!(judged(&drive, Thing::Root, demand), Ok(()));
    }
    let refused = judged(&drive, Thing::Root, Demand::Closed);
    assert_eq!(refused, writable(AUTHENTICATED));
    // A second drive: everybody may change all, but no account can rename or delete its root.
    let second = owned(ADMINISTRATORS, vec![allow(AUTHENTICATED, MODIFY)]);
    assert_eq!(judged(&second, Thing::Root, Demand::Way), Ok(()));
    // It could become a junction, as long as it is empty.
    let refused = judged(&second, Thing::Root, Demand::End);
    assert_eq!(refused, writable(AUTHENTICATED));
    // A folder made there inherits the right, and can be renamed.
    let refused = judged(&second, Thing::Folder, Demand::Way);
    assert_eq!(refused, writable(AUTHENTICATED));
}

#[test]
fn on_the_way_others_may_add_but_not_swap() {
    // Add a file, add a folder, attributes, extended attributes: `icacls C:\ProgramData`.
    let shared = owned(SYSTEM, vec![allow(USERS, READ_AND_EXECUTE | WRITE)]);
    assert_eq!(judged(&shared, Thing::Folder, Demand::Way), Ok(()));
    for demand in [Demand::End, Demand::Closed] {
        assert_eq!(judged(&shared, Thing::Folder, demand), writable(USERS));
    }
    let adds_folders = owned(US, vec![allow(USERS, 0x4)]);
    assert_eq!(judged(&adds_folders, Thing::Folder, Demand::End), Ok(()));
    // Delete a child, delete it or rename it, change the list, take it.
    for rights in [
        0x40,
        0x1_0000,
        0x4_0000,
        0x8_0000,
        0x1000_0000,
        MODIFY,
        FULL,
    ] {
        let list = owned(US, vec![allow(USERS, rights)]);
        for demand in DEMANDS {
            let refused = judged(&list, Thing::Folder, demand);
            assert_eq!(refused, writable(USERS), "{rights:x} {demand:?}");
        }
    }
}

#[test]
fn what_is_only_inherited_by_what_is_below_does_not_count() {
    for account in ["S-1-3-0", "S-1-3-1", BOB, EVERYONE] {
        assert_eq!(file_with(vec![below(allow(account, FULL))]), Ok(()));
    }
    // Nor does a denial that is only for what is below.
    let list = vec![below(deny(BOB, FULL)), allow(BOB, MODIFY)];
    assert_eq!(file_with(list), writable(BOB));
    let inherited = Entry {
        inherited: true,
        ..allow(BOB, MODIFY)
    };
    let (by, inherited_too) = (sid(BOB), true);
    assert_eq!(
        file_with(vec![inherited]),
        Err(Fault::Writable {
            by,
            inherited: inherited_too
        })
    );
}

#[test]
fn the_owners_rights_and_the_creators_are_nobody_elses() {
    for account in ["S-1-3-0", "S-1-3-1", "S-1-3-4"] {
        assert_eq!(file_with(vec![allow(account, FULL)]), Ok(()), "{account}");
    }
    // The servers of the owner and of the group are not among them.
    for account in ["S-1-3-2", "S-1-3-3", "S-1-5-10"] {
        assert_eq!(file_with(vec![allow(account, FULL)]), writable(account));
    }
}

#[test]
fn a_denial_counts_if_it_comes_first_and_covers_the_right() {
    for (list, passes) in [
        (vec![deny(BOB, FULL), allow(BOB, MODIFY)], true),
        (
            vec![deny(EVERYONE, WRITE | 0x1_0000), allow(BOB, MODIFY)],
            true,
        ),
        (vec![allow(BOB, MODIFY), deny(BOB, FULL)], false),
        (vec![deny(BOB, WRITE), allow(BOB, MODIFY)], false),
        // Bob may be in the group; others in it are not denied.
        (vec![deny(BOB, FULL), allow(USERS, MODIFY)], false),
        // An account among the users is not necessarily denied by another group.
        (vec![deny(USERS, FULL), allow(BOB, MODIFY)], false),
        // The anonymous account need not be in Everyone.
        (vec![deny(EVERYONE, FULL), allow("S-1-5-7", MODIFY)], false),
        (vec![deny("S-1-5-7", FULL), allow("S-1-5-7", MODIFY)], true),
        (vec![deny(BOB, 0x1000_0000), allow(BOB, 0x4000_0000)], true),
        (
            vec![entry(Kind::DenyPerhaps, BOB, FULL), allow(BOB, 0x2)],
            false,
        ),
    ] {
        assert_eq!(file_with(list.clone()).is_ok(), passes, "{list:?}");
    }
}

#[test]
fn no_list_lets_everybody_in_and_an_empty_one_nobody() {
    let none = Descriptor {
        owner: sid(US),
        entries: None,
    };
    for demand in DEMANDS {
        assert_eq!(judged(&none, Thing::Folder, demand), Err(Fault::NoList));
        assert_eq!(judged(&owned(US, vec![]), Thing::Folder, demand), Ok(()));
    }
}

#[test]
fn an_entry_of_an_unknown_type_is_refused() {
    let list = vec![entry(Kind::Unknown(4), US, 0)];
    assert_eq!(file_with(list), Err(Fault::Unknown(4)));
    assert_eq!(
        file_with(vec![below(entry(Kind::Unknown(4), US, 0))]),
        Ok(())
    );
}

/// `S-1-5-32-545` as bytes.
const USERS_BYTES: [u8; 16] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0];

#[test]
fn an_identifier_is_read_shown_and_written() {
    let users = Sid::parse(&USERS_BYTES).unwrap();
    assert_eq!(users.to_string(), USERS);
    assert_eq!(users, sid(USERS));
    let words: Vec<u8> = users
        .words()
        .into_iter()
        .flat_map(u32::to_ne_bytes)
        .collect();
    assert_eq!(words, USERS_BYTES);
    assert_eq!(sid(INSTALLER).to_string(), INSTALLER);
    // What follows it does not belong to it.
    assert_eq!(
        Sid::parse(&[&USERS_BYTES[..], &[9; 4]].concat()),
        Some(users)
    );
    for length in 0..USERS_BYTES.len() {
        assert_eq!(Sid::parse(&USERS_BYTES[..length]), None, "{length}");
    }
    let mut other = USERS_BYTES;
    other[0] = 2;
    assert_eq!(Sid::parse(&other), None);
    other = USERS_BYTES;
    other[1] = 16;
    assert_eq!(Sid::parse(&other), None);
}

#[test]
fn an_entry_is_read_from_its_bytes() {
    let bytes = |number: u8, flags: u8, middle: &[u8]| {
        let head = [number, flags, 0, 0, 0xbf, 0x01, 0x13, 0];
        [&head[..], middle, &USERS_BYTES].concat()
    };
    let guids = |which: u32| {
        let guids = [7; 16].repeat(which.count_ones() as usize);
        [&which.to_le_bytes()[..], &guids].concat()
    };
    for (number, kind) in [
        (0, Kind::Allow),
        (9, Kind::Allow),
        (1, Kind::Deny),
        (10, Kind::DenyPerhaps),
    ] {
        let read = Entry::parse(&bytes(number, 0, &[])).unwrap();
        assert_eq!(read, entry(kind, USERS, MODIFY));
    }
    for (number, kind) in [
        (5, Kind::Allow),
        (11, Kind::Allow),
        (6, Kind::DenyPerhaps),
        (12, Kind::DenyPerhaps),
    ] {
        for which in 0..4 {
            let read = Entry::parse(&bytes(number, 0, &guids(which))).unwrap();
            assert_eq!(read, entry(kind, USERS, MODIFY));
        }
        // The types are cut off.
        assert_eq!(Entry::parse(&bytes(number, 0, &[1, 0, 0])[..12]), None);
    }
    let inherited = Entry::parse(&bytes(0, 0x13, &[])).unwrap();
    assert!(inherited.inherited && !inherited.inherit_only);
    let below = Entry::parse(&bytes(0, 0x0b, &[])).unwrap();
    assert!(!below.inherited && below.inherit_only);
    let unknown = Entry::parse(&bytes(4, 0, &[9])).unwrap();
    assert_eq!(unknown.kind, Kind::Unknown(4));
    let whole = bytes(0, 0, &[]);
    for length in 0..whole.len() {
        assert_eq!(Entry::parse(&whole[..length]), None, "{length}");
    }
}
