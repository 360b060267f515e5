//! Room on the stack.

/// Does the work where the stack is deep. The first thread's is (getrlimit(2), `RLIMIT_STACK`).
pub fn on_a_deep_stack<T: Send + 'static>(work: fn() -> T) -> T {
    work()
}
