//! Who is behind a request: the cookie, and what a page does without one.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::{self, PROVIDER_VALID, Secret, Session, SignedIn};
use gangway_app::portal::{self, Visit};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::pages::failure::{self, Failure};
use crate::{HEALTH_PATH, READY_PATH, Web, assets};

/// Two weeks, as long as an unused session lasts; the server decides, the browser only forgets.
const MAX_AGE: u32 = 14 * 24 * 3600;

/// Thirty days, as long as an unused portal stays open.
const GUEST_MAX_AGE: u32 = 30 * 24 * 3600;

/// What scripts say with a form: the workspace its page belongs to.
const WORKSPACE: &str = "x-workspace";

/// The cookie's name: where the whole way is encrypted, one no subdomain can set.
fn cookie_name(web: &Web) -> &'static str {
    if web.app.public_url.starts_with("https://") { "__Host-gangway" } else { "gangway" }
}

/// Finds out who is behind a request and leaves it with it.
pub(crate) async fn load(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // Probes must tell a database that is away from a failure, and never need to know who asks.
    let asks_nobody = assets::is_asset(path) || path == HEALTH_PATH || path == READY_PATH;
    if !asks_nobody && let Some(secret) = cookie(&web, request.headers()) {
        let recognised = if makes_no_page(path) || !request.method().is_safe() {
            identity::authenticate(&web.app, &secret).await
        } else {
            identity::authenticate_for_page(&web.app, &secret).await
        };
        match recognised {
            Ok(Some(session)) => {
                if is_of_another_workspace(&request, &session) {
                    return moved_on(&session);
                }
                request.extensions_mut().insert(session);
            }
            Ok(None) => {}
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    if let Err(response) = load_guest(&web, &mut request).await {
        return response;
    }
    next.run(request).await
}

/// The same for a guest of a portal, whose cookie browsers send to the portal only.
async fn load_guest(web: &Web, request: &mut Request) -> Result<(), Response> {
    let path = request.uri().path();
    if path != "/portal" && !path.starts_with("/portal/") {
        return Ok(());
    }
    let Some(secret) = guest_cookie(web, request.headers()) else { return Ok(()) };
    let colleague = request.extensions().get::<Session>();
    match portal::recognise(&web.app, &secret, colleague).await {
        Ok(Some(visit)) => {
            request.extensions_mut().insert(visit);
            Ok(())
        }
        Ok(None) => Ok(()),
        Err(error) => Err(Failure::from(error).into_response()),
    }
}

/// Nothing that is asked for here follows what happens afterwards: streams, suggestions while somebody types, files.
/// Nor does the answer to a form, which cannot be fetched again.
fn makes_no_page(path: &str) -> bool {
    path == "/live" || path == "/search/suggestions" || path.contains("/package")
}

/// A form of a page that was opened in another workspace than the one its person has gone to since, in another tab.
/// Scripts say so; going to another workspace is always fine.
fn is_of_another_workspace(request: &Request, session: &Session) -> bool {
    let said = request.headers().get(WORKSPACE).and_then(|value| value.to_str().ok());
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    changes
        && request.uri().path() != "/settings/me/workspace"
        && said.is_some_and(|said| said != session.actor.workspace.to_string())
}

fn moved_on(session: &Session) -> Response {
    let said = format!(
        "This page belongs to another workspace: you went to {} in another tab. Nothing was done. Go back to its workspace in that tab, then send it again here.",
        session.workspace_name
    );
    failure::page(StatusCode::CONFLICT, &format!("You are in {} now", session.workspace_name), &said)
}

/// Who is behind a request, if somebody is signed in.
pub(crate) fn of(request: &Request) -> Option<&Session> {
    request.extensions().get()
}

/// The guest behind a request, if a portal is open.
pub(crate) fn guest_of(request: &Request) -> Option<&Visit> {
    request.extensions().get()
}

/// The name of the cookie of a portal.
fn guest_name(web: &Web) -> &'static str {
    if web.app.public_url.starts_with("https://") { "__Secure-gangway-portal" } else { "gangway-portal" }
}

/// The secret of a portal's cookie.
pub(crate) fn guest_cookie(web: &Web, headers: &HeaderMap) -> Option<Secret> {
    value(headers, guest_name(web)).map(Secret::from_holder)
}

/// Leads on with the cookie of a portal that was just opened, which only the portal is sent; without one, it is
/// forgotten.
pub(crate) fn open_portal(web: &Web, secret: Option<&Secret>, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    let secure = if web.app.public_url.starts_with("https://") { "; Secure" } else { "" };
    let max_age = if secret.is_some() { GUEST_MAX_AGE } else { 0 };
    let (name, value) = (guest_name(web), secret.map(Secret::reveal).unwrap_or_default());
    let cookie = format!("{name}={value}; Path=/portal; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// The secret of the session's cookie.
pub(crate) fn cookie(web: &Web, headers: &HeaderMap) -> Option<Secret> {
    value(headers, cookie_name(web)).map(Secret::from_holder)
}

fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// Leads on with the cookie of a session that has just begun.
pub(crate) fn begin(web: &Web, signed: &SignedIn, to: &str) -> Response {
    with_cookie(web, signed.secret.reveal(), MAX_AGE, to)
}

/// Leads on without a cookie.
pub(crate) fn end(web: &Web, to: &str) -> Response {
    with_cookie(web, "", 0, to)
}

fn with_cookie(web: &Web, value: &str, max_age: u32, to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    set(web, &mut response, cookie_name(web), value, max_age);
    response
}

/// Sets a cookie for the whole site that no script reads and no other site sends along with a form.
fn set(web: &Web, response: &mut Response, name: &str, value: &str, max_age: u32) {
    let secure = if web.app.public_url.starts_with("https://") { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// The cookie of a way to the identity provider.
fn way_name(web: &Web) -> &'static str {
    if web.app.public_url.starts_with("https://") { "__Host-gangway-way" } else { "gangway-way" }
}

/// What this browser keeps of its way to the identity provider.
pub(crate) fn way(web: &Web, headers: &HeaderMap) -> Option<String> {
    value(headers, way_name(web)).map(str::to_owned)
}

/// Lets the browser keep its way to the identity provider; forgets it when there is none.
pub(crate) fn keep_way(web: &Web, response: &mut Response, kept: Option<&str>) {
    let seconds = kept.map_or(0, |_| PROVIDER_VALID.as_secs());
    set(web, response, way_name(web), kept.unwrap_or_default(), u32::try_from(seconds).unwrap_or(0));
}

/// Nobody is signed in: to the way in and back here; or, when something was sent, a page from
/// which nothing is lost. Scripts keep the page with the form instead (`assets/js/refusals.js`).
pub(crate) fn sign_in_first(request: &Request) -> Response {
    if request.method() == Method::GET || request.method() == Method::HEAD {
        let back = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let to = if back == "/" {
            "/sign-in".to_owned()
        } else {
            format!("/sign-in?to={}", utf8_percent_encode(back, NON_ALPHANUMERIC))
        };
        return (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response();
    }
    failure::page(
        StatusCode::UNAUTHORIZED,
        "You are signed out",
        "Nothing was saved. Sign in in another tab, then come back here and reload this page: your browser asks \
         whether to send once more what you typed.",
    )
}

/// Where to go after signing in: only a path of ours, never another site.
pub(crate) fn safe_path(to: &str) -> &str {
    let ours = to.starts_with('/') && !to.starts_with("//") && !to.contains(['\\', '\n', '\r', '\t']);
    if ours { to } else { "/" }
}

/// The session behind a page that only opens for somebody who is signed in.
pub(crate) struct Signed(pub Session);

impl FromRequestParts<Web> for Signed {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Response> {
        let session = parts.extensions.get::<Session>().cloned();
        session.map(Self).ok_or_else(|| Redirect::to("/sign-in").into_response())
    }
}

/// The same behind a page that opens for everybody.
pub(crate) struct PerhapsSigned(pub Option<Session>);

impl FromRequestParts<Web> for PerhapsSigned {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Session>().cloned()))
    }
}

/// What a browser says of itself, and where it is: for the log, and for counting tries.
pub(crate) struct Client {
    /// The browser, as it calls itself.
    pub agent: String,
    /// Its network address, as far as the proxies in between are trusted; empty when it is not known.
    pub from: String,
}

impl FromRequestParts<Web> for Client {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        let from = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self {
            agent: agent.to_owned(),
            from: from
                .map_or_else(String::new, |from| web.proxies.client(from.0.ip(), &parts.headers).to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::safe_path;

    #[test]
    fn the_way_back_never_leads_to_another_site() {
        for (to, path) in [
            ("/onboardings?q=a", "/onboardings?q=a"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example", "/"),
            ("javascript:alert(1)", "/"),
            ("/a\r\nSet-Cookie: x=y", "/"),
            ("/\t/evil.example", "/"),
        ] {
            assert_eq!(safe_path(to), path, "{to}");
        }
    }
}
