//! Reports on one onboarding: written from its facts, reworded, sent, read through links.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::{Secret, Session};
use gangway_app::register;
use gangway_app::report::{self, Opened, Reports};
use gangway_domain::ids::{OnboardingId, ReportId};
use gangway_domain::intervention::Support;
use gangway_domain::methodology::Light;
use gangway_domain::permission::Action;
use gangway_domain::register::{Owner, Visibility};
use gangway_domain::report::{Blank, Form as Answering, Kind};

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, people, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Names, Posted, named};
use crate::form::{Fields, Wrong, answered, meanwhile};
use crate::format::{Day, Moment, capital, moment};
use crate::pages::document::{POLICY, to_save};
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/governance/reports/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    light: &'static str,
    light_label: &'static str,
    reasons: Vec<String>,
    lines: Vec<Line>,
    kinds: Vec<Choice>,
    may_edit: bool,
    wrong: Wrong,
}

struct Line {
    href: String,
    title: String,
    day: Day,
    light: &'static str,
    light_label: &'static str,
    internal: bool,
    sent: bool,
}

#[derive(Template)]
#[template(path = "pages/onboarding/governance/reports/report.html")]
struct One {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    title: String,
    body: String,
    light: &'static str,
    light_label: &'static str,
    reasons: Vec<String>,
    /// Who chose the colour.
    chosen_by: Option<String>,
    internal: bool,
    changed: Moment,
    changed_by: String,
    sent: Option<Moment>,
    versions: Vec<Older>,
    links: Vec<Known>,
    /// The address of a link that was just made: shown once.
    fresh: Option<String>,
    people: Vec<Choice>,
    lights: Vec<Choice>,
    asked: Vec<Question>,
    may_edit: bool,
    version: i64,
    wrong: Wrong,
}

/// What only a person can say in the report.
struct Question {
    name: &'static str,
    /// Id and name of its field.
    key: String,
    heading: &'static str,
    asks: &'static str,
    answer: String,
    is_day: bool,
    choices: Vec<Choice>,
}

struct Older {
    number: i64,
    by: String,
    at: Moment,
}

struct Known {
    digest: String,
    by: String,
    at: Moment,
}

/// The reports.
pub(crate) async fn list(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = if values.has("removed") { Toast::of("Removed.") } else { None };
    page(&web, &session, read_id(id)?, Wrong::default(), toast, StatusCode::OK).await
}

/// Writes one.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let kind: Kind = fields.text("kind").parse().unwrap_or(Kind::WeeklyStatus);
    answered(
        report::draft(&web.app, &session.actor, id, kind, None).await,
        |made| Redirect::to(&format!("/onboardings/{id}/reports/{}?said=written", made.id)).into_response(),
        |status, wrong| page(&web, &session, id, wrong, None, status),
    )
    .await
}

/// One report.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "written" => Toast::of("Written from the facts of today."),
        "saved" => Toast::of("Saved."),
        "sent" => Toast::of("The report is on its way."),
        "ended" => Toast::of("The link opens nothing any more."),
        _ => None,
    };
    let form = Form { toast, ..Form::default() };
    one(&web, &session, report_id(&id)?, form, StatusCode::OK).await
}

/// What a page of a report shows beside it.
#[derive(Default)]
struct Form {
    /// What was typed: title and prose.
    typed: Option<(String, String)>,
    /// What was typed where only a person can say something, by name.
    answers: Vec<(String, String)>,
    fresh: Option<String>,
    toast: Option<Toast>,
    wrong: Wrong,
}

/// Changes its words, its colour, or writes it again.
pub(crate) async fn change(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = report_id(&id)?;
    let version = fields.version();
    let (title, text) = (fields.text("title").to_owned(), fields.text("text").to_owned());
    let (app, actor) = (&web.app, &session.actor);
    let deed = fields.text("deed");
    let answers = if deed == "answers" { typed_answers(&fields) } else { Vec::new() };
    let outcome = match deed {
        "answers" => report::fill(app, actor, id, version, &answers).await,
        "refresh" => report::refresh(app, actor, id, version).await,
        "colour" => {
            let chosen = Light::read(fields.text("light"));
            let chosen = chosen.map(|light| (light, fields.text("reason").to_owned()));
            report::recolour(app, actor, id, version, chosen).await
        }
        _ => report::reword(app, actor, id, version, &title, &text).await,
    };
    answered(
        outcome,
        |_| back(&onboarding, id, "saved"),
        |status, wrong| {
            let typed = (deed == "words").then_some((title, text));
            one(&web, &session, id, Form { typed, answers, wrong, ..Form::default() }, status)
        },
    )
    .await
}

/// What was typed where only a person can say something, by name; ticked boxes share one.
fn typed_answers(fields: &Fields) -> Vec<(String, String)> {
    let answer = |name: &str| fields.all(&field_of(name)).collect::<Vec<_>>().join(" ");
    fields.all("asked").map(|name| (name.to_owned(), answer(name))).collect()
}

/// The field of what is asked under this name.
fn field_of(name: &str) -> String {
    format!("answer-{name}")
}

fn question((blank, answer): (&'static Blank, String), typed: &[(String, String)]) -> Question {
    let typed = typed.iter().find(|(name, _)| name == blank.name).map(|(_, answer)| answer.clone());
    let answer = typed.unwrap_or(answer);
    let choice = |one: Support| Choice {
        value: one.word().to_owned(),
        label: one.label().to_owned(),
        chosen: answer.split_whitespace().any(|word| word == one.word()),
    };
    Question {
        name: blank.name,
        key: field_of(blank.name),
        heading: blank.heading,
        asks: blank.asks,
        is_day: blank.form == Answering::Day,
        choices: if blank.form == Answering::Support { Support::ALL.map(choice).into() } else { Vec::new() },
        answer,
    }
}

/// Sends it.
pub(crate) async fn send(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = report_id(&id)?;
    let readers: Vec<Owner> = fields.all("to").filter_map(Owner::read).collect();
    answered(
        report::send(&web.app, &session.actor, id, fields.version(), &readers).await,
        |_| back(&onboarding, id, "sent"),
        |status, wrong| one(&web, &session, id, Form { wrong, ..Form::default() }, status),
    )
    .await
}

/// Makes a link; its address is shown once.
pub(crate) async fn share(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let id = report_id(&id)?;
    match report::share(&web.app, &session.actor, id).await {
        Ok(secret) => {
            let fresh = Some(web.app.link(&format!("/shared/reports/{}", secret.reveal())));
            one(&web, &session, id, Form { fresh, ..Form::default() }, StatusCode::CREATED).await
        }
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            one(&web, &session, id, Form { wrong, ..Form::default() }, status).await
        }
    }
}

/// Ends a link.
pub(crate) async fn end_link(
    Here(web, session, (onboarding, id, digest)): Here<(String, String, String)>,
) -> Answer {
    let id = report_id(&id)?;
    report::end_link(&web.app, &session.actor, id, &digest).await?;
    Ok(back(&onboarding, id, "ended"))
}

/// Removes one that was never sent.
pub(crate) async fn remove(Posted(web, session, (_, id), fields): Posted<(String, String)>) -> Answer {
    let id = report_id(&id)?;
    answered(
        report::remove(&web.app, &session.actor, id, fields.version()).await,
        |onboarding| Redirect::to(&format!("/onboardings/{onboarding}/reports?removed")).into_response(),
        |status, wrong| one(&web, &session, id, Form { wrong, ..Form::default() }, status),
    )
    .await
}

/// The report as its readers see it.
pub(crate) async fn preview(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    Ok(boxed(report::page(&web.app, &session.actor, report_id(&id)?, None).await?))
}

/// The report as a PDF or for Word.
pub(crate) async fn file(Here(web, session, (_, id, ending)): Here<(String, String, String)>) -> Answer {
    let made = report::file(&web.app, &session.actor, report_id(&id)?, &ending).await?;
    Ok(to_save(&made.path, made.media_type, made.bytes))
}

/// The report for whoever has a link to it.
pub(crate) async fn shared(State(web): State<Web>, Names(secret): Names<String>) -> Answer {
    let page = report::shared(&web.app, &Secret::from_holder(&secret)).await?;
    let mut answer = boxed(page);
    let headers = answer.headers_mut();
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    Ok(answer)
}

/// A page with words of people: it may show them, and do nothing.
fn boxed(page: String) -> Response {
    let mut answer = Html(page).into_response();
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

fn back(onboarding: &str, id: ReportId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/reports/{id}?said={said}")).into_response()
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    wrong: Wrong,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Reports { head, reports, colour } = report::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let page = Page {
        frame: top.frame(session, "Reports").saying(toast),
        pages: tabs(&top, "/reports"),
        light: colour.light.word(),
        light_label: colour.light.label(),
        reasons: colour.reasons.into_iter().map(|reason| capital(&reason.text)).collect(),
        lines: reports
            .into_iter()
            .map(|report| Line {
                href: top.to(&format!("/reports/{}", report.id)),
                day: Day::from(report.as_of),
                light: report.colour.light().word(),
                light_label: report.colour.light().label(),
                internal: report.audience == Visibility::Internal,
                sent: report.sent_at.is_some(),
                title: report.title,
            })
            .collect(),
        kinds: Kind::ALL.map(|kind| Choice::of(kind.word(), kind.label(), Kind::WeeklyStatus.word())).into(),
        may_edit: session.actor.may(Action::RunOnboarding),
        wrong,
        top,
    };
    Ok(render(status, &page))
}

async fn one(web: &Web, session: &Session, id: ReportId, form: Form, status: StatusCode) -> Answer {
    let Form { typed, answers, fresh, toast, wrong } = form;
    let Opened { head, report, versions, links } = report::get(&web.app, &session.actor, id).await?;
    let candidates = register::candidates(&web.app, &session.actor, &head).await?;
    let top = Top::new(session, &head, HERE);
    let zone = &web.app.time_zone;
    let internal = report.audience == Visibility::Internal;
    let light = report.colour.light();
    let (title, text) = typed.unwrap_or_else(|| (report.title.clone(), report::prose(&report.text)));
    let chosen = report.colour.overridden.as_ref();
    let by_hand = chosen.map_or("", |chosen| chosen.light.word());
    let page = One {
        frame: top.frame(session, "Report").saying(toast),
        pages: tabs(&top, "/reports"),
        address: top.to(&format!("/reports/{id}")),
        light: light.word(),
        light_label: light.label(),
        reasons: report.colour.because().iter().map(|reason| capital(reason)).collect(),
        chosen_by: chosen.map(|chosen| chosen.by.clone()),
        internal,
        changed: moment(report.changed_at, zone),
        changed_by: report.changed_by.clone(),
        sent: report.sent_at.map(|at| moment(at, zone)),
        versions: versions
            .into_iter()
            .map(|one| Older { number: one.number, by: one.by, at: moment(one.at, zone) })
            .collect(),
        links: links
            .into_iter()
            .map(|link| Known { digest: link.digest, by: link.made_by, at: moment(link.made_at, zone) })
            .collect(),
        fresh,
        people: people(&candidates, &[], |contact| !internal && contact.email.is_some()),
        lights: std::iter::once(Choice::of("", "As the rules say", by_hand))
            .chain(Light::ALL.map(|light| Choice::of(light.word(), light.label(), by_hand)))
            .collect(),
        asked: report::asked(&report).into_iter().map(|one| question(one, &answers)).collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        version: report.version,
        title,
        body: text,
        wrong,
        top,
    };
    let mut answer = render(status, &page);
    if page.fresh.is_some() {
        // A secret stands on it.
        answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(answer)
}

/// The report an address names.
fn report_id(id: &str) -> Result<ReportId, AppError> {
    named("report", id)
}
