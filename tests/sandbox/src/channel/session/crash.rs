//! How a session's worker ends that crashes: nothing is acknowledged and nothing said, until the
//! agent's main process misses it.

use std::sync::Arc;

use super::Session;

/// What the service then hands on (amazon-ssm-agent, `OutOfProcExecuter.messaging` in
/// `agent/framework/processor/executer/outofproc/master.go`).
const MISSED: &str = "document process failed unexpectedly: ipc messaging received timeout signal , \
                      check [ssm-document-worker]/[ssm-session-worker] log for crash reason";

impl Session {
    /// The worker crashes.
    pub fn crash(self: &Arc<Self>) {
        self.inner().crashed = true;
        let missed = self.faults.crash_noticed_after();
        let session = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(missed).await;
            if let Some(session) = session.upgrade() {
                session.close(MISSED);
            }
        });
    }
}
