//! What the review after a go-live is written from.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::launch::{FeedbackKind, Issue, PilotState, Severity, SignalState, Verdict};
use gangway_domain::report::LaunchFacts;
use gangway_domain::rule::FactValue;
use gangway_store::Tx;
use gangway_store::work::baseline;
use jiff::civil::Date;

use super::{Sight, seen};
use crate::error::AppError;
use crate::{App, survey, usage};

/// The facts of a launch for its review.
pub(crate) async fn review(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<LaunchFacts, AppError> {
    let sight = seen::gather(app, tx, workspace, id).await?;
    let first = baseline::list(tx, workspace, id).await?.first().map(|first| first.go_live_on);
    let satisfaction = match survey::facts_in(tx, workspace, id).await? {
        Some(FactValue::Group(group)) => match group.get("satisfaction") {
            Some(FactValue::Int(mean)) => Some(*mean),
            _ => None,
        },
        _ => None,
    };
    let used = usage::facts::facts_in(app, tx, workspace, id).await?;
    let percent = |name: &str| match &used {
        Some(FactValue::Group(group)) => match group.get(name) {
            Some(FactValue::Int(percent)) => Some(*percent),
            _ => None,
        },
        _ => None,
    };
    let (activated, core_used) = (percent("activated_percent"), percent("core_used_percent"));
    Ok(LaunchFacts { satisfaction, activated, core_used, ..of(app, &sight, first) })
}

/// What of the readiness is ready, by its words.
pub(crate) async fn ready(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<BTreeMap<String, bool>, AppError> {
    let sight = seen::gather(app, tx, workspace, id).await?;
    let items = sight.readiness.iter().flat_map(|group| &group.items);
    Ok(items.map(|item| (item.text.clone(), item.is_ready())).collect())
}

fn of(app: &App, sight: &Sight, first_planned: Option<Date>) -> LaunchFacts {
    let live = sight.live_on.unwrap_or(sight.go_live_on);
    let began = live.to_zoned(app.time_zone.clone()).map(|at| at.timestamp()).unwrap_or(jiff::Timestamp::MAX);
    let since: Vec<&Issue> =
        sight.issues.iter().map(|one| &one.body).filter(|one| one.raised_at >= began).collect();
    let share = |met: usize| i64::try_from((met * 100).checked_div(since.len())?).ok();
    let answered = since.iter().filter(|one| one.answered_at().is_some_and(|at| at <= one.answer_by)).count();
    let late = |one: &&&Issue| one.resolved_at().is_some_and(|at| at > one.resolve_by);
    let resolved =
        since.iter().filter(|one| one.resolved_at().is_some_and(|at| at <= one.resolve_by)).count();
    let said = |kind: FeedbackKind| sight.feedback.iter().filter(move |one| one.body.kind == kind);
    let texts = |kind: FeedbackKind| said(kind).map(|one| line(&one.body.text)).take(5).collect::<Vec<_>>();
    let open = sight.issues.iter().filter(|one| one.body.is_open());
    LaunchFacts {
        live_on: sight.live_on,
        first_planned,
        days_late: first_planned.map_or(0, |first| i64::from((live - first).get_days())),
        decisions: sight
            .decisions
            .iter()
            .map(|one| {
                let reason = match one.body.verdict {
                    Verdict::Refused => one.body.against.join("; "),
                    _ => one.body.reason.clone(),
                };
                format!("{}: {}", one.body.verdict.label(), line(&reason))
            })
            .collect(),
        pilots: sight
            .pilots
            .iter()
            .rev()
            .map(|one| match &one.body.state {
                PilotState::Judged { passed: true, reason, .. } => {
                    format!("Pilot {} passed: {}", one.number, line(reason))
                }
                PilotState::Judged { passed: false, reason, .. } => {
                    format!("Pilot {} failed: {}", one.number, line(reason))
                }
                PilotState::Planned | PilotState::Running { .. } => {
                    format!("Pilot {} was not judged", one.number)
                }
            })
            .collect(),
        strategy: sight.plan.strategy.clone(),
        waves: sight
            .plan
            .waves
            .iter()
            .map(|wave| {
                format!(
                    "{}, {}: {}",
                    wave.name,
                    wave.on.strftime("%-d %b %Y"),
                    wave.state.label().to_lowercase()
                )
            })
            .collect(),
        issues: since.len(),
        critical_open: open.clone().filter(|one| one.body.severity == Severity::Critical).count(),
        answered_in_time: share(answered),
        resolved_in_time: share(resolved),
        satisfaction: None,
        activated: None,
        core_used: None,
        trend: sight.trend.word().to_owned(),
        open: open
            .map(|one| {
                let way = if one.body.workaround.is_empty() {
                    String::new()
                } else {
                    format!(" (until then: {})", line(&one.body.workaround))
                };
                format!("H-{} {}{way}", one.number, line(&one.body.title))
            })
            .collect(),
        praise: texts(FeedbackKind::Praise),
        ideas: texts(FeedbackKind::Idea),
        trouble: texts(FeedbackKind::Issue)
            .into_iter()
            .chain(
                since.iter().filter(late).map(|one| format!("{} took longer than agreed", line(&one.title))),
            )
            .collect(),
        rollbacks: sight
            .signals
            .iter()
            .filter_map(|one| match &one.body.state {
                SignalState::RolledBack { reason, review, .. } => {
                    let found = review.as_ref().map(|found| format!(". Review: {found}")).unwrap_or_default();
                    Some(line(&format!("Rolled back: {reason}{found}")))
                }
                SignalState::Kept { reason, .. } => Some(line(&format!("Stayed live: {reason}"))),
                SignalState::Raised => None,
            })
            .collect(),
        exits: sight.exits.iter().map(|exit| (exit.text.clone(), exit.is_met())).collect(),
    }
}

/// A text on one line, without the full stop at its end: it stands in a sentence.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}
