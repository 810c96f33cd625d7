//! A deal filled into a form becomes a deal file, and is read like any other.

use serde_json::{Map, Value, json};

use super::field::{FIELDS, Field};

/// The deal file, JSON, of what was typed: name of the field, text. Fields that may hold several
/// take one a line. Empty fields and unknown names are left out; `None` when nothing is left.
#[must_use]
pub fn deal_file(typed: &[(String, String)]) -> Option<String> {
    let mut file = Map::new();
    for field in FIELDS {
        let text = typed.iter().find(|(name, _)| name == field.name).map_or("", |(_, text)| text.trim());
        if !text.is_empty() {
            file.insert(field.name.to_owned(), entry(field, text));
        }
    }
    if file.is_empty() {
        return None;
    }
    serde_json::to_string_pretty(&Value::Object(file)).ok()
}

fn entry(field: &Field, text: &str) -> Value {
    if !field.many {
        return json!(text);
    }
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    json!(lines)
}

#[cfg(test)]
mod tests {
    use super::deal_file;

    #[test]
    fn a_form_becomes_a_deal_file() {
        let typed = [("customer", " Acme "), ("promises", "a\n\nb"), ("acv", ""), ("other", "x")];
        let typed = typed.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let file: serde_json::Value =
            deal_file(&typed).and_then(|file| serde_json::from_str(&file).ok()).unwrap_or_default();
        assert_eq!(file, serde_json::json!({ "customer": "Acme", "promises": ["a", "b"] }));
        assert_eq!(deal_file(&[]), None);
    }
}
