//! Forms of one onboarding: what was asked, what was answered, what became of it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::form::{self, Draft, Fact, Form, Forms, Seen, Step};
use gangway_app::identity::Session;
use gangway_app::{AppError, Problem};
use gangway_domain::form::{FieldKind, State as Stands};
use gangway_domain::ids::{ContactId, FormId, OnboardingId};
use gangway_domain::permission::Action;

use super::{HERE, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered, day_or_none};
use crate::format::moment;
use crate::pages::document::to_save;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/feedback/forms.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    facts: Vec<Fact>,
    kinds: Vec<Choice>,
    people: Vec<Choice>,
    due_on: String,
    wrong: Wrong,
    may_edit: bool,
}

struct Line {
    href: String,
    title: String,
    status: &'static str,
    tone: &'static str,
    due_on: String,
    late: bool,
    whom: String,
}

/// How a tag shows a state.
fn tone(state: Stands) -> &'static str {
    match state {
        Stands::Open => "soon",
        Stands::Submitted => "go",
        Stands::Accepted => "done",
        Stands::Returned => "late",
        Stands::Withdrawn => "off",
    }
}

/// The forms.
pub(crate) async fn list(Here(web, session, id): Here<String>) -> Answer {
    page(&web, &session, read_id(id)?, [const { String::new() }; 3], Wrong::default(), StatusCode::OK).await
}

/// Asks the customer to fill in one.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let sent = [text("form"), text("contact"), text("due_on")];
    let [kind, contact, due_on] = &sent;
    // Whoever is not named is anybody; a name or a day that cannot be read is neither.
    let done = async {
        let contact = if contact.is_empty() { None } else { Some(named::<ContactId>("contact", contact)?) };
        let draft = Draft { form: kind.clone(), contact, due_on: day_or_none("due_on", due_on)? };
        form::ask(&web.app, &session.actor, id, draft).await
    };
    answered(
        done.await,
        |made| Redirect::to(&format!("/onboardings/{id}/forms/{}?said=asked", made.id)).into_response(),
        |status, wrong| page(&web, &session, id, sent, wrong, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    [kind, contact, due_on]: [String; 3],
    wrong: Wrong,
    status: StatusCode,
) -> Answer {
    let Forms { head, forms, facts, kinds, people, outside } =
        form::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let today = web.app.today();
    let line = |one: Form| Line {
        href: top.to(&format!("/forms/{}", one.id)),
        status: one.state.label(),
        tone: tone(one.state),
        late: one.state.is_open() && one.due_on < today,
        due_on: one.due_on.strftime("%-d %b %Y").to_string(),
        whom: one.contact_name.unwrap_or_else(|| "anybody of the customer".to_owned()),
        title: one.title,
    };
    let anybody = Choice::of("", "Whoever may, in the portal", &contact);
    let page = Page {
        frame: top.frame(session, "Forms"),
        pages: tabs(&top, "/forms"),
        lines: forms.into_iter().map(line).collect(),
        facts,
        kinds: kinds.into_iter().map(|(value, label, _)| Choice::of(value, label, &kind)).collect(),
        people: std::iter::once(anybody)
            .chain(people.into_iter().map(|(id, name)| {
                let label = if outside.contains(&id) {
                    format!("{name} – is invited into the portal with it")
                } else {
                    name
                };
                Choice::of(id.to_string(), label, &contact)
            }))
            .collect(),
        due_on,
        wrong,
        may_edit: session.actor.may(Action::RunOnboarding),
        top,
    };
    Ok(render(status, &page))
}

#[derive(Template)]
#[template(path = "pages/onboarding/feedback/form.html")]
struct One {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    title: String,
    purpose: String,
    status: &'static str,
    tone: &'static str,
    due_on: String,
    whom: String,
    answered: String,
    note: String,
    done: usize,
    needed: usize,
    sections: Vec<(String, Vec<FieldRow>)>,
    tasks: Vec<String>,
    accepted: bool,
    may_accept: bool,
    may_return: bool,
    may_withdraw: bool,
    version: i64,
    typed: String,
    wrong: Wrong,
}

/// A field with what was answered.
struct FieldRow {
    label: String,
    answer: String,
    /// The columns of a table that can be read.
    names: Vec<String>,
    /// Its rows; each cell with the name of its column, which stands beside it on a narrow screen.
    table: Vec<Vec<(String, String)>>,
    /// Where its file is, and what it is called.
    file: Option<(String, String)>,
}

/// One form.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "asked" => Toast::of("Asked. It waits in the portal; whoever was named has a mail."),
        "accepted" => Toast::of("Accepted. Its answers are facts now, and what follows is in the plan."),
        "returned" => Toast::of("Returned with your question."),
        "withdrawn" => Toast::of("Withdrawn."),
        _ => None,
    };
    one(&web, &session, form_id(&id)?, (String::new(), Wrong::default()), toast, StatusCode::OK).await
}

/// It is accepted, returned or withdrawn.
pub(crate) async fn step(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = form_id(&id)?;
    let note = fields.text("note").to_owned();
    let (step, said) = match fields.text("step") {
        "accept" => (Step::Accept, "accepted"),
        "return" => (Step::Return { note: note.clone() }, "returned"),
        "withdraw" => (Step::Withdraw, "withdrawn"),
        _ => {
            let problem = Problem::new("step", "must be accept, return or withdraw");
            return Err(AppError::Invalid(vec![problem]).into());
        }
    };
    answered(
        form::step(&web.app, &session.actor, id, fields.version(), step).await,
        |_| Redirect::to(&format!("/onboardings/{onboarding}/forms/{id}?said={said}")).into_response(),
        |status, wrong| one(&web, &session, id, (note, wrong), None, status),
    )
    .await
}

/// A file of a form.
pub(crate) async fn file(Here(web, session, (_, id, field)): Here<(String, String, String)>) -> Answer {
    let (file, bytes) = form::file(&web.app, &session.actor, form_id(&id)?, &field).await?;
    Ok(to_save(&file.name, "application/octet-stream", bytes))
}

async fn one(
    web: &Web,
    session: &Session,
    id: FormId,
    (typed, wrong): (String, Wrong),
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Seen { head, form, files, progress: (done, needed), tasks } =
        form::get(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let runs = session.actor.may(Action::RunOnboarding);
    let address = top.to(&format!("/forms/{}", form.id));
    let sections = form.sheet.sections.iter().map(|section| {
        let rows = section.fields.iter().map(|field| {
            let answer = form.answers.get(&field.id).cloned().unwrap_or_default();
            let rows = match field.kind {
                FieldKind::Table if !answer.is_empty() => gangway_domain::form::rows(field, &answer).ok(),
                _ => None,
            };
            let names: Vec<String> = field.columns.iter().map(|column| column.label.clone()).collect();
            let named = |cells: Vec<String>| names.iter().cloned().zip(cells).collect::<Vec<_>>();
            let table: Vec<_> = rows.unwrap_or_default().into_iter().map(named).collect();
            let file = files.iter().find(|file| file.field == field.id);
            FieldRow {
                label: field.label.clone(),
                answer,
                table,
                names,
                file: file.map(|file| (format!("{address}/files/{}", field.id), file.name.clone())),
            }
        });
        (section.title.clone(), rows.collect::<Vec<_>>())
    });
    let sections: Vec<(String, Vec<FieldRow>)> = sections.collect();
    let answered = match form.answered_at {
        Some(at) => format!("{}, {}", form.answered_by, moment(at, &web.app.time_zone).words),
        None => String::new(),
    };
    let page = One {
        frame: top.frame(session, "Form").saying(toast),
        pages: tabs(&top, "/forms"),
        status: form.state.label(),
        tone: tone(form.state),
        due_on: form.due_on.strftime("%-d %b %Y").to_string(),
        accepted: form.state == Stands::Accepted,
        may_accept: runs && form.state == Stands::Submitted,
        may_return: runs && matches!(form.state, Stands::Submitted | Stands::Accepted),
        may_withdraw: runs && (form.state.is_open() || form.state == Stands::Submitted),
        purpose: form.sheet.purpose.clone(),
        whom: form.contact_name.unwrap_or_else(|| "anybody of the customer".to_owned()),
        version: form.version,
        title: form.title,
        note: form.note,
        address,
        answered,
        done,
        needed,
        sections,
        tasks,
        typed,
        wrong,
        top,
    };
    Ok(render(status, &page))
}

/// The form an address names.
fn form_id(id: &str) -> Result<FormId, AppError> {
    named("form", id)
}
