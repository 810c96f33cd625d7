//! What readers of a package would stumble over, looked for in every text of every sample deal.

use gangway_app::package::{Formats, contents, render_one};
use gangway_app::plan::plan;
use gangway_methodology::Library;
use jiff::civil::date;

use super::{methodology, options, package};

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
                    "goal of the goal",
                    "1 of the customer's tasks have",
                    "0 to 0 people",
                    "o\\-",
                    "Some(",
                    "and Our team",
                    "Gate: Gate",
                    "Monate",
                    "\\[ \\]",
                    ", if one was involved",
                    "Kept at before",
                    " at before ",
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
fn mails_begin_and_end_as_people_write_them() {
    for (name, deal) in DEALS {
        let package = package(deal, None);
        for (path, _) in contents(&package, &Formats::all()) {
            if !path.starts_with("emails/") || !path.ends_with(".txt") || path.ends_with(".subject.txt") {
                continue;
            }
            let text = String::from_utf8(render_one(&package, &methodology(), &path).unwrap().bytes).unwrap();
            let first = text.strip_prefix("Hello,\n\n").and_then(|rest| rest.chars().next());
            assert!(first.is_some_and(char::is_uppercase), "{name}/{path}: {text}");
            let signed = if name == "nordwind" {
                "Paul Okafor, customer success manager"
            } else {
                "Your onboarding team"
            };
            assert!(text.contains(&format!("\n\n{signed}\n")), "{name}/{path}: {text}");
            assert!(!path.contains("kickoff") || text.contains(" your time ("), "{name}/{path}: {text}");
        }
    }
}

#[test]
fn answers_are_asked_for_by_the_same_day_everywhere() {
    let package = package(DEALS[0].1, None);
    let read =
        |path: &str| String::from_utf8(render_one(&package, &methodology(), path).unwrap().bytes).unwrap();
    let agenda = read("customer-introduction-agenda.md");
    let day = agenda.split_once("\n- By ").and_then(|(_, rest)| rest.split_once(':')).map(|(day, _)| day);
    let day = day.unwrap_or_else(|| panic!("{agenda}"));
    let sheet = read("confirmation-sheet.md");
    assert!(sheet.contains(&format!("| **Please return by** | {day} |")), "{day} in {sheet}");
}

#[test]
fn the_internal_handoff_is_as_long_in_its_agenda_as_in_the_calendar() {
    for (name, deal) in DEALS {
        let package = package(deal, None);
        let Some(meeting) = package.meetings.iter().find(|meeting| meeting.id == "handoff-call") else {
            continue;
        };
        let file = render_one(&package, &methodology(), "internal-handoff-agenda.md").unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        for told in [
            format!("| **Length** | {} min |", meeting.minutes),
            format!("Total {} minutes", meeting.minutes),
        ] {
            assert!(text.contains(&told), "{name}: {told} in {text}");
        }
    }
}

#[test]
fn nobody_who_signed_up_alone_is_told_of_colleagues() {
    for (name, deal) in DEALS {
        let file = render_one(&package(deal, None), &methodology(), "emails/welcome.txt").unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(text.contains("told our colleagues"), name != "tinyteam", "{name}: {text}");
        assert_eq!(text.contains("when you signed up"), name == "tinyteam", "{name}: {text}");
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

/// A text of a sample's package with the kickoff a week after it was made.
fn told(name: &str, path: &str) -> String {
    let (_, deal) = DEALS.iter().find(|(known, _)| *known == name).unwrap();
    told_of(deal, path)
}

fn told_of(deal: &str, path: &str) -> String {
    let package = package(deal, Some(date(2027, 1, 11)));
    String::from_utf8(render_one(&package, &methodology(), path).unwrap().bytes).unwrap()
}

#[test]
fn what_is_shown_sooner_is_planned_sooner() {
    // A first value within its target needs no word about something smaller.
    for name in ["acme", "lumiere"] {
        let scorecard = told(name, "activation-scorecard.md");
        assert!(!scorecard.contains("Show something smaller by then"), "{name}: {scorecard}");
    }
    let gate = "gate = true\nafter = [\"first-dashboard\", \"user-provisioning\"]";
    let builtin = Library::builtin();
    let text = builtin.text("programmes/mid-market.toml").unwrap();
    assert!(text.contains(gate));
    let marked = format!("first_value = true\n{gate}");
    let later = text.replace("first_value = true\n", "").replace(gate, &marked);
    let later = Library::with_files([("programmes/mid-market.toml", later)]).load().unwrap();
    let package = plan(&later, DEALS[0].1.as_bytes(), None, &options(Some(date(2027, 1, 11)))).unwrap();
    let scorecard = render_one(&package, &later, "activation-scorecard.md").unwrap();
    let scorecard = String::from_utf8(scorecard.bytes).unwrap();
    let sooner = "smaller by then: “First insight from the customer's own data” is planned for 19 Jan 2027";
    assert!(scorecard.contains(sooner), "{scorecard}");
}

#[test]
fn what_is_not_wanted_is_not_asked_for() {
    let handoff = told("lumiere", "handoff.md");
    let line = handoff.lines().find(|line| line.contains("Single sign-on")).unwrap();
    assert!(!line.contains("not known yet"), "{line}");
    let sheet = told("lumiere", "confirmation-sheet.md");
    assert!(sheet.contains("People sign in without single sign-on."), "{sheet}");
    for path in ["implementation-plan.md", "raci-matrix.md", "go-live-readiness.md"] {
        let text = told("lumiere", path);
        assert!(!text.contains("Single sign-on"), "{path}: {text}");
    }
}

#[test]
fn the_customer_confirms_figures_days_and_limits() {
    let sheet = told("brightcare", "confirmation-sheet.md");
    for statement in [
        "Success means: Fewer missed appointments (no-show rate, from 11% to 7%, by 30 June 2027).",
        "You expect a first result by 29 January 2027.",
        "We keep to: No patient data outside the US.",
    ] {
        assert!(sheet.contains(statement), "{statement}: {sheet}");
    }
}

#[test]
fn a_quick_win_that_would_come_late_is_settled_first() {
    let (_, deal) = DEALS.iter().find(|(known, _)| *known == "brightcare").unwrap();
    assert!(!told_of(deal, "handoff.md").contains("The quick win is expected by"));
    let sooner = deal.replace("\"quick_win_by\": \"2027-01-29\"", "\"quick_win_by\": \"2027-01-12\"");
    let handoff = told_of(&sooner, "handoff.md");
    let late = "The quick win is expected by 12 Jan 2027; the plan shows “Show";
    assert!(handoff.contains(late), "{handoff}");
}
