//! What is wrong within a programme.

use gangway_methodology::{Library, Severity, render_diagnostics};

use super::{MID, anywhere, broken, expect};

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
        "`2` is not a lag: write `integration-requirements SS+2`",
    );
    expect(
        MID,
        "after = [\"integration-requirements SS+2\"]",
        "after = [\"integration-requirements 2\"]",
        0,
        "does not say which ends it ties: write `integration-requirements FS+2`",
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
    let (late, line) = broken(MID, "day = 12\nevidence", "day = 20\nevidence");
    let findings = late.check();
    let wanted = "the first value `quick-win-shown` is due on day 20; the benchmark of Mid-Market is day 14";
    assert_eq!(findings.len(), 1, "{}", render_diagnostics(&findings));
    assert_eq!((findings[0].line, findings[0].message.as_str()), (line, wanted));
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(late.load().is_ok(), "a warning keeps nobody from working");
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
fn what_counts_a_target_is_a_number_of_a_running_onboarding() {
    let from = "counted_by = \"usage.active_users\"";
    anywhere(MID, from, "counted_by = \"usage.activ_users\"", "did you mean `usage.active_users`?");
    anywhere(MID, from, "counted_by = \"usage.active_users >= 5\"", "must give a whole number");
    anywhere(MID, from, "counted_by = \"users\"", "there is no fact `users`");
}
