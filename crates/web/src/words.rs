//! What the portals of customers say, in each of their languages: two files with the same keys.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gangway_app::Problem;
use gangway_domain::portal::Language;
use gangway_domain::refusal::{Barrier, Fault, Told};
use jiff::civil::Date;

static ENGLISH: LazyLock<Words> =
    LazyLock::new(|| Words::read(Language::En, include_str!("../words/en.toml")));
static GERMAN: LazyLock<Words> =
    LazyLock::new(|| Words::read(Language::De, include_str!("../words/de.toml")));

/// What is filled into a text, by name: a list of pairs.
pub(crate) trait Values {
    /// What stands for a name.
    fn value(&self, name: &str) -> Option<&str>;
}

impl<V: AsRef<str>, const N: usize> Values for [(&str, V); N] {
    fn value(&self, name: &str) -> Option<&str> {
        self.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_ref())
    }
}

impl<T: Values + ?Sized> Values for &T {
    fn value(&self, name: &str) -> Option<&str> {
        (**self).value(name)
    }
}

/// The words of one language.
#[derive(Debug)]
pub(crate) struct Words {
    language: Language,
    said: BTreeMap<String, String>,
}

impl Words {
    /// Those of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &ENGLISH,
            Language::De => &GERMAN,
        }
    }

    /// The files are part of the program, and a test reads them: what cannot be read leaves no words.
    fn read(language: Language, text: &str) -> Self {
        let tables: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text).unwrap_or_default();
        let keys = tables.into_iter().flat_map(|(table, words)| {
            words.into_iter().map(move |(name, said)| (format!("{table}.{name}"), said))
        });
        Self { language, said: keys.collect() }
    }

    /// What a key says; nothing for one there is not, and a test sees that there is none such.
    pub(crate) fn say(&self, key: &str) -> &str {
        self.said.get(key).map_or("", String::as_str)
    }

    /// The same with `{name}` filled in.
    pub(crate) fn fill(&self, key: &str, values: impl Values) -> String {
        let mut said = String::new();
        let mut rest = self.say(key);
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, tail)) = after.split_once('}') else { break };
            said.push_str(values.value(name).unwrap_or_default());
            rest = tail;
        }
        said.push_str(rest);
        said
    }

    /// A day as people write it.
    pub(crate) fn day(&self, date: Date) -> String {
        self.language.day(date)
    }

    /// Why something cannot be done now.
    pub(crate) fn barrier(&self, barrier: Barrier) -> &str {
        self.say(&format!("barrier.{}", barrier.word()))
    }

    /// What is wrong with something sent: the rest of a sentence that begins with its field.
    pub(crate) fn told(&self, told: &Told) -> String {
        told.in_words(&|fault: Fault| self.say(&format!("fault.{}", fault.word())), &str::to_owned)
    }

    /// The whole of that sentence. What has no code has no words in other languages than English: only that it cannot
    /// be used is said of it.
    pub(crate) fn problem(&self, problem: &Problem) -> String {
        let field = match self.say(&format!("field.{}", problem.field)) {
            "" => self.say("field.other"),
            known => known,
        };
        let told = problem.told.as_ref().map(|told| self.told(told));
        format!("{field} {}", told.unwrap_or_else(|| self.say("field.unusable").to_owned()))
    }

    /// How far a day is from another: `in 3 days`.
    pub(crate) fn distance(&self, from: Date, to: Date) -> String {
        let days = (to - from).get_days();
        match days {
            0 => self.say("date.today").to_owned(),
            1 => self.say("date.tomorrow").to_owned(),
            -1 => self.say("date.yesterday").to_owned(),
            days if days > 0 => self.fill("date.ahead", [("n", days.to_string().as_str())]),
            days => self.fill("date.ago", [("n", days.unsigned_abs().to_string().as_str())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use jiff::civil::date;

    use super::*;

    fn keys(language: Language) -> BTreeSet<&'static str> {
        Words::of(language).said.keys().map(String::as_str).collect()
    }

    /// What stands in `{}` of a text.
    fn holes(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
    }

    #[test]
    fn every_language_says_everything() {
        let english = keys(Language::En);
        assert!(english.len() > 30, "the words were not read: {}", english.len());
        assert_eq!(english, keys(Language::De));
        for key in english {
            let (one, other) = (Words::of(Language::En).say(key), Words::of(Language::De).say(key));
            assert!(!one.is_empty() && !other.is_empty(), "{key}");
            assert_eq!(holes(one), holes(other), "{key}");
        }
    }

    #[test]
    fn every_refusal_a_guest_can_meet_has_words_in_each_language() {
        for language in Language::ALL {
            let words = Words::of(*language);
            for barrier in Barrier::ALL {
                assert!(!words.barrier(*barrier).is_empty(), "{barrier:?} in {language:?}");
            }
            for fault in Fault::ALL {
                let said = words.say(&format!("fault.{}", fault.word()));
                assert!(!said.is_empty(), "{fault:?} in {language:?}");
                assert_eq!(holes(said), holes(fault.label()), "{fault:?} in {language:?}");
            }
        }
    }

    /// Use cases of guests refuse by codes: a text of their own would be English in every portal.
    #[test]
    fn use_cases_of_guests_refuse_by_codes_alone() {
        let app = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
        for file in [
            "form/answer.rs",
            "launch/guest.rs",
            "outcome/guest.rs",
            "portal/change.rs",
            "portal/deed.rs",
            "portal/issue.rs",
            "portal/talk.rs",
            "portal/task.rs",
            "survey/answer.rs",
            "training/guest.rs",
        ] {
            let text = std::fs::read_to_string(app.join(file)).unwrap();
            for own in ["Err(AppError::Refusal(\"", "AppError::Refusal(format!", "Problem::new("] {
                assert!(!text.contains(own), "{file}: {own}");
            }
        }
    }

    #[test]
    fn problems_are_told_whole() {
        let (english, german) = (Words::of(Language::En), Words::of(Language::De));
        let long = Problem::of("said", Told::from(Fault::TooLong).with("n", 5000));
        assert_eq!(english.problem(&long), "What you wrote is longer than 5000 characters");
        assert_eq!(german.problem(&long), "Ihr Text ist länger als 5000 Zeichen");
        let cell = Told::from(Fault::InLine).with("n", 3).with("column", "Name").about(Fault::Missing.into());
        assert_eq!(german.told(&cell), "Zeile 3: Name fehlt");
        let unknown = Problem::new("said", "is no poem");
        assert_eq!(german.problem(&unknown), "Ihr Text kann so nicht verwendet werden");
    }

    /// Keys in `say("…")` and `fill("…"` of every page.
    fn used(folder: &Path, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                used(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for begin in [".say(\"", ".fill(\""] {
                for part in text.split(begin).skip(1) {
                    let key = part.split('"').next().unwrap_or_default();
                    if key.contains('.') {
                        found.insert(key.to_owned());
                    }
                }
            }
        }
    }

    #[test]
    fn every_key_that_is_used_is_there() {
        let mut found = BTreeSet::new();
        used(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages"), &mut found);
        let known = keys(Language::En);
        let lost: Vec<&String> = found.iter().filter(|key| !known.contains(key.as_str())).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert!(!found.is_empty());
    }

    #[test]
    fn days_read_as_people_write_them() {
        let (english, german) = (Words::of(Language::En), Words::of(Language::De));
        assert_eq!(english.day(date(2027, 3, 1)), "1 Mar 2027");
        assert_eq!(german.day(date(2027, 3, 1)), "1. März 2027");
        assert_eq!(german.distance(date(2027, 3, 1), date(2027, 3, 4)), "in 3 Tagen");
        assert_eq!(english.distance(date(2027, 3, 4), date(2027, 3, 1)), "3 days ago");
    }
}
