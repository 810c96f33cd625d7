//! Whatever stands in a file, reading and judging never panics.

use gangway_methodology::{Library, diff, render_changes, render_diagnostics};
use proptest::prelude::*;

const PATHS: [&str; 9] = [
    "programmes/mid-market.toml",
    "segments.toml",
    "people.toml",
    "checklists/programme.toml",
    "signals/extra.toml",
    "documents/note.md",
    "emails/note/subject.txt",
    "calendars/XX.toml",
    "task-templates/security-review.toml",
];

fn survive(path: &str, text: String) {
    let library = Library::with_files([(path, text)]);
    let _ = render_diagnostics(&library.check());
    let _ = library.load();
    let _ = render_changes(&diff(&Library::builtin(), &library));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arbitrary_text(path in prop::sample::select(&PATHS[..]), text in "\\PC{0,400}") {
        survive(path, text);
    }

    #[test]
    fn damaged_files(path in prop::sample::select(&PATHS[..4]), at in 0.0..1.0f64, gone in 0usize..40, put in "[\\[\\]{}=\"'#.,a-z0-9 \n]{0,12}") {
        let text = Library::builtin().text(path).unwrap_or_default().to_owned();
        let chars: Vec<char> = text.chars().collect();
        let start = ((chars.len() as f64) * at) as usize;
        let damaged: String = chars.iter().take(start).copied().chain(put.chars()).chain(chars.iter().skip(start + gone).copied()).collect();
        survive(path, damaged);
    }

    #[test]
    fn arbitrary_rules(rule in "[a-z0-9 ()\\[\\]{}<>=!&|?:.+*/%'-]{0,60}") {
        let text = Library::builtin().text("programmes/mid-market.toml").unwrap_or_default().replacen("when = \"sso\"", &format!("when = '''{rule}'''"), 1);
        survive("programmes/mid-market.toml", text);
    }
}
