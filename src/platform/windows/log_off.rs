//! The end of the Windows session: log-off, restart, shutdown.
//!
//! Windows tells it by a message to a window. It sends the console's own events for it to services
//! alone, and to no program that has loaded user32.dll (Microsoft Learn, "SetConsoleCtrlHandler",
//! Remarks). So a window that is never shown waits for it, on a thread of its own.

use std::ptr;
use std::sync::OnceLock;
use std::thread;

use tokio::sync::watch;
use windows_sys::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DispatchMessageW, GWLP_WNDPROC, GetMessageW, MSG,
    SetWindowLongPtrW, WM_ENDSESSION, WM_QUERYENDSESSION, WS_OVERLAPPED,
};
use windows_sys::w;

/// Whether the Windows session ends.
static ENDS: OnceLock<watch::Sender<bool>> = OnceLock::new();

/// Hears of the end of the Windows session.
#[derive(Debug)]
pub(super) struct LogOff(watch::Receiver<bool>);

impl LogOff {
    /// Starts to listen, if there is a desktop to make a window on.
    pub(super) fn listen() -> Self {
        let ends = ENDS.get_or_init(|| {
            // Without a thread it goes unheard, and Windows ends vendor-ssm as it is.
            let thread = thread::Builder::new().name("log-off".to_owned());
            let _ = thread.spawn(wait);
            watch::Sender::new(false)
        });
        Self(ends.subscribe())
    }

    /// Waits for the end. It comes once. Cancel-safe.
    pub(super) async fn come(&mut self) {
        // The sender is never dropped.
        let _ = self.0.wait_for(|ends| *ends).await;
    }
}

/// Makes the window and hands it its messages for ever.
/// A window of a predefined class needs no class of its own, and gets this program's procedure.
#[expect(unsafe_code, reason = "the standard library has no windows")]
fn wait() {
    // SAFETY: the two texts end with NUL, and the other pointers may be null. The window belongs to
    // this thread. The procedure has the type that Windows calls. The message is only written.
    unsafe {
        let window = CreateWindowExW(
            0,
            w!("STATIC"),
            w!("vendor-ssm"),
            WS_OVERLAPPED,
            0,
            0,
            0,
            0,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null(),
        );
        if window.is_null() {
            return;
        }
        let procedure: unsafe extern "system" fn(HWND, u32, WPARAM, LPARAM) -> LRESULT = answer;
        SetWindowLongPtrW(window, GWLP_WNDPROC, (procedure as usize).cast_signed());
        let mut message = MSG::default();
        while GetMessageW(&raw mut message, ptr::null_mut(), 0, 0) > 0 {
            DispatchMessageW(&raw const message);
        }
    }
}

/// Agrees to the end of the Windows session.
/// Windows ends the process when this has returned from the second message, and in any case after
/// 5 s (Microsoft Learn, "WM_ENDSESSION").
#[expect(unsafe_code, reason = "the system calls it")]
unsafe extern "system" fn answer(
    window: HWND,
    message: u32,
    first: WPARAM,
    second: LPARAM,
) -> LRESULT {
    match message {
        WM_QUERYENDSESSION => 1,
        WM_ENDSESSION if first != 0 => {
            if let Some(ends) = ENDS.get() {
                ends.send_replace(true);
            }
            // The process ends when vendor-ssm is done.
            loop {
                thread::park();
            }
        }
        // SAFETY: what Windows sent is handed back to it.
        _ => unsafe { DefWindowProcW(window, message, first, second) },
    }
}
