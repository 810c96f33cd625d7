//! What is wrong with rules, with what holds for all programmes, and with templates.

use gangway_methodology::{Diagnostic, Library, render_diagnostics};

use super::{MID, anywhere, expect};

#[test]
fn rules() {
    expect(MID, "when = \"sso\"", "when = \"sso &&\"", 0, "rule `sso &&`");
    expect(MID, "when = \"sso\"", "when = \"single_sign_on\"", 0, "there is no fact `single_sign_on`");
    expect(MID, "when = \"sso\"", "when = \"users\"", 0, "must give true or false");
    expect(MID, "days = \"sites > 5 ? 5 : 3\"", "days = \"sso\"", 0, "must give a whole number");
    expect(MID, "days = \"sites > 5 ? 5 : 3\"", "days = \"sites - 9\"", 0, "must never be below 0");
    expect(
        MID,
        "rule = \"usage.active_users >= 5\"",
        "rule = \"usage.active_users >=\"",
        0,
        "rule `usage.active_users >=`",
    );
    expect(
        MID,
        "rule = \"usage.active_users >= 5\"",
        "rule = \"use.active_users >= 5\"",
        0,
        "there is no fact `use`",
    );
    expect("segments.toml", "when = \"acv > 50000\"", "when = \"acv > '50000'\"", 0, "rule `acv > '50000'`");
}

#[test]
fn organisation() {
    expect(
        "segments.toml",
        "from = 25000",
        "from = 20000",
        0,
        "overlaps the segment above it, which ends at 25000",
    );
    expect(
        "segments.toml",
        "from = 25000",
        "from = 30000",
        0,
        "values from 25000 to 30000 belong to no segment",
    );
    expect("segments.toml", "EUR = 1.10", "EUR = -1.10", 0, "a rate of -1.1 is not possible");
    expect(
        "segments.toml",
        "reason = \"{users} users need",
        "reason = \"{people} users need",
        0,
        "there is no placeholder `{people}`",
    );
    expect("golive.toml", "never_on = [\"friday\"]", "never_on = []", 0, "go-lives on a Friday are allowed");
    anywhere("health/onboarding.toml", "weight = 20", "weight = 30", "the weights sum to 110, not to 100");
    expect("health/onboarding.toml", "from = 50", "from = 75", 0, "is not below the status above it");
    expect("health/onboarding.toml", "from = 0", "from = 5", 0, "scores below 5 have no status");
    anywhere(
        "surveys/completion.toml",
        "options = [\"Yes\", \"Somewhat\", \"No\"]",
        "options = []",
        "`prepared` offers nothing to choose from",
    );
    expect("training/executive.toml", "minutes = 20", "minutes = 0", 0, "takes no time");
}

#[test]
fn templates() {
    let check = |path: &str, text: &str| Library::with_files([(path, text)]).check();
    let one = |findings: &[Diagnostic], file: &str, line: u32, fragment: &str| {
        assert!(
            findings.iter().any(|f| f.file == file && f.line == line && f.message.contains(fragment)),
            "{}",
            render_diagnostics(findings)
        );
    };
    one(&check("documents/x.md", "fine\n{{ open\n"), "documents/x.md", 2, "does not parse");
    one(&check("documents/x.md", "a\nb\n{% if x %}\nc"), "documents/x.md", 3, "does not parse");
    one(&check("emails/x/subject.txt", "Hello"), "emails/x/subject.txt", 1, "has a subject but no body");
    one(&check("emails/x/body.md", "Hello"), "emails/x/body.md", 1, "has a body but no subject");
    one(&check("program/x.toml", ""), "program/x.toml", 1, "nothing reads this file");
    let path = "emails/x.de/body.md";
    one(&check(path, "Hallo"), path, 1, "the e-mail `x`, which this says in another language, is not there");
    let path = "emails/form.de/body.md";
    let findings = check(path, "{{ form.name }}, {{ form.until }}");
    one(&findings, path, 1, "only one language of this e-mail fills in");
    let findings = check("words/de.toml", "language = \"en\"\n[says]\n\"Yes\" = \"\"\n");
    one(&findings, "words/de.toml", 1, "is not the name of the file");
}
