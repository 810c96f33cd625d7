//! What people say about tasks and milestones, the files they keep with them, and checklists.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::{
    AttachmentId, CheckId, CommentId, InvalidId, MilestoneId, OnboardingId, OutcomeId, PersonId, TaskId,
};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::refusal::{Fault, Told};
use gangway_domain::upload;
use gangway_store::membership::{self, Member};
use gangway_store::onboarding::head::Head;
use gangway_store::portal::shared::{self, Kind};
use gangway_store::work::attachment::{self, Attachment};
use gangway_store::work::checklist::{self, Item};
use gangway_store::work::comment::{self as comments, Comment};
use gangway_store::work::mine;
use gangway_store::{Tx, outcome, work as rows, workspace};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::head;
use crate::activity::{self, About};
use crate::error::{AppError, Problem};
use crate::mail::{self, Letter, verbatim};
use crate::{Actor, App};

/// Most bytes of a file.
pub const LARGEST_FILE: usize = 10 * 1024 * 1024;
/// Most files kept with one thing.
const MOST_FILES: usize = 50;
/// Most lines of a checklist.
const MOST_ITEMS: usize = 100;
/// Mentions looked through.
const UNSEEN: u32 = 500;
/// Longest comment, in characters.
const LONGEST_COMMENT: usize = 5_000;
/// Longest line of a checklist, in characters.
const LONGEST_ITEM: usize = 300;
/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 150;

/// What was said about one thing, kept with it and ticked on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Talk {
    /// Comments, oldest first.
    pub comments: Vec<Comment>,
    /// Files, oldest first.
    pub files: Vec<Attachment>,
    /// The checklist in order; milestones have none.
    pub checklist: Vec<Item>,
    /// Ids of the comments and files that the customer sees too.
    pub shared: BTreeSet<String>,
}

/// A file to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its name.
    pub name: String,
    /// Its media type as it was told.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Talk {
    pub(super) async fn load(
        tx: &mut Tx,
        actor: &Actor,
        subject: Uuid,
        task: Option<TaskId>,
    ) -> Result<Self, AppError> {
        let comments = comments::of_subject(tx, actor.workspace, subject).await?;
        let files = attachment::of_subject(tx, actor.workspace, subject).await?;
        let mut shared = BTreeSet::new();
        if let Some(one) = comments.first() {
            shared.extend(shared::items(tx, actor.workspace, one.onboarding, Kind::Comment).await?);
        }
        if let Some(one) = files.first() {
            shared.extend(shared::items(tx, actor.workspace, one.onboarding, Kind::File).await?);
        }
        Ok(Self {
            comments,
            files,
            shared,
            checklist: match task {
                Some(task) => checklist::of_task(tx, actor.workspace, task).await?,
                None => Vec::new(),
            },
        })
    }
}

/// A task or milestone that is talked about.
struct Subject {
    id: Uuid,
    head: Head,
    name: String,
    /// The address of its page.
    path: String,
}

/// The task, milestone or outcome of this id, with its name.
async fn subject(tx: &mut Tx, actor: &Actor, id: &str) -> Result<Subject, AppError> {
    if let Ok(outcome) = id.parse::<OutcomeId>() {
        return of_outcome(tx, actor, outcome).await;
    }
    let task: Result<TaskId, InvalidId> = id.parse();
    let milestone: Result<MilestoneId, InvalidId> = id.parse();
    let (place, uuid) = match (task, milestone) {
        (Ok(task), _) => (rows::place(tx, actor.workspace, task).await?, task.uuid()),
        (_, Ok(milestone)) => {
            (rows::milestone_place(tx, actor.workspace, milestone).await?, milestone.uuid())
        }
        _ => (None, Uuid::nil()),
    };
    let missing = || AppError::missing("task or milestone", id.chars().take(60).collect::<String>());
    let place = place.ok_or_else(missing)?;
    let head = head(tx, actor, place.onboarding).await?;
    let stored = rows::get(tx, actor.workspace, place.onboarding).await?.ok_or_else(missing)?;
    let onboarding = place.onboarding;
    let kind = if id.starts_with(TaskId::PREFIX) { "tasks" } else { "milestones" };
    Ok(Subject {
        id: uuid,
        name: stored.plan.name(&place.code).to_owned(),
        path: format!("/onboardings/{onboarding}/{kind}/{id}"),
        head,
    })
}

async fn of_outcome(tx: &mut Tx, actor: &Actor, id: OutcomeId) -> Result<Subject, AppError> {
    let known =
        outcome::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("outcome", id))?;
    Ok(Subject {
        id: id.uuid(),
        head: head(tx, actor, known.onboarding).await?,
        path: format!("/onboardings/{}/impact/{id}", known.onboarding),
        name: known.goal,
    })
}

/// What was said about a task or milestone, kept with it and ticked on it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn talk(app: &App, actor: &Actor, id: &str) -> Result<Talk, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let subject = subject(&mut tx, actor, id).await?;
    Talk::load(&mut tx, actor, subject.id, id.parse().ok()).await
}

/// Comments on a task or milestone. Members named with `@` find it in their work and get mail.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
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
    comments::insert(&mut tx, actor.workspace, &row, &ids).await?;
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
pub async fn remove_comment(app: &App, actor: &Actor, id: CommentId) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = comments::get(&mut tx, actor.workspace, id).await?;
    let known = known.ok_or_else(|| AppError::missing("comment", id))?;
    own(actor, known.person)?;
    comments::remove(&mut tx, actor.workspace, id).await?;
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
    comments::seen(&mut tx, actor.workspace, person, subject.id, app.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps a file with a task or milestone.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
pub async fn add_file(app: &App, actor: &Actor, id: &str, file: NewFile) -> Result<Attachment, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let row = keep_file(app, &mut tx, actor, id, file).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same in a transaction of somebody else, who has asked for permission.
pub(crate) async fn keep_file(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    file: NewFile,
) -> Result<Attachment, AppError> {
    let NewFile { name, media_type, bytes } = file;
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim().to_owned();
    check("name", name.chars().count(), LONGEST_NAME)?;
    if name.chars().any(char::is_control) {
        return Err(invalid("name", Fault::Unseen));
    }
    if bytes.is_empty() {
        return Err(invalid("file", Fault::FileEmpty));
    }
    if bytes.len() > LARGEST_FILE {
        return Err(invalid("file", Fault::FileTooLarge));
    }
    let subject = subject(tx, actor, id).await?;
    if attachment::of_subject(tx, actor.workspace, subject.id).await?.len() >= MOST_FILES {
        return Err(invalid("file", Told::from(Fault::FilesEnough).with("n", MOST_FILES)));
    }
    let row = Attachment {
        id: AttachmentId::fresh(&*app.ids),
        onboarding: subject.head.id,
        subject: subject.id,
        name,
        media_type: media_type_of(&media_type),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        digest: Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect(),
        at: app.now(),
        by: actor.name.clone(),
        person: actor.person.map(PersonId::uuid),
    };
    attachment::insert(tx, actor.workspace, &row, STANDARD.encode(&bytes)).await?;
    let summary = format!("Added {} to “{}”", row.name, subject.name);
    record(app, tx, actor, &subject, "work.file_added", summary).await?;
    Ok(row)
}

/// The name and the media type of a file somebody of the customer sends: small enough, of a kind that is taken, and
/// what its name says.
///
/// # Errors
/// [`AppError::Invalid`].
pub(crate) fn checked_upload(name: &str, bytes: &[u8]) -> Result<(String, &'static str), AppError> {
    if bytes.len() > LARGEST_FILE {
        return Err(invalid("file", Fault::FileTooLarge));
    }
    upload::taken(name, bytes).map_err(|refused| invalid("file", Fault::from(refused)))
}

/// A media type of plain letters; anything else is bytes.
fn media_type_of(told: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
    let told = told.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if told.contains('/') && told.len() <= 100 && told.chars().all(plain) {
        told
    } else {
        "application/octet-stream".to_owned()
    }
}

/// A file with its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn file(app: &App, actor: &Actor, id: AttachmentId) -> Result<(Attachment, Vec<u8>), AppError> {
    actor.require(Action::Look)?;
    let missing = || AppError::missing("file", id);
    let mut tx = app.db.read().await?;
    let row = attachment::get(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let content = attachment::content(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let bytes = STANDARD.decode(content).map_err(|_| AppError::Crashed)?;
    Ok((row, bytes))
}

/// Takes out a file.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn remove_file(app: &App, actor: &Actor, id: AttachmentId) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let row = attachment::get(&mut tx, actor.workspace, id).await?;
    let row = row.ok_or_else(|| AppError::missing("file", id))?;
    attachment::remove(&mut tx, actor.workspace, id).await?;
    let about = about(&mut tx, actor, row.onboarding).await?;
    let summary = format!("Took out the file {}", row.name);
    activity::record(app, &mut tx, actor, "work.file_removed", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds a line to the checklist of a task.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
pub async fn add_check(app: &App, actor: &Actor, task: TaskId, said: &str) -> Result<Item, AppError> {
    actor.require(Action::RunOnboarding)?;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    check("said", said.chars().count(), LONGEST_ITEM)?;
    let mut tx = app.db.write().await?;
    let subject = subject(&mut tx, actor, &task.to_string()).await?;
    if checklist::of_task(&mut tx, actor.workspace, task).await?.len() >= MOST_ITEMS {
        let problem = Problem::new("said", format!("is one line too many: {MOST_ITEMS} at most"));
        return Err(AppError::Invalid(vec![problem]));
    }
    let item = Item {
        id: CheckId::fresh(&*app.ids),
        onboarding: subject.head.id,
        task,
        said,
        done_by: None,
        done_at: None,
    };
    checklist::insert(&mut tx, actor.workspace, &item).await?;
    let summary = format!("Added to the checklist of “{}”: {}", subject.name, item.said);
    record(app, &mut tx, actor, &subject, "work.checklist_changed", summary).await?;
    tx.commit().await?;
    Ok(item)
}

/// Ticks a line of a checklist, or takes the tick away.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn tick(app: &App, actor: &Actor, id: CheckId, done: bool) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let item = checklist::get(&mut tx, actor.workspace, id).await?;
    let item = item.ok_or_else(|| AppError::missing("line of a checklist", id))?;
    let ticked = done.then(|| (actor.name.clone(), app.now()));
    checklist::tick(&mut tx, actor.workspace, id, ticked).await?;
    let about = about(&mut tx, actor, item.onboarding).await?;
    let summary =
        if done { format!("Ticked: {}", item.said) } else { format!("Took the tick away: {}", item.said) };
    activity::record(app, &mut tx, actor, "work.checklist_changed", about, summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes a line out of a checklist; gives what it said.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn remove_check(app: &App, actor: &Actor, id: CheckId) -> Result<Item, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let item = checklist::get(&mut tx, actor.workspace, id).await?;
    let item = item.ok_or_else(|| AppError::missing("line of a checklist", id))?;
    checklist::remove(&mut tx, actor.workspace, id).await?;
    let about = about(&mut tx, actor, item.onboarding).await?;
    let summary = format!("Took out of a checklist: {}", item.said);
    activity::record(app, &mut tx, actor, "work.checklist_changed", about, summary).await?;
    tx.commit().await?;
    Ok(item)
}

async fn about(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<About, AppError> {
    let head = head(tx, actor, id).await?;
    Ok(About { account: Some(head.account_id), onboarding: Some(id) })
}

async fn record(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    subject: &Subject,
    kind: &'static str,
    summary: String,
) -> Result<(), AppError> {
    let about = About { account: Some(subject.head.account_id), onboarding: Some(subject.head.id) };
    activity::record(app, tx, actor, kind, about, summary).await
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

fn check(field: &'static str, length: usize, longest: usize) -> Result<(), AppError> {
    match length {
        0 => Err(invalid(field, Fault::Missing)),
        length if length > longest => Err(invalid(field, Told::from(Fault::TooLong).with("n", longest))),
        _ => Ok(()),
    }
}

fn invalid(field: &'static str, told: impl Into<Told>) -> AppError {
    AppError::Invalid(vec![Problem::of(field, told)])
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

    #[test]
    fn a_media_type_is_plain_or_bytes() {
        assert_eq!(media_type_of("Text/Plain; charset=utf-8"), "text/plain");
        assert_eq!(media_type_of("text/html\r\nX: y"), "application/octet-stream");
        assert_eq!(media_type_of(""), "application/octet-stream");
    }
}
