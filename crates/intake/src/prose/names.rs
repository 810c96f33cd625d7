//! Names inside a sentence: who bought, what they bought, who does what.

use gangway_domain::deal::StakeholderRole;
use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::interpret;
use crate::source::Passage;
use crate::values::people;
use crate::values::words::{find_in, fold};

/// What a customer does, right after its name.
const BOUGHT: &[&str] = &[
    "has signed",
    "signed",
    "has bought",
    "bought",
    "purchased",
    "has chosen us",
    "has chosen",
    "chose us",
    "picked us",
    "selected us",
    "went with us",
    "est signée",
    "est signé",
    "a signé",
    "hat unterschrieben",
    "hat sich für uns",
    "ha firmado",
    "firmó",
];

/// Words that stand where a customer's name could and are none, folded.
const NO_CUSTOMER: &[&str] = &[
    "they",
    "we",
    "he",
    "she",
    "it",
    "contract",
    "deal",
    "customer",
    "client",
    "all",
    "the customer",
    "the client",
    "everything",
    "just",
    "not",
    "finally",
    "i",
    "our",
    "wir",
    "nous",
];

/// What a person does, right after the name, and what that makes of them.
const DOES: &[(&str, StakeholderRole)] = &[
    ("is the executive sponsor", StakeholderRole::ExecutiveSponsor),
    ("is the sponsor", StakeholderRole::ExecutiveSponsor),
    ("is our sponsor", StakeholderRole::ExecutiveSponsor),
    ("sponsors the project", StakeholderRole::ExecutiveSponsor),
    ("is the champion", StakeholderRole::Champion),
    ("is our champion", StakeholderRole::Champion),
    ("will lead the project", StakeholderRole::ProjectLead),
    ("leads the project", StakeholderRole::ProjectLead),
    ("will run the project", StakeholderRole::ProjectLead),
    ("is the project lead", StakeholderRole::ProjectLead),
    ("leitet das projekt", StakeholderRole::ProjectLead),
    ("will connect", StakeholderRole::TechnicalLead),
    ("is the technical lead", StakeholderRole::TechnicalLead),
];

/// Reads the names of a sentence.
pub(super) fn names(b: &mut Builder<'_>, passage: Passage<'_>) {
    if b.deal.customer.is_none() {
        customer(b, passage);
    }
    if b.deal.products.is_empty() {
        plan(b, passage);
    }
    for (does, role) in DOES {
        if let Some(at) = find_in(passage.text, does) {
            person(b, passage.sub(0..at.start), *role);
        }
    }
}

/// `Harbourline Logistics signed`, `Fjordbank AS, a regional bank, has chosen us`.
fn customer(b: &mut Builder<'_>, passage: Passage<'_>) {
    let Some(at) =
        BOUGHT.iter().filter_map(|verb| find_in(passage.text, verb)).map(|range| range.start).min()
    else {
        return;
    };
    let mut head = passage.sub(0..at).trim();
    // What the customer is, between commas, follows the name.
    for apposition in [", a ", ", an ", ", the ", ", ein ", ", eine ", ", une ", ", un ", ", una "] {
        if let Some(at) = head.text.find(apposition) {
            head = head.sub(0..at);
        }
    }
    let name = last_name(head.trim_matches(|c: char| c.is_whitespace() || c == ','));
    let words = name.text.split_whitespace().count();
    if (1..=5).contains(&words) && !NO_CUSTOMER.contains(&fold(name.text).as_str()) {
        let text = interpret::clean(name.text);
        b.set("The customer", |d| &mut d.customer, text, name, Confidence::Medium);
    }
}

/// The capitalised words at the end of a passage, with the small words inside names.
fn last_name(passage: Passage<'_>) -> Passage<'_> {
    let mut from = passage.text.len();
    let mut start = from;
    for word in passage.text.split_whitespace().rev() {
        let Some(at) = passage.text.get(..from).and_then(|head| head.rfind(word)) else { break };
        let capital = word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let inner = matches!(word, "&" | "de" | "del" | "du" | "of" | "and" | "und" | "et" | "von" | "van");
        if !(capital || (inner && start < passage.text.len())) || word.ends_with([',', '.', ':', '!']) {
            break;
        }
        if capital {
            start = at;
        }
        from = at;
    }
    passage.sub(start..passage.text.len())
}

/// `the Pro plan`, `Team plan`, `Enterprise edition`.
fn plan(b: &mut Builder<'_>, passage: Passage<'_>) {
    for noun in ["plan", "edition", "package", "tier"] {
        let Some(at) = find_in(passage.text, noun) else { continue };
        let before = last_name(passage.sub(0..at.start).trim());
        let generic = matches!(
            fold(before.text).as_str(),
            "" | "the"
                | "a"
                | "an"
                | "our"
                | "their"
                | "this"
                | "that"
                | "we"
                | "they"
                | "project"
                | "no"
                | "implementation"
        );
        if !generic && before.text.split_whitespace().count() <= 3 {
            let start = at.start
                - (passage.sub(0..at.start).text.len() - passage.sub(0..at.start).text.trim_end().len())
                - before.text.len();
            let here = passage.sub(start..at.end);
            let text = interpret::clean(here.text);
            b.add(|d| &mut d.products, text, here, Confidence::Medium);
            return;
        }
    }
}

/// `Ingrid Solberg, the COO,` or `our IT manager Tom Becker` before what the person does.
fn person(b: &mut Builder<'_>, head: Passage<'_>, role: StakeholderRole) {
    let start = [". ", "! ", "; ", " and ", " but "]
        .iter()
        .filter_map(|end| head.text.rfind(end).map(|at| at + end.len()))
        .max()
        .unwrap_or(0);
    let who = head.sub(start..head.text.len()).trim_matches(|c: char| c.is_whitespace() || c == ',');
    let plain = who.text.replace(", the ", ", ").replace(", our ", ", ");
    let mut found = people::one(&plain, 0).stakeholder;
    if found.name.is_none() {
        // A title and a name side by side: the last two capitalised words are the name.
        let bare = plain.strip_prefix("Our ").or_else(|| plain.strip_prefix("our ")).unwrap_or(&plain);
        let words: Vec<&str> = bare.split_whitespace().collect();
        let Some((title, name)) = words.len().checked_sub(2).map(|at| words.split_at(at)) else { return };
        if !people::is_name(&name.join(" ")) || title.len() > 4 {
            return;
        }
        found.name = Some(name.join(" "));
        found.title = (!title.is_empty()).then(|| title.join(" "));
    }
    if found.name.as_deref().is_none_or(|name| name.split_whitespace().count() < 2) {
        return;
    }
    found.role = role;
    found.count = 1;
    if !interpret::merge_person(b, &found, Confidence::Medium, who) {
        b.add(|d| &mut d.stakeholders, found, who, Confidence::Medium);
    }
}
