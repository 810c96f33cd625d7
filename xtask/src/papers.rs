//! What the papers say of the code must be so.

/// Every path ARCHITECTURE.md names in backticks exists. Names without a `/`, patterns and commands
/// are not paths.
#[test]
fn architecture_names_real_paths() {
    let root = crate::run::root();
    let text = std::fs::read_to_string(root.join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let paths: Vec<&str> = text
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| {
            ["crates/", "xtask/", "methodology/", "docs/", "e2e/", "fuzz/", ".ci/"]
                .iter()
                .any(|top| quoted.starts_with(top))
        })
        .filter(|quoted| !quoted.contains(['*', '{', '<', ' ', '…', ':']))
        .collect();
    assert!(!paths.is_empty(), "ARCHITECTURE.md names no path");
    let missing: Vec<&&str> = paths.iter().filter(|path| !root.join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}
