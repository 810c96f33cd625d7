//! Accounts: telling whether two deals are of the same customer, and what a workspace knows of its customers.

pub mod book;
mod export;
pub mod merge;
pub mod page;

pub use export::export;

/// Legal forms that do not tell one company from another, as written in [`name_key`].
const LEGAL_FORMS: [&str; 30] = [
    "ab",
    "ag",
    "aps",
    "as",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "inc",
    "incorporated",
    "kg",
    "kgaa",
    "limited",
    "llc",
    "llp",
    "ltd",
    "mbh",
    "nv",
    "oy",
    "oyj",
    "plc",
    "pty",
    "sa",
    "sarl",
    "sas",
    "se",
    "spa",
    "srl",
];

/// The name by which deals of one customer find each other: lower case, letters and digits only,
/// without a legal form at the end. `Acme, Inc.` and `ACME` meet; `Acme Ltd` and `Acme Labs` do not.
///
/// ```
/// use gangway_app::account::name_key;
/// assert_eq!(name_key("Acme, Inc."), name_key("ACME"));
/// ```
#[must_use]
pub fn name_key(name: &str) -> String {
    let lower = name.to_lowercase().replace(['.', '\'', '’'], "");
    let words: Vec<&str> =
        lower.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut end = words.len();
    // Never the whole name: a company may be called "Co".
    while end > 1 && words.get(end - 1).is_some_and(|word| LEGAL_FORMS.contains(word)) {
        end -= 1;
    }
    if words.is_empty() { lower.trim().to_owned() } else { words[..end].join(" ") }
}

#[cfg(test)]
mod tests {
    use super::name_key;

    #[test]
    fn spellings_of_one_company_meet() {
        for (name, key) in [
            ("Acme Manufacturing", "acme manufacturing"),
            ("ACME  Manufacturing, Inc.", "acme manufacturing"),
            ("Nordwind Logistik GmbH & Co. KG", "nordwind logistik"),
            ("Lumière S.A.S.", "lumière"),
            ("McKay's Bakery Pty. Ltd.", "mckays bakery"),
            ("Co", "co"),
            ("3M Company", "3m"),
            ("華為", "華為"),
            ("!!!", "!!!"),
            ("", ""),
        ] {
            assert_eq!(name_key(name), key, "{name}");
        }
    }

    #[test]
    fn different_companies_do_not() {
        assert_ne!(name_key("Acme Ltd"), name_key("Acme Labs"));
        assert_ne!(name_key("Acme"), name_key("Acme Manufacturing"));
    }
}
