//! Over real connections: what a router alone cannot show.

use std::net::SocketAddr;
use std::time::Duration;

use gangway_testkit::{Database, TestApp};
use gangway_web::{Limits, Web};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

const LONG: Duration = Duration::from_secs(600);
/// No test waits this long unless it fails.
const PATIENCE: Duration = Duration::from_secs(30);

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<()>,
    database: Database,
}

impl Running {
    async fn with(limits: Limits) -> Self {
        let database = Database::sqlite().await.unwrap();
        let test = TestApp::on(database.db.clone()).await;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let web = Web::new(test.app.clone()).with_limits(limits);
        let done = tokio::spawn(web.serve(listener, async {
            stopped.await.ok();
        }));
        Self { address, stop, done, database }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(PATIENCE, self.done).await.expect("it stops").unwrap();
        self.database.remove().await.unwrap();
    }
}

/// Everything the server sends until it closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await;
    read.expect("the server lets the client go").unwrap();
    String::from_utf8(text).unwrap()
}

#[tokio::test]
async fn a_head_that_does_not_arrive_ends_the_connection() {
    let limits = Limits { head: Duration::from_millis(50), body: LONG, request: LONG, ..Limits::default() };
    let running = Running::with(limits).await;
    for beginning in ["", "GET", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "] {
        let mut stream = running.connect().await;
        stream.write_all(beginning.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(!answer.contains("200 OK"), "{beginning}: {answer}");
    }
    running.stop().await;
    assert_eq!(Limits::default().head, Duration::from_secs(30));
}

#[tokio::test]
async fn a_connection_is_used_again_and_then_let_go() {
    let limits = Limits { head: Duration::from_millis(200), body: LONG, request: LONG, ..Limits::default() };
    let running = Running::with(limits).await;
    let mut stream = running.connect().await;
    let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(format!("{request}{request}").as_bytes()).await.unwrap();
    // Both are answered; then nothing more comes, and the idle connection ends.
    let answers = rest(&mut stream).await;
    assert_eq!(answers.matches("HTTP/1.1 200 OK").count(), 2, "{answers}");
    running.stop().await;
}

#[tokio::test]
async fn asked_to_stop_it_ends_idle_connections_and_lets_nobody_in() {
    let limits = Limits { head: LONG, body: LONG, request: LONG, ..Limits::default() };
    let running = Running::with(limits).await;
    let address = running.address;
    let mut idle = running.connect().await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut first = [0; 15];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    running.stop().await;
    rest(&mut idle).await;
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_request_that_is_never_finished_does_not_keep_it_from_stopping() {
    let limits = Limits { head: LONG, body: LONG, request: Duration::from_millis(50), ..Limits::default() };
    let running = Running::with(limits).await;
    let mut slow = running.connect().await;
    slow.write_all(b"GET /healthz HTTP/1.1\r\nX-Slow: ").await.unwrap();
    running.stop().await;
}
