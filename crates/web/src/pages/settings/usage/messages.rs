//! Messages as they come in, with what became of each: for whoever connects a product.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::usage::debugger::{self, Outcome, Refused, Seen};
use gangway_app::usage::source as sources;
use gangway_domain::ids::SourceId;
use jiff::tz::TimeZone;

use super::{PATH as SETTINGS, pages, source};
use crate::extract::{Answer, Asked};
use crate::format::{Moment, moment};
use crate::pages::settings::{Tab, tabs};
use crate::pages::{Choice, Frame, Nav, render};

pub(super) const PATH: &str = "/settings/usage/messages";

/// Messages shown, the newest.
const SHOWN: usize = 40;

#[derive(Template)]
#[template(path = "pages/settings/usage/messages.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    sources: Vec<Choice>,
    lines: Vec<Line>,
    refused: Vec<RefusedLine>,
}

struct Line {
    at: Moment,
    time: String,
    source: String,
    /// `track`, `identify`, …
    kind: String,
    name: String,
    who: String,
    outcome: &'static str,
    tone: &'static str,
    reason: String,
    body: String,
}

struct RefusedLine {
    at: Moment,
    source: String,
    verdict: &'static str,
    reason: String,
    body: String,
}

/// What came in lately, and what was refused.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let chosen = values.text("source");
    let only = if chosen.is_empty() { None } else { Some(source::known(&chosen)?) };
    let known = sources::list(&web.app, &session.actor).await?;
    let names: BTreeMap<SourceId, String> = known.iter().map(|one| (one.id, one.name.clone())).collect();
    let seen = debugger::recent(&web.app, &session.actor, only)?;
    let refused = debugger::refused(&web.app, &session.actor, only).await?;
    let zone = &web.app.time_zone;
    let all = Choice::of("", "All sources", &chosen);
    let each = known.into_iter().map(|one| Choice::of(one.id.to_string(), one.name, &chosen));
    let page = Page {
        frame: Frame::of(&session, Nav::Settings, "Messages").live(["usage-events"]),
        tabs: tabs(&session, SETTINGS),
        pages: pages(PATH),
        sources: std::iter::once(all).chain(each).collect(),
        lines: seen.iter().take(SHOWN).map(|seen| line(seen, &names, zone)).collect(),
        refused: refused.into_iter().take(SHOWN).map(|one| refused_line(one, &names, zone)).collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn name_of(names: &BTreeMap<SourceId, String>, id: SourceId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| "a source that is gone".to_owned())
}

fn line(seen: &Seen, names: &BTreeMap<SourceId, String>, zone: &TimeZone) -> Line {
    let who = [seen.user.as_str(), seen.group.as_str()];
    let (outcome, tone) = match seen.outcome {
        Outcome::Accepted => ("Accepted", "go"),
        Outcome::Rejected => ("Rejected", "late"),
        Outcome::Quarantined => ("Quarantined", "soon"),
    };
    Line {
        at: moment(seen.at.into(), zone),
        time: seen.at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string(),
        source: name_of(names, seen.source),
        kind: seen.kind.clone(),
        name: seen.name.clone(),
        who: who.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        outcome,
        tone,
        reason: seen.reason.clone().unwrap_or_default(),
        body: seen.body.clone(),
    }
}

fn refused_line(one: Refused, names: &BTreeMap<SourceId, String>, zone: &TimeZone) -> RefusedLine {
    RefusedLine {
        at: moment(one.at, zone),
        source: name_of(names, one.source),
        verdict: if one.verdict == "quarantined" { "Quarantined" } else { "Rejected" },
        reason: one.reason,
        body: one.body.chars().take(2_000).collect(),
    }
}
