//! What holds for a rendered package as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use std::path::Path;

use gangway_domain::methodology::{EmailTemplate, Methodology};
use gangway_domain::package::Package;
use serde_json::{Value, json};

use super::files::{Audience, DOCUMENTS, is_ours};
use super::*;

const FIXTURE: &str = include_str!("../../tests/fixtures/acme.package.json");

fn fixture() -> Value {
    serde_json::from_str(FIXTURE).unwrap()
}

fn package(json: &Value) -> Package {
    serde_json::from_value(json.clone()).unwrap()
}

/// A methodology that holds only the built-in templates.
fn templates() -> Methodology {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../methodology");
    let mut methodology = Methodology::default();
    for entry in std::fs::read_dir(root.join("documents")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        methodology.documents.insert(name, std::fs::read_to_string(&path).unwrap());
    }
    for name in ["welcome", "kickoff-invite", "welcome.de", "kickoff-invite.de"] {
        let folder = root.join("emails").join(name);
        let read = |part: &str| std::fs::read_to_string(folder.join(part)).unwrap();
        methodology
            .emails
            .insert(name.to_owned(), EmailTemplate { subject: read("subject.txt"), body: read("body.md") });
    }
    methodology
}

/// All text of a file: as it is, or of every part inside for the formats that are archives.
fn text_of(file: &RenderedFile) -> String {
    if !file.bytes.starts_with(b"PK") {
        return String::from_utf8_lossy(&file.bytes).into_owned();
    }
    let mut archive = zip::ZipArchive::new(Cursor::new(&file.bytes)).unwrap();
    let mut text = String::new();
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        text.push_str(&String::from_utf8_lossy(&bytes));
    }
    text
}

/// Whether a file goes to the customer.
fn for_customer(path: &str) -> bool {
    path.starts_with("emails/")
        || path.rsplit_once('.').is_some_and(|(name, _)| {
            DOCUMENTS.iter().any(|spec| spec.name == name && spec.audience == Audience::Customer)
        })
}

/// Sets the value at a path such as `risks/*/text` wherever it exists; says how often.
fn plant(json: &mut Value, path: &str, marker: &Value) -> usize {
    let (step, rest) = path.split_once('/').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let mut places: Vec<&mut Value> = match json {
        Value::Array(items) if step == "*" => items.iter_mut().collect(),
        Value::Object(map) if step == "*" => map.values_mut().collect(),
        Value::Object(map) => map.get_mut(step).into_iter().collect(),
        _ => Vec::new(),
    };
    match rest {
        Some(rest) => places.into_iter().map(|place| plant(place, rest, marker)).sum(),
        None => {
            for place in &mut places {
                **place = marker.clone();
            }
            places.len()
        }
    }
}

/// Everything the customer must never read, as paths into a package.
const SECRET: &[&str] = &[
    "reading/deal/red_flags/*/value/text",
    "reading/deal/red_flags/*/value/mitigation",
    "reading/deal/relationship/*/value",
    "reading/deal/decision/*/value",
    "reading/deal/alternatives/*/value/name",
    "reading/deal/alternatives/*/value/why_not",
    "reading/deal/notes/*/value",
    "reading/deal/approach/*/value",
    "reading/deal/concerns/*/value/text",
    "reading/deal/stakeholders/*/value/notes",
    "reading/deal/title/value",
    "reading/deal/sales_cycle/value",
    "reading/deal/*/source/excerpt",
    "reading/deal/*/*/source/excerpt",
    "reading/unread/*/text",
    "reading/notices/*/message",
    "notices/*/message",
    "handoff/quality/items/*/text",
    "handoff/quality/items/*/because",
    "handoff/clocks/*/name",
    "handoff/clocks/*/owner",
    "handoff/spiced/*/known/*/text",
    "handoff/spiced/*/known/*/place",
    "handoff/promises/*/place",
    "handoff/internal_meeting/title",
    "handoff/internal_meeting/purpose",
    "handoff/internal_meeting/items/*/title",
    "segmentation/segment_name",
    "segmentation/touch_words",
    "segmentation/programme_name",
    "segmentation/resources",
    "segmentation/personalization",
    "segmentation/meetings",
    "segmentation/reasons/*/text",
    "plan/phases/*/customer",
    "plan/tasks/*/note",
    "plan/tasks/*/after/*",
    "plan/milestones/*/criteria/*/rule",
    "people/stakeholders/*/notes",
    "people/stakeholders/*/strategy",
    "people/stakeholders/*/engagement",
    "people/threading",
    "people/gaps/*/why",
    "risks/*/text",
    "risks/*/mitigation",
    "risks/*/owner",
    "risks/*/origin",
    "questions/*/why",
    "questions/*/assumed",
    "surveys/*/title",
    "health/model/name",
    "health/model/component/*/green",
    "health/review/*/title",
    "health/signals/*/name",
    "health/signals/*/intervention",
    "health/interventions/*/owner",
    "health/metrics/*/name",
];

#[test]
fn customers_never_read_what_is_internal() {
    let mut json = fixture();
    // Facts of the deal the fixture leaves out, so that each secret path exists.
    let fact = |value: Value| json!({ "value": value, "source": { "from": "text", "span": { "start": 0, "end": 1, "line": 1, "column": 1 }, "excerpt": "x" }, "confidence": "low" });
    let deal = &mut json["reading"]["deal"];
    deal["notes"] = json!([fact(json!("x"))]);
    deal["approach"] = json!([fact(json!("x"))]);
    deal["concerns"] = json!([fact(json!({ "text": "x", "answer": "x" }))]);
    deal["title"] = fact(json!("x"));
    deal["sales_cycle"] = fact(json!("x"));
    deal["acv"]["value"]["minor"] = json!(98_765_432_100_i64);
    json["reading"]["notices"] = json["notices"].clone();
    for (index, stakeholder) in deal_stakeholders(&mut json).iter_mut().enumerate() {
        stakeholder["value"]["notes"] = json!(format!("x{index}"));
    }
    for (index, path) in SECRET.iter().enumerate() {
        let planted = plant(&mut json, path, &json!(format!("SECRETMARKER{index}X")));
        assert!(planted > 0, "{path} does not exist in the fixture");
    }
    // Things seen by some and not by others, told apart by a neighbour.
    for meeting in json["meetings"].as_array_mut().unwrap() {
        if meeting["with_customer"] == json!(false) {
            for field in ["title", "purpose"] {
                meeting[field] = json!("SECRETMARKERMEETING");
            }
        }
    }
    for task in json["plan"]["tasks"].as_array_mut().unwrap() {
        if task["owner"] == json!("vendor") && task["phase"] == json!("prepare") {
            task["name"] = json!("SECRETMARKERTASK");
            task["deliverable"] = json!("SECRETMARKERTASK");
        }
    }
    for question in json["questions"].as_array_mut().unwrap() {
        if question["ask"] == json!("AE") {
            question["text"] = json!("SECRETMARKERQUESTION");
        }
    }
    let critic = json!({
        "label": "Pat Critic", "title": null, "role": "detractor", "role_name": "SECRETMARKERCRITIC", "count": 1, "email": null,
        "power": "high", "interest": "low", "strategy": "SECRETMARKERCRITIC", "engagement": "SECRETMARKERCRITIC", "notes": null, "confidence": "low",
    });
    json["people"]["stakeholders"].as_array_mut().unwrap().push(critic);
    let statement = json!({ "topic": "People", "statement": "Pat Critic takes part as SECRETMARKERCRITIC.", "confidence": "low" });
    json["handoff"]["confirmation"].as_array_mut().unwrap().push(statement);

    let files = render(&package(&json), &templates(), &Formats::all()).unwrap();
    let mut checked = BTreeSet::new();
    for file in files.iter().filter(|file| for_customer(&file.path) && !file.path.ends_with(".pdf")) {
        let text = text_of(file);
        for word in [
            "SECRETMARKER",
            "987,654",
            "987654",
            "a guess, please check",
            "read from the wording",
            "Keep satisfied",
            "Manage closely",
        ] {
            assert!(!text.contains(word), "{} shows `{word}`: …{}…", file.path, excerpt(&text, word));
        }
        checked.insert(file.path.clone());
    }
    assert!(checked.len() >= 20, "{checked:?}");
    let handoff = files.iter().find(|file| file.path == "handoff.md").unwrap();
    assert!(text_of(handoff).contains("SECRETMARKER"), "our own handoff shows them");
}

fn deal_stakeholders(json: &mut Value) -> &mut Vec<Value> {
    json["reading"]["deal"]["stakeholders"].as_array_mut().unwrap()
}

fn excerpt(text: &str, word: &str) -> String {
    let at = text.find(word).unwrap_or(0);
    text.chars().skip(text[..at].chars().count().saturating_sub(80)).take(200).collect()
}

#[test]
fn the_same_package_gives_the_same_bytes() {
    let (package, methodology) = (package(&fixture()), templates());
    let first = render(&package, &methodology, &Formats::all()).unwrap();
    let second = render(&package, &methodology, &Formats::all()).unwrap();
    let different: Vec<&str> =
        first.iter().zip(&second).filter(|(a, b)| a != b).map(|(a, _)| a.path.as_str()).collect();
    assert_eq!(different, Vec::<&str>::new());
    assert_eq!(first.len(), second.len());
}

#[test]
fn every_file_is_listed_unique_and_not_empty() {
    let package = package(&fixture());
    let files = render(&package, &templates(), &Formats::all()).unwrap();
    let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths.len(), files.len());
    for file in &files {
        assert!(is_ours(&file.path), "{}", file.path);
        assert!(file.bytes.len() > 20, "{} is empty", file.path);
    }
    for path in [
        "index.html",
        "package.json",
        "handoff.md",
        "handoff.html",
        "handoff.docx",
        "handoff.pdf",
        "confirmation-sheet.docx",
        "internal-handoff-agenda.md",
        "customer-introduction-agenda.html",
        "kickoff-deck.pptx",
        "kickoff-deck.pdf",
        "implementation-plan.docx",
        "implementation-plan.xlsx",
        "implementation-plan.pdf",
        "implementation-plan.md",
        "raci-matrix.xlsx",
        "stakeholder-map.docx",
        "activation-scorecard.xlsx",
        "joint-impact-plan.pdf",
        "go-live-readiness.docx",
        "health-monitoring.html",
        "training-plan.docx",
        "emails/welcome.subject.txt",
        "emails/welcome.txt",
        "emails/welcome.html",
        "emails/kickoff-invite.html",
        "meetings/kickoff.ics",
        "calendar.ics",
    ] {
        assert!(paths.contains(path), "{path} is missing");
    }
    assert_eq!(
        contents(&package, &Formats::all()).into_iter().map(|(path, _)| path).collect::<Vec<_>>(),
        files.iter().map(|f| f.path.clone()).collect::<Vec<_>>()
    );
}

#[test]
fn the_catalogue_has_every_file_once_with_a_kickoff_and_without() {
    let mut package = package(&fixture());
    let had = package.meetings.len();
    for kickoffs in [true, false] {
        package.meetings.retain(|meeting| kickoffs || !meeting.kickoff);
        assert_eq!(package.meetings.len() == had, kickoffs, "the deal has a kickoff");
        let listed: Vec<String> = catalogue(&package.meetings)
            .into_iter()
            .flat_map(|group| group.entries)
            .flat_map(|entry| entry.paths)
            .collect();
        let made: BTreeSet<String> =
            contents(&package, &Formats::all()).into_iter().map(|(path, _)| path).collect();
        assert_eq!(listed.len(), made.len());
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), made);
    }
}

#[test]
fn e_mails_speak_the_language_of_the_workspace() {
    let (package, methodology) = (package(&fixture()), templates());
    let email: Formats = "email".parse().unwrap();
    let made = |language| {
        let files = render_worded(&package, &methodology, &email, &Wordings::new(), language).unwrap();
        files.into_iter().map(|file| (file.path.clone(), text_of(&file))).collect::<BTreeMap<_, _>>()
    };
    let (english, german) = (made(Language::En), made(Language::De));
    assert_eq!(english.keys().collect::<Vec<_>>(), german.keys().collect::<Vec<_>>(), "the same files");
    for name in ["welcome", "kickoff-invite"] {
        let (html, text) = (format!("emails/{name}.html"), format!("emails/{name}.txt"));
        assert!(english[&text].starts_with("Hello,"), "{}", english[&text]);
        assert!(german[&text].starts_with("Guten Tag,"), "{}", german[&text]);
        assert!(english[&html].contains("<html lang=\"en\">"), "{name}");
        assert!(german[&html].contains("<html lang=\"de\">"), "{name}");
        let subject = &german[&format!("emails/{name}.subject.txt")];
        assert!(!subject.trim().is_empty() && *subject != english[&format!("emails/{name}.subject.txt")]);
    }
    // Days as Germans write them, and no templates left open.
    assert!(german["emails/welcome.txt"].contains("., "), "{}", german["emails/welcome.txt"]);
    assert!(!german["emails/welcome.txt"].contains("{{"));
    let untranslated = {
        let mut known = templates();
        known.emails.retain(|name, _| !name.ends_with(".de"));
        render_worded(&package, &known, &email, &Wordings::new(), Language::De).unwrap()
    };
    let welcome = untranslated.iter().find(|file| file.path == "emails/welcome.txt").unwrap();
    assert_eq!(text_of(welcome), english["emails/welcome.txt"], "in English where nobody translated it");
}

#[test]
fn formats_choose_the_files() {
    let package = package(&fixture());
    let files = render(&package, &templates(), &"md,json".parse().unwrap()).unwrap();
    assert!(files.iter().all(|file| file.path.ends_with(".md") || file.path == "package.json"));
    let one = render_one(&package, &templates(), "handoff.md").unwrap();
    assert_eq!(Some(&one), files.iter().find(|file| file.path == "handoff.md"));
    assert!(matches!(render_one(&package, &templates(), "../secrets"), Err(PackageError::UnknownFile(_))));
}

#[test]
fn the_overview_links_only_to_files_that_are_there() {
    let package = package(&fixture());
    for formats in ["html,json", "all"] {
        let files = render(&package, &templates(), &formats.parse().unwrap()).unwrap();
        let index = text_of(files.iter().find(|file| file.path == "index.html").unwrap());
        let targets: Vec<&str> = index
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|href| !href.starts_with('#'))
            .collect();
        for target in &targets {
            assert!(files.iter().any(|file| file.path == *target), "{target}");
        }
        for file in files.iter().filter(|file| file.path != "index.html") {
            assert!(targets.contains(&file.path.as_str()), "{} is not linked", file.path);
        }
    }
}

/// Text that would break out of tables, lists, JSON, front matter, HTML or a spreadsheet.
const EVIL: &str =
    "=1+1|<script>alert(1)</script>\n+++\n---\n```gantt\n# *x* {{ 7*7 }} \"q\" \\ ]]> 漢字 \u{202e}";

#[test]
fn hostile_text_breaks_nothing() {
    let mut json = fixture();
    for path in [
        "names/customer",
        "names/product",
        "names/use_case",
        "names/vendor",
        "dates/kickoff_because",
        "dates/verdict",
        "plan/phases/*/name",
        "plan/phases/*/goal",
        "plan/phases/*/deliverables/*",
        "plan/tasks/*/name",
        "plan/tasks/*/assignee",
        "plan/tasks/*/role_name",
        "plan/milestones/*/name",
        "plan/milestones/*/criteria/*/text",
        "plan/milestones/*/evidence",
        "people/stakeholders/*/label",
        "people/stakeholders/*/title",
        "people/team/*/person",
        "people/calendar/*/message",
        "raci/columns/*/role",
        "raci/rows/*/activity",
        "impact_plan/north_star",
        "impact_plan/outcomes/*/goal",
        "meetings/*/title",
        "meetings/*/purpose",
        "meetings/*/participants/*",
        "meetings/*/agenda/*/title",
        "risks/*/text",
        "questions/*/text",
        "handoff/promises/*/text",
        "handoff/confirmation/*/statement",
        "training/*/name",
        "training/*/modules/*/title",
        "activation/targets/*/name",
        "go_live/readiness/*/items/*/text",
        "governance/*/participants/*",
        "reading/deal/integrations/*/value/system",
        "reading/deal/pain/*/value",
    ] {
        assert!(plant(&mut json, path, &json!(EVIL)) > 0, "{path}");
    }
    let files = render(&package(&json), &templates(), &Formats::all()).unwrap();
    for file in files.iter().filter(|file| file.path.ends_with(".html")) {
        let text = text_of(file);
        assert!(!text.contains("<script"), "{}", file.path);
    }
    let subject = files.iter().find(|file| file.path == "emails/welcome.subject.txt").unwrap();
    assert_eq!(text_of(subject).trim_end().lines().count(), 1);
}

#[test]
fn a_package_that_knows_next_to_nothing_renders() {
    let mut json = fixture();
    for (path, value) in [
        ("reading/deal", json!({})),
        ("handoff/promises", json!([])),
        ("handoff/confirmation", json!([])),
        ("risks", json!([])),
        ("questions", json!([])),
        ("meetings", json!([])),
        ("training", json!([])),
        ("governance", json!([])),
        ("surveys", json!([])),
        ("people/stakeholders", json!([])),
        ("people/calendar", json!([])),
        ("people/audiences", json!([])),
        ("people/change", json!([])),
        ("people/team", json!([])),
        ("plan/rollout", json!([])),
        ("plan/milestones", json!([])),
        ("plan/critical_path", json!([])),
        ("plan/calendars", json!([])),
        ("plan/complete", json!({ "value": [], "technical": [], "by": "2027-04-11" })),
        ("impact_plan/outcomes", json!([])),
        ("impact_plan/milestones", json!([])),
        ("activation/targets", json!([])),
        ("go_live/readiness", json!([])),
        ("go_live/approvals", json!([])),
        ("raci/rows", json!([])),
        ("health/signals", json!([])),
        ("health/reviews", json!([])),
        ("dates/feasibility", json!(null)),
        ("dates/go_live_target", json!(null)),
        ("dates/first_value_on", json!(null)),
        ("handoff/internal_meeting/items", json!([])),
        ("handoff/introduction/items", json!([])),
    ] {
        assert_eq!(plant(&mut json, path, &value), 1, "{path}");
    }
    let files = render(&package(&json), &templates(), &Formats::all()).unwrap();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let text = text_of(file);
        for word in ["| None |", "undefined", "null", "Some("] {
            assert!(!text.contains(word), "{}: {}", file.path, excerpt(&text, word));
        }
    }
}

#[test]
fn a_broken_template_is_named() {
    let mut methodology = templates();
    methodology
        .documents
        .insert("handoff".to_owned(), "+++\ntitle = \"x\"\n+++\n\n{{ nobody.knows }}".to_owned());
    let error = render(&package(&fixture()), &methodology, &Formats::only(&[Format::Md])).unwrap_err();
    assert!(error.to_string().starts_with("handoff.md:5:"), "{error}");
    methodology.documents.shift_remove("handoff");
    let error = render(&package(&fixture()), &methodology, &Formats::only(&[Format::Md])).unwrap_err();
    assert!(matches!(&error, PackageError::MissingTemplate(name) if name == "handoff.md"), "{error}");
}
