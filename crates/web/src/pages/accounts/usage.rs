//! What the users of one account do in the product, and how many of them are expected.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::usage::{expected, view};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;

use super::read_id;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::pages::usage::seen::Seen;
use crate::pages::{Frame, Nav, Toast, render};

#[derive(Template)]
#[template(path = "pages/accounts/usage.html")]
struct Page {
    frame: Frame,
    address: String,
    name: String,
    seen: Seen,
    may_edit: bool,
    version: i64,
    users: String,
    wrong: Wrong,
}

/// The page.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let said = if values.text("said") == "saved" { "Saved." } else { "" };
    page(&web, &session, read_id(&id)?, StatusCode::OK, None, said).await
}

/// Says how many users are expected; nothing typed leaves it to the contract.
pub(crate) async fn expect(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(&id)?;
    let typed = fields.text("users").trim().to_owned();
    let done = match number(&typed) {
        Ok(users) => expected::set(&web.app, &session.actor, id, Some(fields.version()), users).await,
        Err(error) => Err(error),
    };
    answered(
        done,
        |_| Redirect::to(&format!("/accounts/{id}/usage?said=saved")).into_response(),
        |status, wrong| page(&web, &session, id, status, Some((typed, wrong)), ""),
    )
    .await
}

fn number(typed: &str) -> Result<Option<i64>, AppError> {
    if typed.is_empty() {
        return Ok(None);
    }
    let number = typed.parse().ok().filter(|users| *users >= 0);
    number
        .map(Some)
        .ok_or_else(|| AppError::Invalid(vec![Problem::new("users", "is not a number of people")]))
}

async fn page(
    web: &Web,
    session: &Session,
    id: AccountId,
    status: StatusCode,
    sent: Option<(String, Wrong)>,
    said: &'static str,
) -> Answer {
    let usage = view::of_account(&web.app, &session.actor, id).await?;
    let known = usage.expected.users.filter(|_| !usage.expected.of_contract);
    let (users, wrong) =
        sent.unwrap_or_else(|| (known.map_or_else(String::new, |users| users.to_string()), Wrong::default()));
    let name = usage.account_name.clone();
    let page = Page {
        frame: Frame::of(session, Nav::Accounts, format!("Usage · {name}"))
            .live([id])
            .saying(Toast::of(said)),
        address: format!("/accounts/{id}"),
        name,
        may_edit: session.actor.may(Action::EditAccounts),
        version: usage.expected.version,
        seen: Seen::new(usage, &web.app.time_zone),
        users,
        wrong,
    };
    Ok(render(status, &page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_people_is_whole_and_may_be_left_out() {
        assert_eq!(number("").ok(), Some(None));
        assert_eq!(number("120").ok(), Some(Some(120)));
        assert!(number("-1").is_err() && number("many").is_err() && number("1.5").is_err());
    }
}
