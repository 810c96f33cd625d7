//! What fails before a page of the portal is reached, or beside it: said in the guest's language as well.
//!
//! The reading of addresses and forms, the routes and the layers around them answer with the team's own page, which is
//! English; under the addresses of customers it is put into their words by its status.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use super::{Place, PortalFrame, Why, failed, spoken};
use crate::pages::failure::Ours;
use crate::session;

/// Whether people of a customer are at this address.
fn is_theirs(path: &str) -> bool {
    path == "/portal"
        || ["/portal/", "/survey/", "/unsubscribe/", "/embed/"].iter().any(|begin| path.starts_with(begin))
}

/// What a status says to a guest; nothing for what only whoever runs the installation can mend.
fn why(status: StatusCode) -> Option<&'static str> {
    Some(match status {
        StatusCode::MISDIRECTED_REQUEST => return None,
        StatusCode::FORBIDDEN => "fail.other_site",
        StatusCode::NOT_FOUND => "fail.missing",
        StatusCode::METHOD_NOT_ALLOWED => "fail.wrong_way",
        StatusCode::PAYLOAD_TOO_LARGE => "fail.too_large",
        StatusCode::SERVICE_UNAVAILABLE => "fail.slow",
        status if status.is_server_error() => "fail.broken",
        _ => "fail.damaged",
    })
}

/// Puts the team's page of a failure into the words of the guest at an address of customers: those of their portal when
/// one is open, else those their browser asks for. Other answers stay as they are.
pub(crate) async fn in_their_words(request: Request, next: Next) -> Response {
    if !is_theirs(request.uri().path()) {
        return next.run(request).await;
    }
    let visit = session::guest_of(&request).cloned();
    let language = visit.as_ref().map_or_else(|| spoken(request.headers()), |visit| visit.guest.language);
    let response = next.run(request).await;
    let said = response.extensions().get::<Ours>().and_then(|_| why(response.status()));
    let Some(key) = said else { return response };
    let frame = match &visit {
        Some(visit) => PortalFrame::new(visit, Place::Elsewhere, ""),
        None => PortalFrame::bare(language, ""),
    };
    failed(response.status(), frame, &Why::Key(key), visit.is_some(), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_customers_are_told_from_those_of_the_team() {
        for theirs in ["/portal", "/portal/plan", "/survey/abc", "/embed/abc"] {
            assert!(is_theirs(theirs), "{theirs}");
        }
        for ours in ["/", "/portals", "/settings/portal", "/onboardings/x/portal", "/surveys"] {
            assert!(!is_theirs(ours), "{ours}");
        }
    }
}
