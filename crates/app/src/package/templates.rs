//! The template engine: minijinja with every value escaped for Markdown, and filters for people's words.

use gangway_documents::escape_markdown;
use gangway_domain::methodology::{EmailTemplate, Methodology};
use gangway_domain::money::Money;
use gangway_domain::portal::Language;
use gangway_domain::programme::AgendaItem;
use jiff::civil::{Date, Time};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior};

use super::{PackageError, words};

/// What is written where a fact is missing.
const UNKNOWN: &str = "not known yet";

/// The same in a language.
fn unknown(language: Language) -> &'static str {
    match language {
        Language::En => UNKNOWN,
        Language::De => "noch nicht bekannt",
    }
}

/// Steps a template may take: a hundred times what the built-in ones need, so that an endless one
/// ends with an error that names it.
const MOST_STEPS: u64 = 20_000_000;

/// An environment with all templates of the methodology: documents as `<name>.md`, e-mails as
/// `emails/<name>/subject.txt` and `emails/<name>/body.md`.
///
/// # Errors
/// [`PackageError::Template`] with file and line of the first template that cannot be read.
pub(super) fn environment(methodology: &Methodology) -> Result<Environment<'_>, PackageError> {
    environment_in(methodology, Language::En)
}

/// The same, that writes days, numbers and lists as a language does.
///
/// # Errors
/// As [`environment`].
pub(super) fn environment_in(
    methodology: &Methodology,
    language: Language,
) -> Result<Environment<'_>, PackageError> {
    let mut env = empty(methodology, language);
    for (name, source) in &methodology.documents {
        let name = format!("{}.md", name.trim_end_matches(".md"));
        env.add_template_owned(name.clone(), source.as_str()).map_err(|e| template_error(&name, &e))?;
    }
    for (name, email) in &methodology.emails {
        add_email(&mut env, name, email)?;
    }
    Ok(env)
}

/// An environment with the templates of one e-mail, that writes days, numbers and lists as a language does.
///
/// # Errors
/// As [`environment`].
pub(super) fn of_email<'a>(
    methodology: &'a Methodology,
    name: &str,
    language: Language,
) -> Result<Environment<'a>, PackageError> {
    let mut env = empty(methodology, language);
    if let Some(email) = methodology.emails.get(name) {
        add_email(&mut env, name, email)?;
    }
    Ok(env)
}

fn add_email<'a>(
    env: &mut Environment<'a>,
    name: &str,
    email: &'a EmailTemplate,
) -> Result<(), PackageError> {
    for (part, source) in [("subject.txt", &email.subject), ("body.md", &email.body)] {
        let name = format!("emails/{name}/{part}");
        env.add_template_owned(name.clone(), source.as_str()).map_err(|e| template_error(&name, &e))?;
    }
    Ok(())
}

/// An environment without templates.
fn empty(methodology: &Methodology, language: Language) -> Environment<'_> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    env.set_syntax(syntax());
    env.set_fuel(Some(MOST_STEPS));
    env.set_auto_escape_callback(|name| {
        if name.ends_with(".txt") { AutoEscape::None } else { AutoEscape::Custom("markdown".into()) }
    });
    env.set_formatter(move |out, state, value| write_value(language, out, state, value));
    add_filters(&mut env);
    add_filters_in(&mut env, language);
    words::add(&mut env, methodology);
    env
}

/// A block tag on a line of its own leaves no line behind.
fn syntax() -> SyntaxConfig {
    let mut builder = SyntaxConfig::builder();
    builder.trim_blocks(true).lstrip_blocks(true);
    builder.build().unwrap_or_default()
}

/// Fills a template in.
///
/// # Errors
/// [`PackageError::MissingTemplate`], or [`PackageError::Template`] with the line.
pub(super) fn fill(env: &Environment<'_>, name: &str, context: &Value) -> Result<String, PackageError> {
    let template = env.get_template(name).map_err(|_| PackageError::MissingTemplate(name.to_owned()))?;
    template.render(context.clone()).map_err(|e| template_error(name, &e))
}

fn template_error(name: &str, error: &Error) -> PackageError {
    let mut message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        message.push_str(": ");
        message.push_str(&cause.to_string());
        source = cause.source();
    }
    PackageError::Template {
        name: error.name().unwrap_or(name).to_owned(),
        line: error.line().unwrap_or(0),
        message,
    }
}

/// Writes a value: data is never markup, a missing fact is said plainly, and only what the
/// engine itself made (JSON for a directive, the text of a macro) passes as it is.
fn write_value(language: Language, out: &mut Output, state: &mut State, value: &Value) -> Result<(), Error> {
    let plain = matches!(state.auto_escape(), AutoEscape::None);
    let text = match value.kind() {
        ValueKind::None => unknown(language).to_owned(),
        ValueKind::Bool => match (language, value.is_true()) {
            (Language::En, true) => "yes",
            (Language::En, false) => "no",
            (Language::De, true) => "ja",
            (Language::De, false) => "nein",
        }
        .to_owned(),
        ValueKind::Number => value.to_string(),
        ValueKind::String if value.is_safe() => value.to_string(),
        ValueKind::String if plain => one_line(value.as_str().unwrap_or_default()),
        ValueKind::String => escape_markdown(value.as_str().unwrap_or_default()),
        ValueKind::Undefined => return Err(Error::new(ErrorKind::UndefinedError, "no such value")),
        other => {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                format!("a {other} cannot be printed; use `words` or a loop"),
            ));
        }
    };
    out.write_str(&text).map_err(|_| Error::new(ErrorKind::WriteFailure, "cannot write"))
}

fn add_filters(env: &mut Environment<'_>) {
    env.add_filter("md", |text: Value| match text.as_str() {
        Some(text) => Value::from_safe_string(escape_markdown(text)),
        None => text,
    });
    env.add_filter("money", money);
    env.add_filter("hours", |hours: i64| duration_in_hours(hours));
    env.add_filter("confidence", |value: String| match value.as_str() {
        "high" => "stated",
        "medium" => "read from the wording",
        _ => "a guess, please check",
    });
    env.add_filter("ask", |value: Value, whom: String| {
        if value.is_none() || value.is_undefined() || value.as_str().is_some_and(|s| s.trim().is_empty()) {
            Value::from(format!("{UNKNOWN} — ask {whom}"))
        } else {
            value
        }
    });
    env.add_filter("clauses", clauses);
    env.add_filter("until", until);
    env.add_filter("agenda", agenda);
    env.add_filter("starting", |at: String| {
        // Only a time may enter the head of a block.
        let start = at.parse::<Time>().map(|time| format!(" start={}", time.strftime("%H:%M")));
        Value::from_safe_string(start.unwrap_or_default())
    });
    env.add_filter("sentence", |text: String| sentence(&text));
    env.add_filter("capital", |text: String| capital(&text));
    env.add_filter("lower_first", |text: String| lower_first(&text));
}

/// The filters whose words depend on the language.
fn add_filters_in(env: &mut Environment<'_>, language: Language) {
    env.add_filter("date", move |day: Value| dated(language, &day, Language::day));
    env.add_filter("day", move |day: Value| dated(language, &day, Language::day_of_month));
    env.add_filter("weekday", move |day: Value| dated(language, &day, Language::weekday));
    env.add_filter("full_date", move |day: Value| dated(language, &day, Language::full_day));
    env.add_filter("long_date", move |day: Value| dated(language, &day, Language::long_day));
    env.add_filter("number", move |number: i64| language.number(number));
    env.add_filter("minutes", move |minutes: i64| language.duration(minutes));
    env.add_filter("plural", move |count: i64, one: String, many: Option<String>| {
        let many = many.unwrap_or_else(|| gangway_domain::fit::plural(&one, 2));
        format!("{} {}", language.number(count), if count == 1 { &one } else { &many })
    });
    let (and, or) = match language {
        Language::En => ("and", "or"),
        Language::De => ("und", "oder"),
    };
    let none = unknown(language);
    env.add_filter("words", move |items: Value, other: Option<String>| {
        listed(&items, and, other.unwrap_or_else(|| none.to_owned()))
    });
    env.add_filter("either", move |items: Value, other: Option<String>| {
        listed(&items, or, other.unwrap_or_else(|| none.to_owned()))
    });
}

/// Text on one line, without control characters.
pub(super) fn one_line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn dated(language: Language, value: &Value, write: fn(Language, Date) -> String) -> Result<String, Error> {
    if value.is_none() {
        return Ok(unknown(language).to_owned());
    }
    Ok(write(language, day_of(value)?))
}

fn day_of(value: &Value) -> Result<Date, Error> {
    value
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("`{value}` is not a date")))
}

fn money(value: Value) -> Result<String, Error> {
    if value.is_none() {
        return Ok(UNKNOWN.to_owned());
    }
    let json =
        serde_json::to_value(&value).map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))?;
    let money: Money =
        serde_json::from_value(json).map_err(|e| Error::new(ErrorKind::InvalidOperation, e.to_string()))?;
    Ok(money.to_string())
}

/// `24 hours`, `3 days`: days when the hours are at least two whole days.
fn duration_in_hours(hours: i64) -> String {
    if hours >= 72 && hours % 24 == 0 {
        format!("{} days", hours / 24)
    } else if hours == 1 {
        "1 hour".to_owned()
    } else {
        format!("{hours} hours")
    }
}

/// An agenda of the methodology as the directive `agenda` wants it.
fn agenda(items: Value) -> Result<Value, Error> {
    let items: Vec<AgendaItem> = serde_json::to_value(&items)
        .and_then(serde_json::from_value)
        .map_err(|e| Error::new(ErrorKind::InvalidOperation, format!("not an agenda: {e}")))?;
    Ok(Value::from(Serde(
        items
            .into_iter()
            .map(|AgendaItem { minutes, title, outcome, points }| {
                serde_json::json!({ "minutes": minutes, "title": title, "purpose": outcome, "points": points })
            })
            .collect::<Vec<_>>(),
    )))
}

/// Whole clauses in one line: `a works; b answers; c is signed`.
fn clauses(items: Value, none: Option<String>) -> Result<String, Error> {
    let items = texts(&items)?;
    Ok(if items.is_empty() {
        none.unwrap_or_else(|| UNKNOWN.to_owned())
    } else {
        items.iter().map(|text| text.trim_end_matches('.')).collect::<Vec<_>>().join("; ")
    })
}

/// A period of days, as short as it can be: `11–22 Jan`.
fn until(start: Value, finish: Value) -> Result<String, Error> {
    Ok(super::charts::window(day_of(&start)?, day_of(&finish)?))
}

pub(super) fn texts(items: &Value) -> Result<Vec<String>, Error> {
    Ok(items.try_iter()?.map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect())
}

/// `a, b and c`; values are written as text.
fn listed(value: &Value, last_word: &str, none: String) -> Result<String, Error> {
    Ok(match texts(value)?.as_slice() {
        [] => none,
        [one] => one.clone(),
        [first @ .., last] => format!("{} {last_word} {last}", first.join(", ")),
    })
}

/// The text ending in one full stop (or its own `?`, `!`, `…`).
pub(super) fn sentence(text: &str) -> String {
    let text = one_line(text);
    if text.is_empty() || text.ends_with(['.', '?', '!', '…', ':']) { text } else { format!("{text}.") }
}

/// The text with its first letter as a capital.
pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The text with a small first letter, unless its first word is an abbreviation or a name in capitals.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use minijinja::context;

    use super::*;

    fn fill_in(source: &str, context: Value) -> Result<String, PackageError> {
        let mut methodology = Methodology::default();
        methodology.documents.insert("x".to_owned(), source.to_owned());
        fill(&environment(&methodology)?, "x.md", &context)
    }

    #[test]
    fn values_are_never_markup() {
        let evil = "| a <b>*x*</b> `y`\n# Title\n- item\n---\n```gantt";
        let text = fill_in("{{ v }}", context! { v => evil }).unwrap();
        assert_eq!(text.lines().count(), 1);
        assert!(text.starts_with("\\| a \\<b\\>\\*x\\*"), "{text}");
        assert!(!text.contains("```"), "{text}");
    }

    #[test]
    fn json_for_directives_passes_and_stays_on_one_line() {
        let text = fill_in("{{ [{'label': v}] | tojson }}", context! { v => "a\n```\n\"b\"" }).unwrap();
        let back: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back[0]["label"], "a\n```\n\"b\"");
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn missing_facts_are_said_plainly_and_unknown_names_are_errors() {
        assert_eq!(fill_in("{{ v }}", context! { v => () }).unwrap(), UNKNOWN);
        assert_eq!(
            fill_in("{{ v | ask('the account executive') }}", context! { v => () }).unwrap(),
            "not known yet — ask the account executive"
        );
        let error = fill_in("one\n\n{{ nothing }}", context! {}).unwrap_err();
        assert!(error.to_string().starts_with("x.md:3:"), "{error}");
    }

    #[test]
    fn a_broken_template_names_file_and_line() {
        let error = fill_in("fine\n{% if %}", context! {}).unwrap_err();
        assert!(error.to_string().starts_with("x.md:2:"), "{error}");
    }

    #[test]
    fn words_for_people() {
        let text = fill_in(
            "{{ d | date }} · {{ d | weekday }} · {{ 1 | plural('day') }} · {{ 2 | plural('person', 'people') }} · {{ 1250 | plural('user') }} · {{ 90 | minutes }} · {{ 336 | hours }} · {{ 24 | hours }} · {{ list | words }} · {{ m | money }}",
            context! { d => "2027-01-12", list => ["a", "b", "c"], m => context! { minor => 9_500_000, currency => "USD" } },
        )
        .unwrap();
        assert_eq!(
            text.replace('\\', ""),
            "12 Jan 2027 · Tue 12 Jan 2027 · 1 day · 2 people · 1,250 users · 1 h 30 min · 14 days · 24 hours · a, b and c · $95,000"
        );
    }

    #[test]
    fn words_for_german_readers() {
        let source = "{{ d | date }} · {{ d | weekday }} · {{ d | long_date }} · {{ 1200 | plural('Frage', 'Fragen') }} · \
                      {{ 90 | minutes }} · {{ list | words }} · {{ n }} · {{ yes }}";
        let email = EmailTemplate { subject: "{{ d | day }}".to_owned(), body: source.to_owned() };
        let mut methodology = Methodology::default();
        methodology.emails.insert("x".to_owned(), email);
        let env = of_email(&methodology, "x", Language::De).unwrap();
        let text = fill(
            &env,
            "emails/x/body.md",
            &context! { d => "2027-01-12", list => ["a", "b", "c"], n => (), yes => true },
        )
        .unwrap();
        assert_eq!(
            text.replace('\\', ""),
            "12. Jan. 2027 · Di., 12. Jan. 2027 · Dienstag, 12. Januar 2027 · 1.200 Fragen · 1 Std. 30 Min. · \
             a, b und c · noch nicht bekannt · ja"
        );
    }

    #[test]
    fn sentences_end_once() {
        assert_eq!(sentence("Visible stock"), "Visible stock.");
        assert_eq!(sentence("Why now?"), "Why now?");
        assert_eq!(lower_first("Stock is late"), "stock is late");
        assert_eq!(lower_first("SSO works"), "SSO works");
        assert_eq!(lower_first("A day without errors"), "a day without errors");
    }
}
