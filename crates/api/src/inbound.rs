//! What CRMs send. HubSpot signs (version 3 of its signatures); Salesforce is known by the secret in
//! the address, and wants to hear that its message arrived.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_app::crm_hook::{self, Addressed, Crm, Received};
use gangway_app::identity::Secret;
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::Api;
use crate::input::{Names, unread};
use crate::problem::Problem;

/// A signature older than this is refused, as HubSpot asks for.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// The characters HubSpot decodes in an address before signing it.
const DECODED: [(&str, &str); 12] = [
    ("%3A", ":"),
    ("%2F", "/"),
    ("%3F", "?"),
    ("%40", "@"),
    ("%21", "!"),
    ("%24", "$"),
    ("%27", "'"),
    ("%28", "("),
    ("%29", ")"),
    ("%2A", "*"),
    ("%2C", ","),
    ("%3B", ";"),
];

/// `POST /hooks/hubspot/{id}`.
pub(crate) async fn hubspot(
    State(api): State<Api>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    names: Names,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|error| unread(&error))?;
    let at = known(&api, Crm::Hubspot, &names).await?;
    let address = api.app.link(uri.path_and_query().map_or(uri.path(), |whole| whole.as_str()));
    let message = Signed { method: &method, address: &address, body: &body };
    if !message.is_genuine(&headers, at.secret(), api.app.clock.now()) {
        return Err(not_genuine(
            "the signature (X-HubSpot-Signature-v3) is missing, wrong, or older than 5 minutes",
        ));
    }
    match crm_hook::receive(&api.app, at, body.to_vec()).await? {
        Received::Deals(deals) => {
            let handoffs: Vec<_> = deals.iter().map(|deal| deal.handoff).collect();
            Ok(axum::Json(json!({ "handoffs": handoffs })).into_response())
        }
        Received::Fetching(deals) => {
            Ok(axum::Json(json!({ "handoffs": [], "fetching": deals })).into_response())
        }
        // Sending it again would not help, so it is not refused.
        Received::OnlyNames(advice) => {
            tracing::warn!(advice, "a HubSpot message without a deal's content");
            Ok(axum::Json(json!({ "handoffs": [], "advice": advice })).into_response())
        }
    }
}

/// `POST /hooks/salesforce/{id}/{secret}`.
pub(crate) async fn salesforce(
    State(api): State<Api>,
    names: Names,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|error| unread(&error))?;
    let at = known(&api, Crm::Salesforce, &names).await?;
    let digest = Secret::from_holder(names.text(1)).digest();
    if !bool::from(digest.as_bytes().ct_eq(at.secret().as_bytes())) {
        return Err(not_genuine("the secret at the end of the address is wrong"));
    }
    crm_hook::receive(&api.app, at, body.to_vec()).await?;
    Ok(([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], ACKNOWLEDGED).into_response())
}

/// What Salesforce takes for "arrived"; anything else makes it send the message again for a day.
const ACKNOWLEDGED: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8"?>"#,
    r#"<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>"#,
    r#"<notificationsResponse xmlns="http://soap.sforce.com/2005/09/outbound"><Ack>true</Ack></notificationsResponse>"#,
    "</soapenv:Body></soapenv:Envelope>"
);

async fn known(api: &Api, crm: Crm, names: &Names) -> Result<Addressed, Problem> {
    let id = names.id("CRM address")?;
    let known = crm_hook::addressed(&api.app, crm, id).await?;
    known.ok_or_else(|| Problem::missing("CRM address", names.text(0)))
}

fn not_genuine(detail: &str) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "not_genuine", detail)
}

/// What HubSpot signs: method, address, body and time.
struct Signed<'a> {
    method: &'a Method,
    address: &'a str,
    body: &'a [u8],
}

impl Signed<'_> {
    fn is_genuine(&self, headers: &HeaderMap, secret: &str, now: Timestamp) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(signature), Some(time)) =
            (text("x-hubspot-signature-v3"), text("x-hubspot-request-timestamp"))
        else {
            return false;
        };
        let sent = time.parse().ok().and_then(|millis| Timestamp::from_millisecond(millis).ok());
        if sent.is_none_or(|sent| now.duration_since(sent).abs() > WINDOW) {
            return false;
        }
        let (Ok(signature), Ok(mut mac)) =
            (STANDARD.decode(signature), Hmac::<Sha256>::new_from_slice(secret.as_bytes()))
        else {
            return false;
        };
        mac.update(self.method.as_str().as_bytes());
        mac.update(decoded(self.address).as_bytes());
        mac.update(self.body);
        mac.update(time.as_bytes());
        // Compares in constant time.
        mac.verify_slice(&signature).is_ok()
    }
}

/// The address as HubSpot signs it.
fn decoded(address: &str) -> String {
    let mut text = address.to_owned();
    for (code, character) in DECODED {
        text = text.replace(code, character).replace(&code.to_lowercase(), character);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signed with Python's `hmac` over the address as HubSpot decodes it.
    #[test]
    fn a_signature_of_version_three() {
        let address = "https://onboarding.example.com/hooks/hubspot/hok_00000000000000000000000000000001?a=1&b=x%2Fy%3az";
        let message = Signed {
            method: &Method::POST,
            address,
            body: "{\"properties\":{\"dealname\":\"Zürich\"}}".as_bytes(),
        };
        let headers = HeaderMap::from_iter(
            [
                ("x-hubspot-signature-v3", "Xm9w3WqIN/xgc5YLUQN3w9p++oRhk/2DbtMZrk6fh1Q="),
                ("x-hubspot-request-timestamp", "1798966800000"),
            ]
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())),
        );
        let at = |millis: i64| Timestamp::from_millisecond(1_798_966_800_000 + millis).unwrap();
        let secret = "a-client-secret-of-hubspot";
        assert!(
            message.is_genuine(&headers, secret, at(0)) && message.is_genuine(&headers, secret, at(300_000))
        );
        assert!(
            !message.is_genuine(&headers, secret, at(300_001))
                && !message.is_genuine(&headers, "another", at(0))
        );
        let changed = Signed { body: b"{}", ..message };
        assert!(!changed.is_genuine(&headers, secret, at(0)));
    }
}
