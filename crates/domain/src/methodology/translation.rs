//! What the methodology says in other languages than English.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{IntroductionMail, Methodology};
use crate::fit::capitalise;
use crate::portal::Language;

/// `words/<language>.toml`: what customers read of the methodology, by its English text. What is not listed is shown
/// as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Translation {
    /// The language.
    pub language: Language,
    /// By the English text.
    pub says: IndexMap<String, String>,
}

impl Translation {
    /// What was filled in for a deal: what it calls people and sites, where those words are ours (`everyone else`,
    /// `plants 2 and 3`), in this language; else as it is.
    fn place(&self, value: &str) -> String {
        let plain = uncapitalised(value);
        if let Some(said) = self.says.get(&plain) {
            return said.clone();
        }
        let is_number = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
        let counted = self.says.iter().filter(|(known, _)| known.starts_with(char::is_lowercase));
        let mut said = counted.filter_map(|(known, said)| {
            let found = values_of(known, &plain)?;
            let numbers: Vec<(&str, String)> =
                found.into_iter().map(|(name, number)| (name, number.to_owned())).collect();
            numbers.iter().all(|(_, number)| is_number(number)).then(|| filled_with(said, &numbers))
        });
        said.next().unwrap_or_else(|| value.to_owned())
    }
}

impl Methodology {
    /// A text of the methodology in a language; as it was written where nobody has translated it.
    #[must_use]
    pub fn say<'a>(&'a self, language: Language, text: &'a str) -> &'a str {
        let known = self.words.get(language.word()).and_then(|known| known.says.get(text));
        known.map_or(text, String::as_str)
    }

    /// A text one of these templates was filled in for, in a language: what was filled in stays as it is, but for words
    /// of ours such as `everyone else`.
    #[must_use]
    pub fn say_filled(&self, language: Language, templates: &[&str], text: &str) -> String {
        let filled = templates.iter().find_map(|template| {
            let known = self.words.get(language.word())?;
            let said = known.says.get(*template)?;
            let found = values_of(template, text)?;
            let values: Vec<(&str, String)> =
                found.into_iter().map(|(name, value)| (name, known.place(value))).collect();
            Some(capitalise(&filled_with(said, &values)))
        });
        filled.unwrap_or_else(|| self.say(language, text).to_owned())
    }

    /// What a plan calls a task or milestone, in a language: as the template of that id says it, with what was filled
    /// in for the deal. What people called something themselves stays as it is.
    #[must_use]
    pub fn say_planned(&self, language: Language, code: &str, name: &str) -> String {
        if !self.words.contains_key(language.word()) {
            return name.to_owned();
        }
        let named = self.programmes.values().flat_map(|programme| {
            let tasks = programme.tasks.iter().map(|task| (&task.id, &task.name));
            tasks.chain(programme.milestones.iter().map(|milestone| (&milestone.id, &milestone.name)))
        });
        let made_it = named.filter(|(id, _)| is_made_from(code, id));
        let templates: Vec<&str> = made_it.map(|(_, name)| name.as_str()).collect();
        self.say_filled(language, &templates, name)
    }

    /// The title of a meeting in a language, also where a programme's was filled in for the deal.
    #[must_use]
    pub fn say_meeting(&self, language: Language, title: &str) -> String {
        let meetings = self.programmes.values().flat_map(|programme| &programme.meetings);
        let templates: Vec<&str> = meetings.map(|meeting| meeting.title.as_str()).collect();
        self.say_filled(language, &templates, title)
    }

    /// The title of a training session in a language, also where it says which one it is: `End user training (2 of 3)`.
    #[must_use]
    pub fn say_session(&self, language: Language, title: &str) -> String {
        let counted = title.strip_suffix(')').and_then(|title| title.rsplit_once(" ("));
        match counted.and_then(|(name, count)| Some((name, count.split_once(" of ")?))) {
            Some((name, (number, all))) => {
                format!("{} ({number} {} {all})", self.say(language, name), self.say(language, "of"))
            }
            None => self.say(language, title).to_owned(),
        }
    }

    /// The template of an e-mail in a language: its own where there is one, else the English one.
    #[must_use]
    pub fn email_in(&self, language: Language, name: &str) -> String {
        let own = format!("{name}.{}", language.word());
        if language != Language::En && self.emails.contains_key(&own) { own } else { name.to_owned() }
    }

    /// How a customer is told who looks after them, in a language; in English where nobody has translated it.
    #[must_use]
    pub fn introduction_in(&self, language: Language) -> &IntroductionMail {
        let own = self.transition.languages.get(language.word());
        own.unwrap_or(&self.transition.introduction)
    }
}

/// Whether the id of something in a plan is that of a template, or of one of its repetitions: `launch`, `launch-2`.
fn is_made_from(code: &str, template: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let rest = code.strip_prefix(template);
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
}

/// What stands in the places of a template, by their names, in a text it was filled in for; nothing when it was not,
/// or has no places.
fn values_of<'a>(template: &'a str, text: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut values = Vec::new();
    let (before, mut rest) = template.split_once('{')?;
    let mut left = text.strip_prefix(before)?;
    loop {
        let (name, after) = rest.split_once('}')?;
        let value = match after.split_once('{') {
            Some((between, next)) => {
                let (value, tail) = left.split_once(between)?;
                (left, rest) = (tail, next);
                value
            }
            None => {
                let value = left.strip_suffix(after).filter(|value| !value.is_empty())?;
                values.push((name, value));
                return Some(values);
            }
        };
        values.push((name, value));
    }
}

/// A template with these values in its places; a place without one stays as it is.
fn filled_with(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, from)| Some((before, from.split_once('}')?)))
    {
        out.push_str(before);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text with its first letter in lower case: at the beginning of a name it was made large.
fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_again_and_filled_in() {
        let found = values_of("Go live: {sites} on {product}", "Go live: all 3 plants on Pro").unwrap();
        assert_eq!(found, [("sites", "all 3 plants"), ("product", "Pro")]);
        let values: Vec<(&str, String)> =
            found.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        let said = filled_with("{product} geht live: {sites} {other}", &values);
        assert_eq!(said, "Pro geht live: all 3 plants {other}");
        assert_eq!(values_of("{item}: map", "SAP: map"), Some(vec![("item", "SAP")]));
        for (template, text) in
            [("Launch {item}", "Launch "), ("Launch {item}", "Start"), ("Kickoff meeting", "Kickoff meeting")]
        {
            assert_eq!(values_of(template, text), None, "{template}");
        }
    }

    #[test]
    fn a_repetition_is_made_from_its_template_and_nothing_else_is() {
        assert!(is_made_from("launch", "launch") && is_made_from("launch-12", "launch"));
        assert!(!is_made_from("launch-day", "launch") && !is_made_from("launch-", "launch"));
        assert!(!is_made_from("relaunch", "launch"));
    }
}
