//! A private PostgreSQL cluster in a temporary folder, gone when this process is.
//!
//! A small shell guards it: it waits for the end of its standard input, which this process holds
//! open, then stops the server and removes the folder. So the cluster also goes when this process
//! is killed and no destructor runs. `xtask` compiles this file too (it must not depend on the
//! workspace's crates), so it uses the standard library and anyhow only.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Longest wait for the server to accept connections.
const START: Duration = Duration::from_secs(60);

/// Runs the server ($1: its program, $2: its folder), until standard input ends.
const GUARD: &str = r#"
"$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
     -c synchronous_commit=off -c max_connections=200 >"$2/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT $server 2>/dev/null
wait $server
rm -rf "$2"
"#;

/// A running cluster; stops when dropped.
pub struct Cluster {
    folder: PathBuf,
    guard: Child,
    /// Closing it ends the cluster.
    lifeline: Option<ChildStdin>,
}

impl Cluster {
    /// Makes and starts a cluster that listens on a socket in its own folder only.
    ///
    /// # Errors
    /// When PostgreSQL is not installed or does not start; the message says what to do.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let folder = folder()?;
        let output = unprivileged(&programs.join("initdb"))
            .args(["--username=gangway", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"])
            .arg("--pgdata")
            .arg(folder.join("data"))
            .current_dir(&folder)
            .output()
            .context("initdb could not be run")?;
        if !output.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let mut guard = unprivileged(Path::new("/bin/sh"))
            .args(["-c", GUARD, "sh"])
            .arg(programs.join("postgres"))
            .arg(&folder)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .own_group()
            .spawn()
            .context("PostgreSQL could not be started")?;
        let lifeline = guard.stdin.take();
        let cluster = Self { folder, guard, lifeline };
        cluster.wait(&programs)?;
        Ok(cluster)
    }

    /// Address of its maintenance database.
    #[must_use]
    pub fn url(&self) -> String {
        // A path in the host part must be percent-encoded.
        let host = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://gangway@{host}/postgres")
    }

    /// Makes an empty database and says its address.
    ///
    /// # Errors
    /// When there is one of this name already.
    pub fn create_database(&self, name: &str) -> Result<String> {
        let output = Command::new(programs()?.join("createdb"))
            .args(["--username=gangway", "--host"])
            .arg(&self.folder)
            .arg(name)
            .output()
            .context("createdb could not be run")?;
        if !output.status.success() {
            bail!("the database {name} cannot be made: {}", String::from_utf8_lossy(&output.stderr));
        }
        let host = self.folder.to_string_lossy().replace('/', "%2F");
        Ok(format!("postgres://gangway@{host}/{name}"))
    }

    fn wait(&self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            let ready = Command::new(programs.join("pg_isready"))
                .args(["--quiet", "--timeout=1", "--host"])
                .arg(&self.folder)
                .status()
                .context("pg_isready could not be run")?;
            if ready.success() {
                return Ok(());
            }
            // Polling a process that tells nobody when it is ready.
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        bail!("PostgreSQL did not start within {} s:\n{log}", START.as_secs())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // A guard that is gone has nothing left to stop.
        self.guard.wait().ok();
    }
}

/// The newest PostgreSQL's programs: Debian's place first, then those on the PATH.
///
/// # Errors
/// When there is none.
pub fn programs() -> Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, programs)| programs.join("initdb").exists() && programs.join("postgres").exists())
        .collect();
    versions.sort();
    let on_path =
        || std::env::split_paths(&std::env::var_os("PATH")?).find(|folder| folder.join("initdb").exists());
    versions.pop().map(|(_, programs)| programs).or_else(on_path).context(
        "PostgreSQL is not installed: `cargo xtask test` installs it, or run `apt-get install postgresql`",
    )
}

/// A fresh folder that the user the server runs as owns.
fn folder() -> Result<PathBuf> {
    let base = std::env::temp_dir();
    let output = unprivileged(Path::new("mktemp"))
        .args(["--directory", "--tmpdir"])
        .arg("gangway-postgres-XXXXXX")
        .env("TMPDIR", &base)
        .current_dir("/")
        .output()
        .context("mktemp could not be run")?;
    if !output.status.success() {
        bail!("no temporary folder for PostgreSQL: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(PathBuf::from(String::from_utf8(output.stdout)?.trim_end()))
}

/// A command as the current user, or as `postgres` when that is root: PostgreSQL refuses root.
fn unprivileged(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

/// Whether this process is root's: it owns its own entry in /proc.
#[must_use]
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|entry| entry.uid() == 0)
}

/// Keeps a Ctrl-C in the terminal from reaching the guard before it has cleaned up.
trait OwnGroup {
    fn own_group(&mut self) -> &mut Self;
}

impl OwnGroup for Command {
    fn own_group(&mut self) -> &mut Self {
        use std::os::unix::process::CommandExt;
        self.process_group(0)
    }
}
