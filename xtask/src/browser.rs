//! The browser tests: Gangway on free ports, Chromium driven over it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::cluster::Cluster;
use crate::run::{Beside, build_gangway, root, step, whole};
use crate::{assets, prepare};

/// Walks through the demo, and through empty installations on both databases with and without
/// scripts, as `e2e/check.mjs`, `e2e/first-run.mjs`, `e2e/running.mjs`, `e2e/customer.mjs` and `e2e/usage.mjs` say.
pub fn check(cluster: &Cluster) -> Result<()> {
    let node = walker("e2e")?;
    let gangway = build_gangway(Beside::Tests)?;
    let (demo, _) = Server::start(&gangway, &["demo"])?;
    step(
        "browser: pictures",
        node("screenshots.mjs").arg(&demo.address).arg(root().join("target/screenshots")),
    )?;
    step("browser: demo", node("check.mjs").arg(&demo.address))?;
    step("browser: programmes", node("programmes.mjs").arg(&demo.address))?;
    drop(demo);
    step("browser: identity provider", node("sign-in.mjs").arg(&gangway))?;
    Empty { cluster, gangway: &gangway, node: &node }.walk_all()
}

/// A walk through an empty installation: where it keeps what it knows, a script, and how it is walked.
type Walk = (Place, &'static str, &'static [&'static str]);

/// The longest first. With and without scripts on both databases, each at one of the two widths; scripts on the narrow one
/// once more, where a picture is scrolled under the finger that drags.
const WALKS: [Walk; 16] = [
    (Place::Sqlite, "running", &["1440", "with-scripts"]),
    (Place::Postgres, "running", &["1440", "with-scripts"]),
    (Place::Sqlite, "running", &["390", "with-scripts"]),
    (Place::Sqlite, "running", &["390", "without-scripts"]),
    (Place::Postgres, "running", &["390", "without-scripts"]),
    (Place::Sqlite, "customer", &["with-scripts"]),
    (Place::Postgres, "customer", &["with-scripts"]),
    (Place::Sqlite, "customer", &["without-scripts"]),
    (Place::Sqlite, "usage", &["1440", "with-scripts"]),
    (Place::Postgres, "usage", &["1440", "with-scripts"]),
    (Place::Sqlite, "usage", &["390", "with-scripts"]),
    (Place::Sqlite, "usage", &["390", "without-scripts"]),
    (Place::Sqlite, "first-run", &["with-scripts"]),
    (Place::Postgres, "first-run", &["with-scripts"]),
    (Place::Sqlite, "first-run", &["without-scripts"]),
    (Place::Postgres, "first-run", &["without-scripts"]),
];

/// Walks at a time: half of one is waiting for pages, and more would wait for processors.
const LANES: usize = 2;

/// What walks through empty installations need.
struct Empty<'a, N> {
    cluster: &'a Cluster,
    gangway: &'a Path,
    node: &'a N,
}

impl<N: Fn(&str) -> Command + Sync> Empty<'_, N> {
    /// All walks, each on a server and a database of its own. Those that are under way when one fails are ended.
    fn walk_all(&self) -> Result<()> {
        let left = Mutex::new(WALKS.iter());
        let lane = || {
            // Nothing is done while it is held that could fail.
            let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
            while let Some(walk) = next() {
                if let Err(error) = self.walk(*walk) {
                    // The other lane begins nothing new.
                    left.lock().unwrap_or_else(PoisonError::into_inner).by_ref().for_each(drop);
                    return Err(error);
                }
            }
            Ok(())
        };
        thread::scope(|scope| {
            let lanes: Vec<_> = (0..LANES).map(|_| scope.spawn(lane)).collect();
            let ended =
                lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|_| bail!("a walk panicked")));
            ended.collect::<Vec<_>>().into_iter().collect()
        })
    }

    fn walk(&self, (place, script, args): Walk) -> Result<()> {
        let what = format!("{script} {}", args.join(" "));
        let folder = tempfile::TempDir::with_prefix("gangway-walk-")?;
        let data = folder.path().to_string_lossy();
        let mut arguments = vec!["serve", "--data", &*data];
        let postgres = match place {
            Place::Sqlite => None,
            Place::Postgres => Some(self.cluster.create_database(&what.replace(['-', ' '], "_"))?),
        };
        if let Some(url) = &postgres {
            arguments.extend(["--database", url.as_str()]);
        }
        let (server, mut output) = Server::start(self.gangway, &arguments)?;
        let setup = address(&mut output)?;
        let mut walk = (self.node)(&format!("{script}.mjs"));
        walk.args([&server.address, &setup]).args(args);
        whole(&format!("browser: {what}, {}", place.name()), &mut walk)
    }
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Sqlite,
    Postgres,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Takes the pictures of the README from the demo of today.
pub fn take_pictures() -> Result<()> {
    prepare::run()?;
    assets::run()?;
    let node = walker("e2e")?;
    let gangway = build_gangway(Beside::Nothing)?;
    let (demo, _) = Server::start(&gangway, &["demo"])?;
    step("pictures", node("screenshots.mjs").arg(&demo.address).arg(root().join("docs/images")))
}

/// Lets Lighthouse judge the main pages of the demo, as `e2e/lighthouse/measure.mjs` says.
pub fn judge() -> Result<()> {
    prepare::run()?;
    assets::run()?;
    let node = walker("e2e/lighthouse")?;
    let gangway = build_gangway(Beside::Nothing)?;
    let (demo, _) = Server::start(&gangway, &["demo"])?;
    step("lighthouse", node("measure.mjs").arg(&demo.address))
}

/// What runs a script of a folder of browser tests, once its packages are there.
fn walker(folder: &str) -> Result<impl Fn(&str) -> Command> {
    let folder = root().join(folder);
    step(
        "npm packages of the browser tests",
        Command::new("npm").args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(&folder),
    )?;
    Ok(node(folder))
}

/// What runs a script of a folder whose packages are there.
pub(crate) fn node(folder: PathBuf) -> impl Fn(&str) -> Command {
    move |script: &str| {
        let mut command = Command::new("node");
        command.arg(script).current_dir(&folder);
        command
    }
}

/// A running Gangway; stops when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    /// Starts it on a free port; gives it and the rest of what it prints.
    pub(crate) fn start(gangway: &Path, args: &[&str]) -> Result<(Self, BufReader<ChildStdout>)> {
        let mut child = Command::new(gangway)
            .args(args)
            .args(["--port", "0"])
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .context("Gangway cannot be started")?;
        let output = child.stdout.take().context("Gangway has no output")?;
        // Held from here on, so that it is stopped whatever happens.
        let mut server = Self { child, address: String::new() };
        let mut output = BufReader::new(output);
        server.address = address(&mut output)?;
        Ok((server, output))
    }
}

/// The address at the end of the next line.
pub(crate) fn address(output: &mut BufReader<ChildStdout>) -> Result<String> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    match line.trim().rsplit(' ').next() {
        Some(address) if address.starts_with("http://") => Ok(address.to_owned()),
        _ => bail!("Gangway did not say its address, but: {line}"),
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGTERM, so that the demo removes its folder. The shell's own `kill`: a bare Debian has no other.
        let id = self.child.id().to_string();
        let asked = Command::new("sh").args(["-c", "kill \"$1\"", "sh", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            self.child.kill().ok();
        }
        self.child.wait().ok();
    }
}
