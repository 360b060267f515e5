//! What happens to the connections of the local port: they are made, carried both ways, and end.

use std::net::SocketAddr;
use std::time::Instant;

use crate::channel::Bytes;
use crate::channel::smux;
use crate::session::ledger::end::End;

use super::super::connection::{Connection, Happened};
use super::super::stream::Stream;
use super::Tunnel;

impl Tunnel<'_, '_> {
    pub(crate) fn output(&mut self, bytes: Bytes) -> Result<(), End> {
        let carrier = &mut self.carrier;
        carrier
            .receive(bytes)
            .map_err(|malformed| End::lost(malformed.to_string()))?;
        let now = Instant::now();
        while let Some(event) = carrier.event() {
            match event {
                smux::Event::Data { stream, bytes } => {
                    if let Some(connection) = self.connections.of(stream) {
                        connection.write(&bytes, now);
                    }
                }
                smux::Event::Ended { stream } => {
                    let Some(connection) = self.connections.of(stream) else {
                        continue;
                    };
                    if self.failed > 0 && !connection.was_answered() {
                        self.failed -= 1;
                        if let Some(connection) = self.connections.remove(stream) {
                            connection.reset();
                        }
                    } else {
                        connection.close();
                    }
                }
            }
        }
        Ok(())
    }

    pub(crate) fn connected(&mut self, socket: Stream, from: Option<SocketAddr>) {
        let carrier = &mut self.carrier;
        let stream = carrier.open();
        let connection = Connection::new(socket, Instant::now());
        self.connections.add(stream, connection);
        tracing::info!(
            ?from,
            stream,
            "connected to {}",
            self.around.listening.address()
        );
        if !std::mem::replace(&mut self.was_used, true) && !self.around.is_quiet {
            let address = self.around.listening.address();
            self.context
                .callbacks
                .say(&format!("{address}: the first connection is open"));
        }
    }

    pub(crate) fn happened(&mut self, stream: u32, happened: Happened) {
        let carrier = &mut self.carrier;
        match happened {
            Happened::Wrote(bytes) => carrier.send(stream, &bytes),
            Happened::Shut => {
                let last = self.taken + carrier.outgoing().len() as u64;
                if let Some(connection) = self.connections.of(stream) {
                    connection.shut(last);
                }
            }
            Happened::Over => {
                self.connections.remove(stream);
                carrier.end(stream);
            }
            Happened::Took => self.line.stay(),
        }
    }

    /// It has been quiet for long enough after its local side has ended, or it holds up the others.
    pub(crate) fn give_up(&mut self, stream: u32) {
        if self.line.is_down()
            && let Some(connection) = self.connections.of(stream)
            && connection.postpone(Instant::now())
        {
            return;
        }
        let Some(connection) = self.connections.remove(stream) else {
            return;
        };
        if connection.stuck_since().is_some() {
            self.context.callbacks.warn(&format!(
                "{}: vendor-ssm reset a connection: its program read nothing while others waited",
                self.around.listening.address()
            ));
            connection.reset();
        }
        self.carrier.end(stream);
    }
}
