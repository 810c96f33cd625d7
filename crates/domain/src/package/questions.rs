//! What is still unknown: whom to ask, by when, and what the plan assumes until then, by the rules
//! of `questions.toml`.

use jiff::civil::Date;

use super::calendars::joint_day_before;
use super::first_day::FirstDay;
use super::judge::Judge;
use super::{BuildError, ItemState, OpenQuestion};
use crate::fit::Words;
use crate::handoff::answers;
use crate::methodology::{QuestionItem, QuestionRule};
use crate::programme::Side;

/// The open questions, to be answered on the last day before the kickoff on which both sides work.
pub(super) fn questions(day: &FirstDay<'_>, as_of: Date) -> Result<Vec<OpenQuestion>, BuildError> {
    let frame = day.frame;
    let judge = Judge::of_first_day(&day.facts, "questions.toml");
    let by = joint_day_before(&frame.ground.calendars.specs, frame.ground.anchors.kickoff_on).max(as_of);
    let mut questions = Vec::new();
    for rule in &frame.ground.methodology.questions.questions {
        let answered = rule
            .answered_by
            .as_deref()
            .is_some_and(|part| answers(frame.ground.deal, part).0 != ItemState::Missing);
        if answered || !judge.applies(rule.when.as_deref(), &rule.id)? {
            continue;
        }
        let asked = frame.ground.cast.first(&rule.ask);
        for words in items(rule, day) {
            questions.push(OpenQuestion {
                text: words.fill(&rule.text),
                ask: asked.name.clone(),
                of_customer: asked.side == Side::Customer,
                by,
                why: words.fill(&rule.why),
                assumed: rule.assumed.as_deref().map(|text| words.fill(text)),
            });
        }
    }
    Ok(questions)
}

/// The words of each repetition.
fn items(rule: &QuestionRule, day: &FirstDay<'_>) -> Vec<Words> {
    let words = &day.words;
    match rule.for_each {
        None => vec![words.clone()],
        Some(QuestionItem::UndescribedIntegration) => systems(day, false),
        Some(QuestionItem::HostedIntegration) => systems(day, true),
        Some(QuestionItem::MissingRole) => day
            .people
            .gaps
            .iter()
            .map(|gap| words.with("item", gap.role.clone()).with("why", gap.why.clone()))
            .collect(),
    }
}

/// The words of each system of which nothing but its name is known.
fn systems(day: &FirstDay<'_>, hosted: bool) -> Vec<Words> {
    let ground = day.frame.ground;
    let undescribed = ground.deal.integrations.iter().filter(|fact| fact.value.detail.is_none());
    undescribed
        .filter(|fact| ground.methodology.questions.is_hosted(&fact.value.system) == hosted)
        .map(|fact| {
            day.words.with("item", fact.value.system.clone()).with("place", crate::handoff::place(fact))
        })
        .collect()
}
