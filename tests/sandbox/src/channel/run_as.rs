//! Run As:
//! the shell of an operating system user. Real where the sandbox may become it, else only written
//! down.

use std::path::{Path, PathBuf};

/// The OS user of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAs {
    /// The user's name.
    pub user: String,
    /// Whether what runs really runs as that user:
    /// the sandbox is root and the user is there. Otherwise it runs as the sandbox does.
    pub real: bool,
}

/// A user of this machine that the sandbox can become.
pub struct User {
    name: String,
    uid: u32,
    gid: u32,
    home: PathBuf,
}

/// Of util-linux: becomes a user with all groups and executes a program.
#[cfg(unix)]
const SETPRIV: &str = "/usr/bin/setpriv";

impl User {
    /// The user of this name, if there is one and the sandbox is root.
    #[cfg(unix)]
    pub fn of(name: &str) -> Option<Self> {
        let possible = rustix::process::geteuid().is_root() && Path::new(SETPRIV).exists();
        let users = std::fs::read_to_string("/etc/passwd").ok()?;
        let user = users.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            let [own, _, uid, gid, _, home, ..] = fields[..] else {
                return None;
            };
            (own == name).then_some((uid, gid, home))
        });
        let (uid, gid, home) = user.filter(|_| possible)?;
        Some(Self {
            name: name.to_owned(),
            uid: uid.parse().ok()?,
            gid: gid.parse().ok()?,
            home: home.into(),
        })
    }

    /// None: other systems know no such change of the user.
    #[cfg(not(unix))]
    pub fn of(_name: &str) -> Option<Self> {
        None
    }

    /// What to execute for a program to run as this user: the words before it.
    #[cfg(unix)]
    pub fn prefix(&self) -> Vec<String> {
        vec![
            SETPRIV.to_owned(),
            format!("--reuid={}", self.uid),
            format!("--regid={}", self.gid),
            "--init-groups".to_owned(),
            "--".to_owned(),
        ]
    }

    /// The variables that tell a program who runs it.
    pub fn variables(&self) -> [(&'static str, &str); 2] {
        [("USER", &self.name), ("LOGNAME", &self.name)]
    }

    /// The home directory, or `/` when there is none.
    pub fn home(&self) -> &Path {
        if self.home.is_dir() {
            &self.home
        } else {
            Path::new("/")
        }
    }

    /// Gives the user a terminal.
    #[cfg(unix)]
    pub fn own(&self, terminal: &Path) -> std::io::Result<()> {
        std::os::unix::fs::chown(terminal, Some(self.uid), None)
    }
}
