//! The words of a report, changed by people who see neither its front matter nor how it is made.

use gangway_domain::ids::ReportId;
use gangway_domain::permission::Action;

use super::{Changes, Report, change, fresh};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::package::wording::{halves, joined, titled};
use crate::{Actor, App};

/// What a text says behind its front matter.
#[must_use]
pub fn prose(text: &str) -> String {
    halves(text).1
}

/// Changes title and prose of a report that is still what it was when it was looked at. Of its front matter only the
/// title follows.
///
/// # Errors
/// As [`change`].
#[boxed]
pub async fn reword(
    app: &App,
    actor: &Actor,
    id: ReportId,
    version: i64,
    title: &str,
    prose: &str,
) -> Result<Report, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.read().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    drop(tx);
    let (own, body) = halves(prose);
    if body.is_empty() {
        return Err(AppError::Invalid(vec![Problem::new("text", "is missing")]));
    }
    // Whoever pastes a whole text means the whole of it.
    let frame = if own.is_empty() { halves(&known.text).0 } else { own };
    let frame = if title.trim() == known.title { frame } else { titled(&frame, title.trim()) };
    let changes = Changes { title: Some(title.to_owned()), text: Some(joined(&frame, &body)) };
    change(app, actor, id, version, changes).await
}
