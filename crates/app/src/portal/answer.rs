//! Mail that tells people of the customer what the team wrote to them about a task: nobody finds an answer they do not
//! know of, and whoever was never told is not slow to answer.

use std::collections::BTreeSet;

use gangway_domain::ids::{PersonId, TaskId, WorkspaceId};
use gangway_domain::portal::{PortalRole, Resource, Right};
use gangway_store::portal::told;
use gangway_store::work::comment::{self as comments, Comment};
use gangway_store::{Tx, membership, portal, work as plans};

use super::enter::{guest_of, looks};
use super::work::{Theirs, is_mine};
use super::{Access, way};
use crate::error::AppError;
use crate::mail::{self, Letter, Many};
use crate::{App, package};

/// Name of the template of the mail.
const TEMPLATE: &str = "portal-answer";

/// Writes to those whom a comment on a task concerns that it is there: whoever does the task, and whoever of the
/// customer has written about it; where there is none, those who lead the project. A comment that is shared again is told
/// to nobody twice: what it says never changes.
pub(super) async fn tell(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    said: &Comment,
) -> Result<(), AppError> {
    if !app.methodology.emails.contains_key(TEMPLATE) {
        tracing::warn!("the methodology has no mail {TEMPLATE}: nobody is told of the comment");
        return Ok(());
    }
    let answers = mail::answered_by(tx, workspace, said.onboarding).await?;
    let member = match said.person {
        Some(person) => membership::get(tx, workspace, PersonId::from(person)).await?,
        None => None,
    };
    // Through which token it was written is nothing for customers.
    let by = member.map_or_else(|| said.by.clone(), |member| member.name);
    let mut many = Many::of_service(app, tx, workspace).await?.answered_by(answers);
    for (access, task) in readers(app, tx, workspace, said).await? {
        let Some(to) = access.email.clone() else { continue };
        if !told::insert(tx, workspace, access.id, &said.id.to_string(), app.now()).await? {
            continue;
        }
        let (vendor, _) = looks(tx, &access).await?;
        let id = TaskId::from_uuid(said.subject);
        let facts = serde_json::json!({ "answer": {
            "name": access.name,
            "by": by,
            "vendor": vendor,
            "task": task,
            "said": said.said,
            "link": way::to(app, &access, &format!("/portal/tasks/{id}"))?,
        }});
        let language = access.language;
        let (subject, text) = package::letter_text(&app.methodology, TEMPLATE, language, &facts)?;
        let letter = Letter { to, subject, text, action: None, vendor, language };
        many.send(app, tx, &letter).await?;
    }
    many.finish(tx).await
}

/// Whom a comment concerns, each with what the task is called in their language.
async fn readers(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    said: &Comment,
) -> Result<Vec<(Access, String)>, AppError> {
    let (id, now) = (TaskId::from_uuid(said.subject), app.now());
    let Some(plan) = plans::get(tx, workspace, said.onboarding).await? else { return Ok(Vec::new()) };
    let before = comments::of_subject(tx, workspace, said.subject).await?;
    let wrote: BTreeSet<String> =
        before.into_iter().filter(|one| one.person.is_none()).map(|one| one.by).collect();
    let (mut concerned, mut leads) = (Vec::new(), Vec::new());
    let all = portal::of_onboarding(tx, workspace, said.onboarding).await?;
    // What one of them wrote themselves is no answer.
    if said.person.is_none() && all.iter().any(|one| one.name == said.by) {
        return Ok(Vec::new());
    }
    for access in all {
        let guest = guest_of(&access, false);
        let is_in = !access.made_by.is_empty() && access.revoked_at.is_none() && access.expires_at > now;
        let has_address = access.email.as_ref().is_some_and(|email| !email.is_empty());
        if !is_in || !has_address || !guest.may(Resource::Comment, Right::See) {
            continue;
        }
        let theirs = Theirs::of(tx, &guest, plan.clone()).await?.in_words_of(app, &guest);
        let Some(task) = theirs.task(&guest, id) else { continue };
        let title = task.name.clone();
        if is_mine(&guest, &theirs.name, task) || wrote.contains(&access.name) {
            concerned.push((access, title));
        } else if guest.role == PortalRole::Lead {
            leads.push((access, title));
        }
    }
    Ok(if concerned.is_empty() { leads } else { concerned })
}
