//! The weekly review of an onboarding's signals: answered from the facts where they tell, by people where they do not,
//! and kept for each week.

use std::collections::BTreeMap;

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::rule::{Schema, Sheet, Truth};
use gangway_domain::signal::{Weight, review_verdict};
use gangway_domain::workload::monday;
use gangway_store::onboarding::head::Head;
use gangway_store::signal::review::{self as rows, Review};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::health::{compiled, facts_now, record, still_judged};
use crate::identity::none_of;
use crate::register::{checked_line, onboarding};
use crate::{Actor, App};

/// Earlier reviews that are shown.
const EARLIER: u32 = 13;

/// Longest remark on a question, in characters.
const REMARK: usize = 500;

/// What somebody said to a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Yes is good; nothing where nobody can tell.
    pub yes: Option<bool>,
    /// A remark; may be empty.
    #[serde(default)]
    pub note: String,
}

/// A question of the review with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Id in the checklist.
    pub id: String,
    /// Title of its group.
    pub group: String,
    /// The question.
    pub text: String,
    /// What the facts say; nothing where they do not tell.
    pub computed: Option<bool>,
    /// The facts in words; may be empty.
    pub words: String,
    /// What somebody said this week.
    pub said: Option<Said>,
}

impl Question {
    /// What counts: what somebody said, else the facts.
    #[must_use]
    pub fn answer(&self) -> Option<bool> {
        self.said.as_ref().map_or(self.computed, |said| said.yes)
    }
}

/// A review of an earlier week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reviewed {
    /// The Monday of the week.
    pub week: Date,
    /// Questions answered with no.
    pub concerns: i64,
    /// Who kept it.
    pub by: String,
}

/// The review of this week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewSheet {
    /// The onboarding.
    pub head: Head,
    /// The Monday of the week.
    pub week: Date,
    /// The questions, in order.
    pub questions: Vec<Question>,
    /// How many are answered with no.
    pub concerns: usize,
    /// What so many noes mean.
    pub weight: Option<Weight>,
    /// The version that is kept; 0 before it was kept.
    pub version: i64,
    /// Who kept it last; empty before.
    pub by: String,
    /// Reviews of earlier weeks, the newest first.
    pub earlier: Vec<Reviewed>,
}

/// The review of this week, filled in from the facts where they tell.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn review(app: &App, actor: &Actor, id: OnboardingId) -> Result<ReviewSheet, AppError> {
    actor.require(Action::Look)?;
    let facts = facts_now(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let kept = rows::latest(&mut tx, actor.workspace, id, EARLIER).await?;
    drop(tx);
    let week = monday(app.today());
    let (now, earlier): (Vec<Review>, Vec<Review>) = kept.into_iter().partition(|one| one.week == week);
    let now = now.into_iter().next();
    let said = now.as_ref().map(said).unwrap_or_default();
    let engine = compiled(app)?;
    let sheet = Sheet::new(Schema::run(), &facts);
    let prefilled = engine.review.as_ref().map(|review| review.prefill(&sheet)).unwrap_or_default();
    let question = |one: gangway_domain::signal::Prefilled| Question {
        said: said.get(&one.id).cloned(),
        computed: match one.answer {
            Truth::Yes => Some(true),
            Truth::No => Some(false),
            Truth::Unknown { .. } => None,
        },
        id: one.id,
        group: one.group,
        text: one.text,
        words: in_names(app, &one.words),
    };
    let questions: Vec<Question> = prefilled.into_iter().map(question).collect();
    let concerns = noes(&questions);
    Ok(ReviewSheet {
        head,
        week,
        concerns,
        weight: review_verdict(concerns),
        questions,
        version: now.as_ref().map_or(0, |now| now.version),
        by: now.map(|now| now.by).unwrap_or_default(),
        earlier: earlier
            .into_iter()
            .map(|one| Reviewed { week: one.week, concerns: one.concerns, by: one.by })
            .collect(),
    })
}

/// The names people see, where words are nothing but a list of kinds of signals; all others as they are.
fn in_names(app: &App, words: &str) -> String {
    let kinds = words.split(", ").map(|id| app.methodology.signals.get(id));
    let names: Option<Vec<&str>> = kinds.map(|kind| kind.map(|kind| kind.name.as_str())).collect();
    names.map_or_else(|| words.to_owned(), |names| names.join(", "))
}

fn noes(questions: &[Question]) -> usize {
    questions.iter().filter(|one| one.answer() == Some(false)).count()
}

/// Answers as they were kept; what cannot be read any more counts as not said.
fn said(kept: &Review) -> BTreeMap<String, Said> {
    serde_json::from_value(kept.answers.clone()).unwrap_or_default()
}

/// Keeps the review of this week in place of the version it was when it was looked at, 0 for none.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when the onboarding was
/// closed, [`AppError::Stale`] when somebody else kept it meanwhile; or when the database fails.
#[boxed]
pub async fn keep_review(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    answers: BTreeMap<String, Said>,
) -> Result<ReviewSheet, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut sheet = review(app, actor, id).await?;
    still_judged(&sheet.head)?;
    if sheet.version != version {
        return Err(AppError::Stale { what: "weekly review", version: sheet.version });
    }
    let mut problems = Vec::new();
    if answers.keys().any(|id| !sheet.questions.iter().any(|one| one.id == *id)) {
        problems.push(Problem::new("answers", "name a question there is none of"));
    }
    let tidied = answers.into_iter().map(|(id, said)| {
        let note = checked_line("answers", &said.note, REMARK, &mut problems);
        (id, Said { note, ..said })
    });
    let answers: BTreeMap<String, Said> = tidied.collect();
    none_of(problems)?;
    for question in &mut sheet.questions {
        question.said = answers.get(&question.id).cloned();
    }
    let concerns = noes(&sheet.questions);
    let answers = serde_json::to_value(&answers).map_err(|error| {
        tracing::error!(%error, "a review cannot be written");
        AppError::Crashed
    })?;
    let concerned = i64::try_from(concerns).unwrap_or(i64::MAX);
    let kept = Review {
        week: sheet.week,
        answers,
        concerns: concerned,
        by: actor.name.clone(),
        at: app.now(),
        version,
    };
    let mut tx = app.db.write().await?;
    if !rows::keep(&mut tx, actor.workspace, id, &kept).await? {
        return Err(AppError::Stale { what: "weekly review", version: version + 1 });
    }
    let summary = match concerns {
        0 => "Reviewed the signals of the week: nothing to worry about".to_owned(),
        1 => "Reviewed the signals of the week: one concern".to_owned(),
        many => format!("Reviewed the signals of the week: {many} concerns"),
    };
    record(app, &mut tx, actor, &sheet.head, "signal.reviewed", summary).await?;
    tx.commit().await?;
    review(app, actor, id).await
}
