//! Every lint has a file that breaks it: the finding must name the file, the line and what is wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

mod first_day;
mod forecast;
mod governance;
mod health;
mod launch;
mod organisation;
mod people;
mod programme;
mod task_templates;
mod training;
mod transition;
mod usage;
mod value;
mod wording;

use gangway_methodology::{Library, Severity, render_diagnostics};

const MID: &str = "programmes/mid-market.toml";

/// The built-in file with one passage replaced, and the line the passage stands in.
fn broken(path: &str, from: &str, to: &str) -> (Library, u32) {
    let builtin = Library::builtin();
    let text = builtin.text(path).unwrap_or_else(|| panic!("{path} is not built in"));
    let at = text.find(from).unwrap_or_else(|| panic!("{path} does not hold {from:?}"));
    let line = u32::try_from(text[..at].matches('\n').count() + 1).unwrap();
    (Library::with_files([(path, text.replacen(from, to, 1))]), line)
}

/// Replaces a passage and expects a finding in the line so many below its first.
#[track_caller]
fn expect(path: &str, from: &str, to: &str, lines_below: u32, fragment: &str) {
    let (library, line) = broken(path, from, to);
    let findings = library.check();
    assert!(
        findings
            .iter()
            .any(|f| f.file == path && f.line == line + lines_below && f.message.contains(fragment)),
        "wanted {path}:{}: … {fragment} …, got\n{}",
        line + lines_below,
        render_diagnostics(&findings)
    );
    if findings.iter().any(|f| f.severity == Severity::Error) {
        assert!(library.load().is_err());
    }
}

/// Replaces a passage and expects a finding somewhere in the file, where the place is a whole block.
#[track_caller]
fn anywhere(path: &str, from: &str, to: &str, fragment: &str) {
    let findings = broken(path, from, to).0.check();
    assert!(
        findings.iter().any(|f| f.file == path && f.message.contains(fragment)),
        "{}",
        render_diagnostics(&findings)
    );
}

#[test]
fn reading() {
    expect(MID, "version = 1", "version = = 1", 0, "not valid TOML");
    expect(
        MID,
        "lead_days = 7",
        "lead_dayz = 7",
        0,
        "there is no key `lead_dayz` here; did you mean `lead_days`?",
    );
    expect(MID, "go_live_day = 60", "go_live_day = \"sixty\"", 0, "a whole number, 0 or more, is needed");
    expect(MID, "days = 1\ndeliverable = \"Handoff document\"", "days = []", 0, "a rule in quotes");
    expect(
        MID,
        "owner = \"joint\"\nrole = \"ae\"",
        "owner = \"jont\"\nrole = \"ae\"",
        0,
        "`jont` is not possible here; did you mean `joint`?",
    );
    expect(MID, "stage = \"handoff\"", "stage = \"hand-off\"", 0, "did you mean `handoff`?");
    expect(
        "people.toml",
        "role = \"it_security\"",
        "role = \"itsecurity\"",
        0,
        "did you mean `it_security`?",
    );
    expect(
        MID,
        "[[phase]]\nid = \"prepare\"\nname = \"Handoff and preparation\"",
        "[[phase]]\nid = \"prepare\"",
        0,
        "`name` is missing",
    );
}

#[test]
fn references() {
    expect(MID, "segment = \"mid-market\"", "segment = \"midmarket\"", 0, "there is no segment `midmarket`");
    expect(MID, "phase = \"prepare\"", "phase = \"prepar\"", 0, "there is no phase `prepar`");
    expect(MID, "role = \"ae\"\ndays", "role = \"aee\"\ndays", 0, "there is no role `aee`");
    expect(
        MID,
        "after = [\"handoff-document\"]",
        "after = [\"handof-document\"]",
        0,
        "there is no task or milestone `handof-document`",
    );
    expect(MID, "track = \"administrator\"", "track = \"admin\"", 0, "there is no training track `admin`");
    expect(MID, "task = \"admin-training\"", "task = \"admin\"", 0, "there is no task `admin`");
    expect(MID, "survey = \"midpoint\"", "survey = \"middle\"", 0, "there is no survey `middle`");
    expect(
        MID,
        "after = \"early-use-gate\"",
        "after = \"early-gate\"",
        0,
        "there is no task or milestone `early-gate`",
    );
    expect(
        MID,
        "product_type = \"mid-market\"",
        "product_type = \"mid\"",
        0,
        "there is no product type `mid`",
    );
    expect(
        MID,
        "strategy = \"Pilot + expand\"",
        "strategy = \"Pilot\"",
        0,
        "there is no rollout strategy `Pilot`",
    );
    expect(
        MID,
        "at = \"pilot-gate\"",
        "at = \"pilot-gates\"",
        0,
        "there is no task or milestone `pilot-gates`",
    );
    expect(MID, "until = \"pilot\"", "until = \"pilots\"", 0, "there is no phase `pilots`");
    expect(
        "handoff.toml",
        "checklist = \"handoff-quality\"",
        "checklist = \"handoff\"",
        0,
        "there is no checklist `handoff`",
    );
    expect(
        "handoff.toml",
        "from = \"meeting\"",
        "from = \"introduction\"",
        0,
        "there is no clock above this one `introduction`",
    );
    expect("segments.toml", "currency = \"USD\"", "currency = \"DOLLAR\"", 0, "`DOLLAR` is not a currency");
    expect("segments.toml", "EUR = 1.10", "EUX = 1.10", 0, "`EUX` is not a currency");
    expect(
        "segments.toml",
        "programme = \"smb\"",
        "programme = \"small\"",
        0,
        "there is no programme `small`",
    );
    expect(
        "people.toml",
        "at = \"finish\"",
        "at = \"end\"",
        0,
        "there is no moment, task or milestone `end`",
    );
    expect(
        "golive.toml",
        "never_on = [\"friday\"]",
        "never_on = [\"fryday\"]",
        0,
        "there is no weekday `fryday`",
    );
    expect(
        "checklists/go-live-readiness.toml",
        "role = \"trainer\"",
        "role = \"teacher\"",
        0,
        "there is no role in any programme `teacher`",
    );
    expect(
        "checklists/handoff-quality.toml",
        "answered_by = \"promises\"",
        "answered_by = \"promisses\"",
        0,
        "there is no part of a deal `promisses`",
    );
    expect(
        "interventions/critical.toml",
        "level = \"Critical\"",
        "level = \"Severe\"",
        0,
        "there is no health status `Severe`",
    );
    expect(
        "signals/progress.toml",
        "category = \"progress\"",
        "category = \"speed\"",
        0,
        "there is no category of signals `speed`",
    );
    expect(
        "forms/technical-requirements.toml",
        "field = \"allow-list\"",
        "field = \"allowlist\"",
        0,
        "there is no field in this form `allowlist`",
    );
    expect("forms/technical-requirements.toml", "days = 7", "days = 0", 0, "nobody has time to answer");
    expect(
        "surveys/kickoff.toml",
        "kind = \"csat\"",
        "kind = \"stars\"",
        0,
        "there is no kind of question `stars`",
    );
    expect(
        "training/executive.toml",
        "level = \"awareness\"",
        "level = \"aware\"",
        0,
        "there is no level of competency `aware`",
    );
}

#[test]
fn identity() {
    expect(
        MID,
        "id = \"mid-market\"",
        "id = \"midmarket\"",
        0,
        "the id `midmarket` is not the name of the file",
    );
    expect(
        MID,
        "id = \"internal-handoff\"",
        "id = \"handoff-document\"",
        0,
        "the task or milestone `handoff-document` exists twice",
    );
    expect(
        MID,
        "id = \"internal-handoff\"",
        "id = \"internal handoff\"",
        0,
        "is not a usable task or milestone id",
    );
    expect(
        "signals/progress.toml",
        "id = \"blocked-tasks\"",
        "id = \"missed-meeting\"",
        0,
        "the signal `missed-meeting` exists twice",
    );
    expect(
        "segments.toml",
        "id = \"smb\"",
        "id = \"enterprise\"",
        28,
        "the segment `enterprise` exists twice",
    );
}

#[test]
fn every_error_is_told_not_only_the_first() {
    let text = Library::builtin()
        .text(MID)
        .unwrap()
        .replacen("lead_days = 7", "lead_dayz = 7", 1)
        .replacen("days = 1\n", "days = {}\n", 1)
        .replacen("owner = \"joint\"", "owner = \"both\"", 1);
    let findings = Library::with_files([(MID, text), ("golive.toml", "checklist = 3\n".to_owned())]).check();
    assert_eq!(findings.iter().filter(|f| f.file == MID).count(), 4, "{}", render_diagnostics(&findings));
    assert_eq!(
        findings.iter().filter(|f| f.file == "golive.toml").count(),
        1,
        "{}",
        render_diagnostics(&findings)
    );
}

#[test]
fn a_finding_reads_like_a_compilers() {
    let (library, line) = broken(MID, "role = \"ae\"\ndays", "role = \"aee\"\ndays");
    let text = render_diagnostics(&library.check());
    assert!(
        text.starts_with(&format!(
            "programmes/mid-market.toml:{line}:8: error: there is no role `aee`\n    help: did you mean `ae`?"
        )),
        "{text}"
    );
    assert!(text.ends_with("1 error, 0 warnings\n"), "{text}");
    assert_eq!(render_diagnostics(&[]), "");
}
