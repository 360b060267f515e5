//! Unix sockets in the place of local ports.

use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt, symlink};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rustix::process::Signal;

use super::{PORT, Running, bench, connect, echo, echoes, is_well_behaved, server};
use crate::harness::terminal::{LIMIT, WEB_1, called, none_open, until};
use crate::harness::{Bench, program};

/// Starts `forward` with these words and waits until it carries connections.
fn forward(bench: &Bench, line: &str) -> Running {
    let line = format!("forward {line}");
    let count = line.split_whitespace().filter(|word| *word == "-L").count();
    Running::carrying(&mut bench.command(line.split_whitespace()), count).0
}

fn dial(path: &Path) -> UnixStream {
    let socket = UnixStream::connect(path).unwrap();
    socket.set_read_timeout(Some(4 * LIMIT)).unwrap();
    socket.set_write_timeout(Some(4 * LIMIT)).unwrap();
    socket
}

fn answers(socket: &mut UnixStream, question: &[u8]) {
    socket.write_all(question).unwrap();
    let mut answer = vec![0; question.len()];
    socket.read_exact(&mut answer).unwrap();
    assert!(answer == question, "{} bytes differ", question.len());
}

/// The kind and the permissions of what lies at a path, and which file it is.
fn seen(path: &Path) -> (bool, u32, u64) {
    let found = path.symlink_metadata().unwrap();
    let is_socket = found.file_type().is_socket();
    (is_socket, found.permissions().mode() & 0o7777, found.ino())
}

fn is_gone(path: &Path) -> bool {
    path.symlink_metadata().is_err()
}

#[test]
fn a_socket_leads_to_the_instance_and_is_removed_at_the_end() {
    let bench = bench();
    let port = echo();
    let path = bench.home().join("db.sock");
    let running = forward(&bench, &format!("web-1 -L {}:{port}", path.display()));
    let line = format!("{} -> web-1:{port}\n", path.display());
    assert!(running.stderr().contains(&line), "{}", running.stderr());
    let (is_socket, mode, _) = seen(&path);
    assert!(is_socket && mode == 0o600, "{mode:o}");
    let mut sockets = [dial(&path), dial(&path), dial(&path)];
    for socket in &mut sockets {
        answers(socket, b"in use");
    }
    let first = format!("{}: the first connection is open", path.display());
    assert!(running.stderr().contains(&first), "{}", running.stderr());
    let id = bench.sandbox.open_sessions().remove(0);
    let ran = running.leaves(&bench);
    assert_eq!(ran.stdout, "");
    assert!(is_gone(&path));
    is_well_behaved(&bench, &id);
}

#[test]
fn a_server_that_ends_first_and_a_client_that_ends_first_lose_nothing() {
    let bench = bench();
    let bytes: Vec<u8> = (0..9 << 20).map(|at: u32| (at % 251) as u8).collect();
    let kept = bytes.clone();
    let download = server(move |mut socket| {
        let _ = socket.write_all(&kept);
    });
    // Answers when the whole question has come, whose client has ended its side by then.
    let length = bytes.len();
    let upload = server(move |mut socket| {
        let mut all = vec![0; length];
        socket.read_exact(&mut all).unwrap();
        let sum: u64 = all.iter().map(|byte| u64::from(*byte)).sum();
        write!(socket, "{sum}").unwrap();
    });
    let [down, up] = ["down", "up"].map(|name| bench.home().join(name));
    let line = format!(
        "web-1 -L {}:{download} -L 0:{upload} -L {}:localhost:{upload}",
        down.display(),
        up.display()
    );
    let running = forward(&bench, &line);
    let mut all = Vec::new();
    dial(&down).read_to_end(&mut all).unwrap();
    assert!(all == bytes, "{} bytes came", all.len());
    let mut socket = dial(&up);
    socket.write_all(&bytes).unwrap();
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    let sum: u64 = bytes.iter().map(|byte| u64::from(*byte)).sum();
    assert_eq!(answer, sum.to_string());
    running.leaves(&bench);
    assert!(is_gone(&down) && is_gone(&up));
}

#[test]
fn hosts_ports_and_relative_paths_work_side_by_side() {
    let bench = bench();
    let port = echo();
    bench.sandbox.world(|world| {
        let hosts = &mut world.instance_mut(WEB_1).unwrap().hosts;
        hosts.push(("db.internal".to_owned(), Ipv4Addr::LOCALHOST.into()));
    });
    std::fs::create_dir(bench.home().join("sub")).unwrap();
    let line = format!(
        "web-1 -L ./here.sock:db.internal:{port} -L 0:{port} -L sub/[x]:{port} -L [./a:b]:{port}"
    );
    let running = forward(&bench, &line);
    for name in ["here.sock", "sub/[x]", "a:b"] {
        let path = bench.home().join(name);
        assert_eq!(seen(&path).1, 0o600, "{name}");
        answers(&mut dial(&path), name.as_bytes());
    }
    let said = running.stderr();
    let shown = format!("./here.sock -> db.internal:{port}\n");
    assert!(said.contains(&shown), "{said}");
    let address = said
        .lines()
        .find_map(|line| line.split_once(" -> ")?.0.parse().ok());
    echoes(&mut connect(address.unwrap()), b"over TCP");
    let ran = running.leaves(&bench);
    assert_eq!(ran.stdout, format!("{}\n", address.unwrap().port()));
    for name in ["here.sock", "sub/[x]", "a:b"] {
        assert!(is_gone(&bench.home().join(name)), "{name}");
    }
}

/// Whatever the umask, and as soon as the file can be seen.
#[test]
fn nobody_else_can_use_it_at_any_time() {
    for umask in ["000", "777"] {
        let bench = bench();
        let port = echo();
        let path = bench.home().join("s");
        let mut command = Command::new("/bin/sh");
        command
            .args([
                "-c",
                &format!("umask {umask}; exec \"$@\""),
                "sh",
                program(),
            ])
            .args([
                "forward",
                "web-1",
                "-L",
                &format!("{}:{port}", path.display()),
            ])
            .env_clear()
            .envs(bench.environment())
            .current_dir(bench.home())
            .stdin(Stdio::null());
        let running = Running::of(&mut command);
        let others = |path: &Path| path.symlink_metadata().map(|found| found.mode() & 0o077);
        let ready = until(LIMIT, || {
            for _ in 0..10_000 {
                if let Ok(others) = others(&path) {
                    assert_eq!(others, 0, "{others:o}");
                }
            }
            running.stderr().contains(" -> ")
        });
        assert!(ready, "{}", running.stderr());
        assert_eq!(seen(&path).1, 0o600);
        answers(&mut dial(&path), b"in use");
        running.leaves(&bench);
        assert!(is_gone(&path));
    }
}

#[test]
fn what_is_there_is_refused_and_untouched() {
    let bench = bench();
    let at = |name: &str| bench.home().join(name);
    std::fs::write(at("file"), "precious").unwrap();
    std::fs::create_dir(at("folder")).unwrap();
    let fifo = Command::new("mkfifo").arg(at("fifo")).status().unwrap();
    assert!(fifo.success());
    drop(UnixListener::bind(at("dead")).unwrap());
    symlink(at("dead"), at("link-to-dead")).unwrap();
    symlink(at("nothing"), at("link-to-nothing")).unwrap();
    symlink(at("file"), at("link-to-file")).unwrap();
    let listener = UnixListener::bind(at("live")).unwrap();
    for (name, said) in [
        ("file", "a regular file is there already"),
        ("folder", "a folder is there already"),
        ("fifo", "a special file is there already"),
        ("link-to-dead", "a symbolic link is there already"),
        ("link-to-nothing", "a symbolic link is there already"),
        ("link-to-file", "a symbolic link is there already"),
        ("live", "another program listens there"),
    ] {
        let path = at(name);
        let before = seen(&path);
        // The one before it is taken back.
        let ran = bench.run(&format!(
            "forward web-1 -L ./first:80 -L {}:80",
            path.display()
        ));
        assert_eq!(ran.code, 13, "{name}: {ran:?}");
        let expected = format!(
            "error[local-io]: cannot listen on {}: {said}\n",
            path.display()
        );
        assert!(ran.stderr.contains(&expected), "{name}: {ran:?}");
        assert!(
            ran.stderr.contains("  hint: choose another path"),
            "{name}: {ran:?}"
        );
        assert_eq!(seen(&path), before, "{name}");
        assert!(is_gone(&at("first")), "{name}");
    }
    assert_eq!(std::fs::read(at("file")).unwrap(), b"precious");
    assert!(is_gone(&at("nothing")));
    // The live one still takes connections.
    dial(&at("live"));
    drop(listener);
    let ran = bench.run("forward web-1 -L ./twice:80 -L ./twice:81");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(is_gone(&at("twice")));
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_socket_that_a_killed_forward_left_is_replaced() {
    let bench = bench();
    let port = echo();
    let path = bench.home().join("s");
    let line = format!("web-1 -L {}:{port}", path.display());
    let running = forward(&bench, &line);
    running.signal(Signal::KILL);
    running.ends();
    let left = seen(&path);
    assert!(left.0);
    let running = forward(&bench, &line);
    answers(&mut dial(&path), b"the next one");
    running.signal(Signal::INT);
    running.ends();
    assert!(is_gone(&path));
}

#[test]
fn it_is_removed_at_every_end() {
    let port = echo();
    for (signal, code) in [
        (Some(Signal::TERM), 143),
        (Some(Signal::HUP), 129),
        (Some(Signal::QUIT), 131),
        (None, 51),
    ] {
        let bench = bench();
        let path = bench.home().join("s");
        let running = forward(&bench, &format!("web-1 -L {}:{port}", path.display()));
        let mut socket = dial(&path);
        answers(&mut socket, b"in use");
        if let Some(signal) = signal {
            running.signal(signal);
        } else {
            let id = bench.sandbox.open_sessions().remove(0);
            let channels = bench.sandbox.channels();
            channels.terminate(&id, "Your session was terminated by root.");
        }
        let ran = running.ends();
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(is_gone(&path), "{signal:?}");
        none_open(&bench);
    }
    // What fails before a session starts.
    let bench = Bench::new();
    for (line, code) in [
        ("forward web-1 -L ./s:80", 34),
        ("forward nobody -L ./s:80", 30),
        ("forward web-1 -L ./s:80 --confirm other", 61),
    ] {
        let ran = bench.run(line);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(is_gone(&bench.home().join("s")), "{line}");
    }
}

#[test]
fn what_has_taken_its_place_stays() {
    let bench = bench();
    let path = bench.home().join("s");
    let running = forward(&bench, &format!("web-1 -L {}:80", path.display()));
    std::fs::remove_file(&path).unwrap();
    let _listener = UnixListener::bind(&path).unwrap();
    let other = seen(&path);
    running.leaves(&bench);
    assert_eq!(seen(&path), other);
}

#[test]
fn a_folder_that_others_can_change_is_refused() {
    let bench = bench();
    let folder = bench.home().join("open");
    std::fs::create_dir(&folder).unwrap();
    std::fs::create_dir(folder.join("own")).unwrap();
    let mode = |mode| std::fs::set_permissions(&folder, PermissionsExt::from_mode(mode)).unwrap();
    symlink(folder.join("own"), bench.home().join("link")).unwrap();
    mode(0o777);
    for path in ["open/s", "open/own/s", "link/s"] {
        let ran = bench.run(&format!("forward web-1 -L {path}:80"));
        assert_eq!(ran.code, 13, "{path}: {ran:?}");
        let said = format!(
            "error[local-io]: cannot listen on {path}: other users can write the folder {} (mode 0777)\n",
            folder.display()
        );
        assert!(ran.stderr.contains(&said), "{ran:?}");
        let hint = format!("run `chmod go-w {}`", folder.display());
        assert!(ran.stderr.contains(&hint), "{ran:?}");
    }
    let ran = bench.run("forward web-1 -L missing/s:80");
    assert_eq!(ran.code, 13, "{ran:?}");
    assert!(ran.stderr.contains("missing"), "{ran:?}");
    let make = "  hint: make the folder first, with `mkdir -m 700`";
    assert!(ran.stderr.contains(make), "{ran:?}");
    // The shell leaves a ~ alone that does not begin a word.
    let ran = bench.run("forward web-1 -L~/s:80");
    assert_eq!(ran.code, 13, "{ran:?}");
    let home = "  hint: the shell replaces ~ only at the beginning of a word";
    assert!(ran.stderr.contains(home), "{ran:?}");
    assert!(bench.sandbox.trail().is_empty());
    // As /tmp: others may add files, and not replace this one.
    mode(0o1777);
    let running = forward(&bench, "web-1 -L open/s:80");
    running.leaves(&bench);
    assert!(is_gone(&folder.join("s")));
}

#[test]
fn the_longest_path_works_and_a_longer_one_is_a_wrong_command_line() {
    let bench = bench();
    let port = echo();
    let folder = bench.home().to_str().unwrap().to_owned();
    let longest = if cfg!(target_os = "macos") { 103 } else { 104 };
    let path = |length: usize| format!("{folder}/{}", "x".repeat(length - folder.len() - 1));
    let running = forward(&bench, &format!("web-1 -L {}:{port}", path(longest)));
    answers(&mut dial(Path::new(&path(longest))), b"in use");
    running.leaves(&bench);
    let ran = bench.run(&format!("forward web-1 -L {}:{port}", path(longest + 1)));
    assert_eq!(ran.code, 2, "{ran:?}");
    let said = format!("has {} bytes, and the limit is {longest}", longest + 1);
    assert!(ran.stderr.contains(&said), "{ran:?}");
    // What counts is the path as it was typed.
    let deep: PathBuf = bench.home().join("x".repeat(90)).join("y".repeat(90));
    std::fs::create_dir_all(&deep).unwrap();
    let mut command = bench.command(["forward", "web-1", "-L", &format!("./s:{port}")]);
    let (running, _) = Running::carrying(command.current_dir(&deep), 1);
    assert_eq!(seen(&deep.join("s")).1, 0o600);
    running.leaves(&bench);
    assert!(is_gone(&deep.join("s")));
}

#[test]
fn of_several_that_want_the_same_path_one_gets_it() {
    let bench = bench();
    let port = echo();
    let path = bench.home().join("s");
    drop(UnixListener::bind(&path).unwrap());
    let line = format!("forward web-1 -L {}:{port}", path.display());
    let mut all: Vec<Running> = (0..8).map(|_| Running::start(&bench, &line)).collect();
    let is_over = |running: &Running| {
        let said = running.stderr();
        said.contains(" -> ") || said.contains("error[")
    };
    for running in &all {
        assert!(until(LIMIT, || is_over(running)), "{}", running.stderr());
    }
    let at = all
        .iter()
        .position(|running| running.stderr().contains(" -> "));
    let winner = all.remove(at.expect("one of them"));
    for other in all {
        let ran = other.ends();
        assert_eq!(ran.code, 13, "{ran:?}");
        assert!(
            ran.stderr.contains("another program listens there"),
            "{ran:?}"
        );
    }
    answers(&mut dial(&path), b"the winner");
    winner.leaves(&bench);
    assert!(is_gone(&path));
    assert_eq!(called(&bench, "StartSession"), 1);
}

#[test]
fn a_basic_agent_serves_it_too() {
    let bench = Bench::new();
    bench.grant(&[PORT]);
    bench.sandbox.world(|world| {
        world.instance_mut(WEB_1).unwrap().agent_version = "3.0.196.0".to_owned();
    });
    let port = echo();
    let path = bench.home().join("s");
    let running = forward(&bench, &format!("web-1 -L {}:{port}", path.display()));
    for question in ["one", "two"] {
        answers(&mut dial(&path), question.as_bytes());
    }
    running.leaves(&bench);
    assert!(is_gone(&path));
}
