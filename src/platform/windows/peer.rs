//! Which user holds the other end of a TCP connection on this machine.
//! Windows tells the process behind each connection, and the user of each process (Microsoft Learn,
//! "GetExtendedTcpTable", "GetTokenInformation"). If it does not, no connection counts as another
//! user's.

use std::io;
use std::mem::{offset_of, size_of};
use std::net::SocketAddr;
use std::os::windows::io::{AsRawHandle as _, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::{ERROR_INSUFFICIENT_BUFFER, HANDLE, NO_ERROR};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    GetExtendedTcpTable, MIB_TCPROW_OWNER_PID, MIB_TCPTABLE_OWNER_PID, TCP_TABLE_OWNER_PID_ALL,
};
use windows_sys::Win32::Networking::WinSock::AF_INET;
use windows_sys::Win32::Security::{
    EqualSid, GetTokenInformation, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
};

use super::handle::{done, owned};

/// How often the table is asked for, as it may grow meanwhile.
const TRIES: usize = 4;

/// Tells this process's user from others.
#[derive(Debug)]
pub(crate) struct Peers {
    listener: SocketAddr,
    /// `None` if the system does not tell.
    user: Option<User>,
}

impl Peers {
    /// For connections to this listener, which belongs to this process's user.
    pub(crate) fn of(listener: SocketAddr) -> Self {
        Self {
            listener,
            user: User::own().ok(),
        }
    }

    /// Whether another user holds the other end, or has closed it already.
    pub(crate) fn is_foreign(&self, peer: SocketAddr) -> bool {
        let (Some(user), Ok(table)) = (&self.user, table()) else {
            return false;
        };
        let holder = table
            .iter()
            .find(|row| is_at(row, peer, self.listener))
            .map(|row| row.dwOwningPid);
        match holder {
            // No process holds it any more.
            None | Some(0) => true,
            // A process that this user may not ask is another user's, or has ended.
            Some(process) => User::of(process).map_or(true, |holder| !user.is(&holder)),
        }
    }
}

/// Whether a connection has this local and this remote address.
fn is_at(row: &MIB_TCPROW_OWNER_PID, local: SocketAddr, remote: SocketAddr) -> bool {
    let (SocketAddr::V4(local), SocketAddr::V4(remote)) = (local, remote) else {
        return false;
    };
    // Both are in the order of the network; a port is in the lower half.
    let address = |address: u32| address.to_ne_bytes();
    let port = |port: u32| {
        let [first, second, ..] = port.to_le_bytes();
        u16::from_be_bytes([first, second])
    };
    address(row.dwLocalAddr) == local.ip().octets()
        && port(row.dwLocalPort) == local.port()
        && address(row.dwRemoteAddr) == remote.ip().octets()
        && port(row.dwRemotePort) == remote.port()
}

/// All TCP connections of this machine with IPv4 addresses.
#[expect(unsafe_code, reason = "the standard library does not tell it")]
fn table() -> io::Result<Vec<MIB_TCPROW_OWNER_PID>> {
    let mut size = 0;
    for _ in 0..TRIES {
        // Aligned for the table's numbers.
        let mut room = vec![0_u32; usize::try_from(size).unwrap_or_default().div_ceil(4)];
        // SAFETY: it writes as many bytes as `size` says, or fewer.
        let answer = unsafe {
            GetExtendedTcpTable(
                room.as_mut_ptr().cast(),
                &raw mut size,
                0,
                u32::from(AF_INET),
                TCP_TABLE_OWNER_PID_ALL,
                0,
            )
        };
        match answer {
            NO_ERROR if !room.is_empty() => return Ok(rows(&room)),
            // It may have grown when it is asked for again.
            NO_ERROR | ERROR_INSUFFICIENT_BUFFER => size += 1024,
            error => return Err(io::Error::from_raw_os_error(error.cast_signed())),
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

/// The rows behind their number.
fn rows(table: &[u32]) -> Vec<MIB_TCPROW_OWNER_PID> {
    let words = size_of::<MIB_TCPROW_OWNER_PID>() / size_of::<u32>();
    let begin = offset_of!(MIB_TCPTABLE_OWNER_PID, table) / size_of::<u32>();
    let count = table.first().map_or(0, |count| *count as usize);
    let rows = table.get(begin..).unwrap_or_default().chunks_exact(words);
    rows.take(count)
        .map(|row| MIB_TCPROW_OWNER_PID {
            dwState: row[0],
            dwLocalAddr: row[1],
            dwLocalPort: row[2],
            dwRemoteAddr: row[3],
            dwRemotePort: row[4],
            dwOwningPid: row[5],
        })
        .collect()
}

/// The user of a process, as a TOKEN_USER with the identifier that it points to.
#[derive(Debug)]
struct User(Vec<u64>);

impl User {
    fn own() -> io::Result<Self> {
        // SAFETY: it takes nothing, and its answer needs no closing.
        #[expect(unsafe_code, reason = "the standard library has no such handle")]
        let process = unsafe { GetCurrentProcess() };
        Self::of_handle(process)
    }

    #[expect(unsafe_code, reason = "the standard library does not open processes")]
    fn of(process: u32) -> io::Result<Self> {
        // SAFETY: it takes no pointer.
        let process = owned(unsafe { OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, process) })?;
        Self::of_handle(process.as_raw_handle())
    }

    #[expect(unsafe_code, reason = "the standard library has no tokens")]
    fn of_handle(process: HANDLE) -> io::Result<Self> {
        let mut token = ptr::null_mut();
        // SAFETY: the process is open, and the token is only written.
        done(unsafe { OpenProcessToken(process, TOKEN_QUERY, &raw mut token) })?;
        let token: OwnedHandle = owned(token)?;
        let mut size = 0;
        // SAFETY: without room it writes the size alone.
        unsafe {
            GetTokenInformation(
                token.as_raw_handle(),
                TokenUser,
                ptr::null_mut(),
                0,
                &raw mut size,
            );
        }
        let mut room = vec![0; usize::try_from(size).unwrap_or_default().div_ceil(8)];
        // SAFETY: it writes as many bytes as `size` says, or fewer.
        done(unsafe {
            GetTokenInformation(
                token.as_raw_handle(),
                TokenUser,
                room.as_mut_ptr().cast(),
                size,
                &raw mut size,
            )
        })?;
        if room.len() * 8 < size_of::<TOKEN_USER>() {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(Self(room))
    }

    /// Whether both are the same.
    #[expect(
        unsafe_code,
        reason = "the standard library has no identifiers of users"
    )]
    fn is(&self, other: &Self) -> bool {
        // SAFETY: both are TOKEN_USERs that the system wrote, aligned and of full size. They point
        // to identifiers within the same memory, which neither has moved since.
        unsafe {
            let sid = |user: &Self| (*user.0.as_ptr().cast::<TOKEN_USER>()).User.Sid;
            EqualSid(sid(self), sid(other)) != 0
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    #[ignore = "wine does not tell which process has a connection"]
    fn ones_own_connections_are_not_foreign() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let peers = Peers::of(address);
        assert!(peers.user.is_some());
        let near = TcpStream::connect(address).unwrap();
        let (_far, peer) = listener.accept().unwrap();
        let own = std::process::id();
        let table = table().unwrap();
        let holder = table.iter().find(|row| is_at(row, peer, address));
        assert_eq!(holder.map(|row| row.dwOwningPid), Some(own));
        assert!(!peers.is_foreign(peer));
        drop(near);
    }
}
