//! People a sentence names or counts, outside a list of them: `Sponsor is Ann Lee (VP Operations)`, `3 plant managers`.
//!
//! Sentences hold many words that look like people; only what says outright that it is one is taken.

use std::ops::Range;

use gangway_domain::deal::{Stakeholder, StakeholderRole};
use gangway_domain::fact::Confidence;

use super::phrases::says;
use crate::builder::Builder;
use crate::interpret;
use crate::lines::{is_placeholder, only_connects};
use crate::source::Passage;
use crate::values::date::{self, Lean};
use crate::values::number::count_at;
use crate::values::people;
use crate::values::words::{find_in, fold};

/// Roles as sentences name them, longer ones first.
const ROLES: &[(&str, StakeholderRole)] = &[
    ("executive sponsor", StakeholderRole::ExecutiveSponsor),
    ("exec sponsor", StakeholderRole::ExecutiveSponsor),
    ("project sponsor", StakeholderRole::ExecutiveSponsor),
    ("sponsor", StakeholderRole::ExecutiveSponsor),
    ("sponsorin", StakeholderRole::ExecutiveSponsor),
    ("economic buyer", StakeholderRole::ExecutiveSponsor),
    ("budget owner", StakeholderRole::ExecutiveSponsor),
    ("decision maker", StakeholderRole::ExecutiveSponsor),
    ("champion", StakeholderRole::Champion),
    ("project lead", StakeholderRole::ProjectLead),
    ("projektleiter", StakeholderRole::ProjectLead),
    ("projektleiterin", StakeholderRole::ProjectLead),
    ("technical lead", StakeholderRole::TechnicalLead),
    ("tech lead", StakeholderRole::TechnicalLead),
    ("business owner", StakeholderRole::BusinessOwner),
];

/// What joins a role to whoever has it.
const LINKS: [&str; 7] = [" is ", " will be ", " ist ", " est ", " es ", ": ", " = "];

/// What ends the words about a person.
const ENDS: [&str; 13] = [
    ", who ",
    " who ",
    ", which ",
    " but ",
    " because ",
    " since ",
    " until ",
    " from ",
    " at ",
    ", der ",
    ", die ",
    ", qui ",
    " seit ",
];

/// Words that make a sentence about people no statement that there are some, folded.
const DOUBTFUL: &[&str] = &[
    "whether",
    "if",
    "not",
    "no",
    "unclear",
    "unknown",
    "unsure",
    "former",
    "previous",
    "was",
    "were",
    "might",
    "maybe",
    "perhaps",
    "could be",
    "may be",
    "should be",
    "laid off",
    "fired",
    "left",
    "leave",
    "leaves",
    "hire",
    "hiring",
    "hired",
    "vacant",
    "missing",
    "lost",
    "without",
    "ob",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "ehemalige",
    "ehemaliger",
    "vielleicht",
    "pas",
    "ancien",
    "ancienne",
];

/// Words that make the people ours, folded.
const OURS: &[&str] =
    &["we", "our", "ours", "us", "wir", "unser", "unsere", "unseren", "nous", "notre", "nos"];

/// What is said of people who take part.
const INVOLVED: [&str; 7] = [
    "are involved",
    "is involved",
    "are also involved",
    "is also involved",
    "will be involved",
    "sind beteiligt",
    "ist beteiligt",
];

/// First words of titles that need no capital, folded.
const LEADING: &[&str] = &[
    "head",
    "vp",
    "svp",
    "evp",
    "director",
    "managing",
    "chief",
    "ceo",
    "coo",
    "cfo",
    "cio",
    "cto",
    "cmo",
    "cro",
    "chro",
    "ciso",
    "president",
    "founder",
    "leiter",
    "leiterin",
    "directeur",
    "directrice",
];

/// Words that make a title of capitalised words, folded: a department has none of them.
const JOBS: &[&str] = &[
    "director",
    "manager",
    "lead",
    "officer",
    "supervisor",
    "coordinator",
    "controller",
    "architect",
    "administrator",
    "superintendent",
    "owner",
    "principal",
    "geschaftsfuhrer",
    "geschaftsfuhrerin",
    "responsable",
    "gerente",
    "directora",
];

/// Many who lead others, folded: what they are called says that they are people.
const LEADERS: &[&str] = &[
    "managers",
    "directors",
    "supervisors",
    "coordinators",
    "superintendents",
    "foremen",
    "administrators",
    "admins",
    "leiter",
    "leiterinnen",
    "werkleiter",
    "werksleiter",
    "filialleiter",
    "schichtleiter",
    "teamleiter",
    "abteilungsleiter",
    "bereichsleiter",
    "directeurs",
    "responsables",
    "gerants",
    "gerentes",
    "directores",
];

/// Words between a number and such a noun that count something else, folded.
const ELSE_COUNTED: &[&str] = &[
    "password",
    "package",
    "task",
    "file",
    "account",
    "customer",
    "success",
    "relationship",
    "more",
    "other",
    "further",
    "new",
    "additional",
    "weitere",
    "weiteren",
    "neue",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "week",
    "weeks",
    "month",
    "months",
    "year",
    "years",
    "tage",
    "wochen",
    "monate",
    "jahre",
    "stunden",
    "users",
    "user",
    "seats",
    "licences",
    "licenses",
    "sites",
    "plants",
    "times",
    "percent",
];

/// Words whose number stands behind them, folded.
const NUMBERED: &[&str] = &[
    "phase", "week", "day", "step", "level", "tier", "stage", "version", "release", "wave", "part", "team",
    "plant", "site", "building", "number", "no", "nr", "kw", "woche", "stufe", "werk",
];

/// More than this of one kind in a sentence are those who work with the product, not people to speak to.
const MOST: u32 = 50;

/// Who has a role, and who takes part.
pub(super) fn named(b: &mut Builder<'_>, passage: Passage<'_>) {
    for clause in clauses(b, passage) {
        let mut taken: Vec<Range<usize>> = Vec::new();
        for (words, role) in ROLES {
            let Some(at) = find_in(clause.text, words) else { continue };
            if taken.iter().any(|known| known.start < at.end && at.start < known.end) {
                continue;
            }
            let rest = clause.sub(at.end..clause.text.len());
            let ours = is_ours(clause.text.get(..at.start).unwrap_or(""), *role);
            if let Some(length) = link(rest.text).filter(|_| !ours)
                && in_role(b, rest.sub(length..rest.text.len()), *role)
            {
                b.structure(clause.sub(at.start..at.end + length));
            }
            taken.push(at);
        }
        if let Some(at) = INVOLVED.iter().find_map(|words| find_in(clause.text, words))
            && taking_part(b, clause.sub(0..at.start).trim())
        {
            b.structure(clause.sub(at));
        }
    }
}

/// Counted groups of people who lead others.
pub(super) fn counted(b: &mut Builder<'_>, passage: Passage<'_>) {
    for clause in clauses(b, passage) {
        let folded = fold(clause.text);
        if says(&folded, OURS) || !says(&folded, LEADERS) {
            continue;
        }
        for range in groups(clause.text) {
            let here = clause.sub(range);
            // "On 3 March managers met" counts days.
            if date::find(here.text, &b.frame(Lean::Future)).is_some() {
                continue;
            }
            let found = people::one(here.text, 0).stakeholder;
            if found.count > 1 && found.title.is_some() && !is_counted_otherwise(b, &found) {
                add(b, found, here);
            }
        }
    }
}

/// The parts of a sentence that state something.
fn clauses<'a>(b: &Builder<'_>, passage: Passage<'a>) -> Vec<Passage<'a>> {
    // Our own documents list everybody; their sentences repeat it.
    if b.own_document || passage.text.ends_with('?') {
        return Vec::new();
    }
    let mut clauses = Vec::new();
    let mut at = 0;
    for part in passage.text.split(';') {
        if !says(&fold(part), DOUBTFUL) {
            clauses.push(passage.sub(at..at + part.len()).trim());
        }
        at += part.len() + 1;
    }
    clauses
}

/// Bytes of what joins a role to a name.
fn link(text: &str) -> Option<usize> {
    let starts = |link: &&&str| text.get(..link.len()).is_some_and(|head| head.eq_ignore_ascii_case(link));
    LINKS.iter().find(starts).map(|link| link.len())
}

/// `Our project lead is …`: who leads on the vendor's side. A sponsor or champion of ours is always the customer's.
fn is_ours(before: &str, role: StakeholderRole) -> bool {
    let last = before.split_whitespace().next_back().map(fold).unwrap_or_default();
    !matches!(role, StakeholderRole::ExecutiveSponsor | StakeholderRole::Champion)
        && OURS.contains(&last.as_str())
}

/// The person behind `the sponsor is`; whether there was one.
fn in_role(b: &mut Builder<'_>, words: Passage<'_>, role: StakeholderRole) -> bool {
    let end = ENDS.iter().filter_map(|end| words.text.find(end)).min().unwrap_or(words.text.len());
    let words = without_article(words.sub(0..end).trim());
    if is_placeholder(words.text) {
        return false;
    }
    let Some(person) = people::read(words.text).into_iter().next() else { return false };
    let here = words.sub(person.range.clone());
    let mut found = person.stakeholder;
    let fits = is_named(&found) || (is_titled(&found) && !is_role_filled(b, role));
    if fits {
        found.role = role;
        add(b, found, here);
    }
    fits
}

/// `IT Director and 3 plant managers` before `are involved`: only those with a title. Whether there was anybody.
fn taking_part(b: &mut Builder<'_>, words: Passage<'_>) -> bool {
    let words = without_article(words);
    let before = b.fact_count();
    for person in people::read(words.text) {
        let here = words.sub(person.range.clone());
        let found = person.stakeholder;
        if is_titled(&found) || (is_named(&found) && found.title.is_some()) {
            add(b, found, here);
        }
    }
    b.fact_count() > before
}

fn without_article(words: Passage<'_>) -> Passage<'_> {
    let articles =
        ["the ", "their ", "our ", "The ", "Their ", "Our ", "der ", "die ", "Der ", "Die ", "le ", "la "];
    let article = articles.iter().find(|article| words.text.starts_with(**article));
    words.sub(article.map_or(0, |article| article.len())..words.text.len())
}

/// A full name, or a first name with a title.
fn is_named(person: &Stakeholder) -> bool {
    let words = person.name.as_deref().map_or(0, |name| name.split_whitespace().count());
    person.count == 1 && (words >= 2 || (words == 1 && person.title.is_some()))
}

/// A job title and nothing else.
fn is_titled(person: &Stakeholder) -> bool {
    person.name.is_none() && person.count == 1 && person.title.as_deref().is_some_and(is_job)
}

/// `VP Operations`, `head of finance`, `IT Director`; no department, and nothing a sentence says in passing.
fn is_job(title: &str) -> bool {
    let folded = fold(title);
    let words: Vec<&str> = folded.split(' ').collect();
    if words.len() > 5 || title.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let capitals = title.split_whitespace().all(|word| {
        word.starts_with(char::is_uppercase) || matches!(word, "of" | "for" | "de" | "du" | "&" | "and")
    });
    let job = words.iter().any(|word| JOBS.contains(word) || (word.len() > 6 && word.ends_with("leiter")));
    words.first().is_some_and(|first| LEADING.contains(first)) || (capitals && job)
}

fn is_role_filled(b: &Builder<'_>, role: StakeholderRole) -> bool {
    b.deal.stakeholders.iter().any(|known| known.value.role == role)
}

/// Whether a group of the same title is known by another number.
fn is_counted_otherwise(b: &Builder<'_>, found: &Stakeholder) -> bool {
    b.deal
        .stakeholders
        .iter()
        .any(|known| same_title(&known.value, found) && known.value.count != found.count)
}

fn same_title(known: &Stakeholder, found: &Stakeholder) -> bool {
    known.title.as_deref().map(fold) == found.title.as_deref().map(fold)
}

fn add(b: &mut Builder<'_>, found: Stakeholder, here: Passage<'_>) {
    // "The VP Operations" is whoever was named with that title.
    let known = found.name.is_none()
        && b.deal.stakeholders.iter().any(|known| {
            known.value.name.is_some() && known.value.count == found.count && same_title(&known.value, &found)
        });
    if known {
        b.claim(here);
    } else if !interpret::merge_person(b, &found, Confidence::Medium, here) {
        b.add(|d| &mut d.stakeholders, found, here, Confidence::Medium);
    }
}

/// Where a sentence counts people who lead others.
fn groups(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let (mut boundary, mut from) = (true, 0);
    for (start, c) in text.char_indices() {
        if boundary
            && start >= from
            && (c.is_alphanumeric() || matches!(c, '~' | '≈'))
            && !is_numbered(text.get(..start).unwrap_or(""))
            && let Some(end) = group_at(text, start)
        {
            found.push(start..end);
            from = end;
        }
        boundary =
            !c.is_alphanumeric() && !matches!(c, '.' | ',' | ':' | '/' | '-' | '−' | '^' | '$' | '€' | '£');
    }
    found
}

/// `In phase 2 managers …`: the number belongs to the word before it.
fn is_numbered(before: &str) -> bool {
    let last = before.split_whitespace().next_back().map(fold).unwrap_or_default();
    NUMBERED.contains(&last.as_str())
}

/// The end of a counted group that begins at `start`; at most two words stand between the number and the noun.
fn group_at(text: &str, start: usize) -> Option<usize> {
    let number = count_at(text, start)?;
    number.value.as_u32().filter(|count| (2..=MOST).contains(count))?;
    let mut at = number.range.end;
    for _ in 0..3 {
        let rest = text.get(at..)?;
        let gap = rest.chars().next().filter(|c| matches!(c, ' ' | '\u{a0}'))?.len_utf8();
        let tail = rest.get(gap..)?;
        let length = tail.find(|c: char| !c.is_alphabetic()).unwrap_or(tail.len());
        let word = tail.get(..length).filter(|word| !word.is_empty())?;
        let folded = fold(word);
        at += gap + length;
        if LEADERS.contains(&folded.as_str()) {
            let owned = text.get(at..)?.starts_with(['\'', '’', '-']);
            return (!owned).then_some(at);
        }
        if only_connects(word) || ELSE_COUNTED.contains(&folded.as_str()) {
            return None;
        }
    }
    None
}
