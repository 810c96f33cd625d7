//! Reading plan files, good and bad.

#![expect(clippy::unwrap_used, reason = "a test helper fails by panicking")]

use std::path::{Path, PathBuf};

use gangway_domain::plan::{Constraint, LinkKind, PlanSpec, Point, schedule};
use gangway_planfile::{Format, MOST_BYTES, PlanFileError, plan_schema, read, schedule_schema};
use jiff::civil::{Weekday, date};
use proptest::prelude::*;

const PROJECT: &str = include_str!("files/project.xml");
const TINY: &str = include_str!("files/tiny.sm");
/// Instances of all sets of PSPLIB, packed by `crates/domain/tests/psplib/sample.py`.
const SAMPLE: &str = include_str!("../../domain/tests/psplib/sample.txt");

fn error(text: &str) -> String {
    read(text.as_bytes(), None).unwrap_err().to_string()
}

#[test]
fn json_is_read_and_wrong_json_is_located() {
    let file = read(
        "\u{feff} {\"start\": \"2026-03-02\", \"tasks\": [{\"id\": \"a\", \"duration\": 2}]}".as_bytes(),
        None,
    )
    .unwrap();
    assert_eq!((file.format, file.plan.tasks.len(), file.notices.len()), (Format::Json, 1, 0));
    for (text, expected) in [
        (
            "{\n \"tasks\": [\n  {\"id\": \"a\", \"duration\": -1}\n ]\n}",
            "line 3, column 28, at `tasks[0].duration`: invalid value: integer `-1`, expected u32",
        ),
        (
            "{\"task\": []}",
            "line 1, column 7, at `task`: unknown field `task`, expected one of `schema`, `name`, `time`, `start`, `calendars`, `tasks`, `links`, `target`",
        ),
        ("{}", "line 1, column 2, at `.`: missing field `tasks`"),
        ("{\"tasks\": []} x", "line 1, column 15, at `.`: trailing characters"),
    ] {
        assert_eq!(error(text), expected);
    }
    let deep = format!("{{\"tasks\": {}", "[".repeat(100_000));
    assert!(matches!(read(deep.as_bytes(), None), Err(PlanFileError::Json { .. })));
}

#[test]
fn what_is_no_plan_is_said() {
    assert!(matches!(read(b"", None), Err(PlanFileError::UnknownFormat)));
    assert!(matches!(read(b"PK\x03\x04 nothing", None), Err(PlanFileError::UnknownFormat)));
    assert!(matches!(read(&[0x7b, 0xff, 0xfe], None), Err(PlanFileError::NotUtf8 { at: 1 })));
    let huge = vec![b' '; MOST_BYTES + 1];
    assert!(matches!(read(&huge, None), Err(PlanFileError::TooLarge { .. })));
    assert!(matches!(read(b"jobs", Some(Format::Psplib)), Err(PlanFileError::Psplib { .. })));
}

#[test]
fn a_project_file_becomes_a_plan() {
    let file = read(PROJECT.as_bytes(), None).unwrap();
    let plan = &file.plan;
    assert_eq!(plan.name.as_deref(), Some("Rollout & training"));
    assert_eq!(plan.start, Some(date(2026, 3, 2)));
    let calendars: Vec<_> = plan.calendars.iter().map(|c| (c.id.as_str(), c.weekend.clone())).collect();
    assert_eq!(
        calendars,
        [
            ("Standard", vec![Weekday::Sunday, Weekday::Saturday]),
            ("Customer", vec![Weekday::Sunday, Weekday::Friday, Weekday::Saturday]),
        ]
    );
    assert_eq!(plan.calendars[0].holidays[0].name, "Plant closed");
    assert_eq!(plan.calendars[1].closed[0].to, date(2026, 3, 27));
    let tasks: Vec<_> = plan.tasks.iter().map(|task| (task.id.as_str(), task.duration)).collect();
    assert_eq!(tasks, [("2", 3), ("3", 2), ("5", 2), ("6", 0), ("8", 1)]);
    assert_eq!(plan.tasks[2].constraint, Some(Constraint::NotBefore { at: Point::Day(date(2026, 3, 12)) }));
    assert_eq!(plan.tasks[3].constraint, Some(Constraint::FinishBy { at: Point::Day(date(2026, 3, 31)) }));
    let links: Vec<_> = plan.links.iter().map(|l| (l.from.as_str(), l.to.as_str(), l.kind, l.lag)).collect();
    assert_eq!(
        links,
        [
            ("2", "3", LinkKind::StartStart, 1),
            ("2", "5", LinkKind::FinishStart, 0),
            ("3", "5", LinkKind::FinishStart, 0),
            ("5", "6", LinkKind::FinishStart, 0),
        ]
    );
    let codes: Vec<&str> = file.notices.iter().map(|notice| notice.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "extra_working_day",
            "extra_working_day",
            "inactive_task",
            "rounded_duration",
            "constraint_not_read",
            "unknown_predecessor"
        ]
    );
    // Install Mon 2, Tue 3, Wed 4; Connect Tue 3, Wed 4; Train not before Thu 12, and Fri to Sun are off: Thu 12, Mon 16.
    let found = schedule(plan).unwrap();
    assert_eq!(found.finish, Point::Day(date(2026, 3, 16)));
    assert!(found.conflicts.is_empty());
}

/// A project file of tasks: UID, outline level, UIDs of the predecessors.
fn project(tasks: &[(usize, u32, &[usize])]) -> String {
    let mut text = String::from(
        "<Project><StartDate>2026-03-02</StartDate><CalendarUID>1</CalendarUID><Calendars><Calendar><UID>1</UID><Name>Standard</Name><IsBaseCalendar>1</IsBaseCalendar></Calendar></Calendars><Tasks>",
    );
    for (uid, level, predecessors) in tasks {
        text += &format!(
            "<Task><UID>{uid}</UID><Name>T{uid}</Name><Duration>PT8H0M0S</Duration><OutlineLevel>{level}</OutlineLevel>"
        );
        for from in *predecessors {
            text += &format!("<PredecessorLink><PredecessorUID>{from}</PredecessorUID></PredecessorLink>");
        }
        text += "</Task>";
    }
    text + "</Tasks></Project>"
}

fn links(plan: &PlanSpec) -> Vec<(&str, &str)> {
    plan.links.iter().map(|link| (link.from.as_str(), link.to.as_str())).collect()
}

#[test]
fn a_task_that_waits_for_itself_is_named() {
    let file = read(project(&[(1, 1, &[]), (2, 1, &[1, 2])]).as_bytes(), None).unwrap();
    assert_eq!(links(&file.plan), [("1", "2")]);
    let said: Vec<(&str, &str)> =
        file.notices.iter().map(|notice| (notice.code.as_str(), notice.message.as_str())).collect();
    assert_eq!(
        said,
        [(
            "link_to_itself",
            "task 2 \"T2\" is linked with itself: no task can wait for itself. The link is left out; remove it in the file."
        )]
    );
    // A summary (1) with two tasks (2, 3): neither may wait for the other by way of the summary.
    for (inner, outer) in [(&[1][..], &[][..]), (&[], &[3])] {
        let file = read(project(&[(1, 1, outer), (2, 2, &[]), (3, 2, inner)]).as_bytes(), None).unwrap();
        assert!(file.plan.links.is_empty());
        assert_eq!(file.notices.len(), 1);
        assert!(file.notices[0].message.contains("which contains it or is part of it"));
    }
}

#[test]
fn links_of_summaries_reach_their_tasks_and_no_others() {
    // 1 [2, 3 [4, 5]], 6 [7], 8: 6 after 3, 8 after 6, 2 after 8.
    let tasks: &[(usize, u32, &[usize])] = &[
        (1, 1, &[]),
        (2, 2, &[8]),
        (3, 2, &[]),
        (4, 3, &[]),
        (5, 3, &[]),
        (6, 1, &[3]),
        (7, 2, &[]),
        (8, 1, &[6]),
    ];
    let file = read(project(tasks).as_bytes(), None).unwrap();
    assert_eq!(links(&file.plan), [("8", "2"), ("4", "7"), ("5", "7"), ("7", "8")]);
    assert!(file.notices.is_empty());
}

#[test]
fn links_that_multiply_are_refused_before_they_do() {
    // Two summaries of 90 tasks, linked 200 times: 90 × 90 × 200 = 1,620,000 links.
    let again = vec![1; 200];
    let mut tasks: Vec<(usize, u32, &[usize])> = vec![(1, 1, &[])];
    tasks.extend((2..92).map(|uid| (uid, 2, &[][..])));
    tasks.push((1000, 1, &again));
    tasks.extend((1001..1091).map(|uid| (uid, 2, &[][..])));
    let message = error(&project(&tasks));
    assert!(message.starts_with("task 1000 \"T1000\"") && message.contains("1000000 links"), "{message}");
    // 101 × 101 for one link is more than a link may become; 700 of them are told 500 times.
    let again = vec![1; 700];
    let mut tasks: Vec<(usize, u32, &[usize])> = vec![(1, 1, &[])];
    tasks.extend((2..103).map(|uid| (uid, 2, &[][..])));
    tasks.push((1000, 1, &again));
    tasks.extend((1001..1102).map(|uid| (uid, 2, &[][..])));
    let file = read(project(&tasks).as_bytes(), None).unwrap();
    assert!(file.plan.links.is_empty());
    assert_eq!(file.notices.len(), 501);
    assert_eq!(file.notices[500].message, "… and 200 further remarks on the file.");
}

#[test]
fn a_broken_project_file_names_the_place() {
    for (text, expected) in [
        ("<Project>", "line 1: the file ends inside an element"),
        ("<Report/>", "the file: the root element is `Report`, not `Project`"),
        ("<!DOCTYPE x [<!ENTITY a \"b\">]><Project/>", "line 1: document types are not accepted"),
        ("<Project>\n<Title>&bomb;</Title></Project>", "line 2: an entity that XML does not define"),
        ("<Project><StartDate>soon</StartDate></Project>", "the project's StartDate: `soon` is not a date"),
        ("<Project><Tasks><Task><Name>A</Name></Task></Tasks></Project>", "task \"A\": it has no UID"),
        (
            "<Project><Tasks><Task><UID>4</UID><Name>A</Name><Duration>long</Duration></Task></Tasks></Project>",
            "task 4 \"A\": `long` is not a duration",
        ),
        (
            "<Project><Tasks><Task><UID>4</UID><PredecessorLink><PredecessorUID>4</PredecessorUID><Type>7</Type></PredecessorLink></Task></Tasks></Project>",
            "task 4 \"\": `7` is not a type of link (0 to 3)",
        ),
    ] {
        assert_eq!(error(text), expected);
    }
    assert!(error(&"<a>".repeat(1_000)).contains("nested more than 64 deep"));
}

#[test]
fn an_instance_becomes_a_continuous_plan() {
    let file = read(TINY.as_bytes(), None).unwrap();
    assert_eq!((file.format, file.plan.tasks.len(), file.plan.links.len()), (Format::Psplib, 4, 4));
    assert_eq!(file.notices.len(), 1);
    assert_eq!(schedule(&file.plan).unwrap().finish, Point::Unit(8));
    assert_eq!(
        error(&TINY.replace("2           2   3", "3           2   3")),
        "line 10: announces 3 successors, but lists 2"
    );
    assert_eq!(error(&TINY.replace("8       0", "-8      0")), "line 20: `-8` is not a number");
    assert_eq!(
        error(&TINY.replace("REQUESTS", "Requests")),
        "line 22: the section `REQUESTS/DURATIONS` is missing"
    );
}

#[test]
fn sampled_psplib_instances_finish_at_their_mpm_time() {
    let instances: Vec<&str> = SAMPLE.split("== ").skip(1).collect();
    assert_eq!(instances.len(), 20);
    for text in instances {
        finishes_at_its_mpm_time(text, text.lines().next().unwrap());
    }
}

/// Every one of them, where the whole of PSPLIB lies beside the repository.
#[test]
fn every_psplib_instance_finishes_at_its_mpm_time() {
    let roots = ["../../../shared/data/psplib", "../../../../shared/data/psplib"];
    let root = roots
        .map(|root| Path::new(env!("CARGO_MANIFEST_DIR")).join(root))
        .into_iter()
        .find(|root| root.is_dir());
    let Some(root) = root else {
        println!("PSPLIB is not in ../shared/data/psplib: only the sample is read");
        return;
    };
    let mut instances = Vec::new();
    collect(&root, &mut instances);
    assert!(instances.len() >= 1_500, "{} instances", instances.len());
    for path in &instances {
        finishes_at_its_mpm_time(&std::fs::read_to_string(path).unwrap(), &path.display().to_string());
    }
}

/// The file itself says when its longest chain ends.
fn finishes_at_its_mpm_time(text: &str, name: &str) {
    let header = text.lines().position(|line| line.contains("MPM-Time")).unwrap();
    let mpm_time = text.lines().nth(header + 1).unwrap().split_whitespace().nth(5).unwrap();
    let plan = read(text.as_bytes(), None).unwrap().plan;
    assert_eq!(schedule(&plan).unwrap().finish.to_string(), mpm_time, "{name}");
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "sm") {
            found.push(path);
        }
    }
}

#[test]
fn schemas_describe_what_is_read_and_written() {
    let plan = plan_schema();
    assert_eq!(plan["title"], "Gangway plan, version 1");
    assert_eq!(plan["required"], serde_json::json!(["tasks"]));
    assert_eq!(plan["additionalProperties"], false);
    assert!(schedule_schema()["properties"]["critical_path"].is_object());
}

#[test]
fn a_plan_survives_writing_and_reading() {
    let plan = read(PROJECT.as_bytes(), None).unwrap().plan;
    let again: PlanSpec = read(&serde_json::to_vec_pretty(&plan).unwrap(), None).unwrap().plan;
    assert_eq!(again, plan);
}

/// A valid file with some bytes changed.
fn damaged(file: &'static str) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec((0..file.len(), any::<u8>(), 0..3_usize), 1..8).prop_map(move |edits| {
        let mut bytes = file.as_bytes().to_vec();
        for (at, byte, kind) in edits {
            let at = at % bytes.len();
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte % 128),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for hint in [None, Some(Format::Json), Some(Format::MicrosoftProjectXml), Some(Format::Psplib)] {
            drop(read(&bytes, hint));
        }
    }

    #[test]
    fn no_damage_panics(bytes in prop_oneof![damaged(PROJECT), damaged(TINY)]) {
        if let Ok(file) = read(&bytes, None) {
            drop(schedule(&file.plan));
        }
    }
}
