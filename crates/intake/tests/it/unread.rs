//! Text that is no fact is kept and shown, never dropped.

use gangway_domain::deal::{DealFormat as F, Reading};

use crate::support::{codes, reading};

fn unread(found: &Reading) -> Vec<&str> {
    found.unread.iter().map(|unread| unread.text.as_str()).collect()
}

#[test]
fn what_stands_behind_labels_of_the_document_is_kept() {
    let rows: &[(&str, F, &[&str])] = &[
        (
            "Customer: Acme\nStatus: customer is angry about delays\n",
            F::KeyValue,
            &["customer is angry about delays"],
        ),
        ("Customer: Acme\nVersion: SAP ECC 6.0\n", F::KeyValue, &["SAP ECC 6.0"]),
        ("Customer: Acme\nDate: 16.11.2026\n", F::KeyValue, &["16.11.2026"]),
        (
            "Customer: Acme\nConfidence: they doubt the price (a lot)\n",
            F::KeyValue,
            &["they doubt the price (a lot)"],
        ),
        ("Customer: Acme. Status: customer is angry. ACV: $95K.", F::Summary, &["customer is angry"]),
        ("# Acme\n\n**Status:** customer is angry\n", F::Markdown, &["customer is angry"]),
        (
            "| Field | Value |\n|---|---|\n| Status | customer is angry |\n",
            F::Markdown,
            &["customer is angry"],
        ),
        (
            "Customer: Acme\nHandoff date: after they have calmed down\n",
            F::KeyValue,
            &["after they have calmed down"],
        ),
        // A day or a yes to a question about the handoff says nothing about the deal.
        ("Customer: Acme\nHandoff date: 16.11.2026\nHandoff call completed: [x] Yes\n", F::KeyValue, &[]),
        (
            "Customer: Acme\nÜbergabegespräch geführt: Ja\nÜbergabedatum: 16. November 2026\n",
            F::KeyValue,
            &[],
        ),
    ];
    for (text, format, kept) in rows {
        assert_eq!(unread(&reading(text, Some(*format))), *kept, "{text}");
    }
}

#[test]
fn excerpts_keep_the_brackets_that_belong_to_them() {
    for (text, kept) in [
        ("Their office dog is called Biscuit (a beagle).", "Their office dog is called Biscuit (a beagle)"),
        ("(Biscuit) guards the door", "(Biscuit) guards the door"),
        ("(Biscuit guards the door)", "Biscuit guards the door"),
        ("Biscuit guards the door)", "Biscuit guards the door"),
        ("Biscuit guards [sometimes] the door (", "Biscuit guards [sometimes] the door"),
    ] {
        assert_eq!(unread(&reading(text, Some(F::Summary))), [kept], "{text}");
    }
}

#[test]
fn what_is_too_long_to_list_says_where_it_begins() {
    let long = "biscuit ".repeat(400);
    let found = reading(&format!("Customer: Acme\nStatus: {long}\n"), Some(F::KeyValue));
    assert!(codes(&found).contains(&"unread_cut"), "{:?}", found.notices);
    let notice = found.notices.iter().find(|notice| notice.code == "unread_cut").unwrap();
    assert!(notice.message.contains("line 2, column 9"), "{}", notice.message);
}
