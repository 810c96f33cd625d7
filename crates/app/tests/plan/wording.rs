//! What readers of a package would stumble over, looked for in every text of every sample deal.

use gangway_app::package::{Formats, contents, render_one};

use super::{methodology, package};

const DEALS: [(&str, &str); 5] = [
    ("acme", include_str!("../../../intake/tests/fixtures/deals/acme.txt")),
    ("nordwind", include_str!("../../../intake/tests/fixtures/deals/nordwind.md")),
    ("brightcare", include_str!("../../../intake/tests/fixtures/deals/brightcare.json")),
    ("lumiere", include_str!("../../../intake/tests/fixtures/deals/lumiere.yaml")),
    ("tinyteam", include_str!("../../../intake/tests/fixtures/deals/tinyteam.txt")),
];

fn paths(deal: &str) -> Vec<String> {
    contents(&package(deal, None), &Formats::all()).into_iter().map(|(path, _)| path).collect()
}

/// Whether a date stands in the text as machines write it: `2027-01-31`.
fn has_machine_date(line: &str) -> bool {
    line.as_bytes().windows(10).any(|part| {
        part.iter().enumerate().all(
            |(at, byte)| {
                if matches!(at, 4 | 7) { *byte == b'-' } else { byte.is_ascii_digit() }
            },
        )
    })
}

#[test]
fn texts_read_as_people_write() {
    for (name, deal) in DEALS {
        let package = package(deal, None);
        for (path, _) in contents(&package, &Formats::all()) {
            if !path.ends_with(".md") && !path.ends_with(".txt") {
                continue;
            }
            let file = render_one(&package, &methodology(), &path).unwrap();
            let text = String::from_utf8(file.bytes).unwrap();
            for line in text.lines() {
                let stumbles = [
                    "| 1 users",
                    "| 1 tasks",
                    "| 1 dashboards",
                    " 1 days",
                    " 1 people ",
                    "[0]",
                    "Who is the end users",
                    "1 of the customer's tasks have",
                    "0 to 0 people",
                    "o\\-",
                    "Some(",
                    "and Our team",
                    "Gate: Gate",
                    "Monate",
                ];
                for stumble in stumbles {
                    assert!(!line.contains(stumble), "{name}/{path}: {stumble:?} in {line:?}");
                }
                // What is quoted stands as it was written.
                assert!(!has_machine_date(line) || line.contains('“'), "{name}/{path}: {line}");
            }
        }
    }
}

#[test]
fn what_belongs_to_a_kickoff_comes_only_with_one() {
    let tied =
        ["kickoff-deck.pptx", "kickoff-deck.pdf", "emails/kickoff-invite.txt", "internal-handoff-agenda.md"];
    for (name, deal) in DEALS {
        let held = package(deal, None).meetings.iter().any(|meeting| meeting.kickoff);
        assert_eq!(held, name != "tinyteam", "{name}");
        let paths = paths(deal);
        for path in tied {
            assert_eq!(paths.iter().any(|other| other == path), held, "{name}: {path}");
        }
        assert!(paths.iter().any(|path| path == "emails/welcome.txt"), "{name}");
    }
}

#[test]
fn hypercare_ends_on_the_same_day_in_every_document() {
    for (name, deal) in DEALS {
        let package = package(deal, None);
        let Some(task) = package.plan.tasks.iter().find(|task| task.id == "hypercare") else { continue };
        assert_eq!(package.go_live.hypercare_until, task.finish, "{name}");
    }
}

#[test]
fn messages_go_out_on_working_days_and_not_before_the_kickoff() {
    for (name, deal) in DEALS {
        let package = package(deal, None);
        for message in &package.people.calendar {
            assert!(message.on >= package.dates.kickoff_on, "{name}: {}", message.message);
            assert!(message.on.weekday().to_monday_zero_offset() < 5, "{name}: {}", message.message);
        }
    }
}

#[test]
fn health_without_meetings_is_not_watched_by_meetings() {
    let watched = |deal: &str| {
        let file = render_one(&package(deal, None), &methodology(), "health-monitoring.md").unwrap();
        String::from_utf8(file.bytes).unwrap()
    };
    for (name, deal) in DEALS {
        let text = watched(deal);
        for sign in ["Missed meeting", "Champion leaves", "Sponsor absent"] {
            assert_eq!(text.contains(sign), name != "tinyteam", "{name}: {sign}");
        }
        assert!(text.contains("No login for 30 days"), "{name}");
    }
}

#[test]
fn contacts_without_a_name_are_not_passed_off_as_people_we_know() {
    for (name, told) in [
        ("acme", "5 contacts are known, an executive among them; none of them is named yet."),
        ("brightcare", "12 contacts are known, an executive among them; 3 of them are named."),
        ("nordwind", "5 contacts are known, an executive among them."),
    ] {
        let (_, deal) = DEALS.iter().find(|(known, _)| *known == name).unwrap();
        assert_eq!(package(deal, None).people.threading, told, "{name}");
    }
}
