//! The other side: a mail server and a webhook receiver in a few lines each, on sockets of their own.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What arrived, in order.
pub type Arrived<T> = Arc<Mutex<Vec<T>>>;

/// A mail server that answers `RCPT TO` with this line and keeps what it is given.
pub async fn mail_server(recipient: &'static str) -> (SocketAddr, Arrived<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let arrived: Arrived<String> = Arc::default();
    let kept = arrived.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, recipient, kept.clone()));
        }
    });
    (address, arrived)
}

async fn talk(stream: TcpStream, recipient: &'static str, kept: Arrived<String>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await.unwrap();
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let answer = match line.get(..4).unwrap_or_default() {
            "EHLO" => "250-sink\r\n250 8BITMIME",
            "RCPT" => recipient,
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 fine",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        if line.starts_with("DATA") {
            let mut mail = String::new();
            loop {
                line.clear();
                stream.read_line(&mut line).await.unwrap();
                if line == ".\r\n" {
                    break;
                }
                mail.push_str(&line);
            }
            kept.lock().unwrap().push(mail);
            stream.write_all(b"250 taken\r\n").await.unwrap();
        }
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    head: String,
    /// The body.
    pub body: String,
}

impl Request {
    /// A header.
    pub fn header(&self, name: &str) -> String {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
    }
}

/// A web server that gives these answers (status lines with what follows), the last of them for ever.
pub async fn web_server(answers: &'static [&'static str]) -> (SocketAddr, Arrived<Request>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let arrived: Arrived<Request> = Arc::default();
    let kept = arrived.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = Vec::new();
            let request = loop {
                let mut piece = [0; 4096];
                let read = stream.read(&mut piece).await.unwrap_or(0);
                bytes.extend_from_slice(&piece[..read]);
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let request = Request { head: head.to_owned(), body: body.to_owned() };
                    let length: usize = request.header("content-length").parse().unwrap_or(0);
                    if body.len() >= length {
                        break request;
                    }
                }
                assert!(read > 0, "half a request: {text}");
            };
            let number = {
                let mut kept = kept.lock().unwrap();
                kept.push(request);
                kept.len()
            };
            let answer = answers.get(number - 1).or(answers.last()).copied().unwrap_or("204 No Content");
            let text = format!("HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 4\r\n\r\nsaid");
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    });
    (address, arrived)
}
