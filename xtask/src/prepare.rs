//! What the tests need beside Rust: found, or installed after saying so.

use std::process::Command;

use anyhow::{Result, bail};

use crate::cluster;
use crate::run::{has, step};

/// Something a test needs and the Debian package it comes with.
struct Need {
    package: &'static str,
    what: &'static str,
    there: bool,
}

/// Makes sure PostgreSQL, Chromium and Node.js are there.
pub fn run() -> Result<()> {
    let needs = [
        Need {
            package: "postgresql",
            what: "PostgreSQL, for the store tests",
            there: cluster::programs().is_ok(),
        },
        Need {
            package: "chromium",
            what: "Chromium, for the browser tests",
            there: has("chromium") || has("chromium-browser"),
        },
        Need {
            package: "npm",
            what: "Node.js and npm, to drive the browser",
            there: has("node") && has("npm"),
        },
    ];
    let missing: Vec<&Need> = needs.iter().filter(|need| !need.there).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("The tests need:");
    for need in &missing {
        println!("  {} — {}", need.package, need.what);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if !has("apt-get") || !cluster::is_root() {
        bail!(
            "please install them (on Debian: `sudo apt-get install {}`), then run this again",
            packages.join(" ")
        );
    }
    println!("They are now installed with apt-get.");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    step("apt-get update", apt().args(["update", "--quiet"]))?;
    step(
        "apt-get install",
        apt().args(["install", "--quiet", "--yes", "--no-install-recommends"]).args(&packages),
    )
}
