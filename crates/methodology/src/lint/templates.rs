//! Templates of documents and e-mails: do they parse, and are e-mails whole?

use std::collections::BTreeSet;

use gangway_domain::portal::Language;
use minijinja::Environment;

use crate::diagnostic::{Diagnostic, Severity};
use crate::load::Parsed;

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    for (name, text) in &parsed.documents {
        syntax(&format!("documents/{name}.md"), text, out);
    }
    for (name, text) in &parsed.subjects {
        let path = format!("emails/{name}/subject.txt");
        syntax(&path, text, out);
        if text.lines().count() != 1 {
            out.push(finding(
                &path,
                1,
                "a subject is one line".to_owned(),
                "put everything else into body.md",
            ));
        }
        if !parsed.bodies.contains_key(name) {
            out.push(finding(
                &path,
                1,
                format!("the e-mail `{name}` has a subject but no body"),
                "add body.md beside it",
            ));
        }
    }
    for (name, text) in &parsed.bodies {
        let path = format!("emails/{name}/body.md");
        syntax(&path, text, out);
        if !parsed.subjects.contains_key(name) {
            out.push(finding(
                &path,
                1,
                format!("the e-mail `{name}` has a body but no subject"),
                "add subject.txt beside it",
            ));
        }
    }
    translations(parsed, out);
}

/// An e-mail in another language fills in what the English one does.
fn translations(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    for (name, body) in &parsed.bodies {
        let Some((english, word)) = name.rsplit_once('.') else { continue };
        if !word.parse::<Language>().is_ok_and(|language| language != Language::En) {
            continue;
        }
        let path = format!("emails/{name}/body.md");
        let Some(known) = parsed.bodies.get(english) else {
            let what = format!("the e-mail `{english}`, which this says in another language, is not there");
            out.push(finding(&path, 1, what, "write the English one beside it"));
            continue;
        };
        let subject = |name: &str| parsed.subjects.get(name).map(String::as_str).unwrap_or_default();
        let (english, own) = (format!("{}{known}", subject(english)), format!("{}{body}", subject(name)));
        let (english, own) = (filled(&english), filled(&own));
        let differ: Vec<&str> = english.symmetric_difference(&own).map(String::as_str).collect();
        if !differ.is_empty() {
            let what = format!("only one language of this e-mail fills in {}", differ.join(", "));
            out.push(finding(&path, 1, what, "say the same in every language"));
        }
    }
}

/// What a template fills in; none for one that cannot be read.
fn filled(text: &str) -> BTreeSet<String> {
    let env = Environment::new();
    let template = env.template_from_str(text);
    template.map(|known| known.undeclared_variables(true).into_iter().collect()).unwrap_or_default()
}

fn syntax(path: &str, text: &str, out: &mut Vec<Diagnostic>) {
    if let Err(error) = Environment::new().template_from_str(text) {
        let line = error.line().and_then(|line| u32::try_from(line).ok()).unwrap_or(1).max(1);
        let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        out.push(finding(
            path,
            line,
            format!("the template does not parse: {detail}"),
            "values are written {{ name }}, logic {% if … %} … {% endif %}",
        ));
    }
}

fn finding(path: &str, line: u32, message: String, help: &str) -> Diagnostic {
    Diagnostic {
        file: path.to_owned(),
        line,
        column: 1,
        severity: Severity::Error,
        message,
        help: Some(help.to_owned()),
    }
}
