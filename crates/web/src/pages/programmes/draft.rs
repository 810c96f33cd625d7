//! The draft of a programme: an outline in which every part opens as a form, what the check says, and publishing.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::programme::{self, Deed, Drafted, Meanwhile, Saved, Shown, Which, Wrong as FieldWrong};
use gangway_domain::programme::Programme;
use gangway_methodology::{Finding, Input, Part, Values, questionnaire_values};

use super::form::{PartForm, Sheet, Widget, typed};
use super::read::{PhaseView, phases};
use super::{Top, changed, said, verdict};
use crate::Web;
use crate::extract::{Answer, Here, Posted, Values as Query};
use crate::form::Wrong;
use crate::format::{Moment, capital, moment, sentence};
use crate::pages::{Choice, Frame, render};

#[derive(Template)]
#[template(path = "pages/programmes/draft.html")]
struct Page {
    frame: Frame,
    top: Top,
    body: Option<Body>,
    /// What a draft can be begun from.
    from: Vec<Choice>,
}

struct Body {
    base: String,
    by: String,
    at: Moment,
    version: i64,
    behind: bool,
    verdict: String,
    errors: usize,
    findings: Vec<FindingView>,
    phases: Vec<PhaseView>,
    roles: Vec<(String, String, String)>,
    /// Surveys by id, with their titles and whose words they are asked in.
    surveys: Vec<(String, String, &'static str)>,
    complete: [Vec<String>; 2],
    /// The text is no programme: only the text can be changed.
    unreadable: bool,
    /// The form that is open.
    form: Option<PartForm>,
    changes: String,
    note: String,
    wrong: Wrong,
}

impl Body {
    /// The open form, when it belongs here.
    fn open(&self, part: &str, id: &str) -> Option<&PartForm> {
        self.form.as_ref().filter(|form| form.part == part && form.id == id && form.adds_to.is_none())
    }

    /// The open form of something new in this phase.
    fn adding(&self, part: &str, phase: &str) -> Option<&PartForm> {
        self.form.as_ref().filter(|form| form.part == part && form.adds_to.as_deref() == Some(phase))
    }
}

/// What the check says, with the way to where it can be mended.
pub(super) struct FindingView {
    pub tone: &'static str,
    pub word: &'static str,
    pub line: u32,
    pub message: String,
    pub help: String,
    /// The form of the part it lies in.
    pub edit: Option<String>,
    pub part: String,
}

impl FindingView {
    pub(super) fn new(found: &Finding, base: &str) -> Self {
        let word = found.at.split('.').next().unwrap_or_default();
        let part = Part::of_word(word);
        let edit = match (part, &found.id) {
            (Some(Part::Complete), _) => Some(format!("{base}?edit=complete#complete")),
            (Some(part), Some(id)) if part.has_id() => {
                let word = part.word();
                Some(format!("{base}?edit={word}.{id}#{word}-{id}"))
            }
            _ => None,
        };
        Self {
            tone: if found.is_error() { "late" } else { "soon" },
            word: if found.is_error() { "Error" } else { "Warning" },
            line: found.diagnostic.line,
            message: format!(
                "{}.",
                capital(programme::plain(&found.diagnostic.message).trim_end_matches('.'))
            ),
            help: found.diagnostic.help.as_deref().map(capital).unwrap_or_default(),
            edit,
            part: found.id.clone().unwrap_or_default(),
        }
    }
}

/// What the page shows beside the draft.
#[derive(Default)]
struct Open {
    sheet: Option<Opened>,
    done: String,
    note: String,
    wrong: Wrong,
}

struct Opened {
    part: Part,
    id: String,
    adds_to: Option<String>,
    values: Option<Values>,
    seen: String,
    wrong: Vec<FieldWrong>,
    meanwhile: Option<Box<Meanwhile>>,
}

/// The draft, with the form the address names open.
pub(crate) async fn show(Here(web, session, id): Here<String>, query: Query) -> Answer {
    let (edit, add) = (query.text("edit"), query.text("add"));
    let opened = |part, id: String, adds_to| Opened {
        part,
        id,
        adds_to,
        values: None,
        seen: String::new(),
        wrong: Vec::new(),
        meanwhile: None,
    };
    let sheet = if !edit.is_empty() {
        let (word, id) = edit.split_once('.').unwrap_or((edit.as_str(), ""));
        Part::of_word(word).map(|part| opened(part, id.to_owned(), None))
    } else {
        let (word, phase) = add.split_once('.').unwrap_or((add.as_str(), ""));
        let part = Part::of_word(word).filter(|part| matches!(part, Part::Task | Part::Milestone));
        part.map(|part| opened(part, String::new(), Some(phase.to_owned())))
    };
    let open = Open { sheet, done: query.text("said"), ..Open::default() };
    page(&web, &session, &id, StatusCode::OK, open).await
}

/// Begins a draft.
pub(crate) async fn begin(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let from = Which::of_word(fields.text("from")).unwrap_or(Which::InForce);
    programme::begin(&web.app, &session.actor, &id, from).await?;
    Ok(Redirect::to(&format!("/programmes/{id}/draft?said=begun")).into_response())
}

/// Gives the draft up.
pub(crate) async fn discard(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let seen = fields.text("version").parse().ok();
    programme::discard(&web.app, &session.actor, &id, seen.or(Some(0))).await?;
    Ok(Redirect::to(&format!("/programmes/{id}?said=discarded")).into_response())
}

/// Puts it in force.
pub(crate) async fn publish(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let (note, seen) = (fields.text("note"), fields.version());
    match programme::publish(&web.app, &session.actor, &id, note, seen).await {
        Ok(_) => Ok(Redirect::to(&format!("/programmes/{id}?said=published")).into_response()),
        Err(error @ AppError::NotFound { .. }) => Err(error.into()),
        Err(error) => {
            let wrong = match &error {
                AppError::Invalid(problems) if problems.iter().all(|problem| problem.field != "note") => {
                    let told: Vec<String> = problems.iter().map(|p| format!("The {p}.")).collect();
                    (StatusCode::UNPROCESSABLE_ENTITY, Wrong::whole(told.join(" ")))
                }
                AppError::Stale { .. } => (StatusCode::CONFLICT, Wrong::whole(sentence(&error.to_string()))),
                _ => Wrong::or_fail(error)?,
            };
            let open = Open { note: note.to_owned(), wrong: wrong.1, ..Open::default() };
            page(&web, &session, &id, wrong.0, open).await
        }
    }
}

/// Changes a part.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let word = fields.text("part");
    let absent = || AppError::NotFound { what: "part", id: word.chars().take(60).collect() };
    let part = Part::of_word(word).ok_or_else(absent)?;
    let part_id = fields.text("id").to_owned();
    let seen = fields.text("seen").to_owned();
    let adds_to = Some(fields.text("phase").to_owned()).filter(|_| fields.text("act") == "add");
    let mut values = typed(&fields, part);
    let deed = match fields.text("act") {
        "remove" => Deed::Remove { part, id: part_id.clone(), seen: seen.clone() },
        "add" => {
            let phase = match values.get("phase") {
                Some(Input::One(chosen)) if !chosen.is_empty() => chosen.clone(),
                _ => adds_to.clone().unwrap_or_default(),
            };
            values.insert("phase", Input::One(phase.clone()));
            let behind = last_of(&web, &session, &id, part, &phase).await?;
            Deed::Add { part, behind, values: values.clone() }
        }
        _ => Deed::Set { part, id: part_id.clone(), values: values.clone(), seen: seen.clone() },
    };
    let removes = matches!(deed, Deed::Remove { .. });
    let (wrong, meanwhile, status) = match programme::change(&web.app, &session.actor, &id, deed).await? {
        Saved::Done(made) => {
            // What was typed before is saved with it.
            if let up @ ("up" | "down") = fields.text("act") {
                let deed = Deed::Shift { part, id: made.clone(), up: up == "up" };
                programme::change(&web.app, &session.actor, &id, deed).await?;
            }
            let done = match fields.text("act") {
                "add" => "added",
                "remove" => "removed",
                _ => "saved",
            };
            let place = match part {
                Part::Head | Part::Complete => format!("#{}", part.word()),
                _ if removes => String::new(),
                part => format!("#{}-{made}", part.word()),
            };
            return Ok(Redirect::to(&format!("/programmes/{id}/draft?said={done}{place}")).into_response());
        }
        Saved::Refused(wrong) => (wrong, None, StatusCode::UNPROCESSABLE_ENTITY),
        Saved::Overlap(found) => (Vec::new(), Some(found), StatusCode::CONFLICT),
    };
    let values = (!removes).then_some(values);
    let sheet = Some(Opened { part, id: part_id, adds_to, values, seen, wrong, meanwhile });
    page(&web, &session, &id, status, Open { sheet, ..Open::default() }).await
}

/// The last task or milestone of a phase: a new one comes behind it.
async fn last_of(
    web: &Web,
    session: &Session,
    id: &str,
    part: Part,
    phase: &str,
) -> Result<Option<String>, AppError> {
    let drafted = programme::draft(&web.app, &session.actor, id).await?;
    let Some(programme) = drafted.judged.programme else { return Ok(None) };
    Ok(match part {
        Part::Task => programme.tasks.iter().rfind(|task| task.phase == phase).map(|task| task.id.clone()),
        _ => programme.milestones.iter().rfind(|it| it.phase == phase).map(|it| it.id.clone()),
    })
}

async fn page(web: &Web, session: &Session, id: &str, status: StatusCode, open: Open) -> Answer {
    let shown = programme::get(&web.app, &session.actor, id, Which::InForce).await?;
    let mut top = Top::new(session, &shown, "/draft");
    top.said = said(&open.done);
    let body = match shown.draft {
        None => None,
        Some(_) => {
            let drafted = programme::draft(&web.app, &session.actor, id).await?;
            let comparison =
                programme::compare(&web.app, &session.actor, id, Which::InForce, Which::Draft).await?;
            Some(Body::new(web, &top, drafted, changed(comparison.counts()), open))
        }
    };
    let page = Page { frame: top.frame(session, "Draft"), from: from(&shown), body, top };
    Ok(render(status, &page))
}

fn from(shown: &Shown) -> Vec<Choice> {
    let mut all = vec![(Which::InForce, "the version in force".to_owned())];
    if shown.in_force().is_some() {
        all.push((Which::BuiltIn, "the built-in one".to_owned()));
    }
    let older = shown.history.iter().skip(1).map(|version| Which::Number(version.number));
    all.extend(older.map(|which| (which, which.label().to_lowercase())));
    let choice = |(which, label): (Which, String)| Choice {
        value: which.word(),
        label,
        chosen: which == Which::InForce,
    };
    all.into_iter().map(choice).collect()
}

impl Body {
    fn new(web: &Web, top: &Top, drafted: Drafted, changes: String, open: Open) -> Self {
        let base = format!("/programmes/{}/draft", top.id);
        let Drafted { draft, judged, is_behind } = &drafted;
        let errors = judged.findings.iter().filter(|found| found.is_error()).count();
        let form = match (&judged.programme, open.sheet) {
            (Some(programme), Some(sheet)) if top.may_draft => opened(web, &drafted, programme, sheet, &base)
                .map(|sheet| PartForm::new(sheet, &web.app.time_zone)),
            _ => None,
        };
        let named = |ids: &[String], programme: &Programme| {
            let name = |id: &String| {
                let found = programme.milestones.iter().find(|milestone| milestone.id == *id);
                found.map_or_else(|| id.clone(), |milestone| milestone.name.clone())
            };
            ids.iter().map(name).collect::<Vec<String>>()
        };
        let programme = judged.programme.as_ref();
        Self {
            by: draft.changed_by.clone(),
            at: moment(draft.changed_at, &web.app.time_zone),
            version: draft.version,
            behind: *is_behind,
            verdict: verdict(errors, judged.findings.len() - errors),
            errors,
            findings: judged.findings.iter().map(|found| FindingView::new(found, &base)).collect(),
            phases: programme.map(phases).unwrap_or_default(),
            roles: programme
                .into_iter()
                .flat_map(|programme| &programme.roles)
                .map(|role| (role.id.clone(), role.name.clone(), role.does.clone()))
                .collect(),
            surveys: programme.map(|programme| asked(web, programme)).unwrap_or_default(),
            complete: programme.map_or_else(Default::default, |programme| {
                [named(&programme.complete.value, programme), named(&programme.complete.technical, programme)]
            }),
            unreadable: programme.is_none(),
            form,
            changes,
            note: open.note,
            wrong: open.wrong,
            base,
        }
    }
}

/// The surveys of a programme: those that go out by themselves first, then what else it has words of its own for.
fn asked(web: &Web, programme: &Programme) -> Vec<(String, String, &'static str)> {
    let own = programme.questionnaires.iter().map(|own| own.id.as_str());
    let mut ids: Vec<&str> = Vec::new();
    for id in programme.surveys.iter().map(|used| used.survey.as_str()).chain(own) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let line = |id: &str| {
        let survey = web.app.methodology.survey(programme, id)?;
        let is_own = programme.questionnaires.iter().any(|own| own.id == id);
        let whose = if is_own { "in this programme's own words" } else { "as everywhere" };
        Some((id.to_owned(), survey.title.clone(), whose))
    };
    ids.into_iter().filter_map(line).collect()
}

fn opened<'a>(
    web: &Web,
    drafted: &Drafted,
    programme: &'a Programme,
    open: Opened,
    base: &str,
) -> Option<Sheet<'a>> {
    let Opened { part, id, adds_to, values, seen, wrong, meanwhile } = open;
    let (values, seen) = match (values, &adds_to) {
        (Some(values), _) => (values, seen),
        (None, Some(phase)) => {
            let mut values = Values::new();
            values.insert("phase", Input::One(phase.clone()));
            values.insert("owner", Input::One("vendor".to_owned()));
            values.insert("kind", Input::One("technical".to_owned()));
            if part == Part::Task {
                values.insert("days", Input::One("1".to_owned()));
            }
            (values, String::new())
        }
        (None, None) => match drafted.part(part, &id) {
            Some(found) => found,
            // Saved, it becomes the programme's own.
            None if part == Part::Questionnaire => {
                (questionnaire_values(web.app.methodology.surveys.get(&id)?), String::new())
            }
            None => return None,
        },
    };
    Some(Sheet { programme, part, id, adds_to, values, seen, wrong, meanwhile, base: base.to_owned() })
}
