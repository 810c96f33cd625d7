//! What the tests need beside Rust: found, or installed after saying so.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::cluster;
use crate::run::{cargo, has, step};

/// Where Debian puts Chromium; `e2e/check.mjs` looks there, too.
const CHROMIUM: [&str; 2] = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/// Where Debian puts the NATS server; not everybody has that folder on the PATH.
const NATS: &str = "/usr/sbin/nats-server";

/// Where Debian's LibreOffice notes which kinds of documents it has; each is a package by itself.
const OFFICE: &str = "/usr/lib/libreoffice/share/.registry";

/// Something a test needs.
struct Need {
    /// Debian package, or component of the Rust tool chain.
    name: &'static str,
    what: &'static str,
    there: bool,
}

/// Makes sure that the parts of the tool chain, PostgreSQL, NATS, Chromium, Node.js, Python and LibreOffice are there.
pub fn run() -> Result<()> {
    let components = [
        Need { name: "rustfmt", what: "the format check", there: answers("fmt") },
        Need { name: "clippy", what: "the lints", there: answers("clippy") },
    ];
    let packages = [
        Need {
            name: "postgresql",
            what: "the database tests; they start a server of their own, but Debian starts one as well, on \
                   port 5432, which they leave alone",
            there: cluster::programs().is_ok(),
        },
        Need {
            name: "nats-server",
            what: "the tests of usage events; they start a server of their own on a free port, but Debian starts one \
                   as well, on port 4222, which they leave alone",
            there: Path::new(NATS).is_file() || has("nats-server"),
        },
        Need {
            name: "chromium",
            what: "the browser tests",
            there: CHROMIUM.iter().any(|path| Path::new(path).is_file()),
        },
        Need { name: "curl", what: "the walk through a new installation", there: has("curl") },
        // npm comes with nodejs everywhere but on Debian, where it is a package that brings nodejs.
        Need {
            name: "npm",
            what: "Node.js and npm, to bundle the pages' scripts and to drive the browser",
            there: has("node") && has("npm"),
        },
        Need {
            name: "python3-venv",
            what: "the readers of documents, the contract of the API and the SDKs of Python; each gets a \
                   Python of its own",
            there: makes_python_environments(),
        },
        Need {
            name: "libreoffice-writer",
            what: "opening the Word documents of packages",
            there: opens_office("writer.xcd"),
        },
        Need {
            name: "libreoffice-impress",
            what: "opening the kickoff decks of packages",
            there: opens_office("impress.xcd"),
        },
        Need {
            name: "libreoffice-calc",
            what: "opening the workbooks of packages",
            there: opens_office("calc.xcd"),
        },
    ];
    let (components, packages) = (missing(&components), missing(&packages));
    if components.is_empty() && packages.is_empty() {
        return Ok(());
    }
    println!("{}", announcement(&components, &packages));
    if !(components.is_empty() || has("rustup")) || !(packages.is_empty() || may_install()) {
        bail!("please install it, then run this again:\n{}", advice(&components, &packages));
    }
    println!("They are now installed.");
    if !components.is_empty() {
        step("rustup component add", Command::new("rustup").args(["component", "add"]).args(&components))?;
    }
    if packages.is_empty() { Ok(()) } else { install(&packages) }
}

/// Whether cargo has a subcommand; without its component, rustup's stand-in fails.
fn answers(subcommand: &str) -> bool {
    let asked = cargo().args([subcommand, "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    asked.is_ok_and(|status| status.success())
}

/// Whether Python can make environments with packages of their own: Debian has that in a package by itself.
fn makes_python_environments() -> bool {
    let mut asked = Command::new("python3");
    asked.args(["-c", "import ensurepip, venv"]).stdout(Stdio::null()).stderr(Stdio::null());
    asked.status().is_ok_and(|status| status.success())
}

/// Whether LibreOffice is there with one of its kinds of documents; elsewhere than on Debian it comes with all of them.
fn opens_office(kind: &str) -> bool {
    let place = Path::new(OFFICE);
    has("soffice") && (!place.is_dir() || place.join(kind).is_file())
}

/// The names of what is missing; each is told as it is found.
fn missing(needs: &[Need]) -> Vec<&'static str> {
    let missing = needs.iter().filter(|need| !need.there);
    missing
        .inspect(|need| println!("missing: {} — for {}", need.name, need.what))
        .map(|need| need.name)
        .collect()
}

/// What is about to be installed, in one sentence.
fn announcement(components: &[&str], packages: &[&str]) -> String {
    let mut text = String::from("The tests need");
    if !components.is_empty() {
        let _ = write!(text, " the tool chain's {}", components.join(" and "));
    }
    if !packages.is_empty() {
        let also = if components.is_empty() { "" } else { ", and" };
        let _ = write!(text, "{also} the Debian packages {} with what these depend on", packages.join(", "));
    }
    text + "."
}

/// The commands a person can run.
fn advice(components: &[&str], packages: &[&str]) -> String {
    let mut lines = Vec::new();
    if !components.is_empty() {
        lines.push(format!("  rustup component add {}", components.join(" ")));
    }
    if !packages.is_empty() {
        let debian = format!("  sudo apt-get install --no-install-recommends {}", packages.join(" "));
        lines.push(debian + "   (on Debian; elsewhere, the same under other names)");
    }
    lines.join("\n")
}

fn may_install() -> bool {
    has("apt-get") && cluster::is_root()
}

/// Installs Debian packages without a question. The lists of packages are only fetched when they are
/// not there, or so old that what they name is gone.
fn install(packages: &[&str]) -> Result<()> {
    let known =
        apt(&["install", "--simulate"]).args(packages).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let fresh = !known.is_ok_and(|status| status.success());
    if fresh {
        step("apt-get update", &mut apt(&["update"]))?;
    }
    let outcome = step("apt-get install", apt(&["install"]).args(packages));
    if outcome.is_ok() || fresh {
        return outcome;
    }
    println!("Perhaps the lists of packages are old; once more with new ones.");
    step("apt-get update", &mut apt(&["update"]))?;
    step("apt-get install", apt(&["install"]).args(packages))
}

/// `apt-get` that asks nothing: not about configuration, nor about changed files of it; and that waits
/// when another one is at work, as happens on a machine that has just been started.
fn apt(verb: &[&str]) -> Command {
    let mut command = Command::new("apt-get");
    command
        .args(["--quiet", "--yes", "--no-install-recommends"])
        .args(["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"])
        .args(["-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold"])
        .args(verb)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_with_what_to_do() {
        assert_eq!(
            announcement(&["clippy"], &["postgresql", "nats-server"]),
            "The tests need the tool chain's clippy, and the Debian packages postgresql, nats-server with what these depend on."
        );
        assert_eq!(
            announcement(&[], &["npm"]),
            "The tests need the Debian packages npm with what these depend on."
        );
        let advice = advice(&["rustfmt", "clippy"], &["nats-server", "chromium"]);
        assert!(advice.contains("rustup component add rustfmt clippy\n"), "{advice}");
        assert!(advice.contains("apt-get install --no-install-recommends nats-server chromium "), "{advice}");
    }

    #[test]
    fn apt_asks_nothing() {
        let command = apt(&["install"]);
        let arguments: Vec<&str> = command.get_args().filter_map(|argument| argument.to_str()).collect();
        assert!(arguments.contains(&"--yes") && arguments.contains(&"Dpkg::Options::=--force-confold"));
        assert_eq!(arguments.last(), Some(&"install"));
        let quiet = command.get_envs().any(|(name, value)| {
            name == "DEBIAN_FRONTEND" && value.is_some_and(|value| value == "noninteractive")
        });
        assert!(quiet);
    }
}
