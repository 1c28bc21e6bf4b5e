//! HTTP: connections are bounded in number, in what each may hold, and in how long it may say nothing.
//!
//! `axum::serve` leaves all three open: a connection that sends a fax then keeps a buffer of 400 KB for as long as it lives, and
//! one that never ends its headers lives for ever.

use axum::extract::ConnectInfo;
use axum::serve::Listener;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::Layer;

/// What is allowed to whoever connects.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    /// Connections at once. Who comes after them waits to be accepted, in the kernel's queue.
    connections: usize,
    /// For the headers of a request, counted from the end of the one before: also how long a connection may idle.
    headers_within: Duration,
}

const BOUNDS: Bounds = Bounds {
    connections: 4096,
    headers_within: Duration::from_secs(75),
};
/// What is read ahead for a connection. All headers of a request must fit.
const BUFFER_BYTES_MAX: usize = 32 * 1024;
/// Requests that one HTTP/2 connection may have open.
const STREAMS_MAX: u32 = 128;

/// Until `stop`; then requests under way are still answered. Each request knows who is connected, as its [`ConnectInfo`].
pub async fn serve<L: Listener<Addr = SocketAddr>>(listener: L, router: Router, stop: CancellationToken) {
    serve_within(BOUNDS, listener, router, stop).await;
}

async fn serve_within<L: Listener<Addr = SocketAddr>>(
    bounds: Bounds,
    mut listener: L,
    router: Router,
    stop: CancellationToken,
) {
    let (builder, connections) = (builder(bounds), GracefulShutdown::new());
    let room = Arc::new(Semaphore::new(bounds.connections));
    while let Some((permit, (io, peer))) = stop.run_until_cancelled(next(&mut listener, &room)).await {
        let service = TowerToHyperService::new(Extension(ConnectInfo(peer)).layer(router.clone()));
        let connection = builder.serve_connection(TokioIo::new(io), service).into_owned();
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                // Whoever is at the other end hung up, or spoke no HTTP.
                tracing::debug!(error = %error, "a connection ended");
            }
            drop(permit);
        });
    }
    drop(listener);
    connections.shutdown().await;
}

async fn next<L: Listener>(
    listener: &mut L,
    room: &Arc<Semaphore>,
) -> (Option<OwnedSemaphorePermit>, (L::Io, L::Addr)) {
    let permit = Arc::clone(room).acquire_owned().await.ok();
    (permit, listener.accept().await)
}

fn builder(bounds: Bounds) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.headers_within)
        .max_buf_size(BUFFER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .keep_alive_interval(bounds.headers_within);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::Notify;
    use tokio::task::JoinHandle;

    async fn served(bounds: Bounds, router: Router) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, stop) = (listener.local_addr().unwrap(), CancellationToken::new());
        (
            address,
            stop.clone(),
            tokio::spawn(serve_within(bounds, listener, router, stop)),
        )
    }

    async fn rest(mut connection: TcpStream) -> String {
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn who_never_ends_the_headers_is_hung_up_on() {
        let bounds = Bounds {
            headers_within: Duration::from_millis(300),
            ..BOUNDS
        };
        let (address, _stop, _serving) = served(bounds, Router::new()).await;
        let begun = tokio::time::Instant::now();
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection
            .write_all(b"POST / HTTP/1.1\r\nHost: clinic\r\n")
            .await
            .unwrap();
        rest(connection).await;
        assert!(begun.elapsed() >= bounds.headers_within);
    }

    #[tokio::test]
    async fn who_comes_when_all_places_are_taken_waits_for_one() {
        let bounds = Bounds {
            connections: 1,
            ..BOUNDS
        };
        let (address, _stop, _serving) = served(bounds, Router::new()).await;
        let first = TcpStream::connect(address).await.unwrap();
        let mut second = TcpStream::connect(address).await.unwrap();
        let request = b"GET / HTTP/1.1\r\nHost: clinic\r\nConnection: close\r\n\r\n";
        second.write_all(request).await.unwrap();
        let mut second = tokio::spawn(rest(second));
        assert!(
            tokio::time::timeout(Duration::from_millis(200), &mut second)
                .await
                .is_err()
        );
        drop(first);
        assert!(second.await.unwrap().starts_with("HTTP/1.1 404"));
    }

    #[tokio::test]
    async fn headers_beyond_all_bounds_are_refused() {
        let (address, _stop, _serving) = served(BOUNDS, Router::new()).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "GET / HTTP/1.1\r\nHost: clinic\r\nX: {}\r\n\r\n",
            "x".repeat(BUFFER_BYTES_MAX)
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        assert!(rest(connection).await.starts_with("HTTP/1.1 431"));
    }

    #[tokio::test]
    async fn a_request_knows_who_is_connected() {
        let told = get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.to_string() });
        let (address, _stop, _serving) = served(BOUNDS, Router::new().route("/", told)).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        let own = connection.local_addr().unwrap().to_string();
        connection
            .write_all(b"GET / HTTP/1.1\r\nHost: clinic\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        assert!(rest(connection).await.ends_with(&own));
    }

    #[tokio::test]
    async fn what_is_under_way_at_the_end_is_answered() {
        let (come, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (arrived, answered) = (Arc::clone(&come), Arc::clone(&go));
        let slow = get(move || async move {
            arrived.notify_one();
            answered.notified().await;
            "late"
        });
        let (address, stop, serving) = served(BOUNDS, Router::new().route("/", slow)).await;
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection
            .write_all(b"GET / HTTP/1.1\r\nHost: clinic\r\n\r\n")
            .await
            .unwrap();
        come.notified().await;
        stop.cancel();
        tokio::task::yield_now().await;
        go.notify_one();
        assert!(rest(connection).await.ends_with("late"));
        serving.await.unwrap();
    }
}
