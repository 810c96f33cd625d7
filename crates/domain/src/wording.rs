//! Finding words of the methodology in what people wrote.

/// A text taken apart into words, to look for terms and names in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(Vec<String>);

/// A term found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Number of words of the term.
    pub words: usize,
    /// Place of the first of them in the text, in words from 0.
    pub at: usize,
}

impl Text {
    /// The words of a text in lower case: letters and digits, nothing between them.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(split(text).map(str::to_lowercase).collect())
    }

    /// Looks for a term: one or more words that all stand in the text, in any order. `*` at the start or
    /// end of a word stands for any letters, so that `pilot*` finds `Pilotwerk` and `*schulung*` finds
    /// `Anwenderschulungen`.
    #[must_use]
    pub fn find(&self, term: &str) -> Option<Found> {
        let mut first = usize::MAX;
        let mut words = 0;
        for pattern in term.split(|c: char| !c.is_alphanumeric() && c != '*').filter(|word| !word.is_empty())
        {
            let pattern = pattern.to_lowercase();
            first = first.min(self.0.iter().position(|word| matches(word, &pattern))?);
            words += 1;
        }
        (words > 0).then_some(Found { words, at: first })
    }

    /// The longest of these terms in the text; of equally long ones the first that it names.
    #[must_use]
    pub fn find_any(&self, terms: &[String]) -> Option<Found> {
        let found = terms.iter().filter_map(|term| self.find(term));
        found.max_by_key(|found| (found.words, std::cmp::Reverse(found.at)))
    }

    /// Where a name begins, when all of its words stand in the text next to each other.
    #[must_use]
    pub fn find_name(&self, name: &str) -> Option<usize> {
        let name = Self::new(name).0;
        (!name.is_empty()).then(|| self.0.windows(name.len()).position(|part| part == name))?
    }

    /// The text up to the first of these terms.
    #[must_use]
    pub fn before(&self, terms: &[String]) -> Self {
        let end = terms.iter().filter_map(|term| self.find(term)).map(|found| found.at).min();
        Self(self.0.iter().take(end.unwrap_or(usize::MAX)).cloned().collect())
    }
}

/// Words of a text as they stand.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn matches(word: &str, pattern: &str) -> bool {
    let open_start = pattern.strip_prefix('*');
    let pattern = open_start.unwrap_or(pattern);
    match (open_start.is_some(), pattern.strip_suffix('*')) {
        (false, None) => word == pattern,
        (false, Some(stem)) => word.starts_with(stem),
        (true, None) => word.ends_with(pattern),
        (true, Some(stem)) => word.contains(stem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, term: &str) -> Option<(usize, usize)> {
        Text::new(text).find(term).map(|found| (found.words, found.at))
    }

    #[test]
    fn finds_words_by_their_stem() {
        assert_eq!(found("Pilotwerk produktiv bis 15.03.2027", "pilot*"), Some((1, 0)));
        assert_eq!(found("Anwenderschulungen in allen Werken", "*schulung*"), Some((1, 0)));
        assert_eq!(found("alle Werke live", "live"), Some((1, 2)));
        assert_eq!(found("deliver it", "live"), None);
        assert_eq!(found("deliver it", "*liver"), Some((1, 0)));
        assert_eq!(found("Schönes Übungssystem", "übungs*"), Some((1, 1)));
        assert_eq!(found("", "live"), None);
        assert_eq!(found("live", ""), None);
    }

    #[test]
    fn all_words_of_a_term_must_stand_there() {
        assert_eq!(found("Live by June: go for it", "go-live"), Some((2, 0)));
        assert_eq!(found("The pilot begins in May", "pilot begin*"), Some((2, 1)));
        assert_eq!(found("The pilot ends in May", "pilot begin*"), None);
        let text = Text::new("the pilot plant goes live");
        let any = |terms: &[&str]| {
            text.find_any(&terms.iter().map(|term| (*term).to_owned()).collect::<Vec<_>>())
                .map(|found| (found.words, found.at))
        };
        assert_eq!(any(&["live", "pilot"]), Some((1, 1)));
        assert_eq!(any(&["pilot", "goes live"]), Some((2, 3)));
    }

    #[test]
    fn names_stand_together() {
        let text = Text::new("Pilot in Bad Homburg, then Frankfurt");
        assert_eq!(text.find_name("Bad Homburg"), Some(2));
        assert_eq!(text.find_name("Homburg Bad"), None);
        assert_eq!(text.find_name(""), None);
        assert_eq!(text.before(&["then".to_owned()]).find_name("Frankfurt"), None);
    }
}
