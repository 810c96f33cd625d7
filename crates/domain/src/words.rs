//! Words as search and matching compare them: lower case, without accents, letters and digits only.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word that is compared; what is longer is cut.
const LONGEST: usize = 40;

/// Lower case without accents: `Lumière` is `lumiere`, `Straße` is `strasse`.
///
/// ```
/// use gangway_domain::words::fold;
/// assert_eq!(fold("LUMIÈRE"), "lumiere");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match character {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'þ' => folded.push_str("th"),
            other => folded.push(other),
        }
    }
    folded
}

/// The words of a text, folded, each once, in order. Apostrophes do not part a word: `McKay's` is `mckays`.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let folded = fold(text).replace(['\'', '’'], "");
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word: String = word.chars().take(LONGEST).collect();
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// The domain of a web address: `https://www.Acme.example/de` is `acme.example`.
#[must_use]
pub fn domain_of_website(website: &str) -> Option<String> {
    let rest = website.trim().to_lowercase();
    let rest = rest.split_once("://").map_or(rest.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host).trim_end_matches('.');
    host.contains('.').then(|| host.to_owned())
}

/// Providers at which anybody may have an address.
const ANYBODYS: [&str; 16] = [
    "aol.com",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "outlook.com",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
];

/// The domain of a mail address, unless anybody may have an address there: it tells the company.
#[must_use]
pub fn domain_of_email(email: &str) -> Option<String> {
    let (_, domain) = email.trim().rsplit_once('@')?;
    let domain = domain.to_lowercase();
    (domain.contains('.') && !ANYBODYS.contains(&domain.as_str())).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_do_not_matter() {
        for (text, folded) in [
            ("Lumière", "lumiere"),
            ("LUMI\u{45}\u{300}RE", "lumiere"),
            ("Straße", "strasse"),
            ("Łódź Ørsted", "lodz orsted"),
            ("ﬁne ①", "fine 1"),
            ("İstanbul", "istanbul"),
            ("華為", "華為"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn words_are_parted_once_each() {
        assert_eq!(words("McKay's Bakery & Co. — Bakery, 3M"), ["mckays", "bakery", "co", "3m"]);
        assert_eq!(words("ada@acme.example"), ["ada", "acme", "example"]);
        assert!(words(" ... ").is_empty());
        assert_eq!(words(&"x".repeat(100)), ["x".repeat(40)]);
    }

    #[test]
    fn domains_tell_companies() {
        assert_eq!(domain_of_website("https://www.Acme.example:443/de?x").as_deref(), Some("acme.example"));
        assert_eq!(domain_of_website("acme.example").as_deref(), Some("acme.example"));
        assert_eq!(domain_of_website("localhost"), None);
        assert_eq!(domain_of_email("Ada@Acme.example").as_deref(), Some("acme.example"));
        assert_eq!(domain_of_email("ada@gmail.com"), None);
        assert_eq!(domain_of_email("ada"), None);
    }
}
