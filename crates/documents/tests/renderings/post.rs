//! Calendars and e-mails.

use gangway_documents::{Attendee, Event, When, docx, email, html_fragment, ics, markdown, parse, pptx};

use super::{brand, read};

fn meeting() -> Event {
    Event {
        uid: "kickoff-acme@example.org".into(),
        stamp: "2026-03-01T09:00:00Z".parse().expect("a time"),
        sequence: 0,
        summary: "Kickoff; goals, owners\nand dates".into(),
        description: "Agenda:\n- Goals\n- Plan; owners, dates \\ and a very long line that has to be folded because it is longer than seventy-five octets: ä ö ü".into(),
        location: "Room 1".into(),
        when: When::Timed { start: "2026-03-09T14:00:00Z".parse().expect("a time"), end: "2026-03-09T15:30:00Z".parse().expect("a time") },
        organizer: Some(Attendee { name: "CSM \"Kim\"".into(), email: "csm@example.org".into(), optional: false }),
        attendees: vec![
            Attendee { name: "Priya Nair".into(), email: "priya@example.org".into(), optional: false },
            Attendee { name: "Bad".into(), email: "x\r\nATTENDEE:evil".into(), optional: true },
        ],
        rrule: None,
        zone: None,
        cancelled: false,
    }
}

#[test]
fn calendars_fold_escape_and_keep_zones() {
    let weekly = Event {
        uid: "weekly@example.org".into(),
        rrule: Some("FREQ=WEEKLY;COUNT=12".into()),
        zone: Some("America/New_York".into()),
        ..meeting()
    };
    let days = Event {
        uid: "pilot@example.org".into(),
        when: When::Days { first: jiff::civil::date(2026, 4, 20), last: jiff::civil::date(2026, 4, 24) },
        ..meeting()
    };
    let injected =
        Event { uid: "bad@example.org".into(), rrule: Some("FREQ=DAILY\r\nX-EVIL:1".into()), ..meeting() };
    let text = ics(&[meeting(), weekly.clone(), days, injected]);
    assert_eq!(
        text,
        ics(&[
            meeting(),
            weekly,
            Event {
                uid: "pilot@example.org".into(),
                when: When::Days {
                    first: jiff::civil::date(2026, 4, 20),
                    last: jiff::civil::date(2026, 4, 24)
                },
                ..meeting()
            },
            Event { uid: "bad@example.org".into(), ..meeting() }
        ])
    );
    let unfolded = text.replace("\r\n ", "");
    for line in [
        "METHOD:REQUEST",
        "DTSTART:20260309T140000Z",
        "DTEND:20260309T153000Z",
        "DTSTART;TZID=America/New_York:20260309T100000",
        "TZID:America/New_York",
        "DTSTART;VALUE=DATE:20260420",
        "DTEND;VALUE=DATE:20260425",
        "RRULE:FREQ=WEEKLY;COUNT=12",
        "DTSTAMP:20260301T090000Z",
        "TZOFFSETTO:-0400",
    ] {
        assert!(unfolded.lines().any(|l| l.trim_end() == line), "{line}\n{unfolded}");
    }
    assert!(!unfolded.contains("X-EVIL") && !unfolded.contains("evil"));
    assert!(text.lines().all(|line| line.len() <= 76), "lines are folded");
}

#[test]
fn an_event_nobody_invites_to_is_a_proposal() {
    let alone = Event { organizer: None, ..meeting() };
    let text = ics(std::slice::from_ref(&alone)).replace("\r\n ", "");
    assert!(text.contains("STATUS:TENTATIVE\r\n"), "{text}");
    for absent in ["METHOD:", "ORGANIZER", "ATTENDEE"] {
        assert!(!text.contains(&format!("\n{absent}")), "{absent} in {text}");
    }
    let mixed = ics(&[alone, meeting()]).replace("\r\n ", "");
    assert!(!mixed.contains("METHOD:"), "{mixed}");
    assert_eq!(mixed.matches("STATUS:CONFIRMED").count(), 1, "{mixed}");
}

#[test]
fn mails_have_both_parts() {
    let document = read(
        "+++\ntitle = \"T\"\nsubject = \"Kickoff on 9 March\"\npreheader = \"What to bring\"\n+++\nHello **Priya**,\n\nsee [the plan](https://e.org/p) and [local](plan.pdf).\n\n1. One\n2. Two\n\n```facts\n[{\"label\":\"When\",\"value\":\"10:00\"}]\n```\n",
    );
    let mail = email(&document, &brand());
    assert_eq!(mail.subject, "Kickoff on 9 March");
    insta::assert_snapshot!(mail.text, @r"
    Hello Priya,

    see the plan <https://e.org/p> and local <plan.pdf>.

    1. One
    2. Two

    - When: 10:00
    ");
    assert!(
        mail.html.contains("href=\"https://e.org/p\"")
            && !mail.html.contains("plan.pdf")
            && !mail.html.contains("<style")
            && mail.html.contains("What to bring")
    );
}

#[test]
fn a_mail_signed_with_the_vendors_name_does_not_repeat_it() {
    let name = brand().vendor_name;
    let html = |text: &str| email(&read(text), &brand()).html;
    assert_eq!(html(&format!("Hello,\n\nKim\n\n{name}\n")).matches(&name).count(), 1);
    assert_eq!(html("Hello,\n\nKim\n").matches(&name).count(), 1);
    let marked = html(&format!("+++\ntitle = \"T\"\nconfidential = \"Internal\"\n+++\nKim\n\n{name}\n"));
    assert!(marked.contains("Internal"), "{marked}");
}

#[test]
fn brief_labels_leave_the_room_to_what_stands_beside_them() {
    let width = |label: &str| {
        let facts = format!("```facts\n[{{\"label\":\"{label}\",\"value\":\"Everybody\"}}]\n```\n");
        let html = email(&read(&facts), &brand()).html;
        ["18%", "38%"].into_iter().find(|width| html.contains(&format!("<td width=\"{width}\"")))
    };
    assert_eq!(width("Who"), Some("18%"));
    assert_eq!(width("Who takes part"), Some("38%"));
}

proptest::proptest! {
    #[test]
    fn any_text_parses_or_fails_with_a_line(text in "(?s).{0,400}") {
        match parse(&text) {
            Ok(document) => { markdown(&document); html_fragment(&document, &brand()); email(&document, &brand()); }
            Err(error) => assert!(error.line >= 1),
        }
    }

    #[test]
    fn markup_soup_renders_everywhere(pieces in proptest::collection::vec(proptest::sample::select(vec!["# h\n", "- [ ] a\n", "  1. b\n", "> q\n", "| a | b |\n|---|---|\n| c |\n", "---\n", "```notes\nx\n```\n", "````columns\na\n|||\n```facts\n[]\n```\n````\n", "**x *y** z*\n", "<!-- layout: closing -->\n", "<b>t</b>\n", "\n", "text ", "```\ncode\n"]), 0..14)) {
        if let Ok(document) = parse(&pieces.concat()) {
            docx(&document, &brand()).unwrap();
            pptx(&document, &brand()).unwrap();
            markdown(&document);
        }
    }
}
