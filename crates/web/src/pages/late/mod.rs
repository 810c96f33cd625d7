//! Onboardings that run late by their definition of complete, and the milestones that make them late.

use std::collections::BTreeMap;

use crate::extract::{Answer, Asked};
use crate::format::{Day, count};
use crate::pages::{Choice, Frame, Nav, render};
use askama::Template;
use axum::http::StatusCode;
use gangway_app::outcome::{self, Courses, LateLine};
use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::Driver;

#[derive(Template)]
#[template(path = "pages/late/late.html")]
struct Page {
    frame: Frame,
    segments: Vec<Choice>,
    lines: Vec<Line>,
    drivers: Vec<DriverLine>,
    compared: String,
    late: usize,
    since: Day,
}

struct Line {
    href: String,
    customer: String,
    segment: String,
    owner: String,
    complete_by: Day,
    finish_on: Day,
    late: String,
    /// Where most days were lost.
    why: String,
    state: (&'static str, &'static str),
}

struct DriverLine {
    name: String,
    /// Late onboardings that lost most of their days here; a dash for none.
    drives: String,
    late: String,
    days: String,
    /// How many of those that were late here are late as a whole.
    then: String,
    /// How many of those that were in time here are late as a whole.
    otherwise: String,
}

/// What is late, and why.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let asked = values.text("segment");
    let known = &web.app.methodology.segments.segments;
    let segment = Some(asked).filter(|asked| known.iter().any(|one| one.id == *asked));
    let late = outcome::late(&web.app, &session.actor, segment.clone()).await?;
    let Courses { drivers, onboardings, late: ended, lost, since } =
        outcome::late_milestones(&web.app, &session.actor, None, segment.clone()).await?;
    let all = Choice { value: String::new(), label: "All segments".to_owned(), chosen: segment.is_none() };
    let each = known.iter().map(|one| Choice {
        value: one.id.clone(),
        label: one.name.clone(),
        chosen: segment.as_deref() == Some(one.id.as_str()),
    });
    let page = Page {
        frame: Frame::of(&session, Nav::Onboardings, "Late, and why").live_on_all(),
        segments: std::iter::once(all).chain(each).collect(),
        lines: late.lines.into_iter().map(|one| line(one, &lost)).collect(),
        // What nobody was ever late at makes nothing late.
        drivers: drivers.into_iter().filter(|one| one.late > 0).map(driver).collect(),
        compared: count(onboardings, "onboarding"),
        late: ended,
        since: since.into(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn line(line: LateLine, lost: &BTreeMap<OnboardingId, (String, i64)>) -> Line {
    let LateLine { late, days, is_past } = line;
    let calendar_days = |days: i64| count(usize::try_from(days).unwrap_or_default(), "day");
    Line {
        why: match lost.get(&late.id) {
            Some((milestone, days)) => format!("{} lost at “{milestone}”", calendar_days(*days)),
            None => "planned so from the start".to_owned(),
        },
        href: format!("/onboardings/{}/impact/complete", late.id),
        customer: late.customer,
        segment: late.segment_name,
        owner: late.owner.unwrap_or_else(|| "nobody yet".to_owned()),
        complete_by: late.complete_by.into(),
        finish_on: late.finish_on.into(),
        late: calendar_days(days),
        state: if is_past { ("Its day has passed", "late") } else { ("Late by its plan", "soon") },
    }
}

fn driver(one: Driver) -> DriverLine {
    let timely = one.onboardings - one.late;
    DriverLine {
        drives: match one.drives {
            0 => "—".to_owned(),
            many => count(many, "onboarding"),
        },
        late: format!("{} of {}", one.late, one.onboardings),
        days: count(usize::try_from(one.median_days).unwrap_or_default(), "day"),
        then: format!("{} of {}", one.late_then_late, one.late),
        otherwise: match timely {
            0 => "—".to_owned(),
            _ => format!("{} of {timely}", one.timely_then_late),
        },
        name: one.name,
    }
}
