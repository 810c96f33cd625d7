//! Diff and export.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

use std::fs;

use gangway_methodology::{ExportError, Library, diff, render_changes};

const MID: &str = "programmes/mid-market.toml";

fn with(path: &str, edit: impl Fn(&str) -> String) -> Library {
    let builtin = Library::builtin();
    let text = edit(builtin.text(path).unwrap());
    assert_ne!(text, builtin.text(path).unwrap(), "the edit must change something");
    Library::with_files([(path, text)])
}

fn changes(path: &str, edit: impl Fn(&str) -> String) -> String {
    render_changes(&diff(&Library::builtin(), &with(path, edit)))
}

#[test]
fn nothing_changed_gives_nothing() {
    assert!(diff(&Library::builtin(), &Library::builtin()).is_empty());
    assert_eq!(changes(MID, |text| text.replace("# ── Roles", "# Roles of ours")), "");
}

#[test]
fn a_changed_value_is_told_by_task_and_key() {
    let edited = changes(MID, |text| {
        text.replacen("id = \"technical-discovery\"\nphase = \"discover\"\nname = \"Technical discovery workshop\"\nowner = \"joint\"\nrole = \"implementation-manager\"\ndays = 2", "id = \"technical-discovery\"\nphase = \"discover\"\nname = \"Technical discovery workshop\"\nowner = \"joint\"\nrole = \"implementation-manager\"\ndays = 5", 1)
    });
    assert_eq!(edited, "programmes/mid-market.toml: task `technical-discovery` days 2 → 5\n");
}

#[test]
fn added_removed_and_moved_tasks_are_told_apart() {
    let edited = changes(MID, |text| {
        let start = text.find("[[task]]\nid = \"launch-announcement\"").unwrap();
        let end = start + text[start..].find("[[task]]\nid = \"go-no-go\"").unwrap();
        let task = text[start..end].to_owned();
        let renamed = task.replace("launch-announcement", "launch-message");
        format!("{}{renamed}{}", &text[..start], &text[end..])
    });
    assert_eq!(
        edited,
        "programmes/mid-market.toml: task `launch-announcement` removed\nprogrammes/mid-market.toml: task `launch-message` added\n"
    );
    let moved = changes("surveys/kickoff.toml", |text| {
        let mut parts: Vec<&str> = text.split("\n[[question]]").collect();
        let last = parts.pop().unwrap();
        parts.insert(1, last);
        parts.join("\n[[question]]")
    });
    assert_eq!(moved, "surveys/kickoff.toml: question `missing` moved\n");
}

#[test]
fn criteria_are_told_one_by_one() {
    let rule = changes(MID, |text| text.replace("usage.active_users >= 5", "usage.active_users >= 8"));
    assert_eq!(
        rule,
        "programmes/mid-market.toml: milestone `early-use-gate` criteria `At least five people are active` \
         rule \"usage.active_users >= 5\" → \"usage.active_users >= 8\"\n"
    );
    let other = changes(MID, |text| {
        text.replace("text = \"At least five people are active\"", "text = \"The core team is active\"")
    });
    assert_eq!(
        other,
        "programmes/mid-market.toml: milestone `early-use-gate` criteria `At least five people are active` removed\n\
         programmes/mid-market.toml: milestone `early-use-gate` criteria `The core team is active` added\n"
    );
    let gone = changes(MID, |text| {
        let start = text.find("criteria = [\n  { text = \"Each goal has a metric").unwrap();
        let end = start + text[start..].find("]\n").unwrap() + 2;
        format!("{}{}", &text[..start], &text[end..])
    });
    assert_eq!(
        gone,
        "programmes/mid-market.toml: milestone `goals-agreed` criteria `Each goal has a metric, a baseline, \
         a target and a date` removed\n"
    );
}

#[test]
fn whole_files_and_texts_are_told() {
    let new = Library::with_files([("documents/note.md", "one\ntwo\n")]);
    assert_eq!(render_changes(&diff(&Library::builtin(), &new)), "documents/note.md: added\n");
    assert_eq!(render_changes(&diff(&new, &Library::builtin())), "documents/note.md: removed\n");
    let other = Library::with_files([("documents/note.md", "one\n2\n")]);
    assert_eq!(render_changes(&diff(&new, &other)), "documents/note.md: line 2 \"two\" → \"2\"\n");
}

#[test]
fn an_export_reads_back_as_the_same_library() {
    let folder = tempfile::tempdir().unwrap();
    let builtin = Library::builtin();
    let done = builtin.export(folder.path(), false).unwrap();
    assert_eq!(done.written.len(), builtin.paths().count());
    assert_eq!(Library::from_dir(folder.path()).unwrap(), builtin);
    assert_eq!(Library::from_dir(folder.path()).unwrap().digest(), builtin.digest());
    let again = builtin.export(folder.path(), false).unwrap();
    assert!(again.written.is_empty());
}

#[test]
fn an_export_never_overwrites_changes_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let builtin = Library::builtin();
    fs::create_dir(folder.path().join("programmes")).unwrap();
    fs::write(folder.path().join(MID), "mine").unwrap();
    let refused = builtin.export(folder.path(), false).unwrap_err();
    assert!(matches!(&refused, ExportError::Changed { changed } if changed == &[MID]), "{refused}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else was written");
    builtin.export(folder.path(), true).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join(MID)).unwrap(), builtin.text(MID).unwrap());
}

#[test]
fn a_folder_lies_over_the_built_in_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("handoff.toml"), "checklist = \"handoff-quality\"\nready_percent = 90\n")
        .unwrap();
    fs::write(folder.path().join(".hidden.toml"), "nonsense").unwrap();
    let library = Library::from_dir(folder.path()).unwrap();
    let methodology = library.load().unwrap();
    assert_eq!(methodology.handoff.ready_percent, 90);
    assert_eq!(methodology.programmes.len(), 4);
    assert_ne!(methodology.digest, Library::builtin().digest());
    fs::write(folder.path().join("people.toml"), [0xff, 0xfe]).unwrap();
    assert!(Library::from_dir(folder.path()).unwrap_err().to_string().contains("UTF-8"));
    assert!(Library::from_dir(&folder.path().join("absent")).is_err());
}
