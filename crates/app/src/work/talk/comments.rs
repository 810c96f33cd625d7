//! Comments on tasks and milestones, and who is named in them.

use gangway_domain::ids::{CommentId, PersonId};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_store::membership::{self, Member};
use gangway_store::work::comment::{self as rows, Comment};
use gangway_store::work::mine;
use gangway_store::workspace;
use uuid::Uuid;

use super::{about, check, record, subject};
use crate::activity;
use crate::boxed;
use crate::error::AppError;
use crate::mail::{self, Letter, verbatim};
use crate::{Actor, App};

/// Mentions looked through.
const UNSEEN: u32 = 500;
/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 5_000;

/// Comments on a task or milestone. Members named with `@` find it in their work and get mail.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn comment(app: &App, actor: &Actor, id: &str, said: &str) -> Result<Comment, AppError> {
    actor.require(Action::RunOnboarding)?;
    let said = said.trim().to_owned();
    check("said", said.chars().count(), LONGEST_COMMENT)?;
    let mut tx = app.db.write().await?;
    let subject = subject(&mut tx, actor, id).await?;
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    let named: Vec<&Member> =
        named(&members, &said).into_iter().filter(|one| Some(one.person) != actor.person).collect();
    let row = Comment {
        id: CommentId::fresh(&*app.ids),
        onboarding: subject.head.id,
        subject: subject.id,
        at: app.now(),
        by: actor.name.clone(),
        person: actor.person.map(PersonId::uuid),
        said,
    };
    let ids: Vec<PersonId> = named.iter().map(|member| member.person).collect();
    rows::insert(&mut tx, actor.workspace, &row, &ids).await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map(|known| known.name).unwrap_or_default();
    for member in named {
        let letter = Letter {
            to: member.email.clone(),
            subject: format!("{} named you on “{}”", actor.name, subject.name),
            text: format!(
                "{} wrote about “{}” ({}):\n\n{}",
                verbatim(&actor.name),
                verbatim(&subject.name),
                verbatim(&subject.head.customer),
                verbatim(&row.said)
            ),
            action: Some(("Open it".to_owned(), app.link(&subject.path))),
            vendor: vendor.clone(),
            language: Language::En,
        };
        mail::send(app, &mut tx, actor.workspace, &letter).await?;
    }
    record(app, &mut tx, actor, &subject, "work.commented", format!("Commented on “{}”", subject.name))
        .await?;
    tx.commit().await?;
    Ok(row)
}

/// Whom a text names: by their whole name after `@`, or by its first word where that is one member's only.
fn named<'a>(members: &'a [Member], said: &str) -> Vec<&'a Member> {
    let said = said.to_lowercase();
    let first = |name: &str| name.split_whitespace().next().unwrap_or_default().to_lowercase();
    let mentions = |word: &str| {
        said.match_indices(&format!("@{word}")).any(|(at, found)| {
            let after = said.get(at + found.len()..).and_then(|rest| rest.chars().next());
            after.is_none_or(|letter| !letter.is_alphanumeric())
        })
    };
    members
        .iter()
        .filter(|member| {
            let word = first(&member.name);
            let alone = members.iter().filter(|other| first(&other.name) == word).count() == 1;
            mentions(&member.name.to_lowercase()) || (alone && !word.is_empty() && mentions(&word))
        })
        .collect()
}

/// Takes out a comment one wrote oneself.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Refusal`] when somebody else wrote it; or when the database fails.
#[boxed]
pub async fn remove_comment(app: &App, actor: &Actor, id: CommentId) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("comment", id))?;
    own(actor, known.person)?;
    rows::remove(&mut tx, actor.workspace, id).await?;
    let about = about(&mut tx, actor, known.onboarding).await?;
    activity::record(app, &mut tx, actor, "work.comment_removed", about, "Took a comment out".to_owned())
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Whoever asks has seen what was said about a task or milestone.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn seen(app: &App, actor: &Actor, id: &str) -> Result<(), AppError> {
    actor.require(Action::Look)?;
    let Some(person) = actor.person else { return Ok(()) };
    // Whoever is not named there, as nearly always, only reads.
    let mut tx = app.db.read().await?;
    let unseen = mine::mentions(&mut tx, actor.workspace, person, UNSEEN).await?;
    let subject = subject(&mut tx, actor, id).await?;
    drop(tx);
    if !unseen.iter().any(|mention| mention.subject == subject.id) {
        return Ok(());
    }
    let mut tx = app.db.write().await?;
    rows::seen(&mut tx, actor.workspace, person, subject.id, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Only who wrote something takes it out; Gangway itself may too.
fn own(actor: &Actor, person: Option<Uuid>) -> Result<(), AppError> {
    match actor.person {
        Some(me) if person != Some(me.uuid()) => {
            Err(AppError::Refusal("only whoever wrote a comment can take it out".to_owned()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use gangway_domain::permission::Role;

    use super::*;

    fn member(number: u128, name: &str) -> Member {
        Member {
            person: PersonId::from_uuid(Uuid::from_u128(number)),
            name: name.to_owned(),
            email: String::new(),
            role: Role::Csm,
            created_at: jiff::Timestamp::UNIX_EPOCH.into(),
            version: 1,
        }
    }

    #[test]
    fn names_are_found_where_they_are_somebodys() {
        let members = [member(1, "Ines Okafor"), member(2, "Jonas Feld"), member(3, "Jonas Berg")];
        let found =
            |said: &str| -> Vec<&str> { named(&members, said).iter().map(|one| one.name.as_str()).collect() };
        assert_eq!(found("@Ines please look, and @jonas feld too"), ["Ines Okafor", "Jonas Feld"]);
        assert!(found("@Jonas?").is_empty(), "two people are called so");
        assert!(found("ines@okafor.example, @Inessa").is_empty());
        assert_eq!(found("(@INES OKAFOR)"), ["Ines Okafor"]);
    }
}
