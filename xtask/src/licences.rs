//! Licences of everything that goes into the binary.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::run::{cargo, has, step};

/// SPDX ids that may be in the binary: permissive, or copyleft of single files only (MPL). The same
/// list as in `deny.toml`.
const ALLOWED: [&str; 17] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OFL-1.1",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

/// Packages that carry a licence file but name no SPDX id, with what the file is: read by a person.
const READ: [(&str, &str, &str); 1] = [("ttf-inter", "0.1.0", "OFL-1.1")];

/// Checks them with cargo-deny when it is installed, else by what the packages say of themselves.
pub fn check() -> Result<()> {
    if has("cargo-deny") {
        return step("licences", cargo().args(["deny", "--all-features", "check", "licenses"]));
    }
    println!("\n== licences");
    let output =
        cargo().args(["metadata", "--format-version=1", "--locked"]).output().context("cargo metadata")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let refused: BTreeSet<String> = packages
        .iter()
        .filter(|package| !allowed(licence(package)))
        .map(|package| format!("{} {} ({})", package["name"], package["version"], package["license"]))
        .collect();
    if !refused.is_empty() {
        bail!(
            "licences that may not be in the binary:\n  {}",
            refused.into_iter().collect::<Vec<_>>().join("\n  ")
        );
    }
    println!("{} packages, all allowed", packages.len());
    Ok(())
}

/// What a package says of itself, or what its licence file was found to be.
fn licence(package: &Value) -> &str {
    let read =
        |(name, version, _): &&(&str, &str, &str)| package["name"] == *name && package["version"] == *version;
    package["license"].as_str().or_else(|| READ.iter().find(read).map(|(_, _, id)| *id)).unwrap_or_default()
}

/// Whether an SPDX expression can be satisfied with allowed licences only. Understands `OR`, `AND`,
/// `WITH`, brackets and the old `/`.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    either(&mut rest) && rest.is_empty()
}

fn either(words: &mut &[&str]) -> bool {
    let mut fine = both(words);
    while words.first() == Some(&"OR") {
        *words = &words[1..];
        fine |= both(words);
    }
    fine
}

fn both(words: &mut &[&str]) -> bool {
    let mut fine = one(words);
    while words.first() == Some(&"AND") {
        *words = &words[1..];
        fine &= one(words);
    }
    fine
}

fn one(words: &mut &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    *words = rest;
    if *first == "(" {
        let fine = either(words);
        if words.first() == Some(&")") {
            *words = &words[1..];
        }
        return fine;
    }
    // An exception only ever permits more.
    if words.first() == Some(&"WITH") {
        *words = words.get(2..).unwrap_or_default();
    }
    ALLOWED.contains(first)
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn expressions_are_understood() {
        for (expression, fine) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only", false),
            ("MIT OR GPL-2.0", true),
            ("MIT AND GPL-2.0", false),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR Apache-2.0) AND AGPL-3.0", false),
            ("Apache-2.0 WITH LLVM-exception OR MIT", true),
            ("", false),
        ] {
            assert_eq!(allowed(expression), fine, "{expression}");
        }
    }
}
