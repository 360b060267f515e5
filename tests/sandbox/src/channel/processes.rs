//! The processes of a session's shell or command, found and killed.

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// Kills the leader of a session and all that it started, without asking.
/// Processes that are gone already are fine.
pub fn kill(session: Pid) {
    let _gone = kill_process_group(session, Signal::KILL);
    // Again, as one may have been about to start another.
    for _ in 0..3 {
        for process in members(session) {
            let _gone = kill_process(process, Signal::KILL);
        }
    }
}

/// The living processes of a session: background jobs have process groups of their own.
/// Known on Linux alone; elsewhere the hang-up of the pty has to do.
fn members(session: Pid) -> Vec<Pid> {
    let Ok(entries) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| {
            let id: i32 = entry.file_name().to_str()?.parse().ok()?;
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            // After the name, which can hold anything: state, parent, group, session.
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
            let alive = fields.next()? != "Z";
            let of: i32 = fields.nth(2)?.parse().ok()?;
            (alive && of == session.as_raw_nonzero().get()).then(|| Pid::from_raw(id))?
        })
        .collect()
}
