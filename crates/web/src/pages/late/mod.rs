//! Onboardings that run late by their definition of complete, and the milestones that make them late.

use crate::extract::{Answer, Asked};
use crate::format::{Day, count};
use crate::pages::{Choice, Frame, Nav, render};
use askama::Template;
use axum::http::StatusCode;
use gangway_app::outcome::{self, Courses, LateLine};
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
    state: (&'static str, &'static str),
}

struct DriverLine {
    name: String,
    drives: usize,
    late: String,
    days: String,
    then: String,
}

/// What is late, and why.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let asked = values.text("segment");
    let known = &web.app.methodology.segments.segments;
    let segment = Some(asked).filter(|asked| known.iter().any(|one| one.id == *asked));
    let late = outcome::late(&web.app, &session.actor, segment.clone()).await?;
    let Courses { drivers, onboardings, late: ended, since } =
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
        lines: late.lines.into_iter().map(line).collect(),
        // What nobody was ever late at makes nothing late.
        drivers: drivers.into_iter().filter(|one| one.late > 0).map(driver).collect(),
        compared: count(onboardings, "onboarding"),
        late: ended,
        since: since.into(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn line(line: LateLine) -> Line {
    let LateLine { late, days, is_past } = line;
    Line {
        href: format!("/onboardings/{}/impact/complete", late.id),
        customer: late.customer,
        segment: late.segment_name,
        owner: late.owner.unwrap_or_else(|| "nobody yet".to_owned()),
        complete_by: late.complete_by.into(),
        finish_on: late.finish_on.into(),
        late: count(usize::try_from(days).unwrap_or_default(), "day"),
        state: if is_past { ("Its day has passed", "late") } else { ("By plan", "soon") },
    }
}

fn driver(one: Driver) -> DriverLine {
    let timely = one.onboardings - one.late;
    DriverLine {
        drives: one.drives,
        late: format!("{} of {}", one.late, one.onboardings),
        days: count(usize::try_from(one.median_days).unwrap_or_default(), "day"),
        then: match timely {
            0 => format!("{} of {} late here", one.late_then_late, one.late),
            _ => format!(
                "{} of {} late here, {} of {timely} in time here",
                one.late_then_late, one.late, one.timely_then_late
            ),
        },
        name: one.name,
    }
}
