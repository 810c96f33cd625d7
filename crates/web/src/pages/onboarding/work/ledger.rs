//! Why the dates moved: the ledger of a plan.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::work::{self, Ledger};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_store::work::ledger::Line;

use super::change::in_words;
use super::said::toast;
use crate::Web;
use crate::extract::{Answer, Asked, Posted, Values};
use crate::form::{Wrong, answered};
use crate::format::{Day, Moment, count, moment};
use crate::pages::onboarding::plan::views_beside_ledger;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::{Top, is_over};
use crate::pages::{Frame, View, render};

/// Entries on a page.
const LINES: u32 = 60;

/// Most moved dates of an entry shown one by one.
const MOVES: usize = 60;

#[derive(Template)]
#[template(path = "pages/onboarding/work/ledger.html")]
struct Page {
    frame: Frame,
    top: Top,
    views: Vec<View>,
    wrong: Wrong,
    /// The first promised go-live and end, and what they are now; none while nothing moved.
    story: Option<Story>,
    sides: Vec<(&'static str, String, &'static str, String)>,
    lines: Vec<Row>,
    older: Option<String>,
    baselines: Vec<Agreed>,
    may_agree: bool,
    reason: String,
}

struct Story {
    first: Day,
    now: Day,
    moved: String,
    tone: &'static str,
    first_end: Day,
    end: Day,
    end_moved: String,
}

struct Row {
    number: i64,
    at: Moment,
    by: String,
    summary: String,
    side: &'static str,
    go_live: String,
    tone: &'static str,
    finish: String,
    after: Day,
    moves: Vec<(String, Day, Day)>,
    many: String,
    /// Dates that moved beside those shown.
    more: usize,
    undone_by: Option<i64>,
    undo: Option<String>,
}

struct Agreed {
    number: i64,
    at: Moment,
    by: String,
    reason: String,
    go_live: Day,
    finish: Day,
}

/// The ledger.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, read_id(id)?, &values, StatusCode::OK, (String::new(), Wrong::default())).await
}

/// Agrees on the dates as they stand.
pub(crate) async fn agree(values: Values, Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let reason = fields.text("reason").to_owned();
    answered(
        work::keep_baseline(&web.app, &session.actor, id, None, &reason).await,
        |_| Redirect::to(&format!("/onboardings/{id}/plan/ledger?said=said")).into_response(),
        |status, wrong| page(&web, &session, id, &values, status, (reason, wrong)),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    values: &Values,
    status: StatusCode,
    (reason, wrong): (String, Wrong),
) -> Answer {
    let before: Option<i64> = values.text("before").parse().ok();
    let found = work::ledger(&web.app, &session.actor, id, before, LINES).await?;
    let Ledger { head, lines, more, totals, first, now, names, baselines } = found;
    let top = Top::new(session, &head, "/plan");
    let runs = session.actor.may(Action::RunOnboarding) && !is_over(&head);
    let older =
        lines.last().filter(|_| more).map(|line| top.to(&format!("/plan/ledger?before={}", line.number)));
    let name = |code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
    let days = |from: jiff::civil::Date, to: jiff::civil::Date| in_words(i64::from((to - from).get_days()));
    let row = |line: Line| {
        let (go_live, tone) = days(line.before.go_live, line.after.go_live);
        let moved = line.moves.len();
        let takes_back = runs && line.undone_by.is_none() && line.number == line.batch && line.kind != "slip";
        Row {
            number: line.number,
            at: moment(line.at, &web.app.time_zone),
            by: line.by,
            summary: line.summary,
            side: line.side.word(),
            go_live,
            tone,
            finish: days(line.before.finish, line.after.finish).0,
            after: line.after.go_live.into(),
            moves: line
                .moves
                .into_iter()
                .take(MOVES)
                .map(|one| (name(&one.code), one.from.into(), one.to.into()))
                .collect(),
            many: count(moved, "date"),
            more: moved.saturating_sub(MOVES),
            undone_by: line.undone_by,
            undo: takes_back.then(|| top.to(&format!("/plan/changes/{}/undo", line.batch))),
        }
    };
    let lines: Vec<Row> = lines.into_iter().map(row).collect();
    let sides = totals.into_iter().map(|(side, [go_live, finish])| {
        let (words, tone) = in_words(go_live);
        (side.word(), words, tone, in_words(finish).0)
    });
    let story = first.map(|first| {
        let (moved, tone) = days(first.go_live, now.go_live);
        Story {
            first: first.go_live.into(),
            now: now.go_live.into(),
            moved,
            tone,
            first_end: first.finish.into(),
            end: now.finish.into(),
            end_moved: days(first.finish, now.finish).0,
        }
    });
    let agreed = baselines.into_iter().rev().map(|one| Agreed {
        number: one.number,
        at: moment(one.at, &web.app.time_zone),
        by: one.by,
        reason: one.reason,
        go_live: one.go_live_on.into(),
        finish: one.finish_on.into(),
    });
    let page = Page {
        frame: top.frame(session, "Why dates moved").saying(toast(values)),
        views: views_beside_ledger(&top),
        wrong,
        story,
        sides: sides.collect(),
        older,
        baselines: agreed.collect(),
        may_agree: session.actor.may(Action::PlanOnboarding) && !is_over(&head),
        reason,
        lines,
        top,
    };
    Ok(render(status, &page))
}
