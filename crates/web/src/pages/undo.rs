//! Taking back that something was taken out: what it said goes along in the address, and from there into a form that
//! adds it again.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::Undo;
use crate::extract::Values;

/// Most characters an address carries for it.
const MOST: usize = 1_500;

/// What an address says of what was taken out, to stand behind its other values: nothing of what is too long, or has
/// more than one line, which an address does not keep.
pub(crate) fn carry(fields: &[(&'static str, &str)]) -> String {
    if fields.iter().any(|(_, value)| value.chars().any(char::is_control)) {
        return String::new();
    }
    let fields = fields
        .iter()
        .map(|(name, value)| format!("&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)));
    Some(fields.collect::<String>()).filter(|carried| carried.len() <= MOST).unwrap_or_default()
}

/// The form that adds it again; none when the address does not say what it was.
pub(crate) fn carried(values: &Values, action: String, names: &[&'static str]) -> Option<Undo> {
    let is_there = names.iter().all(|name| values.has(name));
    is_there.then(|| Undo { action, fields: names.iter().map(|name| (*name, values.text(name))).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_out_comes_back_as_it_was() {
        let address = carry(&[("said", "Ask IT & legal"), ("done", "")]);
        assert_eq!(address, "&said=Ask%20IT%20%26%20legal&done=");
        let values = Values::of(&format!("/x?gone{address}").parse().unwrap()).unwrap();
        let undo = carried(&values, "/again".to_owned(), &["said", "done"]).unwrap();
        assert_eq!(undo.action, "/again");
        assert_eq!(undo.fields, [("said", "Ask IT & legal".to_owned()), ("done", String::new())]);
        assert!(carried(&values, String::new(), &["said", "by"]).is_none());
    }

    #[test]
    fn what_an_address_cannot_hold_is_not_carried() {
        assert_eq!(carry(&[("said", "one\ntwo")]), "");
        let long = "x".repeat(MOST + 1);
        assert_eq!(carry(&[("said", long.as_str())]), "");
    }
}
