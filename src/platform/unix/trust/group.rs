//! Who is in a group, as far as /etc/passwd, /etc/group and /etc/nsswitch.conf tell.
//! A group whose members may come from elsewhere (LDAP, SSSD, NIS) is not trusted, unless it is a
//! user's private group. No system library is asked: a static binary has none that could answer.

/// A group that other users are in, or may be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Group {
    /// Its name, or its number if it has none here.
    pub name: String,
    /// The others in it; `None` means that this machine's files do not tell.
    others: Option<Vec<String>>,
}

/// How many names a message shows.
const SHOWN: usize = 3;

impl Group {
    /// Who is in it.
    pub(super) fn members(&self) -> String {
        let Some(others) = &self.others else {
            return "/etc/group does not tell who is in it".to_owned();
        };
        let shown: Vec<String> = others
            .iter()
            .take(SHOWN)
            .map(|name| format!("{name:?}"))
            .collect();
        let more = match others.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("it includes {}{more}", shown.join(", "))
    }
}

/// The users and groups of this machine.
pub(crate) struct Accounts {
    users: Vec<User>,
    entries: Vec<Entry>,
    /// Whether nothing but these files tells who is in a group.
    is_complete: bool,
}

struct User {
    name: String,
    uid: u32,
    gid: u32,
}

/// A line of /etc/group.
struct Entry {
    name: String,
    gid: u32,
    members: Vec<String>,
}

impl Accounts {
    /// What the files say now. A file that cannot be read has no entries.
    pub(crate) fn of_this_machine() -> Self {
        let read = |path| {
            let bytes = std::fs::read(path).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        Self::parse(
            &read("/etc/passwd").unwrap_or_default(),
            &read("/etc/group").unwrap_or_default(),
            read("/etc/nsswitch.conf").as_deref(),
        )
    }

    /// Reads the files' texts: passwd(5), group(5), nsswitch.conf(5).
    pub(crate) fn parse(passwd: &str, group: &str, nsswitch: Option<&str>) -> Self {
        let users = passwd.lines().filter_map(User::parse).collect();
        let entries = group.lines().filter_map(Entry::parse).collect();
        // A line that begins with + takes entries from NIS.
        let takes_more = |text: &str| text.lines().any(|line| line.starts_with('+'));
        // Without nsswitch.conf, as with musl, Linux reads these files alone. Other systems keep
        // their users elsewhere, such as macOS in Open Directory.
        let is_complete = cfg!(target_os = "linux")
            && nsswitch.is_none_or(names_only_files)
            && !takes_more(passwd)
            && !takes_more(group);
        Self {
            users,
            entries,
            is_complete,
        }
    }

    /// The group, unless only `us` and root can be in it.
    ///
    /// There are two such groups. One is a user's private group: it has that user's name and is
    /// their primary group (`USERGROUPS_ENAB` in login.defs(5)). The other is a group without other
    /// members, such as Debian's `staff` on most machines.
    pub(super) fn writers(&self, gid: u32, us: u32) -> Option<Group> {
        let entries: Vec<&Entry> = self.entries.iter().filter(|one| one.gid == gid).collect();
        let is_ours = |user: &User| user.uid == us || user.uid == 0;
        // Two users can share a name only by mistake; then both count.
        let is_trusted = |name: &str| {
            let mut same = self
                .users
                .iter()
                .filter(|user| user.name == name)
                .peekable();
            same.peek().is_some() && same.all(is_ours)
        };
        let mut others: Vec<String> = self
            .users
            .iter()
            .filter(|user| user.gid == gid && !is_ours(user))
            .map(|user| user.name.clone())
            .collect();
        for name in entries.iter().flat_map(|entry| &entry.members) {
            if !is_trusted(name) && !others.contains(name) {
                others.push(name.clone());
            }
        }
        let name = entries
            .first()
            .map_or_else(|| gid.to_string(), |entry| entry.name.clone());
        if !others.is_empty() {
            return Some(Group {
                name,
                others: Some(others),
            });
        }
        let is_private = self.users.iter().any(|user| {
            is_ours(user) && user.gid == gid && entries.iter().any(|entry| entry.name == user.name)
        });
        let is_known = is_private || (self.is_complete && !entries.is_empty());
        (!is_known).then_some(Group { name, others: None })
    }
}

impl User {
    /// `name:password:uid:gid:comment:home:shell`
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(Self { name, uid, gid })
    }
}

impl Entry {
    /// `name:password:gid:member,member`
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let gid = fields.nth(1)?.parse().ok()?;
        let members = fields.next().unwrap_or_default().split(',');
        let members = members
            .map(|member| member.trim().to_owned())
            .filter(|member| !member.is_empty())
            .collect();
        Some(Self { name, gid, members })
    }
}

/// Whether users and groups come from these files alone.
/// `systemd` adds the users of services and of systemd-homed, each with a group of their own.
fn names_only_files(nsswitch: &str) -> bool {
    let lines = nsswitch.lines().filter_map(|line| {
        let (database, sources) = line.split('#').next()?.split_once(':')?;
        let database = database.trim();
        ["passwd", "group", "initgroups"]
            .contains(&database)
            .then_some(sources)
    });
    lines
        .flat_map(str::split_whitespace)
        .filter(|source| !source.starts_with('[') && !source.ends_with(']'))
        .all(|source| ["files", "compat", "systemd"].contains(&source))
}

#[cfg(test)]
mod tests {
    use super::{Accounts, Group};

    const PASSWD: &str = "\
root:x:0:0:root:/root:/bin/bash
alice:x:1000:1000:Alice:/home/alice:/bin/bash
bob:x:1001:1001::/home/bob:/bin/bash
carol:x:1002:100::/home/carol:/bin/bash
admin:x:0:0:another root:/root:/bin/sh
";
    const GROUP: &str = "\
root:x:0:
staff:x:50:
wheel:x:51:root,alice,admin
users:x:100:
alice:x:1000:
bob:x:1001:alice
team:x:2000:alice,bob,dave,erin,frank
ghosts:x:2001:nobody-knows
";
    const FILES: &str = "passwd: files systemd # ldap\ngroup:\tcompat\nhosts: files dns\n";

    fn said(passwd: &str, group: &str, nsswitch: Option<&str>, gid: u32, us: u32) -> String {
        Accounts::parse(passwd, group, nsswitch)
            .writers(gid, us)
            .map_or_else(
                || "fine".to_owned(),
                |group| format!("{}: {}", group.name, group.members()),
            )
    }

    #[test]
    fn a_group_passes_if_nobody_else_is_in_it() {
        let (root, alice, bob) = (0, 1000, 1001);
        for (gid, us, expected) in [
            (1000, alice, "fine"),
            (0, alice, "fine"),
            (50, alice, "fine"),
            (51, alice, "fine"),
            (0, root, "fine"),
            (50, root, "fine"),
            // Root's trust ends at root.
            (1000, root, "alice: it includes \"alice\""),
            (51, root, "wheel: it includes \"alice\""),
            // Of a private group, too, others can be members.
            (1001, bob, "bob: it includes \"alice\""),
            // Membership by the primary group stands in passwd alone.
            (100, alice, "users: it includes \"carol\""),
            (
                2000,
                alice,
                "team: it includes \"bob\", \"dave\", \"erin\" and 1 more",
            ),
            (2001, alice, "ghosts: it includes \"nobody-knows\""),
            (4711, alice, "4711: /etc/group does not tell who is in it"),
        ] {
            assert_eq!(
                said(PASSWD, GROUP, Some(FILES), gid, us),
                expected,
                "{gid} {us}"
            );
        }
    }

    #[test]
    fn only_a_private_group_passes_where_members_may_come_from_elsewhere() {
        let unknown = "staff: /etc/group does not tell who is in it";
        for nsswitch in [
            "passwd: files sss\ngroup: files sss",
            "passwd: files\ngroup: files [SUCCESS=merge] sss",
            "passwd: files\ngroup: files\ninitgroups: ldap [NOTFOUND=continue] files",
            "group:winbind",
        ] {
            assert_eq!(
                said(PASSWD, GROUP, Some(nsswitch), 50, 1000),
                unknown,
                "{nsswitch}"
            );
            assert_eq!(said(PASSWD, GROUP, Some(nsswitch), 1000, 1000), "fine");
            assert_eq!(said(PASSWD, GROUP, Some(nsswitch), 0, 1000), "fine");
        }
        let nis = format!("{GROUP}+:::\n");
        assert_eq!(said(PASSWD, &nis, Some(FILES), 50, 1000), unknown);
        assert_eq!(said(PASSWD, GROUP, None, 50, 1000), "fine");
        // A user whom passwd does not know has no private group that could be told.
        let said = said(PASSWD, GROUP, Some(FILES), 10_001, 10_001);
        assert_eq!(said, "10001: /etc/group does not tell who is in it");
    }

    #[test]
    fn lines_that_are_not_entries_are_passed_over() {
        let accounts = Accounts::parse(
            "# comment\n\nalice\nalice:x:one:1000\nalice:x:1000:1000\n",
            "alice:x\nalice:x:1000",
            None,
        );
        assert_eq!(accounts.writers(1000, 1000), None);
        assert_eq!(
            accounts.writers(1000, 1),
            Some(Group {
                name: "alice".to_owned(),
                others: Some(vec!["alice".to_owned()]),
            })
        );
    }
}
