//! What only a person can say in a report: asked for on its page, filled into its text.

use gangway_domain::ids::ReportId;
use gangway_domain::permission::Action;
use gangway_domain::report::Blank;

use super::{Changes, Report, change, fresh};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::{Actor, App};

/// What is asked in a report that still has a place for it, each with what its text says: see [`Blank::read`].
#[must_use]
pub fn asked(report: &Report) -> Vec<(&'static Blank, String)> {
    let blanks = report.kind.blanks().iter();
    blanks.filter_map(|blank| Some((blank, blank.read(&report.text)?))).collect()
}

/// Fills answers, by name, into a report that is still what it was when it was looked at. An empty one leaves its
/// place open.
///
/// # Errors
/// [`AppError::Invalid`] when an answer cannot be read, or nothing of that name is asked; otherwise as [`change`].
#[boxed]
pub async fn fill(
    app: &App,
    actor: &Actor,
    id: ReportId,
    version: i64,
    answers: &[(String, String)],
) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.read().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    drop(tx);
    let (mut text, mut problems) = (known.text, Vec::new());
    for (name, answer) in answers {
        let Some(blank) = known.kind.blanks().iter().find(|blank| blank.name == name) else {
            problems.push(Problem::new("answers", "name something that is not asked in this report"));
            continue;
        };
        match blank.write(&text, answer) {
            // What nobody changed stays as it stands, with what people wrote around it.
            Ok(_) if blank.read(&text).as_deref() == Some(answer.trim()) => {}
            Ok(written) => text = written,
            Err(error) => problems.push(Problem::new(blank.name, error.to_string())),
        }
    }
    none_of(problems)?;
    change(app, actor, id, version, Changes { title: None, text: Some(text) }).await
}

/// What a report still asks its writer, in words; nothing when it can go out.
pub(super) fn left_open(report: &Report) -> Option<String> {
    let open: Vec<&str> = report.kind.left_open(&report.text).map(|blank| blank.heading).collect();
    (!open.is_empty()).then(|| format!("still leaves open what only you can say: {}", open.join(", ")))
}
