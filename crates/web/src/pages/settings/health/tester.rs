//! A rule tried on an onboarding, at any time: what it says, every fact it reads, and where it is wrong.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::health::{self, FactRead, KnownRule, Tested};
use gangway_app::identity::Session;
use gangway_app::search::{self, Group};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::OnboardingId;
use gangway_domain::rule::{RuleError, Truth, TypedRule};
use jiff::tz::TimeZone;

use super::{PATH as SETTINGS, pages};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, day_or_none};
use crate::format::{Day, Moment, capital, fact, moment, quoted, sentence};
use crate::pages::settings::{Tab, tabs};
use crate::pages::{Choice, Frame, Nav, render};

pub(super) const PATH: &str = "/settings/health/rules";

/// Onboardings offered where a name fits several.
const OFFERED: usize = 12;

#[derive(Template)]
#[template(path = "pages/settings/health/tester.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    rule: String,
    /// Rules of the methodology by what they belong to.
    picks: Vec<(String, Vec<Choice>)>,
    customer: String,
    /// The onboarding that was found by the customer's name.
    onboarding: String,
    /// Where the name fits several.
    matches: Vec<Choice>,
    day: String,
    today: String,
    fault: Option<Fault>,
    shown: Option<Shown>,
    wrong: Wrong,
}

/// What is wrong with a rule, and where.
struct Fault {
    said: String,
    /// `line 1, character 19`; empty where it is wrong as a whole.
    place: String,
    /// The line up to the place, what stands there, and the rest.
    before: String,
    at: String,
    after: String,
}

impl Fault {
    /// Nothing was written.
    fn nothing() -> Self {
        Self {
            said: "Write a rule, or begin with one of the methodology below.".to_owned(),
            place: String::new(),
            before: String::new(),
            at: String::new(),
            after: String::new(),
        }
    }

    fn new(error: &RuleError) -> Self {
        let said = sentence(error.said());
        let Some(place) = error.place() else {
            let (before, at, after) = (String::new(), String::new(), String::new());
            return Self { said, place: String::new(), before, at, after };
        };
        let line = error.source_text.lines().nth(place.line - 1).unwrap_or_default();
        let mut letters = line.chars();
        let before: String = letters.by_ref().take(place.column - 1).collect();
        // The whole of a name, or one sign.
        let rest: String = letters.collect();
        let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let named = rest.chars().take_while(|letter| is_name(*letter)).count().max(1);
        let at: String = rest.chars().take(named).collect();
        Self {
            said,
            place: format!("line {}, character {}", place.line, place.column),
            before,
            after: rest.chars().skip(named).collect(),
            // At the end there is nothing to mark but the end.
            at: if at.is_empty() { "…".to_owned() } else { at },
        }
    }
}

/// What a rule says.
struct Shown {
    customer: String,
    href: String,
    on: Day,
    /// When what was known was kept; none where it was gathered just now, or nothing was kept yet.
    kept: Option<Moment>,
    /// Usage is told by what was counted until the end of a day that is over.
    counted: bool,
    verdict: String,
    tone: &'static str,
    /// Why nobody can tell.
    unknown: String,
    lines: Vec<Line>,
}

/// A fact a rule read.
struct Line {
    name: &'static str,
    kind: &'static str,
    meaning: String,
    unit: &'static str,
    value: String,
    known: bool,
    heard: Option<Day>,
}

impl Line {
    fn new(one: &FactRead) -> Self {
        Self {
            name: one.spec.name,
            kind: one.spec.kind.word(),
            meaning: quoted(one.spec.meaning),
            unit: one.spec.unit,
            value: capital(&fact(one.value.as_ref())),
            known: one.value.is_some(),
            heard: one.heard_on.map(Day::from),
        }
    }
}

impl Shown {
    fn new(tested: &Tested, zone: &TimeZone) -> Self {
        let (verdict, tone) = match &tested.truth {
            Some(Truth::Yes) => ("Yes".to_owned(), "go"),
            Some(Truth::No) => ("No".to_owned(), "off"),
            Some(Truth::Unknown { .. }) => ("Unknown".to_owned(), "soon"),
            None => (capital(&tested.result), ""),
        };
        let unknown = match &tested.truth {
            Some(Truth::Unknown { missing }) if missing.is_empty() => {
                "The arithmetic fails, such as a division by zero.".to_owned()
            }
            Some(Truth::Unknown { missing }) => format!("Nobody knows {}.", missing.join(", ")),
            _ => String::new(),
        };
        Self {
            customer: tested.head.customer.clone(),
            href: format!("/onboardings/{}/health", tested.head.id),
            on: Day::from(tested.on),
            kept: tested.kept_at.map(|at| moment(at, zone)),
            counted: tested.counted,
            verdict,
            tone,
            unknown,
            lines: tested.facts.iter().map(Line::new).collect(),
        }
    }
}

/// What stands in the form.
#[derive(Default)]
struct Form {
    rule: String,
    /// A rule of the methodology.
    pick: String,
    customer: String,
    /// The customer's name as the form was made.
    was: String,
    onboarding: String,
    day: String,
    /// Only the rule that was picked is to be put into the field.
    takes: bool,
    /// It is to be said what is missing.
    asks: bool,
}

/// The form, and, where the address names a rule and an onboarding, what the rule says.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let form = Form {
        rule: values.text("rule"),
        pick: values.text("pick"),
        onboarding: values.text("onboarding"),
        day: values.text("day"),
        ..Form::default()
    };
    page(&web, &session, form).await
}

/// What a rule says.
pub(crate) async fn test(Posted(web, session, (), fields): Posted) -> Answer {
    let text = |name: &str| fields.text(name).trim().to_owned();
    let form = Form {
        rule: text("rule"),
        pick: text("pick"),
        customer: text("customer"),
        was: text("was"),
        onboarding: text("onboarding"),
        day: text("day"),
        takes: fields.text("do") == "take",
        asks: fields.text("do") != "take",
    };
    page(&web, &session, form).await
}

async fn page(web: &Web, session: &Session, mut form: Form) -> Answer {
    let known = health::rules(&web.app, &session.actor).await?;
    if form.takes || form.rule.is_empty() {
        let picked = known.iter().find(|rule| rule.id == form.pick);
        form.rule = picked.map_or(form.rule, |rule| rule.source.clone());
    }
    let chosen = choose(web, session, &form).await?;
    let is_tested = !form.rule.is_empty() && !form.takes;
    let compiled = is_tested.then(|| health::compile_rule(&form.rule));
    let (mut status, mut wrong, mut shown, mut fault) = (StatusCode::OK, Wrong::default(), None, None);
    match (&compiled, chosen.id) {
        (Some(Err(error)), _) => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            fault = Some(Fault::new(error));
        }
        (Some(Ok(rule)), Some(id)) => match tested(web, session, rule, id, &form.day).await {
            Ok(found) => shown = Some(Shown::new(&found, &web.app.time_zone)),
            Err(error) => (status, wrong) = Wrong::or_fail(error)?,
        },
        (None, _) if form.asks => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            fault = Some(Fault::nothing());
        }
        _ => {}
    }
    let is_nobody = form.asks && chosen.id.is_none() && chosen.matches.is_empty();
    let needed = "is needed: a rule is tested on a customer";
    if let Some(problem) = chosen.problem.or(is_nobody.then_some(needed)) {
        let nobody = AppError::Invalid(vec![Problem::new("customer", problem)]);
        (status, wrong) = Wrong::or_fail(nobody)?;
    }
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Rule tester"),
        tabs: tabs(session, SETTINGS),
        pages: pages(PATH),
        picks: picks(&known, &form.pick),
        rule: form.rule,
        customer: chosen.name,
        onboarding: chosen.id.map(|id| id.to_string()).unwrap_or_default(),
        matches: chosen.matches,
        day: form.day,
        today: web.app.today().to_string(),
        fault,
        shown,
        wrong,
    };
    Ok(render(status, &page))
}

async fn tested(
    web: &Web,
    session: &Session,
    rule: &TypedRule,
    id: OnboardingId,
    day: &str,
) -> Result<Tested, AppError> {
    let day = day_or_none("day", day)?;
    health::test_rule(&web.app, &session.actor, rule, id, day).await
}

/// On whom the rule is tested.
#[derive(Default)]
struct Chosen {
    id: Option<OnboardingId>,
    name: String,
    matches: Vec<Choice>,
    problem: Option<&'static str>,
}

/// The onboarding that was chosen before, or the one the customer's name means.
async fn choose(web: &Web, session: &Session, form: &Form) -> Result<Chosen, AppError> {
    let (app, actor) = (&web.app, &session.actor);
    let before: Option<OnboardingId> = form.onboarding.parse().ok();
    if let Some(id) = before.filter(|_| form.customer == form.was) {
        let name = health::subject(app, actor, id).await?.customer;
        return Ok(Chosen { id: Some(id), name, ..Chosen::default() });
    }
    let name = form.customer.clone();
    if name.is_empty() {
        return Ok(Chosen::default());
    }
    let hits = search::find(app, actor, &name, OFFERED).await?;
    let found: Vec<(OnboardingId, String)> = hits
        .into_iter()
        .filter(|hit| hit.group == Group::Onboardings)
        .filter_map(|hit| {
            let id: OnboardingId = hit.href.strip_prefix("/onboardings/")?.parse().ok()?;
            let label =
                if hit.detail.is_empty() { hit.title } else { format!("{} · {}", hit.title, hit.detail) };
            Some((id, label))
        })
        .collect();
    Ok(match found.as_slice() {
        [] => {
            let problem = Some("is the name of no customer with an onboarding");
            Chosen { name, problem, ..Chosen::default() }
        }
        [(id, _)] => {
            let name = health::subject(app, actor, *id).await?.customer;
            Chosen { id: Some(*id), name, ..Chosen::default() }
        }
        several => {
            let offered = several.iter().map(|(id, label)| Choice::of(id.to_string(), label, ""));
            Chosen { name, matches: offered.collect(), ..Chosen::default() }
        }
    })
}

/// Rules by what they belong to, in their order.
fn picks(known: &[KnownRule], chosen: &str) -> Vec<(String, Vec<Choice>)> {
    let mut groups: Vec<(String, Vec<Choice>)> = Vec::new();
    for rule in known {
        let choice = Choice::of(&rule.id, &rule.name, chosen);
        match groups.last_mut() {
            Some((group, choices)) if *group == rule.group => choices.push(choice),
            _ => groups.push((rule.group.clone(), vec![choice])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_marked_in_its_line() {
        let error = health::compile_rule("sso.configured &&\nusage.login > 3").unwrap_err();
        let fault = Fault::new(&error);
        assert_eq!(fault.place, "line 2, character 1");
        assert_eq!(
            (fault.before.as_str(), fault.at.as_str(), fault.after.as_str()),
            ("", "usage.login", " > 3")
        );
        assert!(fault.said.contains("usage.login"));
    }

    #[test]
    fn what_is_missing_at_the_end_is_marked_there() {
        let error = health::compile_rule("usage.logins >").unwrap_err();
        let fault = Fault::new(&error);
        assert!(fault.place.starts_with("line 1"), "{}", fault.place);
        assert!(!fault.at.is_empty());
    }
}
