//! Killed at any moment, a command leaves nothing half-written, and the next one clears up after it.

use std::path::Path;
use std::process::Stdio;

use super::{DEAL, gangway, names, run};

/// Starts the command, kills it as soon as its draft is to be seen, and says whether it was still
/// there afterwards: sometimes the command is quicker.
fn killed_while_writing(here: &Path, arguments: &[&str]) -> bool {
    let mut child =
        gangway(here).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let is_draft = |name: &String| name.contains(".gangway-new-");
    while !names(here).iter().any(is_draft) && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    names(here).iter().any(is_draft)
}

/// Kills the command until it was caught writing; after every try, `out` must be what `check` wants.
fn catch(here: &Path, arguments: &[&str], check: impl Fn()) {
    for _ in 0..50 {
        let caught = killed_while_writing(here, arguments);
        check();
        if caught {
            return;
        }
    }
    panic!("{arguments:?} was never caught writing");
}

#[test]
fn a_package_is_whole_or_absent_and_drafts_are_cleared() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    std::fs::write(here.join("deal.txt"), DEAL).unwrap();
    let plan = ["plan", "deal.txt", "--out", "acme", "--without", "pdf", "--today", "2027-01-04"];
    assert!(run(here, &plan).status.success());
    let whole = names(&here.join("acme"));
    std::fs::remove_dir_all(here.join("acme")).unwrap();
    catch(here, &plan, || {
        if here.join("acme").exists() {
            assert_eq!(names(&here.join("acme")), whole);
            std::fs::remove_dir_all(here.join("acme")).unwrap();
        }
    });
    assert!(run(here, &plan).status.success());
    assert_eq!(names(here), ["acme", "deal.txt"]);
    // A package that is replaced is the old one or the new one.
    let marker = here.join("acme/handoff.md");
    let again =
        ["plan", "deal.txt", "--out", "acme", "--overwrite", "--without", "pdf", "--today", "2027-01-04"];
    std::fs::write(&marker, "the old one").unwrap();
    catch(here, &again, || assert_eq!(names(&here.join("acme")), whole));
    assert!(run(here, &again).status.success());
    assert_ne!(std::fs::read_to_string(&marker).unwrap(), "the old one");
    assert_eq!(names(here), ["acme", "deal.txt"]);
}

#[test]
fn a_methodology_is_whole_or_absent_and_drafts_are_cleared() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let export = ["methodology", "export", "mine"];
    catch(here, &export, || {
        if here.join("mine").exists() {
            assert_eq!(run(here, &["methodology", "diff", "mine"]).status.code(), Some(0));
            std::fs::remove_dir_all(here.join("mine")).unwrap();
        }
    });
    assert!(!here.join("mine").exists());
    assert!(run(here, &export).status.success());
    assert_eq!(names(here), ["mine"]);
    assert_eq!(run(here, &["methodology", "diff", "mine"]).status.code(), Some(0));
}

/// Whoever is still writing is not disturbed by another who clears up.
#[test]
fn a_living_writer_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    std::fs::write(here.join("deal.txt"), DEAL).unwrap();
    let plan = |out| ["plan", "deal.txt", "--out", out, "--only", "md,json", "--today", "2027-01-04"];
    let children: Vec<_> = ["one", "two", "three", "four"]
        .into_iter()
        .map(|out| gangway(here).args(plan(out)).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(names(here), ["deal.txt", "four", "one", "three", "two"]);
    assert_eq!(names(&here.join("one")), names(&here.join("four")));
}
