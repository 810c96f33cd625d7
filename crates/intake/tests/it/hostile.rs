//! Inputs written to do harm: absurd counts, endless texts, hidden characters, amounts and dates that look like others.

use gangway_domain::deal::{DealFormat as F, Reading};
use gangway_domain::fact::Level;
use gangway_intake::{IntakeError as E, read};
use jiff::civil::date;

use crate::support::{codes, context, reading};

/// The message of the first warning with a code.
fn warning<'a>(reading: &'a Reading, code: &str) -> &'a str {
    reading
        .notices
        .iter()
        .find(|notice| notice.code == code && notice.level == Level::Warning)
        .unwrap_or_else(|| panic!("no {code} in {:?}", reading.notices))
        .message
        .as_str()
}

#[test]
fn absurd_groups_are_one_entry_and_derive_no_sites() {
    for (text, format, place) in [
        ("Customer: Acme\nStakeholders: 4000000000 plant managers\n", F::KeyValue, "line 2, column 15"),
        (
            "# Acme\n\n## Stakeholders\n\n- CFO\n- 4000000000 plant managers\n",
            F::Markdown,
            "line 6, column 3",
        ),
        (
            "# Acme\n\n## Stakeholders\n\n| Title | Count |\n|---|---|\n| CFO | 1 |\n| plant managers | 4000000000 |\n",
            F::Markdown,
            "line 8, column 3",
        ),
        (r#"{"stakeholders": ["4000000000 plant managers"]}"#, F::Json, "`stakeholders[0]`"),
        (
            r#"{"stakeholders": [{"title": "plant managers", "count": 4000000000}]}"#,
            F::Json,
            "`stakeholders[0]`",
        ),
        (
            r#"{"properties": {"dealname": "Acme", "stakeholders": "4000000000 plant managers"}}"#,
            F::Hubspot,
            "properties.stakeholders`",
        ),
    ] {
        let found = reading(text, Some(format));
        let message = warning(&found, "absurd_count");
        assert!(message.contains(place) && message.contains("4000000000"), "{format:?}: {message}");
        let group = &found.deal.stakeholders.last().unwrap().value;
        assert_eq!((group.title.as_deref(), group.count), (Some("plant managers"), 1), "{format:?}");
        assert!(found.deal.sites.is_none(), "{format:?}");
    }
}

#[test]
fn groups_beyond_all_counting_are_told_too() {
    for (text, format) in [
        ("Customer: Acme\nStakeholders: 70000000000 plant managers\n", F::KeyValue),
        (r#"{"stakeholders": [{"title": "plant managers", "count": 70000000000}]}"#, F::Json),
    ] {
        let found = reading(text, Some(format));
        assert!(warning(&found, "absurd_count").contains("billions"));
        let group = &found.deal.stakeholders[0].value;
        assert_eq!((group.title.as_deref(), group.count), (Some("plant managers"), 1), "{format:?}");
    }
}

#[test]
fn tables_tell_days_that_are_none() {
    let found = reading(
        "# Acme\n\n## Promises\n\n| Promise | By |\n|---|---|\n| a report | 30 Feb 2027 |\n| a portal | soon |\n",
        Some(F::Markdown),
    );
    assert!(found.deal.promises.iter().all(|promise| promise.value.by.is_none()));
    assert!(warning(&found, "impossible_date").contains("line 7"));
    assert!(warning(&found, "not_understood").contains("line 8"));
}

#[test]
fn groups_at_the_limit_are_kept() {
    let found = reading("Customer: Acme\nStakeholders: 100000 nurses\n", Some(F::KeyValue));
    assert_eq!(found.deal.stakeholders[0].value.count, 100_000);
    let found = reading("Customer: Acme\nStakeholders: 100001 nurses\n", Some(F::KeyValue));
    assert_eq!(found.deal.stakeholders[0].value.count, 1);
    // A group that may be, but not one that runs a site each.
    let found = reading("Customer: Acme\nStakeholders: 20000 plant managers\n", Some(F::KeyValue));
    assert_eq!(found.deal.stakeholders[0].value.count, 20_000);
    assert!(found.deal.sites.is_none());
    assert!(warning(&found, "absurd_count").contains("20000"));
    let found = reading("Customer: Acme\nSites: 10001 plants\n", Some(F::KeyValue));
    assert!(found.deal.sites.is_none());
    let found = reading("Customer: Acme\nSites: 10000 plants\n", Some(F::KeyValue));
    assert_eq!(found.deal.sites.unwrap().value.count, 10_000);
}

#[test]
fn names_and_texts_have_a_length() {
    let long = "x".repeat(300_000);
    for (text, format, place) in [
        (format!("Customer: {long}\nNotes: {long}\n"), F::KeyValue, "line 1, column 11"),
        (format!("customer: {long}\nnotes: {long}\n"), F::Yaml, "`customer`"),
    ] {
        let found = reading(&text, Some(format));
        assert_eq!(found.deal.customer.as_ref().unwrap().value.len(), 200);
        assert_eq!(found.deal.notes[0].value.len(), 2_000);
        let message = warning(&found, "text_cut");
        assert!(
            message.contains(place) && message.contains("customer's name") && message.contains("300000"),
            "{message}"
        );
        // What was cut off is found among the unread, as an excerpt.
        assert_eq!(found.unread.iter().filter(|unread| unread.text.len() == 2_000).count(), 2);
        // 300,000 − 200 − 2,000 of the name, 300,000 − 2,000 − 2,000 of the note.
        assert!(warning(&found, "unread_cut").contains("593800"), "{}", warning(&found, "unread_cut"));
    }
}

#[test]
fn every_key_of_our_own_schema_is_bounded() {
    let long = "Ü".repeat(100_000);
    let text = format!(
        r#"{{"external_id": "{long}", "title": "{long}", "customer": "{long}", "industry": "{long}", "website": "{long}",
        "products": ["{long}"], "use_cases": ["{long}"], "pain": ["{long}"], "data_sources": ["{long}"], "sso": "{long}",
        "alternatives": [{{"name": "{long}", "why_not": "{long}"}}],
        "success_criteria": [{{"text": "{long}", "metric": "{long}", "baseline": "{long}", "target": "{long}"}}],
        "stakeholders": [{{"name": "{long}", "title": "{long}", "role": "champion", "email": "{long}", "notes": "{long}"}}],
        "team": [{{"name": "{long}", "role": "{long}", "email": "{long}"}}],
        "sites": {{"noun": "{long}", "names": ["{long}"]}},
        "blackouts": [{{"from": "2027-01-01", "to": "2027-01-02", "reason": "{long}"}}],
        "integrations": [{{"system": "{long}", "detail": "{long}"}}],
        "concerns": [{{"text": "{long}", "answer": "{long}"}}],
        "promises": [{{"text": "{long}", "who": "{long}"}}],
        "red_flags": [{{"text": "{long}", "mitigation": "{long}"}}]}}"#
    );
    let found = reading(&text, Some(F::Json));
    let texts = serde_json::to_value(&found).unwrap();
    let longest = longest(&texts);
    assert!(longest <= 2_000, "{longest}");
}

/// Characters of the longest text anywhere in a value.
fn longest(value: &serde_json::Value) -> usize {
    match value {
        serde_json::Value::String(text) => text.chars().count(),
        serde_json::Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
        serde_json::Value::Object(map) => map.values().map(longest).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn escapes_bring_no_hidden_characters() {
    for (text, format) in [
        (
            r#"{"customer": "Ac\u0000m\u001be\u202e", "acv": "$9\u200b5K", "stakeholders": [{"name": "A\u0007nn Lee", "title": "CFO\u202e", "role": "champion"}], "notes": ["a\u0000b", "\u0000"]}"#,
            F::Json,
        ),
        (
            "customer: \"Ac\\x00m\\x1be\\u202e\"\nacv: \"$9\\u200b5K\"\nstakeholders:\n  - {name: \"A\\ann Lee\", title: \"CFO\\u202e\", role: champion}\nnotes: [\"a\\0b\"]\n",
            F::Yaml,
        ),
        (
            "customer = \"Ac\\u0000m\\u001be\\u202e\"\nacv = \"$9\\u200b5K\"\nnotes = [\"a\\u0000b\"]\n[[stakeholders]]\nname = \"A\\u0007nn Lee\"\ntitle = \"CFO\\u202e\"\nrole = \"champion\"\n",
            F::Toml,
        ),
    ] {
        let found = reading(text, Some(format));
        assert_eq!(found.deal.customer.as_ref().unwrap().value, "Acme", "{format:?}");
        assert_eq!(found.deal.acv.as_ref().unwrap().value.whole(), 95_000, "{format:?}");
        let person = &found.deal.stakeholders[0].value;
        assert_eq!((person.name.as_deref(), person.title.as_deref()), (Some("Ann Lee"), Some("CFO")));
        assert_eq!(found.deal.notes.iter().map(|note| note.value.as_str()).collect::<Vec<_>>(), ["ab"]);
        assert!(warning(&found, "control_characters").contains("`customer`"), "{format:?}");
        assert!(warning(&found, "bidi_override").contains("`customer`"), "{format:?}");
        assert!(!has_hidden(&found), "{format:?}: {found:?}");
    }
}

#[test]
fn crm_payloads_bring_no_hidden_characters() {
    for (text, format) in [
        (
            r#"{"properties": {"dealname": "Ac\u0000me \u202eplan", "odd\u202e_key": "some\u001b[31m words", "description": "They use SA\u0007P."}}"#,
            F::Hubspot,
        ),
        (
            r#"{"Name": "Ac\u0000me \u202eplan", "StageName": "Closed Won", "Odd\u202e__c": "some\u001b[31m words", "Account": {"Name": "Ac\u202eme"}}"#,
            F::Salesforce,
        ),
    ] {
        let found = reading(text, Some(format));
        assert_eq!(found.deal.title.as_ref().unwrap().value, "Acme plan", "{format:?}");
        assert!(codes(&found).contains(&"bidi_override"), "{format:?}");
        assert!(!has_hidden(&found), "{format:?}: {found:?}");
    }
}

/// Whether anything of a reading holds a control character or an override of the reading direction.
fn has_hidden(reading: &Reading) -> bool {
    fn hidden(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::String(text) => text
                .chars()
                .any(|c| c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{200b}' | '\u{202e}')),
            serde_json::Value::Array(items) => items.iter().any(hidden),
            serde_json::Value::Object(map) => map.values().any(hidden),
            _ => false,
        }
    }
    hidden(&serde_json::to_value(reading).unwrap())
}

#[test]
fn malformed_amounts_are_told_and_not_used() {
    for (amount, code) in [
        ("1e308", "not_understood"),
        ("1E+5", "not_understood"),
        ("$1.2.3.4,5", "not_understood"),
        ("1,2,3", "not_understood"),
        ("95Kx", "not_understood"),
        ("5x", "not_understood"),
        ("--5", "not_understood"),
        ("--$5", "not_understood"),
        ("$--5", "absurd_amount"),
        ("-5", "absurd_amount"),
        ("99999999999999999999999999999999999999999999 USD", "absurd_amount"),
    ] {
        let found = reading(&format!("Customer: Acme\nACV: {amount}\n"), Some(F::KeyValue));
        assert_eq!(found.deal.acv, None, "{amount}");
        assert!(warning(&found, code).contains("line 2"), "{amount}");
        assert!(
            found.unread.iter().any(|unread| unread.text.contains(|c: char| c.is_ascii_digit())),
            "{amount}"
        );
    }
    for text in [r#"{"acv": "1e308"}"#, r#"{"acv": "1.2.3.4,5"}"#, r#"{"acv": "--5"}"#, r#"{"tcv": "1e308"}"#]
    {
        match read(text.as_bytes(), Some(F::Json), &context()) {
            Err(E::Value { .. }) => {}
            other => panic!("{text}: {other:?}"),
        }
    }
    let found = reading(r#"{"customer": "Acme", "acv": 1e308}"#, Some(F::Json));
    assert_eq!(found.deal.acv, None);
    assert!(warning(&found, "absurd_amount").contains("acv"));
    // What a computer writes with many decimals is still an amount.
    let found = reading(r#"{"customer": "Acme", "acv": 95000.1234567890123}"#, Some(F::Json));
    assert_eq!(found.deal.acv.unwrap().value.minor, 9_500_012);
}

#[test]
fn negative_terms_are_refused() {
    let found = reading("Customer: Acme\nTCV: $5m\nTerm: -1 months\n", Some(F::KeyValue));
    assert_eq!(found.deal.term_months, None);
    assert!(warning(&found, "absurd_duration").contains("line 3"));
    // Without a term the total stands for a year, which is told.
    assert_eq!(found.deal.acv.as_ref().unwrap().value.whole(), 5_000_000);
    assert!(codes(&found).contains(&"total_without_term"));
    let found = reading("Customer: Acme\nTCV: $5m over 900 years\n", Some(F::KeyValue));
    assert_eq!(found.deal.term_months, None);
    assert!(codes(&found).contains(&"absurd_duration"));
}

#[test]
fn impossible_times_are_told_and_not_used() {
    for (line, code) in [
        ("Go-live: -60 days", "absurd_duration"),
        ("Kickoff: -2027-01-01", "impossible_date"),
        ("Go-live: -2027-01-01", "impossible_date"),
        ("Kickoff: 99999999 days", "absurd_duration"),
        ("Kickoff: -60 days", "absurd_duration"),
        ("Go-live: 99999999 days", "absurd_duration"),
    ] {
        let found = reading(&format!("Customer: Acme\n{line}\n"), Some(F::KeyValue));
        assert_eq!((&found.deal.kickoff_on, &found.deal.go_live), (&None, &None), "{line}");
        assert!(warning(&found, code).contains("line 2"), "{line}");
        assert!(
            found.unread.iter().any(|unread| unread.text.contains(|c: char| c.is_ascii_digit())),
            "{line}"
        );
    }
    let error = read(br#"{"kickoff_on": "-2027-01-01"}"#, Some(F::Json), &context());
    assert!(matches!(error, Err(E::Value { .. })), "{error:?}");
    let error = read(br#"{"promises": [{"text": "x", "by": "-2027-01-01"}]}"#, Some(F::Json), &context());
    assert!(matches!(error, Err(E::Value { .. })), "{error:?}");
    // A dash between words is no minus.
    let found = reading("Customer: Acme\nGo-live: 6-8 weeks\n", Some(F::KeyValue));
    assert!(found.deal.go_live.is_some());
}

#[test]
fn impossible_and_reversed_blackouts_are_told() {
    for text in [
        "Customer: Acme\nBlackouts: shutdown 30 Feb - 31 Feb\n",
        "Customer: Acme\nBlackouts: 2027-02-30 - 2027-02-31\n",
    ] {
        let found = reading(text, Some(F::KeyValue));
        assert!(found.deal.blackouts.is_empty(), "{text}");
        assert!(warning(&found, "impossible_date").contains("line 2"), "{text}");
    }
    for (text, format) in [
        ("Customer: Acme\nBlackouts: 2028-12-31 - 2027-01-01\n", F::KeyValue),
        ("Acme signed.\nThere is no go-live 2028-12-31 - 2027-01-01.\n", F::Summary),
    ] {
        let found = reading(text, Some(format));
        let blackout = &found.deal.blackouts[0].value;
        assert_eq!((blackout.from, blackout.to), (date(2027, 1, 1), date(2028, 12, 31)), "{text}");
        assert!(warning(&found, "reversed_period").contains("line 2"), "{text}");
    }
}

#[test]
fn numbers_in_running_text_that_can_be_none_are_told_with_their_place() {
    for (text, code, words, column) in [
        ("Acme signed. They pay $95KK a year.", "not_understood", "“95KK”", 24),
        ("Acme signed. The price is 1e308 dollars.", "not_understood", "“1e308”", 27),
        ("Acme signed. The ACV is $1.2.3.4,5 or so.", "not_understood", "“1.2.3.4,5”", 26),
        (
            "Acme signed. The contract is worth $99999999999999999999999999 a year.",
            "absurd_amount",
            "too large to be a price",
            36,
        ),
        ("Acme signed. There are -3 nurses on it.", "absurd_count", "“-3 nurses”", 24),
        ("Acme signed. We expect 10^12 users.", "absurd_count", "“10^12 users”", 24),
        ("Acme signed. They have 1e9 active seats.", "absurd_count", "“1e9 active seats”", 24),
        ("Acme signed. They have 5KK users.", "absurd_count", "“5KK users”", 24),
        ("Acme signed. They employ 99999999999 employees.", "absurd_count", "“99999999999 employees”", 26),
        ("Acme signed. They run −4 plants.", "absurd_count", "“−4 plants”", 23),
    ] {
        let found = reading(text, Some(F::Summary));
        let message = warning(&found, code);
        assert!(
            message.contains(words) && message.contains(&format!("line 1, column {column}:")),
            "{text}: {message}"
        );
        let deal = &found.deal;
        assert_eq!(
            (&deal.acv, &deal.users, &deal.employees, &deal.sites),
            (&None, &None, &None, &None),
            "{text}"
        );
        assert!(
            found.unread.iter().any(|unread| unread.text.contains(|c: char| c.is_ascii_digit())),
            "{text}: {:?}",
            found.unread
        );
    }
}

#[test]
fn labelled_counts_that_can_be_none_are_told_and_not_used() {
    for (line, code) in [
        ("Users: 10^12", "not_understood"),
        ("Users: -3", "not_understood"),
        ("Employees: 1e9", "not_understood"),
        ("Sites: -4 plants", "not_understood"),
        ("Sites: 10^3 plants", "not_understood"),
        ("ACV: $95KK", "not_understood"),
    ] {
        for text in
            [format!("Customer: Acme\n{line}\n"), format!("Kickoff: 2027-03-01\n{line}\nCustomer: Acme\n")]
        {
            let found = reading(&text, Some(F::KeyValue));
            let deal = &found.deal;
            assert_eq!(
                (&deal.acv, &deal.users, &deal.employees, &deal.sites),
                (&None, &None, &None, &None),
                "{line}"
            );
            assert!(warning(&found, code).contains("line 2"), "{line}");
        }
    }
    let found = reading("Customer: Acme\nStakeholders: -3 nurses, CFO, 10^12 planners\n", Some(F::KeyValue));
    let people: Vec<_> =
        found.deal.stakeholders.iter().map(|p| (p.value.title.as_deref(), p.value.count)).collect();
    assert_eq!(people, [(Some("nurses"), 1), (Some("CFO"), 1), (Some("planners"), 1)]);
    let told: Vec<&str> = found
        .notices
        .iter()
        .filter(|notice| notice.code == "absurd_count")
        .map(|notice| notice.message.as_str())
        .collect();
    assert!(
        told.len() == 2 && told[0].contains("column 15: “-3”") && told[1].contains("“10^12”"),
        "{told:?}"
    );
}

#[test]
fn plain_numbers_in_running_text_raise_no_alarm() {
    for text in [
        "Acme signed a 3-year contract worth $240,000. They have 900 users in 3 plants.",
        "They want 20 % fewer late orders, -5 days on average, in the 2nd quarter.",
        "Order 99999999999 was late; call +49 40 1234567. Shifts are 6-8 hours.",
        "They run SAP S4 and 3x more trucks; 2M parcels a year pass 12 depots.",
        "Users grew by 5x. The team lost 1e3 grams of weight.",
    ] {
        let found = reading(text, Some(F::Summary));
        let alarms: Vec<_> = found
            .notices
            .iter()
            .filter(|notice| {
                matches!(notice.code.as_str(), "absurd_count" | "absurd_amount" | "not_understood")
            })
            .collect();
        assert!(alarms.is_empty(), "{text}: {alarms:?}");
    }
}

#[test]
fn what_is_not_understood_is_listed_up_to_a_limit_and_counted_beyond() {
    // 12,545 paragraphs of which nothing is understood, from line 3 on, every other line; 200 are listed.
    let mut text = String::from("Customer: Acme\n\n");
    for number in 0..12_545 {
        text += &format!("lorem ipsum number {number}\n\n");
    }
    let found = reading(&text, Some(F::KeyValue));
    assert_eq!(found.unread.len(), 200);
    assert_eq!(found.unread[199].span.unwrap().line, 401);
    let message = warning(&found, "unread_more");
    assert!(message.contains("12,345 more passages") && message.contains("from line 403 on"), "{message}");
    assert!(message.contains("stays in the original"), "{message}");
    let found = reading(&text[..text.find("lorem ipsum number 200\n").unwrap()], Some(F::KeyValue));
    assert!(!codes(&found).contains(&"unread_more"));
}
