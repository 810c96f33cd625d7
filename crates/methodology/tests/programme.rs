//! Programmes at work: changed part by part, judged with places, compared in words.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

use gangway_methodology::{Comparison, Input, Library, Part, PartChange, ProgrammeText, Values};
use proptest::prelude::*;

fn smb() -> String {
    Library::builtin().programme("smb").unwrap().to_owned()
}

fn one(text: &str) -> Input {
    Input::One(text.to_owned())
}

fn rows(rows: &[&[&str]]) -> Input {
    Input::Rows(rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect())
}

/// Lines that are only in one of the texts: `-` gone, `+` new.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let gone = before.lines().filter(|line| !after.lines().any(|other| other == *line));
    let new = after.lines().filter(|line| !before.lines().any(|other| other == *line));
    gone.map(|line| format!("-{line}")).chain(new.map(|line| format!("+{line}"))).collect()
}

#[test]
fn what_is_not_changed_stays_byte_for_byte() {
    for id in ["enterprise", "mid-market", "smb", "self-serve"] {
        let text = Library::builtin().programme(id).unwrap().to_owned();
        let mut open = ProgrammeText::open(&text).unwrap();
        assert_eq!(open.text(), text, "{id}");
        let programme = gangway_methodology::read_programme(&text).unwrap();
        let tasks = programme.tasks.iter().map(|task| (Part::Task, task.id.as_str()));
        let milestones =
            programme.milestones.iter().map(|milestone| (Part::Milestone, milestone.id.as_str()));
        let whole = [(Part::Head, ""), (Part::Complete, "")];
        for (part, name) in tasks.chain(milestones).chain(whole) {
            let values = open.values(part, name).unwrap();
            assert_eq!(open.set(part, name, &values), Ok(true), "{id} {name}");
        }
        assert_eq!(open.text(), text, "{id}: writing what stands there changes nothing");
    }
}

#[test]
fn a_changed_field_changes_its_line_alone() {
    let text = smb().replace("days = 10\n", "days = 10 # two weeks\n");
    let mut open = ProgrammeText::open(&text).unwrap();
    let values = Values::from([("days", one("users > 100 ? 15 : 10")), ("name", one("Watch closely"))]);
    open.set(Part::Task, "hypercare", &values).unwrap();
    assert_eq!(
        changed_lines(&text, &open.text()),
        [
            "-name = \"Two weeks of watching closely and answering fast\"",
            "-days = 10 # two weeks",
            "+name = \"Watch closely\"",
            "+days = \"users > 100 ? 15 : 10\" # two weeks",
        ]
    );
}

#[test]
fn dependencies_and_criteria_are_rows() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    let kickoff = open.values(Part::Task, "kickoff").unwrap();
    assert_eq!(kickoff["after"], rows(&[&["customer-introduction", "FS", ""], &["environment", "FS", ""]]));
    let values = Values::from([("after", rows(&[&["environment", "SS", "2"], &["", "FS", ""]]))]);
    open.set(Part::Task, "kickoff", &values).unwrap();
    assert!(open.text().contains("after = [\"environment SS+2\"]"), "{}", open.text());
    let criteria = rows(&[
        &["The goal has a figure and a date", "outcomes.defined >= 2", ""],
        &["Somebody signed", "", "acv > 0"],
        &["", "", ""],
    ]);
    open.set(Part::Milestone, "goals-agreed", &Values::from([("criteria", criteria)])).unwrap();
    let text = open.text();
    assert!(
        text.contains(
            "criteria = [\n  { text = \"The goal has a figure and a date\", rule = \"outcomes.defined >= 2\" },\n  { text = \"Somebody signed\", when = \"acv > 0\" },\n]"
        ),
        "{text}"
    );
    assert!(Library::builtin().judge("smb", &text).is_usable());
}

#[test]
fn what_cannot_be_written_is_told_by_field_and_changes_nothing() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    let values = Values::from([
        ("name", one("  ")),
        ("days", one("")),
        ("after", rows(&[&["kickoff", "FS", "soon"]])),
        ("note", one("This one would be fine.")),
    ]);
    let mistakes = open.set(Part::Task, "quick-win", &values).unwrap_err();
    let told: Vec<String> = mistakes.iter().map(|found| format!("{} {}", found.key, found.message)).collect();
    assert_eq!(
        told,
        [
            "name is missing",
            "days is missing",
            "after waits “soon” days for `kickoff`: write a whole number of working days"
        ]
    );
    assert_eq!(open.text(), smb());
    assert_eq!(open.set(Part::Task, "no-such-task", &values), Ok(false));
}

#[test]
fn a_new_task_stands_behind_its_neighbour() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    let id = open.fresh_id("Security review (short)!");
    assert_eq!(id, "security-review-short");
    assert_eq!(open.fresh_id("Kickoff"), "kickoff-2", "ids are not given twice");
    let values = Values::from([
        ("name", one("Security review")),
        ("phase", one("start")),
        ("owner", one("customer")),
        ("role", one("customer-technical-lead")),
        ("days", one("2")),
        ("after", rows(&[&["kickoff", "", ""]])),
    ]);
    open.add(Part::Task, &id, Some("impact-plan"), &values).unwrap();
    let text = open.text();
    let task = "[[task]]\nid = \"security-review-short\"\nname = \"Security review\"\nphase = \"start\"\nowner = \"customer\"\nrole = \"customer-technical-lead\"\ndays = 2\nafter = [\"kickoff\"]\n\n[[task]]\nid = \"requirements\"";
    assert!(text.contains(task), "{text}");
    assert_eq!(text.replace(task, "[[task]]\nid = \"requirements\""), smb());
    assert!(Library::builtin().judge("smb", &text).is_usable());
}

#[test]
fn a_task_that_goes_leaves_no_hole_and_no_heading_behind() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    assert!(open.remove(Part::Task, "admin-training"));
    let tasks = gangway_methodology::read_programme(&open.text()).unwrap().tasks;
    let after = |id: &str| tasks.iter().find(|task| task.id == id).unwrap().after.clone();
    assert_eq!(after("end-user-training"), ["core-configuration"], "what it waited for");
    assert_eq!(
        after("pilot-operation"),
        ["data-check", "core-configuration", "user-provisioning", "quick-win"]
    );
    assert!(open.remove(Part::Task, "pilot-operation"));
    let heading = "# ── Tasks: Trial week ";
    assert!(smb().contains(heading) && open.text().contains(heading), "the heading stays");
    let judged = Library::builtin().judge("smb", &open.text());
    let told: Vec<&str> = judged.findings.iter().map(|found| found.diagnostic.message.as_str()).collect();
    assert_eq!(told, ["there is no task `admin-training`"], "the training that was given in it");
    assert!(judged.findings[0].at.starts_with("training.0"));
    assert!(!open.remove(Part::Task, "admin-training"));
}

#[test]
fn order_changes_within_a_phase() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    assert!(open.shift(Part::Task, "impact-plan", true));
    let programme = gangway_methodology::read_programme(&open.text()).unwrap();
    let start: Vec<&str> =
        programme.tasks.iter().filter(|t| t.phase == "start").map(|t| t.id.as_str()).take(3).collect();
    assert_eq!(start, ["impact-plan", "kickoff", "requirements"]);
    let text = open.text();
    let heading = text.find("# ── Tasks: Kickoff and set-up").unwrap();
    assert!(text[heading..].find("impact-plan").unwrap() < text[heading..].find("id = \"kickoff\"").unwrap());
    assert!(!open.shift(Part::Task, "impact-plan", true), "it is the first of its phase");
    assert!(open.shift(Part::Task, "impact-plan", false));
    assert_eq!(open.text(), smb());
}

#[test]
fn marks_tell_whether_a_part_was_changed() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    let (kickoff, other) = (open.mark(Part::Task, "kickoff"), open.mark(Part::Task, "hypercare"));
    open.set(Part::Task, "hypercare", &Values::from([("days", one("12"))])).unwrap();
    assert_eq!(open.mark(Part::Task, "kickoff"), kickoff);
    assert_ne!(open.mark(Part::Task, "hypercare"), other);
    assert_eq!(open.mark(Part::Task, "nothing"), "");
}

#[test]
fn findings_know_the_value_and_the_character() {
    let text = smb()
        .replace("rule = \"outcomes.defined >= 1\"", "rule = \"outcomes.defined >=\"")
        .replace("role = \"customer-project-lead\"\ndays = 3", "role = \"customer-project-led\"\ndays = 3");
    let judged = Library::builtin().judge("smb", &text);
    assert!(!judged.is_usable() && judged.programme.is_some());
    let [role, rule] = judged.findings.as_slice() else { panic!("{:?}", judged.findings) };
    assert_eq!(
        (role.at.as_str(), role.id.as_deref(), role.offset),
        ("task.7.role", Some("requirements"), None)
    );
    assert_eq!((rule.at.as_str(), rule.id.as_deref()), ("milestone.0.criteria.0.rule", Some("goals-agreed")));
    assert_eq!(rule.offset, Some(19), "{rule:?}");
    let broken = Library::builtin().judge("smb", "id = \n");
    assert!(broken.programme.is_none() && broken.findings[0].diagnostic.line == 1);
}

#[test]
fn versions_are_compared_phase_by_phase() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    open.set(Part::Task, "hypercare", &Values::from([("days", one("5"))])).unwrap();
    open.set(Part::Task, "kickoff", &Values::from([("after", rows(&[&["environment", "SS", ""]]))])).unwrap();
    open.remove(Part::Task, "sso-setup");
    open.set(Part::Head, "", &Values::from([("complete_day", one("60"))])).unwrap();
    open.set_version(7);
    let found = Comparison::of(&smb(), &open.text());
    let told: Vec<String> = found
        .groups
        .iter()
        .flat_map(|group| {
            group.items.iter().map(move |item| {
                let deltas: Vec<String> = item
                    .deltas
                    .iter()
                    .map(|delta| {
                        format!("{}: {} → {}", delta.label, delta.from.join(", "), delta.to.join(", "))
                    })
                    .collect();
                format!(
                    "{} / {} {} / {:?} / {}",
                    group.title,
                    item.what,
                    item.name,
                    item.change,
                    deltas.join("; ")
                )
            })
        })
        .collect();
    assert_eq!(
        told,
        [
            "About the programme / Programme SMB onboarding / Changed / Complete by day: 56 → 60",
            "Kickoff and set-up / Task Kickoff call / Changed / Comes after: Introduce the onboarding manager and send the preparation list, Prepare the account from a template with sample data → Prepare the account from a template with sample data (SS)",
            "Kickoff and set-up / Task Invite the first people / Changed / Comes after: Set up and test single sign-on → Kickoff call",
            "Kickoff and set-up / Task Set up and test single sign-on / Removed / Side: joint → ; Role: Customer technical lead → ; Working days: 3 → ; Comes after: Kickoff call → ; Only when: sso → ",
            "Kickoff and set-up / Gate Account set up / Changed / Comes after: Set up and test single sign-on → Kickoff call",
            "Adoption and handover / Task Two weeks of watching closely and answering fast / Changed / Working days: 10 → 5",
        ]
    );
    assert_eq!(found.counts(), [0, 1, 5]);
    assert!(Comparison::of(&smb(), &smb()).is_empty());
    assert!(Comparison::of(&smb(), "id = ").unreadable.is_some());
}

#[test]
fn a_move_is_told_with_both_neighbours() {
    let mut open = ProgrammeText::open(&smb()).unwrap();
    open.shift(Part::Task, "impact-plan", false);
    let found = Comparison::of(&smb(), &open.text());
    let [group] = found.groups.as_slice() else { panic!("{found:?}") };
    let [item] = group.items.as_slice() else { panic!("{found:?}") };
    assert_eq!((item.change, item.deltas[0].label.as_str()), (PartChange::Changed, "Place"));
}

proptest! {
    #[test]
    fn nothing_typed_breaks_the_text(name in ".*", days in ".*", rule in ".*", id in "[a-z-]{0,12}") {
        let mut open = ProgrammeText::open(&smb()).unwrap();
        let values = Values::from([
            ("name", one(&name)),
            ("days", one(&days)),
            ("when", one(&rule)),
            ("after", rows(&[&[&id, "FS", &days]])),
        ]);
        let before = open.text();
        match open.set(Part::Task, "hypercare", &values) {
            Ok(_) => {
                let again = ProgrammeText::open(&open.text()).unwrap();
                let written = again.values(Part::Task, "hypercare").unwrap();
                prop_assert_eq!(&written["name"], &one(name.trim()));
            }
            Err(_) => prop_assert_eq!(open.text(), before),
        }
    }
}
