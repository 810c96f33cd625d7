//! Every lint has a file that breaks it: the finding must name the file, the line and what is wrong.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

use gangway_methodology::{Diagnostic, Library, Severity, render_diagnostics};

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
fn dependencies() {
    let findings = broken(MID, "name = \"Write the handoff document\"\nowner = \"vendor\"\nrole = \"ae\"\ndays = 1", "name = \"Write the handoff document\"\nowner = \"vendor\"\nrole = \"ae\"\ndays = 1\nafter = [\"kickoff-preparation\"]").0.check();
    assert!(
        findings.iter().any(|f| f.message.contains("in a circle")
            && f.message.matches('→').count() >= 3
            && f.message.contains("kickoff-preparation")),
        "{}",
        render_diagnostics(&findings)
    );
    expect(
        MID,
        "after = [\"handoff-document\"]",
        "after = [\"internal-handoff\"]",
        0,
        "cannot come after itself",
    );
    expect(
        MID,
        "after = [\"integration-requirements SS+2\"]",
        "after = [\"integration-requirements SS2\"]",
        0,
        "is not a lag",
    );
    expect(
        MID,
        "after = [\"integration-requirements SS+2\"]",
        "after = [\"integration-requirements XY\"]",
        0,
        "use FS, SS, FF or SF",
    );
}

#[test]
fn milestones() {
    let findings = broken(MID, "after = [\"impact-plan\"]\nday = 9", "after = []\nday = 9").0.check();
    assert!(
        findings.iter().any(|f| f.message.contains("`goals-agreed` can never be reached")),
        "{}",
        render_diagnostics(&findings)
    );
    expect(MID, "day = 30\nevidence", "day = 12\nevidence", 0, "is due on day 12");
    expect(MID, "day = 75", "day = 95", 0, "after the programme is complete");
    anywhere(
        "programmes/smb.toml",
        "technical = [\"account-ready\", \"data-in\"",
        "technical = [\"data-in\", \"live\"",
        "`live` is not a technical milestone",
    );
    expect(
        MID,
        "value = [\"goals-agreed\", \"early-use-gate\", \"pilot-gate\", \"rollout-gate\", \"outcome-verified\"]",
        "value = [\"goals-agreed\", \"outcome-verified\"]",
        0,
        "3 to 5 value milestones, here are 2",
    );
    expect(
        MID,
        "value = [\"goals-agreed\",",
        "value = [\"hypercare-exit\",",
        0,
        "`hypercare-exit` is not a value milestone",
    );
    let text = Library::builtin().text("programmes/smb.toml").unwrap().to_owned();
    let start = text.find("criteria = [\n  { text = \"More than 80 % of users are trained\"").unwrap();
    let end = start + text[start..].find("]\n").unwrap() + 2;
    let findings =
        Library::with_files([("programmes/smb.toml", format!("{}{}", &text[..start], &text[end..]))]).check();
    assert!(
        findings.iter().any(|f| f.message == "the gate `go-live-ready` has no criteria"),
        "{}",
        render_diagnostics(&findings)
    );
}

#[test]
fn structure() {
    anywhere(MID, "kickoff = true\n", "", "no task has `kickoff = true`");
    anywhere(MID, "go_live = true\n", "", "no task has `go_live = true`");
    anywhere(MID, "first_value = true\n", "", "no milestone has `first_value = true`");
    anywhere(
        MID,
        "id = \"hypercare-exit\"\n",
        "id = \"hypercare-exit\"\nfirst_value = true\n",
        "`hypercare-exit` is marked as first value but is not a value milestone",
    );
    expect(MID, "go_live = true", "go_live = true\nkickoff = true", 1, "both have `kickoff = true`");
    expect(MID, "weeks = [3, 4]", "weeks = [4, 3]", 0, "weeks 4 to 3 run backwards");
    expect(MID, "weeks = [5, 6]", "weeks = [2, 3]", 0, "lies before the phase above it");
    expect(MID, "duration_days = [60, 90]", "duration_days = [90, 60]", 0, "is not a range");
    expect(MID, "complete_day = 90", "complete_day = 50", 0, "is before go-live");
    expect(MID, "side = \"vendor\"", "side = \"joint\"", 0, "cannot be joint");
    expect(
        MID,
        "owner = \"vendor\"\nrole = \"ae\"",
        "owner = \"customer\"\nrole = \"ae\"",
        0,
        "belongs to the customer but its role `ae` to the vendor",
    );
    expect(MID, "minutes = 90\n", "minutes = 60\n", 0, "the agenda takes 90 minutes, the meeting 60");
    anywhere(MID, "every_weeks = 2\n", "every_weeks = 0\n", "the series `steering` does not say how often");
    expect(
        MID,
        "cells = [\"R, A\", \"C, I\", \"I\", \"I\", \"I\"]",
        "cells = [\"R, A\", \"C, I\", \"I\", \"I\"]",
        0,
        "has 4 cells for 5 roles",
    );
    expect(
        MID,
        "cells = [\"R, A\", \"C, I\", \"I\", \"I\", \"I\"]",
        "cells = [\"R, A\", \"A\", \"I\", \"I\", \"I\"]",
        0,
        "2 roles are accountable",
    );
    expect(
        MID,
        "cells = [\"R, A\", \"C, I\", \"I\", \"I\", \"I\"]",
        "cells = [\"R\", \"C, I\", \"I\", \"I\", \"I\"]",
        0,
        "nobody is accountable",
    );
    expect(
        MID,
        "cells = [\"R, A\", \"C, I\", \"I\", \"I\", \"I\"]",
        "cells = [\"A\", \"C, I\", \"I\", \"I\", \"I\"]",
        0,
        "nobody is responsible",
    );
    expect(
        MID,
        "cells = [\"R, A\", \"C, I\", \"I\", \"I\", \"I\"]",
        "cells = [\"R, A\", \"C, X\", \"I\", \"I\", \"I\"]",
        0,
        "`X` is not a letter of RACI",
    );
    expect(
        MID,
        "name = \"Introduce the team to {customer}\"",
        "name = \"Introduce the team to {client}\"",
        0,
        "there is no placeholder `{client}`",
    );
    expect(
        MID,
        "name = \"Introduce the team to {customer}\"",
        "name = \"Introduce the team to {customer\"",
        0,
        "without its `}`",
    );
    expect(
        MID,
        "name = \"Introduce the team to {customer}\"",
        "name = \"Introduce the team to {item}\"",
        0,
        "`{item}` needs `for_each`",
    );
    expect(MID, "pilot_percent = [5, 15]", "pilot_percent = [15, 5]", 0, "is not a range");
}

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
