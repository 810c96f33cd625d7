//! How experienced the customer is, from the words people use for it.

use gangway_domain::deal::Maturity;
use gangway_domain::fact::Confidence;

use crate::builder::Builder;
use crate::source::Passage;
use crate::values::words::fold;

/// Words for somebody who wants to be taught, folded.
const NOVICE: &[&str] = &[
    "novice",
    "novices",
    "beginner",
    "beginners",
    "new to",
    "first time",
    "first tool",
    "low",
    "inexperienced",
    "unexperienced",
    "untrained",
    "change management",
    "einsteiger",
    "anfanger",
    "neuling",
    "neulinge",
    "neu",
    "unerfahren",
    "ungeubt",
    "debutant",
    "debutants",
    "inexperimente",
    "principiante",
    "principiantes",
    "inexperto",
];

/// Words for somebody who wants to get started, folded.
const EXPERT: &[&str] = &[
    "expert",
    "experts",
    "advanced",
    "power user",
    "power users",
    "high",
    "mature",
    "tech savvy",
    "savvy",
    "very experienced",
    "highly experienced",
    "experte",
    "experten",
    "expertin",
    "fortgeschritten",
    "fortgeschrittene",
    "sehr erfahren",
    "technikaffin",
    "avance",
    "avances",
    "experto",
    "expertos",
];

/// Words for somebody who has used something like it, folded.
const PRACTITIONER: &[&str] = &[
    "practitioner",
    "practitioners",
    "intermediate",
    "medium",
    "moderate",
    "some experience",
    "experienced",
    "used",
    "familiar with",
    "mittel",
    "erfahren",
    "etwas erfahrung",
    "intermediaire",
    "experimente",
    "intermedio",
];

/// What a novice has not, folded.
const LACKED: &[&str] = &[
    "experience",
    "experienced",
    "familiar with",
    "trained",
    "tech savvy",
    "savvy",
    "used",
    "erfahrung",
    "erfahren",
    "technikaffin",
    "experimente",
    "experiencia",
];

/// Words that turn those behind them round, folded: `not an expert`, `no experience`, `kaum Erfahrung`.
const NEGATING: &[&str] = &[
    "no", "not", "never", "without", "hardly", "little", "limited", "lack", "lacks", "isn", "aren", "don",
    "doesn", "haven", "hasn", "kein", "keine", "keinen", "keiner", "nicht", "nie", "ohne", "wenig", "kaum",
    "pas", "sans", "peu", "jamais", "sin", "poca", "poco", "nunca",
];

/// How many words may stand between such a word and what it turns round.
const REACH: usize = 2;

/// Words in which a word for a level means something else, folded.
const OTHERWISE: &[&str] = &["low code", "no code", "low touch", "high touch", "high level"];

pub(super) fn maturity(b: &mut Builder<'_>, passage: Passage<'_>, confidence: Confidence) {
    if let Some((level, sure)) = level(passage.text) {
        let confidence = if sure { confidence } else { confidence.min(Confidence::Medium) };
        b.set("The maturity", |d| &mut d.maturity, level, passage, confidence);
    }
}

/// The level that the words say, and whether they say it outright.
fn level(text: &str) -> Option<(Maturity, bool)> {
    let clauses: Vec<String> = clauses(text).collect();
    let says = |phrases: &[&str]| found(&clauses, phrases, false);
    let denies = |phrases: &[&str]| found(&clauses, phrases, true);
    if says(NOVICE) {
        Some((Maturity::Novice, true))
    } else if denies(LACKED) {
        Some((Maturity::Novice, false))
    } else if says(EXPERT) {
        Some((Maturity::Expert, true))
    } else if says(PRACTITIONER) {
        Some((Maturity::Practitioner, true))
    } else if denies(EXPERT) || denies(NOVICE) {
        // Whoever is no expert, or no beginner, is something between.
        Some((Maturity::Practitioner, false))
    } else {
        None
    }
}

/// The parts of a text that a negation does not reach beyond, folded.
fn clauses(text: &str) -> impl Iterator<Item = String> {
    text.split([',', ';', '.', ':', '!', '?', '(', ')', '\n', '–', '—'])
        .map(fold)
        .flat_map(|clause| {
            let turned = [" but ", " aber ", " mais ", " pero "];
            let cut = turned.iter().fold(clause, |clause, word| clause.replace(word, "\n"));
            cut.split('\n').map(str::to_owned).collect::<Vec<_>>()
        })
        .map(|clause| OTHERWISE.iter().fold(clause, |clause, words| clause.replace(words, "")))
}

/// Whether a clause has one of the phrases as whole words, turned round or not.
fn found(clauses: &[String], phrases: &[&str], negated: bool) -> bool {
    clauses.iter().any(|clause| {
        let words: Vec<&str> = clause.split_whitespace().collect();
        phrases.iter().any(|phrase| {
            let wanted: Vec<&str> = phrase.split(' ').collect();
            let mut starts = words.windows(wanted.len()).enumerate().filter(|(_, here)| *here == wanted);
            starts.any(|(at, _)| is_negated(&words, at) == negated)
        })
    })
}

fn is_negated(words: &[&str], at: usize) -> bool {
    words.iter().take(at).rev().take(REACH + 1).any(|word| NEGATING.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_and_negations() {
        use Maturity::{Expert, Novice, Practitioner};
        for (text, expected) in [
            ("novice", Some(Novice)),
            ("inexperienced", Some(Novice)),
            ("unerfahren", Some(Novice)),
            ("They are new to this", Some(Novice)),
            ("first-time buyers", Some(Novice)),
            ("low", Some(Novice)),
            ("no experience with such tools", Some(Novice)),
            ("keine Erfahrung", Some(Novice)),
            ("kaum Erfahrung mit SaaS", Some(Novice)),
            ("not very experienced", Some(Novice)),
            ("not tech-savvy", Some(Novice)),
            ("change management needed", Some(Novice)),
            ("Change management needed", Some(Novice)),
            ("débutant", Some(Novice)),
            ("poca experiencia", Some(Novice)),
            ("an expert", Some(Expert)),
            ("they know workflow tools very well, expert", Some(Expert)),
            ("tech-savvy", Some(Expert)),
            ("very experienced", Some(Expert)),
            ("high", Some(Expert)),
            ("low-code experts", Some(Expert)),
            ("No, they are experts", Some(Expert)),
            ("Not novices but experts", Some(Expert)),
            ("fortgeschritten", Some(Expert)),
            ("experienced", Some(Practitioner)),
            ("erfahren", Some(Practitioner)),
            ("used a competitor before", Some(Practitioner)),
            ("not an expert", Some(Practitioner)),
            ("keine Experten", Some(Practitioner)),
            ("no beginners", Some(Practitioner)),
            ("workflow", None),
            ("they follow our highway", None),
            ("needs high-touch care", None),
            ("unknown to us", None),
        ] {
            assert_eq!(level(text).map(|(level, _)| level), expected, "{text}");
        }
    }
}
