//! Who is who at the customer: where they stand, who spoke with them, what is missing; and who does what.

pub(crate) mod communication;
mod duties;
mod grid;
mod loss;
mod matrix;
mod person;
mod relations;
mod resistance;
pub(crate) mod steps;

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, Sight};
use gangway_app::people::{self, Engagement, Known, Standing};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId};
use gangway_domain::package::{Placed, RoleGap, TeamLine};
use gangway_domain::people::Grade;
use gangway_domain::permission::Action;
use jiff::civil::Date;
use serde::Deserialize;

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::format::{Day, count, distance, initials};
use crate::pages::{Choice, Frame, Tab, Toast, render};

use grid::{Grid, Spot};

pub(crate) use loss::{confirm, lose, watch};
pub(crate) use matrix::{change as change_matrix, show as show_matrix};
pub(crate) use person::{change, remove, show as show_person, touch, untouch};
pub(crate) use relations::{relate, show as show_relations, unrelate};
pub(crate) use resistance::{change as change_resistance, notice, reopen, resolve, show as show_resistance};

/// The pages of people as tabs of their own.
fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    let pages = [
        ("Stakeholders", "/people"),
        ("Relations", "/people/relations"),
        ("Resistance", "/people/resistance"),
        ("Communication", "/people/communication"),
        ("Who does what", "/people/raci"),
    ];
    top.pages(&pages, here)
}

/// The sections of the package this page shows.
#[derive(Deserialize)]
struct Shown {
    people: Planned,
}

#[derive(Deserialize)]
struct Planned {
    stakeholders: Vec<Placed>,
    gaps: Vec<RoleGap>,
    team: Vec<TeamLine>,
}

#[derive(Template)]
#[template(path = "pages/onboarding/people/people.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    grid: Grid,
    people: Vec<Person>,
    /// Known by title only, or as a group: label and role.
    unnamed: Vec<(String, String)>,
    gaps: Vec<RoleGap>,
    /// Whether the relationship hangs on enough people, in sentences.
    threading: Vec<String>,
    multi_threaded: bool,
    executive: Vec<Line>,
    losses: Vec<Gone>,
    team: Vec<Colleague>,
    may_edit: bool,
    /// Contacts who could be added.
    others: Vec<Choice>,
    roles: Vec<Choice>,
    wrong: Wrong,
}

struct Person {
    href: String,
    label: String,
    title: String,
    role: String,
    email: Option<String>,
    grid: String,
    strategy: String,
    engagement: String,
    last: Option<Day>,
    /// Whether the rhythm is kept, in words, and how it is shown.
    rhythm: String,
    kept: &'static str,
    risk: &'static str,
    tone: &'static str,
    gone: bool,
}

/// An engagement of executives.
struct Line {
    name: String,
    note: String,
    due: Option<Day>,
    when: String,
    late: bool,
}

/// A champion who left.
struct Gone {
    href: String,
    name: String,
    open: bool,
    holding: Vec<String>,
}

struct Colleague {
    role: String,
    person: Option<String>,
    initials: String,
    does: String,
}

/// The people of one onboarding.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = if values.has("removed") { Toast::of("Taken out of the stakeholders.") } else { None };
    page(&web, &session, read_id(id)?, Wrong::default(), toast, StatusCode::OK).await
}

/// Makes a contact a stakeholder.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let role = role(fields.text("role"));
    let made = match fields.text("contact").parse::<ContactId>() {
        Ok(who) => people::add(&web.app, &session.actor, id, who, role).await,
        Err(_) => Err(AppError::Invalid(vec![gangway_app::Problem::new("contact", "is missing")])),
    };
    answered(
        made,
        |made| Redirect::to(&format!("/onboardings/{id}/people/{}?added", made.contact)).into_response(),
        |status, wrong| page(&web, &session, id, wrong, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    wrong: Wrong,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let sight = onboarding::sight::<Shown>(&web.app, &session.actor, id).await?;
    let standing = people::standing_of(&web.app, &session.actor, &sight.head).await?;
    let ours = people::team(&web.app, &session.actor, &sight.head).await?;
    let may_edit = session.actor.may(Action::RunOnboarding);
    let others =
        if may_edit { people::others(&web.app, &session.actor, &standing).await? } else { Vec::new() };
    let Sight { head, sections: Shown { people: planned }, .. } = sight;
    let top = Top::new(session, &head, "/people");
    let Standing { people: known, threading, executive, losses, today, .. } = standing;
    let unnamed: Vec<&Placed> =
        planned.stakeholders.iter().filter(|placed| is_unnamed(placed, &known)).collect();
    let href = |who: ContactId| top.to(&format!("/people/{who}"));
    let spots: Vec<Spot> = known
        .iter()
        .filter(|known| !known.is_gone(today))
        .map(|known| Spot {
            label: known.facts.name.clone(),
            role: known.role_name.clone(),
            power: known.facts.power,
            interest: known.facts.interest,
            href: href(known.facts.contact),
            risk: known.risk(),
        })
        .chain(unnamed.iter().map(|placed| Spot {
            label: placed.label.clone(),
            role: placed.role_name.clone(),
            power: placed.power.parse().unwrap_or(Grade::Medium),
            interest: placed.interest.parse().unwrap_or(Grade::Medium),
            href: String::new(),
            risk: Grade::Low,
        }))
        .collect();
    let multi_threaded = threading.holds();
    let page = Page {
        frame: top.frame(session, "People").saying(toast),
        pages: tabs(&top, "/people"),
        grid: Grid::new(&spots),
        unnamed: unnamed
            .iter()
            .map(|placed| {
                let many = if placed.count > 1 { format!("{} people", placed.count) } else { String::new() };
                let role = [placed.role_name.clone(), many];
                (
                    placed.label.clone(),
                    role.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
                )
            })
            .collect(),
        threading: if multi_threaded {
            let live = usize::try_from(threading.live).unwrap_or(0);
            vec![format!(
                "{} spoken with in the last {} days{}.",
                if live == 1 { "1 person was".to_owned() } else { format!("{live} people were") },
                threading.within_days,
                if threading.least > 1 { ", an executive among them" } else { "" }
            )]
        } else {
            threading.missing
        },
        multi_threaded,
        people: known.into_iter().map(|known| Person::new(href(known.facts.contact), known, today)).collect(),
        gaps: planned.gaps,
        executive: executive.into_iter().map(|engagement| Line::new(engagement, today)).collect(),
        losses: losses
            .into_iter()
            .map(|lost| Gone {
                href: href(lost.loss.contact),
                open: lost.loss.state.is_open(),
                holding: lost.criteria.into_iter().filter(|one| one.holds).map(|one| one.text).collect(),
                name: lost.loss.name,
            })
            .collect(),
        team: planned.team.into_iter().map(|line| Colleague::new(line, &ours)).collect(),
        may_edit,
        others: others
            .into_iter()
            .map(|contact| Choice::of(contact.id.to_string(), contact.name, ""))
            .collect(),
        roles: roles(web, StakeholderRole::EndUser),
        wrong,
        top,
    };
    Ok(render(status, &page))
}

/// Somebody of the package who is no stakeholder yet: a group, or a title without a name.
fn is_unnamed(placed: &Placed, known: &[Known]) -> bool {
    let folded = placed.label.to_lowercase();
    placed.count > 1
        || (placed.email.is_none()
            && placed.title.is_none()
            && known.iter().all(|known| known.facts.name.to_lowercase() != folded))
}

/// The role a word names; `other` when none.
fn role(word: &str) -> StakeholderRole {
    let word = serde_json::Value::String(word.to_owned());
    serde_json::from_value(word).unwrap_or(StakeholderRole::Other)
}

/// The word of a role.
fn role_word(role: StakeholderRole) -> String {
    serde_json::to_value(role).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// The roles to choose from.
fn roles(web: &Web, chosen: StakeholderRole) -> Vec<Choice> {
    let known = web.app.methodology.people.roles.iter().map(|rule| (rule.role, rule.name.clone()));
    known
        .chain([(StakeholderRole::Other, "Other".to_owned())])
        .map(|(role, label)| Choice { value: role_word(role), label, chosen: role == chosen })
        .collect()
}

/// A risk as a tag shows it.
fn tone(risk: Grade) -> &'static str {
    match risk {
        Grade::Low => "",
        Grade::Medium => "soon",
        Grade::High => "late",
    }
}

impl Person {
    fn new(href: String, known: Known, today: Date) -> Self {
        let (risk, gone) = (known.risk(), known.is_gone(today));
        let Known { facts, role_name, engagement, strategy, last, cadence, .. } = known;
        let (rhythm, kept) = match (gone, cadence.due) {
            (true, _) => ("has left".to_owned(), ""),
            (false, None) => ("no fixed rhythm".to_owned(), ""),
            (false, Some(_)) if cadence.late > 0 => {
                let days = count(usize::try_from(cadence.late).unwrap_or(0), "day");
                (format!("{days} overdue"), "bad")
            }
            (false, Some(due)) => (format!("next {}", distance(today, due)), "good"),
        };
        Self {
            href,
            label: facts.name,
            title: facts.title.unwrap_or_default(),
            role: role_name,
            email: facts.email,
            grid: format!("{} power, {} interest", facts.power.word(), facts.interest.word()),
            strategy,
            engagement,
            last: last.map(Day::from),
            rhythm,
            kept,
            risk: risk.label(),
            tone: tone(risk),
            gone,
        }
    }
}

impl Line {
    fn new(engagement: Engagement, today: Date) -> Self {
        let Engagement { rule, due } = engagement;
        let note = match (&due.occasion, due.last) {
            (Some(occasion), _) => occasion.clone(),
            (None, Some(last)) => format!("last {}", distance(today, last)),
            (None, None) => rule.content.clone(),
        };
        let when = match due.due {
            None if due.last.is_some() => "done".to_owned(),
            None => "when there is a reason".to_owned(),
            Some(_) if due.late > 0 => {
                format!("{} overdue", count(usize::try_from(due.late).unwrap_or(0), "day"))
            }
            Some(day) => distance(today, day),
        };
        Self { name: rule.kind, note, due: due.due.map(Day::from), when, late: due.late > 0 }
    }
}

impl Colleague {
    /// With the name of the plan where the package has none.
    fn new(line: TeamLine, ours: &BTreeMap<String, String>) -> Self {
        let person = line.person.or_else(|| ours.get(&line.role).cloned());
        Self {
            initials: initials(person.as_deref().unwrap_or(&line.role)),
            role: line.role,
            person,
            does: line.does,
        }
    }
}
