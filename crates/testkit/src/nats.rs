//! A private NATS server with JetStream in a temporary folder, gone when this process is.
//!
//! It is guarded as [`Cluster`](crate::Cluster) is: by a small shell that waits for the end of its standard input.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// Longest wait for the server to listen.
const START: Duration = Duration::from_secs(30);

/// Where Debian puts the server; root alone has the folder on the PATH.
const PROGRAM: &str = "/usr/sbin/nats-server";

/// Runs the server ($1: its program, $2: its folder) on a free port, until standard input ends. It writes its port into
/// a file `….ports`.
const GUARD: &str = r#"
"$1" -js -sd "$2/data" -a 127.0.0.1 -p -1 --ports_file_dir "$2" >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -TERM $server 2>/dev/null
wait $server
rm -rf "$2"
"#;

/// A running server; stops when dropped.
pub struct NatsServer {
    url: String,
    guard: Child,
    /// Closing it ends the server.
    lifeline: Option<ChildStdin>,
}

impl NatsServer {
    /// Starts a server that listens on a free port of this machine only.
    ///
    /// # Errors
    /// When it is not installed or does not start; the message says what to do.
    pub fn start() -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let program = program()?;
        // The guard removes the folder, also when this process is killed.
        let folder = TempDir::with_prefix("gangway-nats-")?.keep();
        let mut guard = Command::new("/bin/sh")
            .args(["-c", GUARD, "sh"])
            .arg(&program)
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Keeps a Ctrl-C in the terminal from reaching the guard before it has cleaned up.
            .process_group(0)
            .spawn()
            .context("nats-server could not be started")?;
        let lifeline = guard.stdin.take();
        let mut server = Self { url: String::new(), guard, lifeline };
        server.url = wait(&folder)?;
        Ok(server)
    }

    /// The address of a server that all tests of this process share.
    ///
    /// # Errors
    /// As [`NatsServer::start`].
    pub fn shared() -> Result<&'static str> {
        static SERVER: OnceLock<std::result::Result<NatsServer, String>> = OnceLock::new();
        let started = SERVER.get_or_init(|| Self::start().map_err(|error| format!("{error:#}")));
        started.as_ref().map(Self::url).map_err(|error| anyhow::anyhow!("{error}"))
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // A guard that is gone has nothing left to stop.
        self.guard.wait().ok();
    }
}

/// The program: Debian's place first, then the PATH.
fn program() -> Result<PathBuf> {
    let debian = PathBuf::from(PROGRAM);
    if debian.is_file() {
        return Ok(debian);
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .map(|folder| folder.join("nats-server"))
        .find(|program| program.is_file())
        .context(
            "NATS is not installed: `cargo xtask test` installs it, or run `apt-get install nats-server`",
        )
}

/// Waits until the server listens, and says where.
fn wait(folder: &Path) -> Result<String> {
    let deadline = Instant::now() + START;
    while Instant::now() < deadline {
        if let Some(url) = listening(folder) {
            return Ok(url);
        }
        // Polling a process that tells nobody when it is ready.
        std::thread::sleep(Duration::from_millis(10));
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    bail!("nats-server did not start within {} s:\n{log}", START.as_secs())
}

/// The address in the file of ports: `{"nats":["nats://127.0.0.1:41239"]}`.
fn listening(folder: &Path) -> Option<String> {
    let mut files = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let ports = files.find(|path| path.extension().is_some_and(|end| end == "ports"))?;
    let text = std::fs::read_to_string(ports).ok()?;
    let begin = text.find("nats://")?;
    let (url, _) = text.get(begin..)?.split_once('"')?;
    Some(url.to_owned())
}
