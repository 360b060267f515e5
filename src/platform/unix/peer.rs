//! Which user holds the other end of a TCP connection on this machine.
//! Linux tells it of a single connection (sock_diag(7)), however many there are. Where a system
//! does not tell, no connection counts as another user's.

use std::net::SocketAddr;

#[cfg(target_os = "linux")]
use linux::Kernel;

/// Tells this process's user from others.
#[derive(Debug)]
pub(crate) struct Peers(Option<Kernel>);

impl Peers {
    /// For connections to this listener, which belongs to this process's user.
    pub(crate) fn of(listener: SocketAddr) -> Self {
        Self(Kernel::of(listener))
    }

    /// Whether another user holds the other end, or has closed it already.
    pub(crate) fn is_foreign(&self, peer: SocketAddr) -> bool {
        self.0
            .as_ref()
            .is_some_and(|kernel| kernel.is_foreign(peer))
    }
}

/// Other systems do not tell of sockets.
#[cfg(not(target_os = "linux"))]
#[derive(Debug)]
enum Kernel {}

#[cfg(not(target_os = "linux"))]
impl Kernel {
    fn of(_: SocketAddr) -> Option<Self> {
        None
    }

    fn is_foreign(&self, _: SocketAddr) -> bool {
        match *self {}
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::net::{Ipv4Addr, SocketAddr};
    use std::os::fd::OwnedFd;

    use rustix::net::{
        AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, netlink, recv, send,
        socket_with,
    };

    /// `SOCK_DIAG_BY_FAMILY` (linux/sock_diag.h).
    const BY_FAMILY: u16 = 20;
    /// `NLM_F_REQUEST` (linux/netlink.h): one socket is asked for.
    const REQUEST: u16 = 1;
    /// `struct nlmsghdr` (linux/netlink.h).
    const HEADER: usize = 16;
    /// `struct inet_diag_req_v2` (linux/inet_diag.h).
    const QUESTION: usize = 56;
    /// `struct inet_diag_msg`, without attributes.
    const ANSWER: usize = 72;

    /// The kernel's answers about sockets.
    #[derive(Debug)]
    pub(super) struct Kernel {
        socket: OwnedFd,
        /// Where the connections lead.
        listener: SocketAddr,
        /// The user of the listener.
        user: u32,
    }

    /// A socket, as the kernel tells of it.
    struct Told {
        user: u32,
        /// 0 if no process holds it any more.
        inode: u32,
    }

    impl Kernel {
        /// `None` if this kernel does not tell of sockets.
        /// It may lack the part that does, or a sandbox forbids the question.
        pub(super) fn of(listener: SocketAddr) -> Option<Self> {
            let flags = SocketFlags::CLOEXEC;
            let protocol = Some(netlink::SOCK_DIAG);
            let socket =
                socket_with(AddressFamily::NETLINK, SocketType::DGRAM, flags, protocol).ok()?;
            let unspecified = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
            let told = told(&socket, listener, unspecified).ok()??;
            Some(Self {
                socket,
                listener,
                user: told.user,
            })
        }

        pub(super) fn is_foreign(&self, peer: SocketAddr) -> bool {
            match told(&self.socket, peer, self.listener) {
                Ok(Some(told)) => told.user != self.user || told.inode == 0,
                Ok(None) => true,
                Err(_) => false,
            }
        }
    }

    /// The socket with this local and this remote address. `None` if there is none.
    fn told(socket: &OwnedFd, local: SocketAddr, remote: SocketAddr) -> io::Result<Option<Told>> {
        let unusual = || io::Error::from(io::ErrorKind::InvalidData);
        send(socket, &question(local, remote), SendFlags::empty())?;
        let mut answer = [0; 1024];
        // The kernel has answered when `send` returns.
        let (_, length) = recv(socket, &mut answer, RecvFlags::DONTWAIT)?;
        let answer = &answer[..length.min(answer.len())];
        let kind = answer.get(4..6).ok_or_else(unusual)?;
        if kind != BY_FAMILY.to_ne_bytes() {
            return Ok(None);
        }
        let told = answer.get(HEADER..HEADER + ANSWER).ok_or_else(unusual)?;
        // Without such a connection, the kernel tells of one that listens on the port.
        if told[6..8] != remote.port().to_be_bytes() {
            return Ok(None);
        }
        let number = |at: usize| {
            let bytes = told[at..at + 4].try_into().map_err(|_| unusual())?;
            Ok::<_, io::Error>(u32::from_ne_bytes(bytes))
        };
        Ok(Some(Told {
            user: number(64)?,
            inode: number(68)?,
        }))
    }

    fn question(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
        const FAMILY: u8 = 2; // AF_INET
        const PROTOCOL: u8 = 6; // IPPROTO_TCP
        let mut question = Vec::with_capacity(HEADER + QUESTION);
        let length = u32::try_from(HEADER + QUESTION).unwrap_or_default();
        question.extend(length.to_ne_bytes());
        question.extend(BY_FAMILY.to_ne_bytes());
        question.extend(REQUEST.to_ne_bytes());
        // The message's number, and the kernel as receiver.
        question.extend([0; 8]);
        question.extend([FAMILY, PROTOCOL, 0, 0]);
        // In every state.
        question.extend(u32::MAX.to_ne_bytes());
        question.extend(local.port().to_be_bytes());
        question.extend(remote.port().to_be_bytes());
        for address in [local, remote] {
            let octets = match address {
                SocketAddr::V4(address) => address.ip().octets(),
                SocketAddr::V6(_) => [0; 4],
            };
            question.extend(octets);
            question.extend([0; 12]);
        }
        // On any interface, with any cookie.
        question.extend([0; 4]);
        question.extend([u8::MAX; 8]);
        question
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    fn ones_own_connections_are_not_foreign() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let peers = Peers::of(address);
        let near = TcpStream::connect(address).unwrap();
        let (_far, peer) = listener.accept().unwrap();
        assert!(!peers.is_foreign(peer));
        drop(near);
        // Nothing holds it any more, if the kernel tells.
        #[cfg(target_os = "linux")]
        assert_eq!(peers.is_foreign(peer), peers.0.is_some());
    }
}
