//! Room on the stack.

use std::panic::resume_unwind;
use std::thread;

/// The stack of the first thread on Linux and macOS, in bytes.
/// Windows gives it 1 MiB (Microsoft Learn, "Thread Stack Size"), which loading credentials can
/// overflow.
const STACK: usize = 8 << 20;

/// Does the work where the stack is as deep as on other systems.
/// Without memory for another thread, the first one's stack has to do.
pub fn on_a_deep_stack<T: Send + 'static>(work: fn() -> T) -> T {
    match thread::Builder::new().stack_size(STACK).spawn(work) {
        Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
        Err(_) => work(),
    }
}
