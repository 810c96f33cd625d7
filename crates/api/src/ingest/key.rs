//! Write keys: as the user name of Basic authentication, after `?`, or in the body.

use axum::extract::Query;
use axum::http::{HeaderMap, Uri, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest text that may be a key, characters.
const LONGEST: usize = 200;

/// The key that stands beside the body.
pub(super) fn beside(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    basic(headers).or_else(|| in_query(uri)).filter(|key| (1..=LONGEST).contains(&key.len()))
}

/// The user name: SDKs leave the password empty.
fn basic(headers: &HeaderMap) -> Option<String> {
    let (scheme, sealed) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(sealed.trim()).ok()?).ok()?;
    let name = pair.split_once(':').map_or(pair.as_str(), |(name, _)| name);
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

fn in_query(uri: &Uri) -> Option<String> {
    let Query(values) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    values.into_iter().find(|(name, _)| name == "writeKey").map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn key(authorization: &'static str, uri: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        if !authorization.is_empty() {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(authorization));
        }
        beside(&headers, &Uri::from_static(uri))
    }

    #[test]
    fn a_key_is_a_user_name_or_stands_in_the_query() {
        // base64 of `abc:`, `abc` and `abc:secret`.
        for sealed in ["Basic YWJjOg==", "basic YWJj", "Basic YWJjOnNlY3JldA=="] {
            assert_eq!(key(sealed, "/v1/track").as_deref(), Some("abc"), "{sealed}");
        }
        assert_eq!(key("", "/v1/t?writeKey=q1&x=2").as_deref(), Some("q1"));
        assert_eq!(key("Basic YWJjOg==", "/v1/t?writeKey=q1").as_deref(), Some("abc"));
        for nothing in ["", "Bearer abc", "Basic !", "Basic Og=="] {
            assert_eq!(key(nothing, "/v1/t"), None, "{nothing}");
        }
    }
}
