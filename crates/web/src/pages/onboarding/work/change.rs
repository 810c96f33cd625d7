//! Changing the plan: what would follow is shown first where somebody asks for it, and can be taken back after.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::work::{self, Outcome};
use gangway_app::workload;
use gangway_domain::ids::OnboardingId;
use gangway_domain::work::Entry;
use gangway_store::work::ledger::Line;

use super::{fields, safe, said};
use crate::Web;
use crate::extract::{Answer, Posted};
use crate::form::{Fields, Wrong};
use crate::format::{Day, Moment, capital, count, moment, sentence};
use crate::pages::failure::Failure;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, render};

/// Most moved dates shown one by one.
const SHOWN: usize = 60;

/// Most changes of others shown one by one.
const SHOWN_OF_OTHERS: usize = 8;

#[derive(Template)]
#[template(path = "pages/onboarding/work/change.html")]
struct Page {
    frame: Frame,
    top: Top,
    wrong: Wrong,
    back: String,
    /// What was sent, to be sent again; the first with the revision of the plan as it is now.
    again: Vec<(String, String)>,
    what: Option<What>,
    /// A task others wait for: it can go with its ends joined.
    may_join: bool,
    /// Somebody else was faster.
    stale: bool,
    /// What others changed since the plan was looked at, the newest first.
    meanwhile: Vec<Other>,
    /// How many changes of others there are beside those shown.
    more_meanwhile: usize,
}

/// What somebody else changed.
struct Other {
    what: String,
    by: String,
    at: Moment,
    /// It is about, or moved, what was asked to be changed.
    same: bool,
}

/// What would follow.
struct What {
    summaries: Vec<(String, String, String)>,
    go_live: (Day, Day, String, &'static str),
    finish: (Day, Day, String, &'static str),
    moves: Vec<Moved>,
    more: usize,
}

struct Moved {
    name: String,
    before: Day,
    after: Day,
    days: String,
    tone: &'static str,
}

/// Changes the plan.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let back = safe(fields.text("back"), format!("/onboardings/{id}/plan?view=list"));
    if fields.text("one").is_empty() && fields.all("task").nth(1).is_some() {
        return ticked(&web, &session, id, &fields, back).await;
    }
    let mut given = Vec::new();
    let outcome = match fields::read(&web.app, &session.actor, id, &fields).await {
        Ok(asked) => {
            let fields::Asked { revision, changes, because } = asked;
            given = workload::given(&changes);
            work::change_because(&web.app, &session.actor, id, revision, changes, because).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(outcome) => {
            let overloads = workload::overloaded(&web.app, &session.actor, id, given).await?;
            let there = said::over(said::with(&back, id, &outcome, false), overloads.first());
            Ok(Redirect::to(&there).into_response())
        }
        Err(error) => refused(&web, &session, id, &fields, back, error).await,
    }
}

/// Changes several tasks that were ticked: those that are so already are left out, and named.
async fn ticked(web: &Web, session: &Session, id: OnboardingId, fields: &Fields, back: String) -> Answer {
    let mut given = Vec::new();
    let done = match fields::read(&web.app, &session.actor, id, fields).await {
        Ok(asked) => {
            let fields::Asked { revision, changes, because } = asked;
            given = workload::given(&changes);
            work::change_ticked(&web.app, &session.actor, id, revision, changes, because).await
        }
        Err(error) => Err(error),
    };
    match done {
        Ok((Some(outcome), left_out)) => {
            let overloads = workload::overloaded(&web.app, &session.actor, id, given).await?;
            let there = said::over(said::with(&back, id, &outcome, false), overloads.first());
            Ok(Redirect::to(&said::left_out(there, &left_out)).into_response())
        }
        Ok((None, left_out)) => {
            let there = said::left_out(said::nothing(&back), &left_out);
            Ok(Redirect::to(&there).into_response())
        }
        Err(error) => refused(web, session, id, fields, back, error).await,
    }
}

/// Shows what changes would do.
pub(crate) async fn preview(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let back = safe(fields.text("back"), format!("/onboardings/{id}/plan?view=list"));
    let outcome = match fields::read(&web.app, &session.actor, id, &fields).await {
        Ok(asked) => work::preview(&web.app, &session.actor, id, asked.revision, asked.changes).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(outcome) => {
            let page = Page {
                what: Some(What::new(&outcome)),
                ..Page::new(&web, &session, id, &fields, back, Wrong::default()).await?
            };
            Ok(render(StatusCode::OK, &page))
        }
        Err(error) => refused(&web, &session, id, &fields, back, error).await,
    }
}

/// Takes a change back.
pub(crate) async fn undo(Posted(web, session, (id, batch), fields): Posted<(String, i64)>) -> Answer {
    let id = read_id(id)?;
    let back = safe(fields.text("back"), format!("/onboardings/{id}/plan?view=list"));
    match work::undo(&web.app, &session.actor, id, batch).await {
        Ok(outcome) => Ok(Redirect::to(&said::with(&back, id, &outcome, true)).into_response()),
        Err(error) => refused(&web, &session, id, &fields, back, error).await,
    }
}

/// What was asked for, with why it was not done.
async fn refused(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    fields: &Fields,
    back: String,
    error: AppError,
) -> Answer {
    let stale = matches!(error, AppError::Stale { .. });
    let said = match &error {
        AppError::Invalid(problems) => {
            let words: Vec<String> = problems.iter().map(|problem| capital(&problem.to_string())).collect();
            Some(format!("{}.", words.join("; ")))
        }
        AppError::Stale { .. } => Some(
            "Somebody else changed this plan meanwhile. Nothing was done: look at what your change would do now, then decide."
                .to_owned(),
        ),
        error if error.is_input() => Some(sentence(&error.to_string())),
        _ => None,
    };
    let Some(said) = said else { return Err(error.into()) };
    if matches!(error, AppError::NotFound { what: "onboarding", .. } | AppError::Forbidden(_)) {
        return Err(error.into());
    }
    let (status, _) = Wrong::or_fail(error)?;
    let status = if stale { StatusCode::CONFLICT } else { status };
    let may_join = fields.text("kind") == "remove" && fields.text("join") != "1" && said.contains("`join`");
    let page =
        Page::new(web, session, id, fields, back, Wrong::whole(said.replace(" with `join`", ""))).await?;
    Ok(render(status, &Page { stale, may_join, ..page }))
}

impl Page {
    async fn new(
        web: &Web,
        session: &Session,
        id: OnboardingId,
        fields: &Fields,
        back: String,
        wrong: Wrong,
    ) -> Result<Self, Failure> {
        let sight = work::sight(&web.app, &session.actor, id).await?;
        let revision = sight.stored.revision;
        let top = Top::new(session, &sight.head, "/plan");
        let again =
            fields::again(fields).into_iter().filter(|(name, _)| name != "revision" && name != "back");
        let again =
            again.chain([("revision".to_owned(), revision.to_string()), ("back".to_owned(), back.clone())]);
        let lines = match fields.text("revision").parse::<i64>() {
            Ok(seen) if seen < revision => work::meanwhile(&web.app, &session.actor, &sight, seen).await?,
            _ => Vec::new(),
        };
        Ok(Self {
            frame: top.frame(session, "Change of the plan"),
            top,
            wrong,
            back,
            again: again.collect(),
            what: None,
            may_join: false,
            stale: false,
            more_meanwhile: lines.len().saturating_sub(SHOWN_OF_OTHERS),
            meanwhile: others(web, fields, lines),
        })
    }
}

impl What {
    fn new(outcome: &Outcome) -> Self {
        let Outcome { entries, before, after, plan, .. } = outcome;
        let line = |entry: &Entry| {
            (entry.summary.clone(), entry.side.word().to_owned(), in_words(entry.go_live_days()).0)
        };
        // Of several changes that move one date, the first and the last day count.
        let mut moves: Vec<(String, jiff::civil::Date, jiff::civil::Date)> = Vec::new();
        for moved in entries.iter().flat_map(|entry| &entry.moves) {
            match moves.iter_mut().find(|(code, ..)| *code == moved.code) {
                Some((.., to)) => *to = moved.to,
                None => moves.push((moved.code.clone(), moved.from, moved.to)),
            }
        }
        moves.retain(|(_, from, to)| from != to);
        let date = |from: jiff::civil::Date, to: jiff::civil::Date| {
            let (words, tone) = in_words(i64::from((to - from).get_days()));
            (Day::from(from), Day::from(to), words, tone)
        };
        let more = moves.len().saturating_sub(SHOWN);
        let moves = moves.into_iter().take(SHOWN).map(|(code, from, to)| {
            let (before, after, days, tone) = date(from, to);
            Moved { name: plan.name(&code).to_owned(), before, after, days, tone }
        });
        Self {
            summaries: entries.iter().map(line).collect(),
            go_live: date(before.go_live, after.go_live),
            finish: date(before.finish, after.finish),
            moves: moves.collect(),
            more,
        }
    }
}

/// What others changed, with whether it concerns what a form asks for.
fn others(web: &Web, fields: &Fields, lines: Vec<Line>) -> Vec<Other> {
    let one = fields.text("one").split_once(':').map(|(_, task)| task);
    let asked: Vec<&str> = fields.all("task").chain(fields.all("milestone")).chain(one).collect();
    let concerns = |code: &String| asked.contains(&code.as_str());
    let lines = lines.into_iter().take(SHOWN_OF_OTHERS).map(|line| Other {
        same: line.subjects.iter().any(concerns) || line.moves.iter().any(|moved| concerns(&moved.code)),
        what: line.summary,
        by: line.by,
        at: moment(line.at, &web.app.time_zone),
    });
    lines.collect()
}

/// `3 days later`, with the tone of it.
pub(super) fn in_words(days: i64) -> (String, &'static str) {
    let number = usize::try_from(days.unsigned_abs()).unwrap_or(0);
    match days {
        0 => ("stays".to_owned(), ""),
        1.. => (format!("{} later", count(number, "day")), "late"),
        _ => (format!("{} earlier", count(number, "day")), "go"),
    }
}
