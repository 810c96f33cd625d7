//! Connections: accepted, limited in time, and ended when asked to stop.
//!
//! `axum::serve` has no limit on how slowly the head of a request may arrive, so that a client that
//! sends a letter a minute would hold a connection for ever.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::{Limits, Web};

/// How long to wait when the system gives no more connections, such as without free file handles.
const BREATH: Duration = Duration::from_millis(500);

impl Web {
    /// Serves the pages to whoever connects, until `stop` is done. Then nobody is let in any more, idle
    /// connections end, and requests under way are finished within the time a request may take.
    pub async fn serve(self, listener: TcpListener, stop: impl Future<Output = ()>) {
        let limits = self.limits;
        let closing = self.closing.clone();
        let stop = async move {
            stop.await;
            closing.send_replace(true);
        };
        serve(self.router(), limits, listener, stop).await;
    }
}

/// Answers with these routes until `stop` is done and what was under way is finished or out of time.
pub(crate) async fn serve(
    router: Router,
    limits: Limits,
    listener: TcpListener,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let open = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok(connected) => connected,
                Err(error) => {
                    pause_unless_only_this_one_failed(&error).await;
                    continue;
                }
            },
        };
        attend(&http, &open, stream, peer, router.clone());
    }
    drop(listener);
    if tokio::time::timeout(limits.request, open.shutdown()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
}

/// Answers one connection in a task of its own.
fn attend(
    http: &http1::Builder,
    open: &GracefulShutdown,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
) {
    // Small answers leave at once; a failure only costs the client some milliseconds.
    stream.set_nodelay(true).ok();
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = open.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            // Nobody to tell: the client is gone, too slow, or speaks something else.
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

async fn pause_unless_only_this_one_failed(error: &std::io::Error) {
    if !matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
    ) {
        tracing::error!(%error, "no connection can be accepted");
        tokio::time::sleep(BREATH).await;
    }
}
