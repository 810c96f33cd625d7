//! Addresses of lists: what is asked for, and nothing that is so anyway. The address of a page is its state, is
//! sent to colleagues, and is kept as a view: the shorter, the better.

use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::extract::Values;

/// Everything that might mean something in an address; what ids and words are made of does not.
const SPECIAL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// What stands behind the `?`: the fields that are filled.
pub(crate) fn query(fields: &[(&str, &str)]) -> String {
    let filled = fields.iter().filter(|(_, value)| !value.is_empty());
    let parts: Vec<String> =
        filled.map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, SPECIAL))).collect();
    parts.join("&")
}

/// The address of a list with the fields that are filled; without a `?` when none is.
pub(crate) fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let query = query(fields);
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// What a field asks for; nothing when it is empty.
pub(crate) fn filled(field: &str) -> Option<String> {
    Some(field.to_owned()).filter(|text| !text.is_empty())
}

/// Leads to the short address when one of these fields was sent though it says nothing: a form sends all it has.
pub(crate) fn shortened(values: &Values, fields: &[&str], short: &str) -> Option<Response> {
    let (_, query) = short.split_once('?').unwrap_or((short, ""));
    let kept: Vec<&str> = query.split('&').filter_map(|part| part.split('=').next()).collect();
    let idle = fields.iter().any(|field| values.has(field) && !kept.contains(field));
    idle.then(|| Redirect::to(short).into_response())
}

#[cfg(test)]
mod tests {
    use axum::http::{StatusCode, header};

    use super::*;

    #[test]
    fn only_what_is_filled_stands_in_an_address() {
        assert_eq!(address("/accounts", &[("q", ""), ("sort", "")]), "/accounts");
        let fields = [("q", "a&b ü"), ("open", ""), ("after", "acc_1~x-y.z")];
        assert_eq!(address("/accounts", &fields), "/accounts?q=a%26b%20%C3%BC&after=acc_1~x-y.z");
    }

    #[test]
    fn what_a_form_sends_for_nothing_is_left_out_once() {
        let led = |asked: &str, short: &str| {
            let values = Values::of(&asked.parse().unwrap()).unwrap();
            shortened(&values, &["q", "sort"], short)
        };
        let response = led("/accounts?q=&sort=open", "/accounts?sort=open").unwrap();
        assert_eq!(response.status(), StatusCode::SEE_OTHER);
        assert_eq!(response.headers()[header::LOCATION], "/accounts?sort=open");
        assert!(led("/accounts?sort=open", "/accounts?sort=open").is_none());
        assert!(led("/accounts?other=&=", "/accounts").is_none(), "what no form of ours has is left alone");
        assert!(led("/accounts?q=", "/accounts").is_some());
    }
}
