//! A server in a process of its own, and chance that is the same in every run.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::gangway;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(120);

/// A server of its own process; killed when dropped, without a warning.
pub struct Server {
    pub child: Child,
    pub address: String,
}

impl Server {
    /// With its data folder in this one, over the database at this address. Somebody must be able to sign in already.
    pub fn start(folder: &Path, database: &str) -> Self {
        let mut command = gangway(folder);
        command.args(["serve", "--port", "0", "--database", database]);
        Self::run(command)
    }

    /// The same over the database in its data folder.
    pub fn start_alone(folder: &Path) -> Self {
        let mut command = gangway(folder);
        command.args(["serve", "--port", "0"]);
        Self::run(command)
    }

    fn run(mut command: std::process::Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // Held from here on, so that it is stopped whatever happens.
        let mut server = Self { child, address: String::new() };
        let mut line = String::new();
        BufReader::new(server.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        server.address = line.rsplit("http://").next().unwrap().trim().to_owned();
        server
    }

    /// Asks for a page: status and text.
    pub fn get(&self, path: &str, token: &str) -> (u16, String) {
        let head = format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n");
        ask(&self.address, &head, "").expect("an answer")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Sends a request over a connection of its own; an error when no whole answer came.
pub fn ask(address: &str, head: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    let request =
        format!("{head}host: localhost\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, text) = answer.split_once("\r\n\r\n").ok_or(std::io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.ok_or(std::io::ErrorKind::InvalidData)?, text.to_owned()))
}

/// Numbers that look like chance and are the same in every run.
pub struct Dice(pub u64);

impl Dice {
    /// From 0 up to, and without, `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).unwrap()
    }
}
