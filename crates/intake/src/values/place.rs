//! Countries, and the kinds of sites a product is rolled out to.

use super::number::count_at;
use super::words::fold;
use std::ops::Range;

/// Country names in several languages, folded, and their ISO 3166-1 alpha-2 codes.
const COUNTRIES: &[(&str, &str)] = &[
    ("united states", "US"),
    ("united states of america", "US"),
    ("usa", "US"),
    ("u s a", "US"),
    ("u s", "US"),
    ("us", "US"),
    ("vereinigte staaten", "US"),
    ("etats unis", "US"),
    ("estados unidos", "US"),
    ("ee uu", "US"),
    ("canada", "CA"),
    ("kanada", "CA"),
    ("united kingdom", "GB"),
    ("uk", "GB"),
    ("great britain", "GB"),
    ("england", "GB"),
    ("scotland", "GB"),
    ("wales", "GB"),
    ("grossbritannien", "GB"),
    ("royaume uni", "GB"),
    ("reino unido", "GB"),
    ("ireland", "IE"),
    ("irland", "IE"),
    ("irlande", "IE"),
    ("germany", "DE"),
    ("deutschland", "DE"),
    ("allemagne", "DE"),
    ("alemania", "DE"),
    ("austria", "AT"),
    ("osterreich", "AT"),
    ("autriche", "AT"),
    ("switzerland", "CH"),
    ("schweiz", "CH"),
    ("suisse", "CH"),
    ("suiza", "CH"),
    ("france", "FR"),
    ("frankreich", "FR"),
    ("francia", "FR"),
    ("netherlands", "NL"),
    ("the netherlands", "NL"),
    ("holland", "NL"),
    ("niederlande", "NL"),
    ("pays bas", "NL"),
    ("belgium", "BE"),
    ("belgien", "BE"),
    ("belgique", "BE"),
    ("luxembourg", "LU"),
    ("spain", "ES"),
    ("spanien", "ES"),
    ("espagne", "ES"),
    ("espana", "ES"),
    ("italy", "IT"),
    ("italien", "IT"),
    ("italie", "IT"),
    ("italia", "IT"),
    ("portugal", "PT"),
    ("sweden", "SE"),
    ("schweden", "SE"),
    ("suede", "SE"),
    ("norway", "NO"),
    ("norwegen", "NO"),
    ("norvege", "NO"),
    ("denmark", "DK"),
    ("danemark", "DK"),
    ("finland", "FI"),
    ("finnland", "FI"),
    ("poland", "PL"),
    ("polen", "PL"),
    ("pologne", "PL"),
    ("czech republic", "CZ"),
    ("czechia", "CZ"),
    ("hungary", "HU"),
    ("romania", "RO"),
    ("greece", "GR"),
    ("australia", "AU"),
    ("australien", "AU"),
    ("new zealand", "NZ"),
    ("japan", "JP"),
    ("japon", "JP"),
    ("india", "IN"),
    ("indien", "IN"),
    ("brazil", "BR"),
    ("brasil", "BR"),
    ("brasilien", "BR"),
    ("mexico", "MX"),
    ("mexiko", "MX"),
    ("singapore", "SG"),
    ("china", "CN"),
    ("south africa", "ZA"),
    ("israel", "IL"),
    ("turkey", "TR"),
    ("united arab emirates", "AE"),
    ("uae", "AE"),
    ("argentina", "AR"),
    ("chile", "CL"),
    ("colombia", "CO"),
    ("south korea", "KR"),
];

/// The ISO code of a country written as name or code.
pub(crate) fn country(text: &str) -> Option<&'static str> {
    let folded = fold(text);
    if folded.len() == 2 {
        let upper = folded.to_ascii_uppercase();
        if let Some(&(_, code)) = COUNTRIES.iter().find(|(_, code)| *code == upper) {
            return Some(code);
        }
    }
    COUNTRIES.iter().find(|(name, _)| *name == folded).map(|&(_, code)| code)
}

/// A country with one of its parts as ISO 3166-2 writes it: `DE-NW`.
pub(crate) fn subdivision(text: &str) -> Option<String> {
    let (land, part) = text.trim().split_once('-')?;
    let is_code = land.len() == 2 && land.bytes().all(|byte| byte.is_ascii_uppercase());
    let code = country(land).filter(|_| is_code)?;
    let is_part = (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_part.then(|| format!("{code}-{}", part.to_ascii_uppercase()))
}

/// A country named within a text such as `Hamburg, Germany`: the last part that is one, with its range.
pub(crate) fn country_in(text: &str) -> Option<(&'static str, Range<usize>)> {
    let trimmed = text.trim();
    if let Some(code) = country(trimmed) {
        let start = text.len() - text.trim_start().len();
        return Some((code, start..start + trimmed.len()));
    }
    super::list::split(&text.replace(['(', ')', '/'], ","), super::list::Separators::Commas)
        .into_iter()
        .rev()
        .find_map(|range| text.get(range.clone()).and_then(country).map(|code| (code, range)))
}

/// Site nouns, folded, singular and plural, and what to call one in English.
const SITES: &[(&str, &str)] = &[
    ("plant", "plant"),
    ("plants", "plant"),
    ("factory", "factory"),
    ("factories", "factory"),
    ("site", "site"),
    ("sites", "site"),
    ("location", "location"),
    ("locations", "location"),
    ("office", "office"),
    ("offices", "office"),
    ("store", "store"),
    ("stores", "store"),
    ("shop", "shop"),
    ("shops", "shop"),
    ("warehouse", "warehouse"),
    ("warehouses", "warehouse"),
    ("branch", "branch"),
    ("branches", "branch"),
    ("clinic", "clinic"),
    ("clinics", "clinic"),
    ("hospital", "hospital"),
    ("hospitals", "hospital"),
    ("school", "school"),
    ("schools", "school"),
    ("campus", "campus"),
    ("campuses", "campus"),
    ("facility", "facility"),
    ("facilities", "facility"),
    ("depot", "depot"),
    ("depots", "depot"),
    ("restaurant", "restaurant"),
    ("restaurants", "restaurant"),
    ("hotel", "hotel"),
    ("hotels", "hotel"),
    ("bakery", "bakery"),
    ("bakeries", "bakery"),
    ("pharmacy", "pharmacy"),
    ("pharmacies", "pharmacy"),
    ("werk", "plant"),
    ("werke", "plant"),
    ("werken", "plant"),
    ("standort", "site"),
    ("standorte", "site"),
    ("standorten", "site"),
    ("filiale", "branch"),
    ("filialen", "branch"),
    ("niederlassung", "branch"),
    ("niederlassungen", "branch"),
    ("lager", "warehouse"),
    ("buros", "office"),
    ("kliniken", "clinic"),
    ("usine", "plant"),
    ("usines", "plant"),
    ("magasin", "store"),
    ("magasins", "store"),
    ("boutique", "store"),
    ("boutiques", "store"),
    ("bureaux", "office"),
    ("entrepot", "warehouse"),
    ("entrepots", "warehouse"),
    ("agences", "branch"),
    ("etablissements", "site"),
    ("planta", "plant"),
    ("plantas", "plant"),
    ("fabrica", "factory"),
    ("fabricas", "factory"),
    ("tienda", "store"),
    ("tiendas", "store"),
    ("sede", "site"),
    ("sedes", "site"),
    ("oficina", "office"),
    ("oficinas", "office"),
    ("almacenes", "warehouse"),
];

/// What one site is called, for a noun in any of the languages.
pub(crate) fn site_noun(word: &str) -> Option<&'static str> {
    let folded = fold(word);
    SITES.iter().find(|(name, _)| *name == folded).map(|&(_, noun)| noun)
}

/// A number of sites: `3 plants`, `three manufacturing sites`, `12 Filialen`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SiteCount {
    pub(crate) count: u32,
    pub(crate) noun: &'static str,
    pub(crate) range: Range<usize>,
}

/// The first counted kind of site in the text; at most two words may stand between.
pub(crate) fn find_sites(text: &str) -> Option<SiteCount> {
    let mut boundary = true;
    for (start, c) in text.char_indices() {
        if boundary
            && (c.is_alphanumeric() || matches!(c, '~' | '≈'))
            && let Some(found) = sites_at(text, start)
        {
            return Some(found);
        }
        boundary = !c.is_alphanumeric() && !matches!(c, '.' | ',' | '/' | '-' | '−' | '^' | '$' | '€' | '£');
    }
    None
}

fn sites_at(text: &str, start: usize) -> Option<SiteCount> {
    let number = count_at(text, start)?;
    let count = number.value.as_u32()?;
    let mut at = number.range.end;
    for _ in 0..3 {
        let rest = text.get(at..)?;
        if !rest.starts_with([' ', '\u{a0}', '-']) {
            return None;
        }
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '-']).len();
        let word = rest.get(gap..)?;
        let length = word
            .find(|c: char| !c.is_alphabetic())
            .filter(|&l| l > 0)
            .or((!word.is_empty() && word.chars().all(char::is_alphabetic)).then_some(word.len()))?;
        let word = word.get(..length)?;
        if let Some(noun) = site_noun(word) {
            let end = at + gap + length;
            // "3 plant managers" counts managers, not plants.
            let next = text.get(end..)?;
            let followed = next.strip_prefix(' ').is_some_and(|n| {
                let word = n.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
                !word.is_empty() && !crate::lines::only_connects(word)
            }) && !fold(word).ends_with('s')
                && count != 1;
            return (!followed).then_some(SiteCount { count, noun, range: start..end });
        }
        if matches!(
            fold(word).as_str(),
            "users" | "people" | "and" | "or" | "of" | "in" | "at" | "days" | "weeks" | "months" | "k" | "m"
        ) {
            return None;
        }
        at += gap + length;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_may_name_one_of_its_parts() {
        assert_eq!(subdivision("DE-NW").as_deref(), Some("DE-NW"));
        assert_eq!(subdivision("US-ca").as_deref(), Some("US-CA"));
        for none in ["DE", "XX-NW", "de-by", "Germany-BY", "DE-", "DE-LONG", "IT-Ops team"] {
            assert_eq!(subdivision(none), None, "{none}");
        }
    }

    #[test]
    fn bakeries_are_sites() {
        let found = find_sites("staff planning for five bakeries").map(|found| (found.count, found.noun));
        assert_eq!(found, Some((5, "bakery")));
    }
}
