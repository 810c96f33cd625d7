//! One account: its facts, onboardings, handoffs, people, and what happened.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::account::book::{self, Changes};
use gangway_app::account::merge;
use gangway_app::account::page::{Sight, sight};
use gangway_app::contact;
use gangway_app::identity::Session;
use gangway_app::input;
use gangway_app::usage::view::of_account;
use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::contact::Contact;

use super::inputs::{Figure, figures};
use super::{country, read_id};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::format::{Day, Moment, capital, distance, initials, moment};
use crate::pages::handoffs::format_words;
use crate::pages::usage::seen::Seen;
use crate::pages::{Frame, Nav, Toast, onboarding, render};

#[derive(Template)]
#[template(path = "pages/accounts/account.html")]
struct Page {
    frame: Frame,
    address: String,
    /// Where what its people say is.
    feedback: String,
    usage: Seen,
    /// What support, integrations, data and the contract say.
    inputs: Vec<Figure>,
    name: String,
    subtitle: String,
    website: Option<(String, String)>,
    facts: Vec<(&'static str, String)>,
    since: Moment,
    may_edit: bool,
    onboardings: Vec<Onboarding>,
    handoffs: Vec<Handoff>,
    contacts: Vec<Contact>,
    story: Vec<Entry>,
    edit: Edit,
    person: NewPerson,
}

struct Onboarding {
    href: String,
    product: String,
    detail: String,
    state: String,
    tone: &'static str,
    go_live: Day,
    when: String,
    late_days: i64,
}

struct Handoff {
    href: String,
    at: Moment,
    format: &'static str,
    score: Option<i64>,
    onboarding: Option<String>,
}

struct Entry {
    who: String,
    initials: String,
    summary: String,
    at: Moment,
    href: Option<String>,
}

/// The form that changes it, as it stands or as it was typed.
#[derive(Default)]
struct Edit {
    open: bool,
    version: i64,
    name: String,
    industry: String,
    country: String,
    website: String,
    external_id: String,
    wrong: Wrong,
}

/// The form for somebody new, when it came back.
#[derive(Default)]
struct NewPerson {
    open: bool,
    name: String,
    title: String,
    email: String,
    phone: String,
    wrong: Wrong,
}

/// Forms that came back.
#[derive(Default)]
struct Sent {
    edit: Option<Edit>,
    person: NewPerson,
}

/// What was just done, by the word in the address.
fn said(word: &str) -> &'static str {
    match word {
        "added" => "The account is added.",
        "saved" => "The account is changed.",
        "contact" => "The contact is added.",
        "merged" => "Merged: everything of both is here.",
        _ => "",
    }
}

/// One account. One that was merged leads to the one it became.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let known = read_id(&id)?;
    let seen = match sight(&web.app, &session.actor, known).await {
        Err(AppError::NotFound { what, id }) => {
            return match merge::became(&web.app, &session.actor, known).await? {
                Some(now) => Ok(Redirect::permanent(&format!("/accounts/{now}")).into_response()),
                None => Err(AppError::NotFound { what, id }.into()),
            };
        }
        outcome => outcome?,
    };
    let said = said(&values.text("said"));
    page(&web, &session, seen, Sent::default(), said, StatusCode::OK).await
}

/// Changes its facts.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let some = |name: &str| Some(Some(text(name)).filter(|text| !text.trim().is_empty()));
    let changes = Changes {
        name: Some(text("name")),
        industry: some("industry"),
        country: some("country"),
        website: some("website"),
        external_id: some("external_id"),
    };
    answered(
        book::change(&web.app, &session.actor, id, fields.version(), changes).await,
        |_| Redirect::to(&format!("/accounts/{id}?said=saved")).into_response(),
        |status, wrong| {
            let edit = Edit {
                open: true,
                name: text("name"),
                industry: text("industry"),
                country: text("country"),
                website: text("website"),
                external_id: text("external_id"),
                wrong,
                ..Edit::default()
            };
            again(&web, &session, id, Sent { edit: Some(edit), ..Sent::default() }, status)
        },
    )
    .await
}

/// Adds somebody to the account.
pub(crate) async fn add_contact(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(&id)?;
    let text = |name: &str| fields.text(&format!("contact_{name}")).to_owned();
    let some = |name: &str| Some(Some(text(name)).filter(|text| !text.trim().is_empty()));
    let changes = contact::Changes {
        name: Some(text("name")),
        title: some("title"),
        email: some("email"),
        phone: some("phone"),
        ..contact::Changes::default()
    };
    answered(
        contact::add(&web.app, &session.actor, id, changes).await,
        |_| Redirect::to(&format!("/accounts/{id}?said=contact#people")).into_response(),
        |status, wrong| {
            let person = NewPerson {
                open: true,
                name: text("name"),
                title: text("title"),
                email: text("email"),
                phone: text("phone"),
                wrong,
            };
            again(&web, &session, id, Sent { person, ..Sent::default() }, status)
        },
    )
    .await
}

/// The account as it is now, with a form that came back.
async fn again(web: &Web, session: &Session, id: AccountId, sent: Sent, status: StatusCode) -> Answer {
    let seen = sight(&web.app, &session.actor, id).await?;
    page(web, session, seen, sent, "", status).await
}

async fn page(
    web: &Web,
    session: &Session,
    seen: Sight,
    sent: Sent,
    said: &'static str,
    status: StatusCode,
) -> Answer {
    let usage = of_account(&web.app, &session.actor, seen.record.account.id).await?;
    let usage = Seen::new(usage, &web.app.time_zone);
    let told = input::of_account(&web.app, &session.actor, seen.record.account.id).await?;
    let page = Page { inputs: figures(&told), ..view(web, session, seen, usage, sent, said) };
    Ok(render(status, &page))
}

fn view(web: &Web, session: &Session, seen: Sight, usage: Seen, sent: Sent, said: &'static str) -> Page {
    let Sight { record, onboardings, handoffs, contacts, story, today } = seen;
    let zone = &web.app.time_zone;
    let account = &record.account;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut edit = sent.edit.unwrap_or_else(|| Edit {
        name: account.name.clone(),
        industry: text(&account.industry),
        country: text(&account.country),
        website: text(&account.website),
        external_id: text(&record.external_id),
        ..Edit::default()
    });
    edit.version = record.version;
    let country = account.country.as_deref().map(|code| country(web, code));
    let subtitle = [account.industry.as_deref().map(capital), country.clone()];
    let website = account.website.clone().map(|shown| {
        let whole = shown.starts_with("http://") || shown.starts_with("https://");
        (if whole { shown.clone() } else { format!("https://{shown}") }, shown)
    });
    Page {
        usage,
        inputs: Vec::new(),
        frame: Frame::of(session, Nav::Accounts, account.name.clone())
            .live([account.id])
            .saying(Toast::of(said)),
        address: format!("/accounts/{}", account.id),
        feedback: format!("/feedback?account={}", account.id),
        name: account.name.clone(),
        subtitle: subtitle.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        facts: [("Industry", account.industry.as_deref().map(capital)), ("Country", country)]
            .into_iter()
            .chain([("Id in the CRM", record.external_id.clone())])
            .map(|(label, value)| (label, value.unwrap_or_else(|| "unknown".to_owned())))
            .collect(),
        website,
        since: moment(account.created_at, zone),
        may_edit: session.actor.may(Action::EditAccounts),
        onboardings: onboardings
            .into_iter()
            .map(|line| Onboarding {
                href: format!("/onboardings/{}", line.id),
                detail: [Some(line.use_case), line.owner]
                    .into_iter()
                    .flatten()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join(" · "),
                product: line.product,
                tone: onboarding::tone(&line.state),
                state: capital(&line.state),
                when: distance(today, line.go_live_on),
                go_live: line.go_live_on.into(),
                late_days: line.late_days,
            })
            .collect(),
        handoffs: handoffs
            .into_iter()
            .map(|line| Handoff {
                href: format!("/handoffs/{}", line.id),
                at: moment(line.accepted_at, zone),
                format: format_words(&line.format),
                score: line.document_score,
                onboarding: line.onboarding.map(|id| format!("/onboardings/{id}")),
            })
            .collect(),
        contacts,
        story: story
            .into_iter()
            .map(|entry| Entry {
                initials: initials(&entry.actor),
                who: entry.actor,
                summary: entry.summary,
                at: moment(entry.at, zone),
                href: entry.onboarding.map(|id| format!("/onboardings/{id}")),
            })
            .collect(),
        edit,
        person: sent.person,
    }
}
