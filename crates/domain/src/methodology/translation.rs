//! What the methodology says in other languages than English.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::{IntroductionMail, Methodology};
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

impl Methodology {
    /// A text of the methodology in a language; as it was written where nobody has translated it.
    #[must_use]
    pub fn say<'a>(&'a self, language: Language, text: &'a str) -> &'a str {
        let known = self.words.get(language.word()).and_then(|known| known.says.get(text));
        known.map_or(text, String::as_str)
    }

    /// A text one of these templates was filled in for, in a language: what was filled in stays as it is.
    #[must_use]
    pub fn say_filled(&self, language: Language, templates: &[&str], text: &str) -> String {
        let filled = templates.iter().find_map(|template| {
            let (before, rest) = template.split_once('{')?;
            let (_, after) = rest.split_once('}')?;
            let value = text.strip_prefix(before)?.strip_suffix(after)?;
            let (before, rest) = self.say(language, template).split_once('{')?;
            let (_, after) = rest.split_once('}')?;
            Some(format!("{before}{value}{after}"))
        });
        filled.unwrap_or_else(|| self.say(language, text).to_owned())
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
