//! Facts as the review shows them: grouped, each with its source, its confidence and its form.

use std::collections::BTreeSet;

use gangway_app::AppError;
use gangway_app::intake::field::{FIELDS, Field, Group, Kind};
use gangway_app::intake::value::{part_text, words};
use gangway_app::intake::{Edit, Reviewed};
use gangway_domain::correction::{At, FactKey, Standing};
use gangway_domain::fact::{Confidence, Level, Notice, Source};
use jiff::tz::TimeZone;

use crate::format::{Moment, moment, sentence};

/// The end of an id in the page that stands for a fact: `promises[0]` has characters that
/// addresses do not like.
pub(super) fn anchor(key: &str) -> String {
    key.replace('[', "-").replace(']', "").replace('+', "-added-")
}

/// A group of facts.
pub(super) struct Facts {
    pub id: String,
    pub label: &'static str,
    pub rows: Vec<Row>,
    /// What can be added: label, address.
    pub more: Vec<(&'static str, String)>,
    /// The form for a new fact, when it was asked for.
    pub form: Option<FactForm>,
}

/// A fact.
pub(super) struct Row {
    pub anchor: String,
    pub label: &'static str,
    pub first: String,
    pub rest: String,
    pub confidence: &'static str,
    pub confidence_class: &'static str,
    pub place: String,
    /// Where its words stand in the document.
    pub source: Option<String>,
    pub corrected: Option<Corrected>,
    pub removed: bool,
    pub edit: String,
    pub notices: Vec<String>,
    pub form: Option<FactForm>,
}

/// What a person did to a fact.
pub(super) struct Corrected {
    pub who: String,
    pub at: Moment,
    pub before: Option<String>,
    pub reason: Option<String>,
    pub number: i64,
}

/// A form for one fact.
pub(super) struct FactForm {
    pub title: String,
    pub key: String,
    pub act: &'static str,
    pub seen: i64,
    pub parts: Vec<PartInput>,
    pub reason: String,
    pub reason_problem: String,
    /// Somebody else was faster, or it cannot be used as a whole.
    pub said: Option<String>,
    /// It is there, so it can be removed.
    pub removable: bool,
    /// Back to the page without the form.
    pub cancel: String,
}

/// A field of the form.
pub(super) struct PartInput {
    pub name: &'static str,
    pub label: &'static str,
    pub example: &'static str,
    pub long: bool,
    pub kind: &'static str,
    pub choices: Vec<(&'static str, &'static str, bool)>,
    pub value: String,
    pub problem: String,
}

/// Which form is open, and what was typed into it.
#[derive(Default)]
pub(super) struct Open {
    /// The fact, or its field when one is added.
    pub key: Option<FactKey>,
    /// What was sent and refused.
    pub sent: Option<(Edit, Vec<(String, String)>)>,
    /// Why it was refused.
    pub error: Option<AppError>,
}

/// The facts in groups. `marked` are the facts whose words are marked in the document.
pub(super) fn groups(
    reviewed: &Reviewed,
    marked: &BTreeSet<String>,
    open: &Open,
    editable: bool,
    zone: &TimeZone,
) -> Vec<Facts> {
    let base = format!("/handoffs/{}", reviewed.handoff.id);
    let told = told(reviewed);
    Group::ALL
        .iter()
        .map(|group| {
            let fields: Vec<&Field> = FIELDS.iter().filter(|field| field.group == *group).collect();
            let mut rows = Vec::new();
            for field in &fields {
                for fact in reviewed.deal.facts.iter().filter(|fact| fact.key.field == field.name) {
                    rows.push(row(reviewed, field, fact, marked, open, &base, zone, &told));
                }
            }
            let known = |field: &Field| reviewed.deal.facts.iter().any(|fact| fact.key.field == field.name);
            let open_here = open.key.as_ref().and_then(|key| {
                let field = fields.iter().find(|field| field.name == key.field)?;
                let new = reviewed.deal.fact(key).is_none() && key.at == At::Only;
                new.then(|| form(field, None, open, &base))
            });
            let more = fields
                .iter()
                .filter(|field| editable && (field.many || !known(field)))
                .map(|field| (field.label, format!("{base}?edit={}#new", field.name)))
                .collect();
            let id = format!("g-{}", group.label().to_lowercase().replace(' ', "-"));
            Facts { id, label: group.label(), rows, more, form: open_here.filter(|_| editable) }
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "a row is made of all of the page's parts, in one place")]
fn row(
    reviewed: &Reviewed,
    field: &Field,
    fact: &Standing,
    marked: &BTreeSet<String>,
    open: &Open,
    base: &str,
    zone: &TimeZone,
    told: &[(FactKey, String)],
) -> Row {
    let key = fact.key.to_string();
    let (first, rest) = words(field, &fact.value);
    let (confidence, confidence_class) = match (fact.corrected, fact.confidence) {
        (Some(_), _) => ("By a person", "done"),
        (None, Confidence::High) => ("Stated", "go"),
        (None, Confidence::Medium) => ("Understood", "soon"),
        (None, Confidence::Low) => ("Guess", "late"),
    };
    let made = fact
        .corrected
        .and_then(|number| reviewed.corrections.iter().find(|made| made.correction.number == number));
    let corrected = made.map(|made| Corrected {
        who: made.correction.who.clone(),
        at: moment(made.at, zone),
        before: made.before.clone(),
        reason: made.correction.reason.clone(),
        number: made.correction.number,
    });
    let is_open = open.key.as_ref() == Some(&fact.key);
    Row {
        anchor: anchor(&key),
        label: field.label,
        first,
        rest,
        confidence,
        confidence_class,
        place: place(&fact.source),
        source: marked.contains(&key).then(|| format!("#s-{}", anchor(&key))),
        removed: fact.removed,
        edit: format!("{base}?edit={}#f-{}", escaped(&key), anchor(&key)),
        notices: match corrected {
            // A person has looked at it: the reader's doubts are settled.
            Some(_) => Vec::new(),
            None => {
                told.iter().filter(|(about, _)| *about == fact.key).map(|(_, text)| text.clone()).collect()
            }
        },
        corrected,
        form: is_open.then(|| form(field, Some(fact), open, base)),
    }
}

fn form(field: &Field, fact: Option<&Standing>, open: &Open, base: &str) -> FactForm {
    let sent = open.sent.as_ref();
    let problems = match &open.error {
        Some(AppError::Invalid(problems)) => problems.as_slice(),
        _ => &[],
    };
    let problem = |name: &str| {
        let found = problems.iter().find(|problem| problem.field == name);
        found.map_or_else(String::new, |problem| problem.message.clone())
    };
    let parts = field
        .parts
        .iter()
        .map(|part| {
            let value = match (sent, fact) {
                (Some((_, typed)), _) if !typed.is_empty() => {
                    let found = typed.iter().find(|(name, _)| name == part.name);
                    found.map_or_else(String::new, |(_, text)| text.clone())
                }
                (_, Some(fact)) => part_text(&fact.value, part.name),
                _ => String::new(),
            };
            // A day that could not be read stays visible: a date field would hide it.
            let readable = value.is_empty() || value.parse::<jiff::civil::Date>().is_ok();
            PartInput {
                name: part.name,
                label: part.label,
                example: part.example,
                long: part.kind == Kind::Long,
                kind: match part.kind {
                    Kind::Day if readable => "date",
                    _ => "text",
                },
                choices: match part.kind {
                    Kind::Choice(choices) => {
                        choices.iter().map(|(word, label)| (*word, *label, *word == value)).collect()
                    }
                    _ => Vec::new(),
                },
                problem: problem(part.name),
                value,
            }
        })
        .collect();
    let key = fact.map_or_else(|| field.name.to_owned(), |fact| fact.key.to_string());
    let seen = match (&open.error, sent, fact) {
        (Some(AppError::Overlap(overlap)), _, _) => overlap.seen,
        (_, Some((edit, _)), _) => edit.seen,
        (_, None, Some(fact)) => fact.corrected.unwrap_or(0),
        (_, None, None) => 0,
    };
    FactForm {
        title: match fact {
            Some(_) => format!("Correct: {}", field.label),
            None => format!("Add: {}", field.label),
        },
        act: if fact.is_none() && field.many { "add" } else { "set" },
        seen,
        parts,
        reason: sent.map_or_else(String::new, |(edit, _)| edit.reason.clone()),
        reason_problem: problem("reason"),
        said: match &open.error {
            Some(AppError::Invalid(_)) | None => None,
            Some(error) => Some(sentence(&error.to_string())),
        },
        removable: fact.is_some_and(|fact| !fact.removed),
        cancel: match fact {
            Some(_) => format!("{base}#f-{}", anchor(&key)),
            None => base.to_owned(),
        },
        key,
    }
}

/// A key inside of an address.
fn escaped(key: &str) -> String {
    key.replace('[', "%5B").replace(']', "%5D").replace('+', "%2B")
}

fn place(source: &Source) -> String {
    match source {
        Source::Text { span, .. } => format!("line {}", span.line),
        Source::Field { path } => path.clone(),
        Source::Person { who, .. } => format!("said by {who}"),
        Source::Derived { how } => how.clone(),
    }
}

/// Warnings of the reader with the fact each is about: the one its text names, or whose words it
/// stands at.
pub(super) fn told(reviewed: &Reviewed) -> Vec<(FactKey, String)> {
    let warnings = reviewed.handoff.reading.notices.iter().filter(|notice| notice.level == Level::Warning);
    warnings.filter_map(|notice| Some((about(reviewed, notice)?, sentence(&notice.message)))).collect()
}

/// The fact a notice is about.
pub(super) fn about(reviewed: &Reviewed, notice: &Notice) -> Option<FactKey> {
    let named = FIELDS
        .iter()
        .filter(|field| {
            !field.told_as.is_empty() && notice.message.contains(&format!("{} is ", field.told_as))
        })
        .max_by_key(|field| field.told_as.len());
    let by_name = named.map(|field| FactKey { field: field.name.to_owned(), at: At::Only });
    let span = notice.span;
    let by_place = || {
        let found = reviewed.deal.facts.iter().find(|fact| match (&fact.source, span) {
            (Source::Text { span: here, .. }, Some(span)) => here.start <= span.start && span.end <= here.end,
            _ => false,
        });
        found.map(|fact| fact.key.clone())
    };
    by_name.filter(|key| reviewed.deal.fact(key).is_some()).or_else(by_place)
}
