//! Forms customers fill in: asked by the team, filled in over days by several people, checked, accepted; answers become
//! facts of the onboarding and tasks of its plan.

mod answer;

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::form::{self as domain, State};
use gangway_domain::ids::{ContactId, FormId, OnboardingId};
use gangway_domain::methodology::FormSheet;
use gangway_domain::permission::Action;
use gangway_domain::portal::Resource;
use gangway_domain::programme::Side;
use gangway_domain::work::{Because, Origin};
use gangway_store::contact::Contact;
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, contact, form as rows, people, portal};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Languages, Letter};
use crate::portal::{let_in, way};
use crate::register::{needed_prose, onboarding, record};
use crate::work::{NewTask, add_tasks};
use crate::{Actor, App, package, programme, version};

pub(crate) use answer::todo_for;
pub use answer::{
    Field, Filled, Kept, Paper, Upload, for_guest, of_guest, put_file, save, submit, take_file_out, template,
};
pub use gangway_store::form::{Fact, File, Form};

/// Name of the template of the mail.
const TEMPLATE: &str = "form";

/// The forms of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// The onboarding.
    pub head: Head,
    /// The newest first.
    pub forms: Vec<Form>,
    /// What accepted forms said.
    pub facts: Vec<Fact>,
    /// Forms of its programme's version that can be asked: id, title, what for.
    pub kinds: Vec<(String, String, String)>,
    /// Who can be asked: the customer's people with a mail address.
    pub people: Vec<(ContactId, String)>,
    /// Those of them who cannot come into the portal: asking them invites them.
    pub outside: BTreeSet<ContactId>,
}

/// One form as the team sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The onboarding.
    pub head: Head,
    /// The form.
    pub form: Form,
    /// Its files.
    pub files: Vec<File>,
    /// Fields that must be answered and are, and how many there are.
    pub progress: (usize, usize),
    /// Names of the tasks that accepting it adds, or added.
    pub tasks: Vec<String>,
}

/// The forms of an onboarding, with what they said.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Forms, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let forms = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let facts = rows::facts(&mut tx, actor.workspace, id).await?;
    let stakeholders = people::of_onboarding(&mut tx, actor.workspace, id).await?;
    let here = stakeholders.into_iter().filter(|one| one.left_on.is_none() && one.email.is_some());
    let people: Vec<(ContactId, String)> = here.map(|one| (one.contact, one.name)).collect();
    let now = app.now();
    let accesses = portal::of_onboarding(&mut tx, actor.workspace, id).await?;
    let invited = accesses.into_iter().filter(|one| !one.made_by.is_empty() && one.revoked_at.is_none());
    let inside: BTreeSet<ContactId> =
        invited.filter(|one| one.expires_at > now).map(|one| one.contact).collect();
    let outside = people.iter().map(|(id, _)| *id).filter(|id| !inside.contains(id)).collect();
    let kind = |one: &FormSheet| (one.id.clone(), one.title.clone(), one.purpose.clone());
    let sheets = programme::sheets_of(app, &mut tx, actor.workspace, id).await?;
    let kinds = sheets.forms.values().map(kind).collect();
    Ok(Forms { head, forms, facts, kinds, people, outside })
}

/// One form.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: FormId) -> Result<Seen, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let form = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, form.onboarding).await?;
    let files = rows::files(&mut tx, actor.workspace, id).await?;
    let progress = domain::progress(&form.sheet, &form.answers, &fields_of(&files));
    let tasks = domain::tasks(&form.sheet, &form.answers).into_iter().map(|(_, name)| name).collect();
    Ok(Seen { head, form, files, progress, tasks })
}

/// A file of a form, with its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn file(app: &App, actor: &Actor, id: FormId, field: &str) -> Result<(File, Vec<u8>), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, id).await?;
    let missing = || AppError::missing("file", field);
    let known = rows::files(&mut tx, actor.workspace, id).await?;
    let file = known.into_iter().find(|one| one.field == field).ok_or_else(missing)?;
    let content = rows::content(&mut tx, actor.workspace, id, field).await?.ok_or_else(missing)?;
    Ok((file, STANDARD.decode(content).map_err(|_| AppError::Crashed)?))
}

/// What somebody is asked to fill in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The form of the onboarding's programme (id).
    pub form: String,
    /// Who is asked and told by mail, and invited to the portal when nobody has; whoever may answer forms when left out.
    pub contact: Option<ContactId>,
    /// By when; the days of the form from today when left out.
    pub due_on: Option<Date>,
}

/// Asks a customer to fill in a form. Whoever is asked and was never invited into the portal is, by the same deed: there
/// is no other place to fill it in.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] also when whoever is asked was shut out of the
/// portal or may not fill in forms there, [`AppError::Barred`] when they would have to be invited and the onboarding is
/// over; or when the database fails.
#[boxed]
pub async fn ask(app: &App, actor: &Actor, id: OnboardingId, draft: Draft) -> Result<Form, AppError> {
    actor.require(Action::RunOnboarding)?;
    let Draft { form, contact, due_on } = draft;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut problems = Vec::new();
    let sheets = programme::sheets_of(app, &mut tx, actor.workspace, id).await?;
    let sheet = sheets.forms.get(&form);
    if sheet.is_none() {
        problems.push(Problem::new("form", "is none there is"));
    }
    let person = match contact {
        Some(who) => contact_of(&mut tx, actor, &head, who).await?,
        None => None,
    };
    if contact.is_some() && person.is_none() {
        problems.push(Problem::new("contact", "is nobody of this customer with a mail address"));
    }
    let today = app.today();
    if due_on.is_some_and(|day| day < today) {
        problems.push(Problem::new("due_on", "is over already"));
    }
    none_of(problems)?;
    let Some(sheet) = sheet else { return Err(AppError::missing("form", form)) };
    let made = Form {
        id: FormId::fresh(&*app.ids),
        onboarding: id,
        form: sheet.id.clone(),
        title: sheet.title.clone(),
        sheet: sheet.clone(),
        contact,
        contact_name: person.as_ref().map(|person| person.name.clone()),
        asked_by: actor.name.clone(),
        asked_at: app.now(),
        due_on: due_on.unwrap_or_else(|| today.saturating_add(i64::from(sheet.days).days())),
        state: State::Open,
        answers: domain::Answers::new(),
        answered_by: String::new(),
        answered_at: None,
        note: String::new(),
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &made).await?;
    if let Some(person) = &person {
        let_in(app, &mut tx, actor, &head, person, Resource::Form).await?;
        tell(app, &mut tx, actor, &made, person).await?;
    }
    let whom = person.map_or_else(|| head.customer.clone(), |person| person.name);
    let summary = format!("Asked {whom} to fill in “{}” by {}", made.title, made.due_on);
    record(app, &mut tx, actor, &head, "form.asked", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// A contact of this customer who has a mail address.
async fn contact_of(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    id: ContactId,
) -> Result<Option<Contact>, AppError> {
    let known = contact::get(tx, actor.workspace, id).await?;
    let is_theirs = |one: &Contact| one.account_id == head.account_id;
    Ok(known.filter(|one| is_theirs(one) && one.email.as_ref().is_some_and(|email| !email.is_empty())))
}

/// Tells whoever is asked, by mail.
async fn tell(app: &App, tx: &mut Tx, actor: &Actor, form: &Form, person: &Contact) -> Result<(), AppError> {
    let Some(to) = person.email.clone() else { return Ok(()) };
    let vendor = mail::vendor(tx, actor.workspace).await?;
    let language = Languages::of_onboarding(tx, actor.workspace, form.onboarding).await?.of(form.contact);
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    let path = format!("/portal/forms/{}", form.id);
    let place = (actor.workspace, form.onboarding);
    let link = match form.contact {
        Some(contact) => way::of_contact(app, tx, place, contact, &path).await?,
        None => app.link(&path),
    };
    let facts = serde_json::json!({ "form": {
        "name": person.name,
        "title": said(&form.title),
        "purpose": said(&form.sheet.purpose),
        "asked_by": actor.own_name(),
        "questions": form.sheet.fields().count(),
        "due": language.full_day(form.due_on),
        "note": form.note,
        "link": link,
    }});
    let (subject, text) = package::letter_text(&app.methodology, TEMPLATE, language, &facts)?;
    let letter = Letter { to, subject, text, action: None, vendor, language };
    let answers = mail::answered_by(tx, actor.workspace, form.onboarding).await?;
    mail::send_to_customer(app, tx, actor.workspace, &letter, None, answers).await
}

/// What the team does with a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It is good: its answers become facts and tasks.
    Accept,
    /// Something is missing or unclear.
    Return {
        /// What.
        note: String,
    },
    /// Nobody needs it any more.
    Withdraw,
}

/// Takes a step with a form.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when its state does
/// not allow it, [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn step(app: &App, actor: &Actor, id: FormId, version: i64, step: Step) -> Result<Form, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let form = find(&mut tx, actor, id).await?;
    version::fresh("form", form.version, version)?;
    let head = onboarding(&mut tx, actor, form.onboarding).await?;
    let title = form.title.clone();
    let refused =
        |form: &Form| Err(AppError::Refusal(format!("this form is {}", form.state.label().to_lowercase())));
    let (wanted, kind, summary) = match step {
        Step::Accept if form.state == State::Submitted => {
            let tasks = become_work(app, &mut tx, actor, &form).await?;
            let summary = match tasks {
                0 => format!("Accepted “{title}”"),
                1 => format!("Accepted “{title}”: it adds a task"),
                more => format!("Accepted “{title}”: it adds {more} tasks"),
            };
            (Form { state: State::Accepted, ..form }, "form.accepted", summary)
        }
        Step::Return { note } if matches!(form.state, State::Submitted | State::Accepted) => {
            let mut problems = Vec::new();
            let note = needed_prose("note", &note, &mut problems);
            none_of(problems)?;
            let returned = Form { state: State::Returned, note, ..form };
            if let Some(who) = returned.contact
                && let Some(person) = contact_of(&mut tx, actor, &head, who).await?
            {
                tell(app, &mut tx, actor, &returned, &person).await?;
            }
            let summary = format!("Returned “{title}”: {}", returned.note);
            (returned, "form.returned", summary)
        }
        Step::Withdraw if form.state.is_open() || form.state == State::Submitted => {
            (Form { state: State::Withdrawn, ..form }, "form.withdrawn", format!("Withdrew “{title}”"))
        }
        _ => return refused(&form),
    };
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Makes facts and tasks of what was answered; how many tasks. A form that was returned and is accepted once more adds
/// only what it did not add before.
async fn become_work(app: &App, tx: &mut Tx, actor: &Actor, form: &Form) -> Result<usize, AppError> {
    let said = domain::facts(&form.sheet, &form.answers);
    let of = (form.onboarding, form.id);
    rows::say(tx, actor.workspace, of, &said, &form.answered_by, app.now()).await?;
    let stored = gangway_store::work::get(tx, actor.workspace, form.onboarding).await?;
    let known: BTreeSet<String> =
        stored.iter().flat_map(|stored| &stored.plan.tasks).map(|task| task.name.clone()).collect();
    let tasks: Vec<NewTask> = domain::tasks(&form.sheet, &form.answers)
        .into_iter()
        .filter(|(_, name)| !known.contains(name))
        .map(|(task, name)| NewTask {
            name,
            side: task.owner,
            role: None,
            assignee: None,
            days: task.days,
            not_before: Some(app.today()),
            finish_by: None,
            after: Vec::new(),
            phase: None,
            origin: Origin::Template(form.form.clone()),
        })
        .collect();
    let count = tasks.len();
    if count > 0 {
        let summary = format!("“{}” was filled in by {}", form.title, form.answered_by);
        add_tasks(app, tx, actor, form.onboarding, Because { summary, side: Side::Customer }, tasks).await?;
    }
    Ok(count)
}

async fn find(tx: &mut Tx, actor: &Actor, id: FormId) -> Result<Form, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("form", id))
}

async fn keep(tx: &mut Tx, actor: &Actor, form: Form) -> Result<Form, AppError> {
    let version = version::after("form", form.version, rows::change(tx, actor.workspace, &form).await?)?;
    Ok(Form { version, ..form })
}

fn fields_of(files: &[File]) -> BTreeSet<String> {
    files.iter().map(|file| file.field.clone()).collect()
}
