//! Files of a methodology: whatever stands in one, judging, loading and comparing the whole never panics.
#![no_main]

use gangway_methodology::{Library, diff, render_changes, render_diagnostics};

/// Files of every kind there is a reader for. The last byte of the input chooses.
const PATHS: [&str; 12] = [
    "programmes/mid-market.toml",
    "segments.toml",
    "people.toml",
    "risks.toml",
    "wording.toml",
    "health/onboarding.toml",
    "checklists/programme.toml",
    "signals/extra.toml",
    "documents/note.md",
    "emails/note/subject.txt",
    "calendars/XX.toml",
    "task-templates/security-review.toml",
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((last, text)) = bytes.split_last() else { return };
    let path = PATHS[usize::from(*last) % PATHS.len()];
    let library = Library::with_files([(path, String::from_utf8_lossy(text).into_owned())]);
    drop(render_diagnostics(&library.check()));
    drop(library.load());
    drop(render_changes(&diff(&Library::builtin(), &library)));
});
