//! From a handoff to its onboarding: what is recommended, what comes of other choices, and whether
//! the promised date can be kept, before anything is made.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::intake::value::part_text;
use gangway_app::intake::{self, Choices, Reviewed};
use gangway_app::{AppError, Problem};
use gangway_domain::correction::{At, FactKey};
use gangway_domain::ids::HandoffId;
use gangway_domain::package::Package;
use gangway_domain::permission::Action;
use gangway_store::review::State as Stage;

use super::handoff_id;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::format::{Day, count, sentence};
use crate::pages::{Frame, Nav, render};

/// What a form may send.
const NAMES: [&str; 7] = ["segment", "reason", "kickoff", "go_live", "vendor_country", "country", "closures"];

#[derive(Template)]
#[template(path = "pages/handoffs/plan.html")]
struct Page {
    frame: Frame,
    id: String,
    customer: String,
    choices: Choices,
    kickoff_is_day: bool,
    problems: Vec<Problem>,
    said: Option<String>,
    segments: Vec<(String, String, bool)>,
    countries: Vec<(String, String)>,
    outlook: Option<Outlook>,
    confirmed: bool,
    made: Option<String>,
    may_plan: bool,
    may_confirm: bool,
    version: i64,
}

/// What would come of it.
struct Outlook {
    segment: String,
    recommended: Option<String>,
    touch: String,
    programme: String,
    meetings: String,
    reasons: Vec<(String, String, String)>,
    kickoff: Day,
    kickoff_because: String,
    go_live: Day,
    go_live_because: String,
    wanted: Option<Day>,
    shortfall: i64,
    first_value: Option<Day>,
    finish: Day,
    verdict: String,
    options: Vec<String>,
    tasks: String,
    holidays: Vec<(Day, String, &'static str)>,
    closures: Vec<(Day, Day, String)>,
    notices: Vec<String>,
}

/// What comes of the choices in the address.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = handoff_id(&id)?;
    let reviewed = intake::get(&web.app, &session.actor, id).await?;
    let choices = if NAMES.iter().any(|name| values.has(name)) {
        choices(|name| values.text(name))
    } else {
        known(&reviewed)
    };
    page(&web, &session, &reviewed, choices, StatusCode::OK, None).await
}

/// Generates the onboarding.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = handoff_id(&id)?;
    let choices = choices(|name| fields.text(name).to_owned());
    let (options, problems) = intake::options(&web.app, &choices).await?;
    let refusal = if problems.is_empty() {
        match intake::generate(&web.app, &session.actor, id, options).await {
            Ok(made) => return Ok(Redirect::to(&format!("/onboardings/{}", made.id)).into_response()),
            Err(error @ AppError::Invalid(_)) => {
                let text = error.to_string();
                Some(format!("This {text}."))
            }
            Err(error @ AppError::Build(_)) => Some(sentence(&error.to_string())),
            Err(error) => return Err(error.into()),
        }
    } else {
        None
    };
    let reviewed = intake::get(&web.app, &session.actor, id).await?;
    page(&web, &session, &reviewed, choices, StatusCode::UNPROCESSABLE_ENTITY, refusal).await
}

fn choices(text: impl Fn(&str) -> String) -> Choices {
    Choices {
        segment: text("segment"),
        reason: text("reason"),
        kickoff: text("kickoff"),
        go_live: text("go_live"),
        vendor_country: text("vendor_country"),
        country: text("country"),
        closures: text("closures"),
    }
}

/// What the deal says already.
fn known(reviewed: &Reviewed) -> Choices {
    let text = |field: &str| {
        let key = FactKey { field: field.to_owned(), at: At::Only };
        let fact = reviewed.deal.fact(&key).filter(|fact| !fact.removed);
        fact.map_or_else(String::new, |fact| part_text(&fact.value, "value"))
    };
    Choices {
        kickoff: text("kickoff_on"),
        go_live: text("go_live"),
        country: text("country"),
        ..Choices::default()
    }
}

async fn page(
    web: &Web,
    session: &Session,
    reviewed: &Reviewed,
    choices: Choices,
    status: StatusCode,
    said: Option<String>,
) -> Answer {
    let id: HandoffId = reviewed.handoff.id;
    let (options, problems) = intake::options(&web.app, &choices).await?;
    let (outlook, said) = match intake::outlook(&web.app, &session.actor, id, options).await {
        Ok(package) => (Some(Outlook::new(&package)), said),
        Err(error @ AppError::Build(_)) => (None, said.or_else(|| Some(sentence(&error.to_string())))),
        Err(error) => return Err(error.into()),
    };
    let methodology = &web.app.methodology;
    let segments = methodology.segments.segments.iter().map(|segment| {
        let label = format!("{} · {} touch", segment.name, segment.touch);
        (segment.id.clone(), label, segment.id == choices.segment)
    });
    let mut countries: Vec<(String, String)> = methodology
        .calendars
        .values()
        .map(|calendar| (calendar.country.clone(), calendar.name.clone()))
        .collect();
    for code in [&choices.country, &choices.vendor_country] {
        if !code.is_empty() && !countries.iter().any(|(known, _)| known == code) {
            countries.push((code.clone(), code.clone()));
        }
    }
    countries.sort_by(|(_, a), (_, b)| a.cmp(b));
    let page = Page {
        frame: Frame::of(session, Nav::Handoffs, format!("Plan for {}", reviewed.customer)),
        id: id.to_string(),
        customer: reviewed.customer.clone(),
        kickoff_is_day: choices.kickoff.is_empty() || choices.kickoff.parse::<jiff::civil::Date>().is_ok(),
        segments: segments.collect(),
        countries,
        confirmed: reviewed.review.state != Stage::Review,
        made: reviewed.review.onboarding.map(|id| format!("/onboardings/{id}")),
        may_plan: session.actor.may(Action::PlanOnboarding),
        may_confirm: session.actor.may(Action::HandOver),
        version: reviewed.review.version,
        choices,
        problems,
        said,
        outlook,
    };
    Ok(render(status, &page))
}

impl Page {
    fn at(&self, field: &str) -> &str {
        self.problems.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.message)
    }
}

impl Outlook {
    fn new(package: &Package) -> Self {
        let Package { segmentation, dates, plan, notices, .. } = package;
        let in_plan = |day: jiff::civil::Date| dates.starts_on <= day && day <= dates.finish_on;
        let mut holidays: Vec<(jiff::civil::Date, String, &'static str)> = Vec::new();
        for (spec, whose) in [("vendor", "vendor"), ("customer", "customer")] {
            let calendar = plan.calendars.iter().find(|calendar| calendar.id == spec);
            let days = calendar.map(|calendar| calendar.holidays.as_slice()).unwrap_or_default();
            for holiday in days.iter().filter(|holiday| in_plan(holiday.date)) {
                let both =
                    holidays.iter_mut().find(|(day, name, _)| *day == holiday.date && *name == holiday.name);
                match both {
                    Some(known) => known.2 = "both",
                    None => holidays.push((holiday.date, holiday.name.clone(), whose)),
                }
            }
        }
        holidays.sort();
        let points = |pull: i32| match pull {
            0 => String::new(),
            1.. => format!("+{pull}"),
            _ => format!("−{}", pull.unsigned_abs()),
        };
        Self {
            segment: segmentation.segment_name.clone(),
            recommended: segmentation.overridden.as_ref().map(|given| given.recommended.clone()),
            touch: segmentation.touch_words.clone(),
            programme: format!("{}, version {}", segmentation.programme_name, segmentation.programme_version),
            meetings: segmentation.meetings.clone(),
            reasons: segmentation
                .reasons
                .iter()
                .map(|reason| {
                    let facet = crate::format::capital(&reason.facet.replace('-', " "));
                    (facet, reason.text.clone(), points(reason.pull))
                })
                .collect(),
            kickoff: dates.kickoff_on.into(),
            kickoff_because: dates.kickoff_because.clone(),
            go_live: dates.go_live_on.into(),
            go_live_because: dates.go_live_because.clone(),
            wanted: dates.go_live_target.map(Day::from),
            shortfall: dates
                .go_live_target
                .map_or(0, |wanted| i64::from((dates.go_live_on - wanted).get_days()).max(0)),
            first_value: dates.first_value_on.map(Day::from),
            finish: dates.finish_on.into(),
            verdict: dates.verdict.clone(),
            options: dates.options.clone(),
            tasks: format!(
                "{}, {}",
                count(plan.tasks.len(), "task"),
                count(plan.milestones.len(), "milestone")
            ),
            holidays: holidays.into_iter().map(|(day, name, whose)| (day.into(), name, whose)).collect(),
            closures: package
                .reading
                .deal
                .blackouts
                .iter()
                .map(|fact| {
                    let closure = &fact.value;
                    (closure.from.into(), closure.to.into(), closure.reason.clone().unwrap_or_default())
                })
                .collect(),
            notices: notices.iter().map(|notice| sentence(&notice.message)).collect(),
        }
    }
}
