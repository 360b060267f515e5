//! The sandbox as a client sees it: raw HTTP, signed by the tests themselves.
// Each module says that it is a test, so that clippy lets its helpers unwrap too.

#[cfg(test)]
mod channel;
#[cfg(test)]
mod client;
#[cfg(test)]
mod connections;
mod documents;
#[cfg(test)]
mod encryption;
#[cfg(test)]
mod endings;
#[cfg(test)]
mod inventory;
#[cfg(test)]
mod recording;
#[cfg(test)]
mod resuming;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod signatures;
#[cfg(test)]
mod stand_in;
