//! How a forward ends, and that nothing is left open.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::os::fd::OwnedFd;

use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};
use rustix::process::Signal;
use vendor_ssm_sandbox::faults::{Fault, Kind};

use super::{PORT, Running, bench, connect, echo, echoes, server};
use crate::harness::terminal::{LIMIT, WEB_1, called, none_open, until};
use crate::harness::{Bench, is_windows};

#[test]
fn each_signal_ends_it_with_its_own_code() {
    for (signal, code) in [
        (Signal::INT, 0),
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::QUIT, 131),
    ] {
        // wine passes on no other signal.
        if is_windows() && signal != Signal::INT {
            continue;
        }
        let bench = bench();
        let port = echo();
        let (running, addresses) =
            Running::forward(&bench, &format!("web-1 -L 0:{port} -L 0:{port}"));
        let mut socket = connect(addresses[1]);
        echoes(&mut socket, b"in use");
        running.signal(signal);
        let ran = running.ends();
        assert_eq!(ran.code, code, "{ran:?}");
        none_open(&bench);
        assert_eq!(called(&bench, "TerminateSession"), 2);
        // Half of an answer must not look like the whole.
        assert!(socket.read(&mut [0]).is_err());
    }
}

#[test]
fn an_end_that_is_not_confirmed_is_named() {
    let bench = bench();
    let port = echo();
    let (running, _) = Running::forward(&bench, &format!("web-1 -L 0:{port} -L 0:{port}"));
    let open = bench.sandbox.open_sessions();
    bench
        .sandbox
        .faults()
        .add(Fault::new("TerminateSession", Kind::InternalError));
    running.signal(Signal::INT);
    let ran = running.ends();
    assert_eq!(ran.code, 52, "{ran:?}");
    for id in open {
        assert!(ran.stderr.contains(&id), "{id} is not named: {ran:?}");
    }
}

#[test]
fn when_one_session_ends_all_do() {
    let bench = bench();
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port} -L 0:{port}"));
    let mut sockets = [connect(addresses[0]), connect(addresses[1])];
    for socket in &mut sockets {
        echoes(socket, b"in use");
    }
    let one = bench.sandbox.open_sessions().remove(0);
    bench
        .sandbox
        .channels()
        .terminate(&one, "Your session was terminated by root.");
    let ran = running.ends();
    assert_eq!(ran.code, 51, "{ran:?}");
    assert!(
        ran.stderr.contains(&format!(
            "error[lost]: acme: i-0f3a91c27be45d806: {one}: the session was lost: \
             Your session was terminated by root.; the service has closed it"
        )),
        "{ran:?}"
    );
    none_open(&bench);
    // The one that is closed already needs no end.
    assert_eq!(called(&bench, "TerminateSession"), 1);
    for socket in &mut sockets {
        assert!(socket.read(&mut [0]).is_err());
    }
}

#[test]
fn one_that_is_not_granted_opens_none() {
    let bench = Bench::new();
    bench.grant(&[PORT]);
    let port = echo();
    let ran = bench.run(&format!(
        "forward web-1 -L 0:{port} -L 0:db.internal:{port}"
    ));
    assert_eq!(ran.code, 34, "{ran:?}");
    assert!(ran.stderr.contains("StartSessionToRemoteHost") || ran.stderr.contains("document"));
    assert!(!ran.stderr.contains(" -> "), "{ran:?}");
    assert_eq!(ran.stdout, "");
    none_open(&bench);
}

#[test]
fn a_silent_agent_is_given_up() {
    let bench = bench();
    bench.sandbox.channels().faults().silence(true);
    let running = Running::start(&bench, "forward web-1 -L 0:80");
    let ended = until(2 * LIMIT, || running.stderr().contains("error["));
    assert!(ended, "{}", running.stderr());
    let ran = running.ends();
    assert_eq!(ran.code, 50, "{ran:?}");
    none_open(&bench);
}

#[test]
fn a_connection_that_drops_is_taken_up_again() {
    let bench = bench();
    let port = server(|mut socket| {
        let mut back = socket.try_clone().unwrap();
        let _ = std::io::copy(&mut socket, &mut back);
    });
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    let id = bench.sandbox.open_sessions().remove(0);
    for _ in 0..3 {
        echoes(&mut socket, &vec![7; 300_000]);
        assert!(bench.sandbox.channels().drop_connection(&id));
        echoes(&mut socket, &vec![8; 300_000]);
    }
    running.leaves(&bench);
}

#[test]
fn a_host_that_the_target_cannot_resolve_is_named() {
    for more in ["", " -L 0:80"] {
        let bench = bench();
        let line = format!("forward web-1 -L 0:no-such-db.invalid:5432{more}");
        let ran = Running::start(&bench, &line).ends();
        assert_eq!(ran.code, 50, "{ran:?}");
        assert!(
            ran.stderr.contains(
                "the target could not resolve \"no-such-db.invalid\": \
                 lookup no-such-db.invalid on 10.0.0.2:53: no such host"
            ),
            "{ran:?}"
        );
        assert!(ran.stderr.contains("hint: check the host in -L"), "{ran:?}");
        assert!(!ran.stderr.contains("what you started"), "{ran:?}");
        none_open(&bench);
    }
}

#[test]
fn a_host_that_agents_do_not_forward_to_is_named() {
    let bench = bench();
    let ran = Running::start(&bench, "forward web-1 -L 0:169.254.169.254:80").ends();
    assert_eq!(ran.code, 50, "{ran:?}");
    let said = "169.254.169.254:80: Forwarding to IP address 169.254.169.254 is forbidden.";
    assert!(ran.stderr.contains(said), "{ran:?}");
    assert!(ran.stderr.contains("choose another host"), "{ran:?}");
    none_open(&bench);
}

/// Once a session is in use, no words make its end a failure to start.
#[test]
fn an_end_after_use_is_a_loss_whatever_is_said() {
    let bench = bench();
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    echoes(&mut socket, b"in use");
    let id = bench.sandbox.open_sessions().remove(0);
    bench
        .sandbox
        .channels()
        .terminate(&id, "lookup db on 10.0.0.2:53: no such host");
    let ran = running.ends();
    assert_eq!(ran.code, 51, "{ran:?}");
}

/// A port that refuses connections for as long as its socket is held: it has an address, and does
/// not listen.
fn closed() -> (OwnedFd, u16) {
    let held = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
    bind(&held, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = SocketAddrV4::try_from(getsockname(&held).unwrap()).unwrap();
    (held, address.port())
}

#[test]
fn a_refused_port_of_an_old_agent_is_named() {
    let bench = bench();
    bench.sandbox.world(|world| {
        let version = &mut world.instance_mut(WEB_1).unwrap().agent_version;
        "3.0.196.0".clone_into(version);
    });
    // Held, so that the system does not choose the same port for the local side.
    let (_closed, port) = closed();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    socket.write_all(b"anybody?").unwrap();
    let ran = running.ends();
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(
        ran.stderr
            .contains(&format!("web-1:{port} took no input for 20 s")),
        "{ran:?}"
    );
    assert!(socket.read(&mut [0]).is_err());
    none_open(&bench);
}
