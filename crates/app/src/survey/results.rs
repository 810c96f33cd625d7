//! What customers say, survey by survey, over an account or the whole workspace.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, OnboardingId, SurveyId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_domain::rule::FactValue;
use gangway_domain::survey::{self as domain, Answer, Summary};
use gangway_store::Tx;
use gangway_store::survey::counts::{self, Answered};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// Answers of one kind that are counted; more people than this say the same for no figure.
const MOST: i64 = 1_000_000;

/// A kind of survey with what was answered to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfKind {
    /// Id in the methodology.
    pub survey: String,
    /// Title.
    pub title: String,
    /// How often it was sent.
    pub sent: i64,
    /// How many were asked.
    pub asked: i64,
    /// How many answered.
    pub answered: i64,
    /// Share of people who answered, percent.
    pub response: Option<i64>,
    /// The share aimed at, percent.
    pub target: i64,
    /// What the answers say together; questions as they were asked last.
    pub summaries: Vec<Summary>,
}

/// What was answered to surveys that went out, of an account or of the workspace.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn results(app: &App, actor: &Actor, account: Option<AccountId>) -> Result<Vec<OfKind>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let rates = counts::rates(&mut tx, actor.workspace, account).await?;
    let counted = counts::counts(&mut tx, actor.workspace, account).await?;
    let asked = counts::asked(&mut tx, actor.workspace, account).await?;
    let summed = rates.into_iter().map(|rate| {
        // Programmes may ask in words of their own: what was asked last is what is read.
        let questions = asked.get(&rate.survey).cloned();
        let mut answers = Vec::new();
        for one in counted.iter().filter(|one| one.survey == rate.survey) {
            let answer = Answer {
                question: one.question.clone(),
                aspect: one.aspect.clone(),
                number: one.number,
                text: one.chosen.clone(),
            };
            let people = usize::try_from(one.people.clamp(0, MOST)).unwrap_or_default();
            answers.extend(std::iter::repeat_n(answer, people));
        }
        OfKind {
            response: domain::response(rate.asked, rate.answered),
            summaries: domain::summarise(&questions.unwrap_or_default(), &answers),
            survey: rate.survey,
            title: rate.title,
            sent: rate.sent,
            asked: rate.asked,
            answered: rate.answered,
            target: rate.target,
        }
    });
    Ok(summed.collect())
}

/// What surveys say to rules of gates: of each figure what was said last. Nothing before anybody has answered.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<FactValue>, AppError> {
    Ok(facts_of(tx, workspace, &[id]).await?.remove(&id))
}

/// The same of many onboardings, with two statements.
pub(crate) async fn facts_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, FactValue>, AppError> {
    let mut surveys = counts::of_onboardings(tx, workspace, ids).await?;
    for surveys in surveys.values_mut() {
        surveys.retain(|one| one.answered > 0);
        surveys.sort_by_key(|one| one.sent_at);
    }
    let answered: Vec<SurveyId> = surveys.values().flatten().map(|one| one.id).collect();
    let answers = counts::answers_of(tx, workspace, &answered).await?;
    let told = |(id, surveys): (OnboardingId, Vec<Answered>)| Some((id, told(&surveys, &answers)?));
    Ok(surveys.into_iter().filter_map(told).collect())
}

fn told(surveys: &[Answered], answers: &BTreeMap<SurveyId, Vec<Answer>>) -> Option<FactValue> {
    let mut group = BTreeMap::new();
    for survey in surveys {
        let answers = answers.get(&survey.id).map_or(&[][..], Vec::as_slice);
        let mood = domain::mood(&survey.questions, answers);
        group.extend(mood.nps.map(|score| ("nps", FactValue::Int(score))));
        group.extend(mood.satisfaction.map(|mean| ("satisfaction", FactValue::Int(mean))));
        group.extend(mood.effort.map(|mean| ("effort", FactValue::Int(mean))));
    }
    (!group.is_empty()).then_some(FactValue::Group(group))
}
