//! Which format an input is in, and why.

use gangway_domain::deal::DealFormat;

use crate::text::labels_and_slips;

/// The format and the reason for taking it, for people.
pub(crate) fn sniff(text: &str) -> (DealFormat, String) {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) && !looks_like_toml_table(start) && !start.starts_with("[ ]") {
        return json(start);
    }
    if start.starts_with("<?xml")
        || start.starts_with('<') && (text.contains("Envelope") || text.contains("sobject"))
    {
        return (DealFormat::Salesforce, "it is XML, as Salesforce outbound messages are".to_owned());
    }
    let sample = head(text, 64 * 1024);
    if let Some(reason) = toml(sample) {
        return (DealFormat::Toml, reason);
    }
    if let Some(reason) = yaml(sample) {
        return (DealFormat::Yaml, reason);
    }
    let headings = sample
        .lines()
        .filter(|line| line.starts_with('#') && line.trim_start_matches('#').starts_with(' '))
        .count();
    let table = sample.lines().any(|line| line.trim_start().starts_with('|') && line.contains("---"));
    let bold = sample.lines().filter(|line| line.contains("**") && line.contains(":**")).count();
    if headings > 0 || table || bold > 1 {
        return (DealFormat::Markdown, format!("it has {headings} Markdown headings and {bold} bold labels"));
    }
    let labels = labels_and_slips(sample);
    let lines = sample.lines().filter(|line| !line.trim().is_empty()).count();
    let leading = labels.iter().filter(|label| label.at_line_start).count();
    if leading >= 2 && leading * 2 >= labels.len() {
        return (DealFormat::KeyValue, format!("{leading} of {lines} lines begin with a known label"));
    }
    (DealFormat::Summary, format!("it is running text with {} known labels", labels.len()))
}

fn head(text: &str, limit: usize) -> &str {
    let end = (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.get(..end).unwrap_or(text)
}

fn looks_like_toml_table(text: &str) -> bool {
    let line = text.lines().next().unwrap_or("").trim();
    let inner = line.trim_start_matches('[').trim_end_matches(']');
    line.starts_with('[')
        && line.ends_with(']')
        && !inner.is_empty()
        && inner.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '_' | '.' | '-'))
}

fn json(text: &str) -> (DealFormat, String) {
    let sample = head(text, 256 * 1024);
    let has = |key: &str| sample.contains(&format!("\"{key}\""));
    if has("subscriptionType")
        || (has("properties")
            && (has("dealname")
                || has("dealstage")
                || has("hs_object_id")
                || has("archived")
                || has("objectTypeId")))
    {
        return (DealFormat::Hubspot, "it is JSON with the fields of a HubSpot deal".to_owned());
    }
    if has("StageName")
        || has("CloseDate")
        || has("OpportunityLineItems")
        || has("IsWon")
        || sample.contains("/sobjects/")
        || (has("attributes") && has("Amount"))
    {
        return (DealFormat::Salesforce, "it is JSON with the fields of a Salesforce Opportunity".to_owned());
    }
    (DealFormat::Json, "it begins like JSON".to_owned())
}

/// `key = value` lines that are TOML: quoted strings, numbers, arrays, tables.
fn toml(sample: &str) -> Option<String> {
    let mut assignments = 0;
    for line in sample.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if looks_like_toml_table(line) {
            assignments += 1;
            continue;
        }
        let Some((key, value)) = line.split_once('=') else {
            // Arrays over several lines, closing brackets and the like.
            if assignments > 0 && line.starts_with(['"', '\'', ']', '{', '}']) {
                continue;
            }
            return None;
        };
        let key = key.trim();
        let value = value.trim();
        let bare_key =
            !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
        let typed = value.starts_with(['"', '\'', '[', '{'])
            || value.chars().next().is_some_and(|c| c.is_ascii_digit())
                && !value.contains(char::is_alphabetic)
            || matches!(value, "true" | "false");
        if !bare_key || !typed {
            return None;
        }
        assignments += 1;
    }
    (assignments > 0).then(|| format!("{assignments} lines are TOML assignments or tables"))
}

/// YAML of our schema: its keys in lower case at the margin, and lists or nesting, or a document mark.
fn yaml(sample: &str) -> Option<String> {
    let marked = sample.trim_start().starts_with("---\n") || sample.trim_start().starts_with("%YAML");
    let mut keys = 0;
    let mut ours = 0;
    for line in sample.lines() {
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with([' ', '\t', '-']) {
            continue;
        }
        let (key, value) = line.split_once(':')?;
        if key.is_empty()
            || !key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            || !(value.is_empty() || value.starts_with(' '))
        {
            return None;
        }
        keys += 1;
        ours += usize::from(crate::schema::is_key(key));
    }
    // Labels of key-value text can look the same ("customer: Acme"); underscores, lists and
    // nesting are what people do not write by hand.
    let structured = sample.lines().any(|line| {
        line.trim_start().starts_with("- ")
            || line.trim_end().ends_with(':')
            || line.split(':').next().is_some_and(|key| key.contains('_'))
    });
    (marked || (keys > 0 && ours * 2 >= keys && structured))
        .then(|| format!("{ours} of {keys} keys at the margin are keys of the deal schema, written as YAML"))
}
