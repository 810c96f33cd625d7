//! What customers say, survey by survey, over an account or the whole workspace.

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_domain::survey::{self as domain, Answer, Summary};
use gangway_store::survey as rows;

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
    /// What the answers say together; questions as the methodology asks them now.
    pub summaries: Vec<Summary>,
}

/// What was answered to surveys that went out, of an account or of the workspace.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn results(app: &App, actor: &Actor, account: Option<AccountId>) -> Result<Vec<OfKind>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let rates = rows::rates(&mut tx, actor.workspace, account).await?;
    let counts = rows::counts(&mut tx, actor.workspace, account).await?;
    let summed = rates.into_iter().map(|rate| {
        let questions = app.methodology.surveys.get(&rate.survey).map(|kind| kind.questions.clone());
        let mut answers = Vec::new();
        for one in counts.iter().filter(|one| one.survey == rate.survey) {
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
