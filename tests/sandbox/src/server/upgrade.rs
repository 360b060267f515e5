//! Turns an accepted `GET` of a stream URL into a websocket (RFC 6455) and hands it to the data
//! channel.

use std::time::Duration;

use http::{HeaderMap, Response, StatusCode, header};
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::channel::{Channels, State};
use crate::shared::Shared;

/// The 101 answer, or `None` if the request is not a websocket handshake.
pub(super) fn response(headers: &HeaderMap) -> Option<Response<Empty<Bytes>>> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let websocket = text(header::UPGRADE)?.eq_ignore_ascii_case("websocket");
    if !websocket || text(header::SEC_WEBSOCKET_VERSION)? != "13" {
        return None;
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?;
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(
            header::SEC_WEBSOCKET_ACCEPT,
            derive_accept_key(key.as_bytes()),
        )
        .body(Empty::new())
        .ok()
}

/// Serves the websocket once hyper has let go of the connection.
pub(super) fn serve(upgrade: OnUpgrade, shared: &Shared, session_id: String) {
    if let Some(why) = refused(shared, &session_id) {
        tokio::spawn(close_when_open(
            shared.channels.clone(),
            session_id.clone(),
            why,
        ));
    }
    let channels = shared.channels.clone();
    tokio::spawn(async move {
        if let Ok(upgraded) = upgrade.await {
            let stream = TokioIo::new(upgraded);
            let socket = WebSocketStream::from_raw_socket(stream, Role::Server, None).await;
            channels.serve(session_id, socket).await;
        }
    });
}

/// Why the agent gives no shell in this session.
fn refused(shared: &Shared, session_id: &str) -> Option<String> {
    let state = shared.state();
    let session = state.sessions.iter().find(|own| own.id == session_id)?;
    session.refused.clone()
}

/// The agent's refusal travels in `channel_closed`, so the channel has to be open first.
async fn close_when_open(channels: Channels, session_id: String, why: String) {
    for _ in 0..500 {
        if channels.state(&session_id) != Some(State::Created) {
            channels.terminate(&session_id, &why);
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
