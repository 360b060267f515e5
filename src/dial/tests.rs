use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use url::Url;

use super::*;

/// A way to this machine, through a proxy or not, and without TLS.
struct Here(Option<Proxy>);

impl Ways for Here {
    fn proxy(&self, _: &Url) -> Option<Proxy> {
        self.0.clone()
    }

    fn tls(&self) -> Arc<ClientConfig> {
        unreachable!("a ws URL needs no TLS")
    }
}

/// A dialer without TLS and without a proxy.
pub(crate) fn direct() -> Dialer {
    Dialer::new(Arc::new(Here(None)))
}

/// A dialer through this proxy, without TLS.
pub(crate) fn through(proxy: Proxy) -> Dialer {
    Dialer::new(Arc::new(Here(Some(proxy))))
}

async fn listen() -> (TcpListener, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, format!("http://{address}/a").parse().unwrap())
}

/// The next connection, or none for a while.
async fn next(listener: &TcpListener) -> Option<TcpStream> {
    let accepted = timeout(Duration::from_millis(100), listener.accept()).await;
    Some(accepted.ok()?.unwrap().0)
}

#[tokio::test]
async fn a_host_dialled_ahead_is_not_dialled_again() {
    let (listener, url) = listen().await;
    let dialer = direct();
    dialer.dial_ahead(&url);
    dialer.dial_ahead(&url.join("/b").unwrap());
    let mut peer = next(&listener).await.unwrap();
    let mut stream = dialer.dial(&url).await.unwrap();
    stream.write_all(b"x").await.unwrap();
    assert_eq!(peer.read(&mut [0; 2]).await.unwrap(), 1);
    peer.shutdown().await.unwrap();
    assert!(next(&listener).await.is_none());
    // What was taken is not there for the next call.
    let (_stream, peer) = tokio::join!(dialer.dial(&url), next(&listener));
    assert!(peer.is_some());
}

#[tokio::test]
async fn a_dial_under_way_is_waited_for() {
    let (listener, url) = listen().await;
    let dialer = direct();
    dialer.dial_ahead(&url);
    // Nothing has run since.
    let (stream, peer) = tokio::join!(dialer.dial(&url), next(&listener));
    assert!(stream.is_ok() && peer.is_some());
    assert!(next(&listener).await.is_none());
}

#[tokio::test]
async fn a_stream_that_has_stood_for_5_s_is_dropped() {
    let (listener, url) = listen().await;
    let dialer = direct();
    dialer.dial_ahead(&url);
    let mut old = next(&listener).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5200)).await;
    // Nothing has asked for it.
    assert_eq!(old.read(&mut [0]).await.unwrap(), 0);
    let (stream, new) = tokio::join!(dialer.dial(&url), next(&listener));
    assert!(stream.is_ok() && new.is_some());
}

/// A host that did not listen when it was dialled ahead, and does now.
async fn after_a_failure() -> (Dialer, Url, TcpListener) {
    let (listener, url) = listen().await;
    let address = listener.local_addr().unwrap();
    drop(listener);
    let dialer = direct();
    dialer.dial_ahead(&url);
    tokio::time::sleep(Duration::from_millis(100)).await;
    (dialer, url, TcpListener::bind(address).await.unwrap())
}

#[tokio::test]
async fn after_a_failure_a_host_can_be_dialled_ahead_again() {
    let (dialer, url, listener) = after_a_failure().await;
    dialer.dial_ahead(&url);
    assert!(next(&listener).await.is_some());
}

#[tokio::test]
async fn a_failure_that_was_not_waited_for_is_forgotten() {
    let (dialer, url, listener) = after_a_failure().await;
    let (stream, peer) = tokio::join!(dialer.dial(&url), next(&listener));
    assert!(stream.is_ok() && peer.is_some());
}

#[tokio::test]
async fn a_stream_that_the_peer_has_closed_or_spoken_on_is_not_used() {
    for speaks in [false, true] {
        let (listener, url) = listen().await;
        let dialer = direct();
        dialer.dial_ahead(&url);
        let mut peer = next(&listener).await.unwrap();
        // The dial has ended before the peer does anything.
        tokio::time::sleep(Duration::from_millis(50)).await;
        if speaks {
            peer.write_all(b"x").await.unwrap();
        } else {
            drop(peer);
        }
        let (stream, new) = tokio::join!(dialer.dial(&url), next(&listener));
        assert!(stream.is_ok() && new.is_some(), "{speaks}");
    }
}

#[tokio::test]
async fn what_was_asked_already_is_not_dialled_ahead() {
    let ((one, first), (other, second)) = (listen().await, listen().await);
    let dialer = direct();
    let (_stream, peer) = tokio::join!(dialer.dial(&first), next(&one));
    assert!(peer.is_some());
    for _ in 0..2 {
        dialer.dial_soon(vec![first.clone(), second.clone()]);
    }
    assert!(next(&other).await.is_some());
    assert!(next(&other).await.is_none() && next(&one).await.is_none());
}

#[tokio::test]
async fn what_is_not_needed_is_hung_up() {
    let (listener, url) = listen().await;
    let dialer = direct();
    dialer.dial_ahead(&url);
    let mut peer = next(&listener).await.unwrap();
    dialer.hang_up(&url);
    assert_eq!(peer.read(&mut [0]).await.unwrap(), 0);
}

/// Answers CONNECT on the next connection with this status.
async fn lets_in(listener: &TcpListener, status: u16) -> TcpStream {
    let mut peer = next(listener).await.unwrap();
    let mut asked = Vec::new();
    while !asked.ends_with(b"\r\n\r\n") {
        asked.push(peer.read_u8().await.unwrap());
    }
    let answer = format!("HTTP/1.1 {status} Said\r\n\r\n");
    peer.write_all(answer.as_bytes()).await.unwrap();
    peer
}

#[tokio::test]
async fn a_proxy_is_not_asked_a_second_time_before_it_has_taken_the_password() {
    let (listener, proxy) = listen().await;
    let dialer = through(Proxy {
        url: proxy,
        authorization: Some("Basic x".to_owned().into()),
    });
    let hosts = ["http://sts.example/", "http://ssm.example/"].map(|url| Url::parse(url).unwrap());
    let [sts, ssm] = &hosts;
    dialer.dial_soon(vec![ssm.clone()]);
    dialer.dial_ahead(ssm);
    let (dialled, _peer) = tokio::join!(dialer.dial(sts), lets_in(&listener, 200));
    assert!(dialled.is_ok());
    // What has waited for that is dialled now, and a refusal is remembered.
    let _peer = lets_in(&listener, 407).await;
    tokio::task::yield_now().await;
    let (refused, peer) = tokio::join!(dialer.dial(ssm), next(&listener));
    assert!(matches!(refused, Err(DialError::ProxyAuthorization { .. })));
    assert!(peer.is_none());
}

#[tokio::test]
async fn a_refused_password_is_sent_once() {
    let (listener, proxy) = listen().await;
    let dialer = through(Proxy {
        url: proxy,
        authorization: Some("Basic x".to_owned().into()),
    });
    let urls: [Url; 3] = ["a", "b", "a"].map(|host| format!("http://{host}/").parse().unwrap());
    let dials = futures_util::future::join_all(urls.iter().map(|url| dialer.dial(url)));
    let (dialled, _peer) = tokio::join!(dials, lets_in(&listener, 407));
    let is_refusal = |it: &Result<_, _>| matches!(it, Err(DialError::ProxyAuthorization { .. }));
    assert!(dialled.iter().all(is_refusal));
    assert!(next(&listener).await.is_none());
}
