//! What is checked of an entry before it is kept.

use gangway_domain::refusal::{Fault, Told};
use gangway_domain::register::{Details, Outcome, Owner};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, contact, membership};
use jiff::civil::Date;

use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::{Actor, App};

/// Longest text of an entry beside its title, in characters.
const LONGEST: usize = 4000;

/// One line that says what something is about.
pub(crate) fn checked_title(text: &str, problems: &mut Vec<Problem>) -> String {
    let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = match title.chars().count() {
        0 => "is missing",
        1..=300 if !title.chars().any(char::is_control) => return title,
        1..=300 => "has a character that cannot be shown",
        _ => "is longer than 300 characters",
    };
    problems.push(Problem::new("title", wrong));
    title
}

/// One line of `most` characters at most; may be empty.
pub(crate) fn checked_line(
    field: &'static str,
    text: &str,
    most: usize,
    problems: &mut Vec<Problem>,
) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > most || line.chars().any(char::is_control) {
        problems.push(Problem::new(field, format!("must be one line of {most} characters at most")));
    }
    line
}

/// Prose of several lines; may be empty.
pub(crate) fn checked_prose(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = text.trim().replace("\r\n", "\n");
    if text.chars().count() > LONGEST {
        problems.push(Problem::of(field, Told::from(Fault::TooLong).with("n", LONGEST)));
    } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        problems.push(Problem::of(field, Fault::Unseen));
    }
    text
}

/// Prose that must be there.
pub(crate) fn needed_prose(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let text = checked_prose(field, text, problems);
    if text.is_empty() {
        problems.push(Problem::of(field, Fault::Missing));
    }
    text
}

pub(super) fn checked_details(app: &App, details: Details, problems: &mut Vec<Problem>) -> Details {
    match details {
        Details::Risk { probability, impact, category, mitigation, origin } => {
            let category = category.filter(|category| !category.is_empty());
            let known = &app.methodology.risks.categories;
            if category.as_ref().is_some_and(|category| !known.iter().any(|one| one.id == *category)) {
                problems.push(Problem::new("category", "is none of the categories of risk"));
            }
            let mitigation = checked_prose("mitigation", &mitigation, problems);
            let origin = checked_prose("origin", &origin, problems);
            Details::Risk { probability, impact, category, mitigation, origin }
        }
        Details::Issue { severity, blocks, about } => {
            let blocks = blocks.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
            Details::Issue { severity, blocks, about: checked_prose("about", &about, problems) }
        }
        Details::Decision { options, assumed, about } => {
            let options: Vec<String> = options
                .iter()
                .map(|option| option.split_whitespace().collect::<Vec<_>>().join(" "))
                .filter(|option| !option.is_empty())
                .collect();
            if options.len() > 20 || options.iter().any(|option| option.chars().count() > 300) {
                problems.push(Problem::new("options", "must be 20 at most, of 300 characters each"));
            }
            let assumed = checked_prose("assumed", &assumed, problems);
            Details::Decision { options, assumed, about: checked_prose("about", &about, problems) }
        }
        Details::Action { about, task } => {
            let task = task.map(|code| code.trim().to_owned()).filter(|code| !code.is_empty());
            Details::Action { about: checked_prose("about", &about, problems), task }
        }
    }
}

/// How it ended must be said, except of an action that was done.
pub(super) fn checked_outcome(outcome: Outcome, today: Date) -> Result<Outcome, AppError> {
    let mut problems = Vec::new();
    let checked = match outcome {
        Outcome::Happened { how } => Outcome::Happened { how: needed_prose("how", &how, &mut problems) },
        Outcome::Avoided { how } => Outcome::Avoided { how: needed_prose("how", &how, &mut problems) },
        Outcome::Resolved { how } => Outcome::Resolved { how: needed_prose("how", &how, &mut problems) },
        Outcome::Dropped { how } => Outcome::Dropped { how: needed_prose("how", &how, &mut problems) },
        Outcome::Done { how } => Outcome::Done { how: checked_prose("how", &how, &mut problems) },
        Outcome::Decided { choice, by, on } => {
            if on > today {
                problems.push(Problem::new("on", "is still to come"));
            }
            let choice = needed_prose("how", &choice, &mut problems);
            Outcome::Decided { choice, by: checked_name("by", &by, &mut problems), on }
        }
    };
    none_of(problems)?;
    Ok(checked)
}

/// What an owner is called: who they are now, else the name that was given.
pub(super) async fn owner_name(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    owner: Option<&Owner>,
    problems: &mut Vec<Problem>,
) -> Result<Option<String>, AppError> {
    let Some(owner) = owner else { return Ok(None) };
    let name = match owner {
        Owner::Person { id } => membership::get(tx, actor.workspace, *id).await?.map(|member| member.name),
        Owner::Contact { id } => contact::get(tx, actor.workspace, *id)
            .await?
            .filter(|contact| contact.account_id == head.account_id)
            .map(|contact| contact.name),
        Owner::Named { name } => Some(checked_name("owner", name, problems)),
    };
    if name.is_none() {
        problems.push(Problem::new("owner", "is nobody of the workspace or of this customer"));
    }
    Ok(name)
}
