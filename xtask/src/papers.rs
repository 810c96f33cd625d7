//! What the papers say of the code must be so: every relative link leads somewhere, every path of the
//! repository in backticks exists.

use std::path::{Path, PathBuf};

/// Folders at the root; what begins with one of them in backticks is a path.
const TOPS: [&str; 7] = ["crates", "xtask", "methodology", "docs", "e2e", "fuzz", ".ci"];

/// Something a paper says is there.
#[derive(Debug, PartialEq, Eq)]
enum Claim {
    /// A link's target, relative to the paper, and the heading in it.
    Link(String, Option<String>),
    /// A path from the root.
    Path(String),
}

#[test]
fn papers_tell_the_truth() {
    let root = crate::run::root();
    let mut papers: Vec<PathBuf> = std::fs::read_dir(&root)
        .expect("the root")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| is_paper(path))
        .collect();
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if is_paper(&path) {
                papers.push(path);
            }
        }
    }
    for known in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/deals.md", "docs/decisions.md"] {
        assert!(papers.contains(&root.join(known)), "{known} was not read");
    }
    let (mut wrong, mut links, mut paths) = (Vec::new(), 0, 0);
    for paper in &papers {
        let text = std::fs::read_to_string(paper).expect("a paper is text");
        let here = paper.parent().unwrap_or(&root);
        for (line, claim) in claims(&text) {
            let problem = match &claim {
                Claim::Link(target, heading) => {
                    links += 1;
                    let file = if target.is_empty() { paper.clone() } else { here.join(target) };
                    broken_link(&file, heading.as_deref())
                }
                Claim::Path(path) => {
                    paths += 1;
                    (!root.join(path).exists()).then(|| format!("`{path}` is not there"))
                }
            };
            let name = paper.strip_prefix(&root).unwrap_or(paper).display();
            wrong.extend(problem.map(|problem| format!("{name}:{line}: {problem}")));
        }
    }
    assert!(links > 5 && paths > 20, "the papers were not understood: {links} links, {paths} paths");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn is_paper(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "md")
}

fn broken_link(file: &Path, heading: Option<&str>) -> Option<String> {
    if !file.exists() {
        return Some(format!("the link to {} leads nowhere", file.display()));
    }
    let heading = heading?;
    let text = std::fs::read_to_string(file).ok()?;
    let found = text
        .lines()
        .filter(|line| line.starts_with('#'))
        .any(|line| anchor(line.trim_start_matches('#')) == heading);
    (!found).then(|| format!("{} has no heading #{heading}", file.display()))
}

/// A heading's anchor as the usual renderers make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// What a paper claims, with its lines; examples in fenced blocks claim nothing.
fn claims(text: &str) -> Vec<(usize, Claim)> {
    let mut claims = Vec::new();
    let mut fenced = false;
    for (line, text) in text.lines().enumerate().map(|(index, text)| (index + 1, text)) {
        if text.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        let mut prose = String::new();
        for (index, part) in text.split('`').enumerate() {
            if index % 2 == 0 {
                prose.push_str(part);
            } else {
                claims.extend(path(part).map(|path| (line, Claim::Path(path))));
            }
        }
        claims.extend(prose.split("](").skip(1).filter_map(link).map(|link| (line, link)));
    }
    claims
}

/// A path of the repository, unless it is a pattern or a command.
fn path(quoted: &str) -> Option<String> {
    let top = quoted.split('/').next().unwrap_or_default();
    let plain = !quoted.contains(['*', '{', '<', ' ', '…']);
    // `crates/app/src/plan.rs:12` names a line, too.
    let path = quoted.split(':').next().unwrap_or_default();
    (quoted.contains('/') && TOPS.contains(&top) && plain).then(|| path.to_owned())
}

/// The target of a link of which `rest` begins behind `](`; none when it leads out of the repository.
fn link(rest: &str) -> Option<Claim> {
    let target = rest.split([')', ' ']).next().unwrap_or_default();
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (file, heading) =
        target.split_once('#').map_or((target, None), |(file, heading)| (file, Some(heading.to_owned())));
    Some(Claim::Link(file.to_owned(), heading))
}

#[test]
fn claims_are_found() {
    let text = "See [deals](docs/deals.md#how-to) and `crates/cli`, `crates/*`, `cargo run`, `src/main.rs`.\n\
                ```\n[no](nothing.md) `docs/none`\n```\n[out](https://example.org) [up](#top) `docs/a.md:3`";
    let path = |path: &str| Claim::Path(path.to_owned());
    let link = |file: &str, heading: &str| Claim::Link(file.to_owned(), Some(heading.to_owned()));
    assert_eq!(
        claims(text),
        [
            (1, path("crates/cli")),
            (1, link("docs/deals.md", "how-to")),
            (5, path("docs/a.md")),
            (5, link("", "top"))
        ]
    );
}

#[test]
fn broken_links_are_told() {
    let readme = crate::run::root().join("README.md");
    assert_eq!(broken_link(&readme, None), None);
    assert_eq!(broken_link(&readme, Some("two-commands")), None);
    assert!(broken_link(&readme, Some("three-commands")).is_some());
    assert!(broken_link(&readme.with_file_name("none.md"), None).is_some());
    assert_eq!(anchor(" 1. From a deal to a package!"), "1-from-a-deal-to-a-package");
}
