//! Inputs that are wrong: each says what, where, and what to do.

use gangway_domain::deal::DealFormat as F;
use gangway_intake::{IntakeError as E, MAX_BYTES, read};

use crate::support::{codes, context, fixture, reading};

fn error(input: &[u8], format: Option<F>) -> E {
    match read(input, format, &context()) {
        Err(error) => error,
        Ok(reading) => panic!("was read: {reading:?}"),
    }
}

#[test]
fn nothing_and_too_much() {
    assert_eq!(error(b"", None), E::Empty);
    assert_eq!(error(b" \r\n\t ", None), E::Empty);
    let message = error(&vec![b'x'; MAX_BYTES + 1], None).to_string();
    assert!(message.contains("10485761") && message.contains("10 MB"), "{message}");
}

#[test]
fn files_that_are_not_text() {
    assert!(error(b"%PDF-1.7\n", None).to_string().contains("PDF"));
    assert!(error(b"PK\x03\x04\x14\0", None).to_string().contains(".docx"));
    assert!(matches!(error(b"Customer: Acme\0", None), E::Binary { place, .. } if place.offset == Some(14)));
}

#[test]
fn unknown_keys_suggest_the_near_one_with_its_place() {
    for (text, format) in [
        ("{\n  \"customer\": \"Acme\",\n  \"prodcuts\": [\"A\"]\n}", F::Json),
        ("customer = \"Acme\"\n\nprodcuts = [\"A\"]\n", F::Toml),
        ("customer: Acme\n\nprodcuts: [A]\n", F::Yaml),
    ] {
        match error(text.as_bytes(), Some(format)) {
            E::UnknownKey { key, place, suggestion, .. } => {
                assert_eq!(
                    (key.as_str(), suggestion.as_deref(), place.line),
                    ("prodcuts", Some("products"), Some(3)),
                    "{format:?}"
                );
            }
            other => panic!("{format:?}: {other}"),
        }
    }
    match error(br#"{"stakeholders": [{"name": "A B", "jobtitle": "CFO"}]}"#, Some(F::Json)) {
        E::UnknownKey { key, known, .. } => {
            assert!(key == "jobtitle" && known.contains("title"), "{known}")
        }
        other => panic!("{other}"),
    }
}

#[test]
fn values_that_cannot_be_read_name_their_path() {
    for (text, path) in [
        (r#"{"acv": "plenty"}"#, "acv"),
        (r#"{"acv": {"amount": 5000, "currency": "XYZ"}}"#, "acv"),
        (r#"{"currency": "doubloons"}"#, "currency"),
        (r#"{"go_live": "some day"}"#, "go_live"),
        (r#"{"kickoff_on": "2027-02-30"}"#, "kickoff_on"),
        (r#"{"stakeholders": ["CFO", {"name": "A B", "role": "emperor"}]}"#, "stakeholders[1].role"),
        (r#"{"blackouts": [{"from": "2027-02-01", "to": "2027-01-01"}]}"#, "blackouts[0]"),
        (r#"{"promises": [{"by": "2027-01-01"}]}"#, "promises[0].text"),
    ] {
        match error(text.as_bytes(), Some(F::Json)) {
            E::Value { place, .. } => assert_eq!(place.path.as_deref(), Some(path), "{text}"),
            other => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn broken_grammar_has_a_line() {
    assert!(
        matches!(error(b"{\n \"customer\": \n}", None), E::Syntax { format: F::Json, place, .. } if place.line == Some(3))
    );
    assert!(
        matches!(error(b"customer = \"Acme\n", Some(F::Toml)), E::Syntax { place, .. } if place.line == Some(1))
    );
    assert!(matches!(error(b"customer: [A\nacv: 5", Some(F::Yaml)), E::Syntax { .. }));
    assert!(matches!(error(b"<Envelope><sObject></Envelope>", Some(F::Salesforce)), E::Syntax { .. }));
}

#[test]
fn bombs_are_refused() {
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(matches!(error(deep.as_bytes(), Some(F::Json)), E::Syntax { .. } | E::TooDeep { .. }));
    assert!(matches!(error(deep.as_bytes(), Some(F::Hubspot)), E::TooDeep { .. }));
    let yaml = format!("notes: {}", "[".repeat(3_000));
    assert!(matches!(error(yaml.as_bytes(), Some(F::Yaml)), E::Syntax { .. } | E::TooDeep { .. }));
    let laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b]\nnotes: *c\n";
    assert!(read(laughs.as_bytes(), Some(F::Yaml), &context()).is_err());
    let doctype = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"ha\">]><Envelope>&a;</Envelope>";
    assert!(matches!(error(doctype.as_bytes(), None), E::Doctype { .. }));
    let nested = "<a>".repeat(100);
    assert!(matches!(error(nested.as_bytes(), Some(F::Salesforce)), E::TooDeep { .. }));
}

#[test]
fn a_webhook_with_ids_only_says_what_to_fetch() {
    match error(&fixture("hubspot_webhook.json"), None) {
        E::OnlyReference { message, .. } => assert!(
            message.contains("18923345512") && message.contains("GET /crm/v3/objects/deals/"),
            "{message}"
        ),
        other => panic!("{other}"),
    }
}

#[test]
fn large_inputs_are_read() {
    for unit in [
        "They have 900 users in three plants and struggle with Excel. ",
        "Customer: Acme\nPain: late work\n",
        "SAP, ",
        "## Risks\n- late\n",
        "word ",
    ] {
        let mut text = String::from("Integrations: ");
        while text.len() < 256 * 1024 {
            text.push_str(unit);
        }
        assert!(read(text.as_bytes(), None, &context()).is_ok(), "{unit}");
    }
}

#[test]
fn contradictions_name_both_places() {
    let found = reading(
        "Customer: Acme\nACV: $95K\nARR: $120K\nKickoff: 2027-02-01\nGo-live: 2027-01-15\nSponsor: Ann Lee\nExecutive sponsor: Bob Ray\n",
        None,
    );
    assert_eq!(found.deal.acv.as_ref().unwrap().value.whole(), 95_000);
    let messages: Vec<&str> =
        found.notices.iter().filter(|n| n.code == "contradiction").map(|n| n.message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(
        messages[0].contains("line 2, column 6") && messages[0].contains("line 3, column 6"),
        "{}",
        messages[0]
    );
    assert!(found.unread.iter().any(|unread| unread.text == "$120K"));
}

#[test]
fn absurd_values_are_told_and_not_used() {
    let found = reading(
        "Customer: Acme\nACV: -$95K\nUsers: 0\nGo-live: 2020-01-01\nKickoff: 29 Feb 2027\nSites: 0 plants\n",
        None,
    );
    assert!(
        found.deal.acv.is_none()
            && found.deal.users.is_none()
            && found.deal.kickoff_on.is_none()
            && found.deal.sites.is_none()
    );
    assert_eq!(
        codes(&found),
        ["absurd_amount", "absurd_count", "impossible_date", "absurd_count", "date_in_the_past"]
    );
    assert!(found.unread.iter().any(|unread| unread.text.contains("95K")), "{:?}", found.unread);
}

#[test]
fn markup_is_only_text() {
    let found =
        reading("Customer: <script>alert(1)</script> Ltd\nNotes: =cmd|' /C calc'!A0\n", Some(F::KeyValue));
    assert_eq!(found.deal.customer.unwrap().value, "<script>alert(1)</script> Ltd");
    assert_eq!(found.deal.notes[0].value, "=cmd|' /C calc'!A0");
}

#[test]
fn hidden_characters_are_flagged() {
    let found = reading("Customer: Acme\u{202e}\nACV: $9\u{200b}5K\n", None);
    assert_eq!(found.deal.acv.as_ref().unwrap().value.whole(), 95_000);
    assert!(codes(&found).contains(&"bidi_override") && codes(&found).contains(&"control_characters"));
}
