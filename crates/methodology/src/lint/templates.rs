//! Templates of documents and e-mails: do they parse, and are e-mails whole?

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
