//! One stakeholder: what is known of them, the talks with them, what is done when they leave.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::people::{self, Changes, Known, Standing, Talk, Touch};
use gangway_app::{AppError, Problem};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId, TouchId};
use gangway_domain::people::{Channel, Grade, Sentiment};
use gangway_domain::permission::Action;
use jiff::civil::Date;

use super::duties::Duties;
use super::loss::{Protocol, protocol};
use super::{role, role_word, roles, tabs, tone};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Fields, Wrong, answered, day_or_none};
use crate::format::{Day, capital, distance};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::onboarding::work::said;
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

/// Talks shown.
const TALKS: u32 = 50;

#[derive(Template)]
#[template(path = "pages/onboarding/people/person.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    /// Where they are.
    address: String,
    /// Where their contact is.
    contact: String,
    name: String,
    title: String,
    role: String,
    strategy: String,
    engagement: String,
    risk: &'static str,
    tone: &'static str,
    reasons: Vec<String>,
    last: String,
    due: Option<Day>,
    late: bool,
    left: Option<Day>,
    champion: String,
    notes: String,
    talks: Vec<Line>,
    protocol: Option<Protocol>,
    duties: Duties,
    may_lose: bool,
    may_edit: bool,
    sheet: Sheet,
    offered: Choices,
    talk: Typed,
    talk_choices: Vec<Choice>,
    engagements: Vec<Choice>,
    losing: Wrong,
}

struct Line {
    on: Day,
    how: String,
    by: String,
    note: String,
    action: String,
}

/// What the form of the facts holds.
#[derive(Debug, Clone, Default)]
struct Sheet {
    version: i64,
    role: String,
    power: String,
    interest: String,
    sentiment: String,
    engagement: String,
    risk: String,
    risk_reason: String,
    champion: String,
    notes: String,
    left_on: String,
    wrong: Wrong,
}

struct Choices {
    roles: Vec<Choice>,
    power: Vec<Choice>,
    interest: Vec<Choice>,
    sentiment: Vec<Choice>,
    engagement: Vec<Choice>,
    risk: Vec<Choice>,
    champion: Vec<Choice>,
}

/// What the form of a talk holds.
#[derive(Debug, Clone, Default)]
struct Typed {
    on: String,
    channel: String,
    occasion: String,
    note: String,
    wrong: Wrong,
}

/// What came back with the page.
#[derive(Default)]
pub(super) struct Back {
    sheet: Option<Sheet>,
    talk: Option<Typed>,
    /// What was wrong with recording the loss, or with what is known of it.
    losing: Wrong,
    toast: Option<Toast>,
}

impl Back {
    /// With what was wrong about the loss.
    pub(super) fn losing(losing: Wrong) -> Self {
        Self { losing, ..Self::default() }
    }
}

/// The contact an address names.
pub(super) fn contact_id(id: &str) -> Result<ContactId, AppError> {
    named("stakeholder", id)
}

/// One stakeholder.
pub(crate) async fn show(Asked(web, session, (id, who), values): Asked<(String, String)>) -> Answer {
    let (id, who) = (read_id(id)?, contact_id(&who)?);
    let toast = match values.text("spoke").parse::<TouchId>() {
        Ok(touch) => Some(Toast {
            text: "Written down.".to_owned(),
            undo: Some(Undo {
                action: format!("/onboardings/{id}/people/{who}/touches/{touch}/removal"),
                fields: Vec::new(),
            }),
        }),
        Err(_) if values.has("added") => Toast::of("Added."),
        Err(_) if values.has("changed") => Toast::of("Saved."),
        Err(_) if values.has("unsaid") => Toast::of("Taken back."),
        Err(_) if values.has("lost") => Toast::of("Recorded. What to do now stands in the plan."),
        Err(_) if values.has("succeeded") => Toast::of("They are the champion now."),
        Err(_) => said::toast(&values),
    };
    page(&web, &session, id, who, Back { toast, ..Back::default() }, StatusCode::OK).await
}

/// Changes what is known of them.
pub(crate) async fn change(Posted(web, session, (id, who), fields): Posted<(String, String)>) -> Answer {
    let (id, who) = (read_id(id)?, contact_id(&who)?);
    let sheet = Sheet::typed(&fields);
    let outcome = match sheet.read() {
        Ok(changes) => people::change(&web.app, &session.actor, id, who, sheet.version, changes).await,
        Err(error) => Err(error),
    };
    answered(
        outcome,
        |_| Redirect::to(&format!("/onboardings/{id}/people/{who}?changed")).into_response(),
        |status, wrong| {
            let back = Back { sheet: Some(Sheet { wrong, ..sheet }), ..Back::default() };
            page(&web, &session, id, who, back, status)
        },
    )
    .await
}

/// Takes them out of the stakeholders.
pub(crate) async fn remove(Posted(web, session, (id, who), fields): Posted<(String, String)>) -> Answer {
    let (id, who) = (read_id(id)?, contact_id(&who)?);
    answered(
        people::remove(&web.app, &session.actor, id, who, fields.version()).await,
        |()| Redirect::to(&format!("/onboardings/{id}/people?removed")).into_response(),
        |status, wrong| page(&web, &session, id, who, Back::losing(wrong), status),
    )
    .await
}

/// Writes down that they were spoken with.
pub(crate) async fn touch(Posted(web, session, (id, who), fields): Posted<(String, String)>) -> Answer {
    let (id, who) = (read_id(id)?, contact_id(&who)?);
    let text = |name: &str| fields.text(name).to_owned();
    let typed = Typed {
        on: text("on"),
        channel: text("channel"),
        occasion: text("occasion"),
        note: text("note"),
        wrong: Wrong::default(),
    };
    let made = match typed.read() {
        Ok(talk) => people::touch(&web.app, &session.actor, id, who, talk).await,
        Err(error) => Err(error),
    };
    answered(
        made,
        |touch| Redirect::to(&format!("/onboardings/{id}/people/{who}?spoke={}", touch.id)).into_response(),
        |status, wrong| {
            let back = Back { talk: Some(Typed { wrong, ..typed }), ..Back::default() };
            page(&web, &session, id, who, back, status)
        },
    )
    .await
}

/// Takes a talk back.
pub(crate) async fn untouch(Here(web, session, (_, _, touch)): Here<(String, String, String)>) -> Answer {
    let touch: TouchId = named("talk", &touch)?;
    let gone = people::remove_touch(&web.app, &session.actor, touch).await?;
    let address = format!("/onboardings/{}/people/{}?unsaid", gone.onboarding, gone.contact);
    Ok(Redirect::to(&address).into_response())
}

/// The page, with what came back.
pub(super) async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    who: ContactId,
    back: Back,
    status: StatusCode,
) -> Answer {
    let Standing { head, people: all, losses, today, .. } =
        people::standing(&web.app, &session.actor, id).await?;
    let Some(known) = all.iter().find(|known| known.facts.contact == who).cloned() else {
        return Err(AppError::NotFound { what: "stakeholder", id: who.to_string() }.into());
    };
    let (talks, _) = people::touches(&web.app, &session.actor, id, Some(who), None, TALKS).await?;
    let top = Top::new(session, &head, "/people");
    let address = top.to(&format!("/people/{who}"));
    let may_edit = session.actor.may(Action::RunOnboarding);
    let duties = Duties::of(web, session, &head, &top, who).await?;
    let lost = losses.into_iter().find(|lost| lost.loss.contact == who);
    let is_champion = known.facts.role == StakeholderRole::Champion || known.facts.champion.is_some();
    let risk = known.risk();
    let rules = &web.app.methodology.people;
    let sheet =
        back.sheet.map_or_else(|| Sheet::of(&known), |sheet| Sheet { version: known.facts.version, ..sheet });
    let talk = back.talk.unwrap_or_else(|| Typed {
        on: today.to_string(),
        channel: "call".to_owned(),
        ..Typed::default()
    });
    let executive = known.facts.role == StakeholderRole::ExecutiveSponsor;
    let phase = known.facts.champion.as_ref().and_then(|id| rules.champion.iter().find(|one| one.id == *id));
    let page = Page {
        frame: top.frame(session, &known.facts.name).saying(back.toast),
        pages: tabs(&top, "/people"),
        contact: format!("/contacts/{who}"),
        name: known.facts.name.clone(),
        title: known.facts.title.clone().unwrap_or_default(),
        role: known.role_name.clone(),
        strategy: known.strategy.clone(),
        engagement: known.engagement.clone(),
        risk: risk.label(),
        tone: tone(risk),
        reasons: match &known.facts.risk {
            Some((_, why)) => vec![why.clone()],
            None => known.judged.reasons.iter().map(|reason| capital(reason)).collect(),
        },
        last: known.last.map_or_else(|| "never".to_owned(), |last| distance(today, last)),
        due: known.cadence.due.map(Day::from),
        late: known.cadence.late > 0,
        left: known.facts.left_on.map(Day::from),
        champion: phase.map(|phase| format!("{}: {}", phase.name, phase.activities)).unwrap_or_default(),
        notes: known.facts.notes.clone().unwrap_or_default(),
        talks: talks.into_iter().map(|talk| Line::new(talk, web, &address)).collect(),
        may_lose: may_edit && is_champion && lost.as_ref().is_none_or(|lost| !lost.loss.state.is_open()),
        protocol: lost.map(|lost| protocol(&top, lost, &all)),
        duties,
        may_edit,
        offered: sheet.choices(web),
        sheet,
        talk_choices: words(Channel::ALL.iter().map(|one| (one.word(), one.label())), &talk.channel, None),
        engagements: if executive {
            let kinds = rules.executive.iter().map(|rule| (rule.id.as_str(), rule.kind.as_str()));
            words(kinds, &talk.occasion, Some("None of them"))
        } else {
            Vec::new()
        },
        talk,
        losing: back.losing,
        address,
        top,
    };
    Ok(render(status, &page))
}

/// Choices of words, with one for none of them first.
fn words<'a>(
    all: impl Iterator<Item = (&'a str, &'a str)>,
    chosen: &str,
    none: Option<&'a str>,
) -> Vec<Choice> {
    let none = none.map(|label| ("", label));
    none.into_iter().chain(all).map(|(word, label)| Choice::of(word, label, chosen)).collect()
}

impl Line {
    fn new(talk: Touch, web: &Web, address: &str) -> Self {
        let kinds = &web.app.methodology.people.executive;
        let kind = talk.engagement.as_ref().and_then(|id| kinds.iter().find(|rule| rule.id == *id));
        let channel = talk.channel.label();
        Self {
            on: talk.on.into(),
            how: kind.map_or_else(|| channel.to_owned(), |rule| format!("{channel}, {}", rule.kind)),
            by: talk.by,
            note: talk.note,
            action: format!("{address}/touches/{}/removal", talk.id),
        }
    }
}

impl Typed {
    fn read(&self) -> Result<Talk, AppError> {
        let mut problems = Vec::new();
        let on = self.on.trim().parse::<Date>().ok();
        if on.is_none() {
            problems.push(Problem::new("on", "is not a day"));
        }
        let channel = self.channel.parse::<Channel>().ok();
        if channel.is_none() {
            problems.push(Problem::new("channel", "is missing"));
        }
        match (on, channel) {
            (Some(on), Some(channel)) => Ok(Talk {
                on,
                channel,
                engagement: Some(self.occasion.clone()).filter(|kind| !kind.is_empty()),
                note: self.note.clone(),
            }),
            _ => Err(AppError::Invalid(problems)),
        }
    }
}

impl Sheet {
    fn of(known: &Known) -> Self {
        let facts = &known.facts;
        let grade = |grade: Option<Grade>| grade.map(Grade::word).unwrap_or_default().to_owned();
        Self {
            version: facts.version,
            role: role_word(facts.role),
            power: facts.power.word().to_owned(),
            interest: facts.interest.word().to_owned(),
            sentiment: facts.sentiment.map(Sentiment::word).unwrap_or_default().to_owned(),
            engagement: grade(facts.engagement),
            risk: grade(facts.risk.as_ref().map(|(grade, _)| *grade)),
            risk_reason: facts.risk.as_ref().map(|(_, why)| why.clone()).unwrap_or_default(),
            champion: facts.champion.clone().unwrap_or_default(),
            notes: facts.notes.clone().unwrap_or_default(),
            left_on: facts.left_on.map(|day| day.to_string()).unwrap_or_default(),
            wrong: Wrong::default(),
        }
    }

    fn typed(fields: &Fields) -> Self {
        let text = |name: &str| fields.text(name).to_owned();
        Self {
            version: fields.version(),
            role: text("role"),
            power: text("power"),
            interest: text("interest"),
            sentiment: text("sentiment"),
            engagement: text("engagement"),
            risk: text("risk"),
            risk_reason: text("risk_reason"),
            champion: text("champion"),
            notes: text("notes"),
            left_on: text("left_on"),
            wrong: Wrong::default(),
        }
    }

    fn read(&self) -> Result<Changes, AppError> {
        let left_on = day_or_none("left_on", &self.left_on)?;
        let risk = self.risk.parse::<Grade>().ok();
        Ok(Changes {
            role: Some(role(&self.role)),
            power: self.power.parse().ok(),
            interest: self.interest.parse().ok(),
            sentiment: Some(self.sentiment.parse().ok()),
            engagement: Some(self.engagement.parse().ok()),
            risk: Some(risk.map(|risk| (risk, self.risk_reason.clone()))),
            champion: Some(Some(self.champion.clone()).filter(|phase| !phase.is_empty())),
            notes: Some(Some(self.notes.clone())),
            left_on: Some(left_on),
        })
    }

    fn choices(&self, web: &Web) -> Choices {
        let grades = |chosen: &str, none| {
            words(Grade::ALL.iter().map(|grade| (grade.word(), grade.label())), chosen, none)
        };
        let sentiments = Sentiment::ALL.iter().map(|one| (one.word(), one.label()));
        let phases = web.app.methodology.people.champion.iter();
        Choices {
            roles: roles(web, role(&self.role)),
            power: grades(&self.power, None),
            interest: grades(&self.interest, None),
            sentiment: words(sentiments, &self.sentiment, Some("Unknown")),
            engagement: grades(&self.engagement, Some("Unknown")),
            risk: grades(&self.risk, Some("By the rules")),
            champion: words(
                phases.map(|phase| (phase.id.as_str(), phase.name.as_str())),
                &self.champion,
                Some("No champion"),
            ),
        }
    }
}
