//! Takes the bundled scripts in. Never runs npm: without them the pages work, only less lively.

use std::path::Path;
use std::{env, fs};

/// What `cargo xtask assets` makes.
const BUNDLE: &str = "assets/dist/app.js";

fn main() -> std::io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={BUNDLE}");
    let bundle = fs::read(BUNDLE).unwrap_or_else(|_| {
        println!("cargo:warning=the pages come without their scripts: `cargo xtask assets` bundles them");
        Vec::new()
    });
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("app.js"), bundle)
}
