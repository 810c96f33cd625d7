//! Units beside a figure of exactly one. People write them as they say them of many, in words of their own: `plants`,
//! `days per order`, `%`.

/// What may follow the noun of a unit.
const AFTER: [&str; 14] = [
    " per ", " a ", " an ", " of ", " in ", " at ", " on ", " for ", " with ", " from ", " by ", " to ", "/",
    "(",
];

/// Plurals that no rule leads back from.
const ONE_OF: [(&str, &str); 12] = [
    ("bonuses", "bonus"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("calories", "calorie"),
    ("campuses", "campus"),
    ("cookies", "cookie"),
    ("crises", "crisis"),
    ("halves", "half"),
    ("movies", "movie"),
    ("shelves", "shelf"),
    ("statuses", "status"),
    ("viruses", "virus"),
];

/// Words that are the same of one and of many.
const SAME: [&str; 4] = ["means", "news", "series", "species"];

/// A unit as it stands beside exactly one, where it is an English plural: `plant`, `day per order`. Abbreviations,
/// signs and whatever is no plural stay as they are.
#[must_use]
pub fn of_one(unit: &str) -> String {
    let end = AFTER.iter().filter_map(|mark| unit.find(*mark)).min().unwrap_or(unit.len());
    let (head, rest) = unit.split_at_checked(end).unwrap_or((unit, ""));
    // The noun ends the head: `working days`; or begins it: `plants live`.
    let (before, last) = head.rsplit_once(' ').map_or((None, head), |(before, last)| (Some(before), last));
    if let Some(one) = singular(last) {
        return before.map_or_else(|| format!("{one}{rest}"), |before| format!("{before} {one}{rest}"));
    }
    match head.split_once(' ').and_then(|(first, others)| Some((singular(first)?, others))) {
        Some((one, others)) => format!("{one} {others}{rest}"),
        None => unit.to_owned(),
    }
}

/// One of what an English word says of many; nothing where it is no plural, or an abbreviation.
fn singular(word: &str) -> Option<String> {
    let is_word = word.chars().all(|c| c.is_ascii_alphabetic());
    let is_shortened = word.len() < 4 || word.chars().skip(1).any(|c| c.is_ascii_uppercase());
    let lower = word.to_ascii_lowercase();
    if !is_word || is_shortened || SAME.contains(&lower.as_str()) {
        return None;
    }
    if let Some((_, one)) = ONE_OF.iter().find(|(many, _)| *many == lower) {
        // The first letter stays as it was written.
        return Some(format!("{}{}", word.get(..1)?, one.get(1..)?));
    }
    if let Some(stem) = word.strip_suffix("yses") {
        return Some(format!("{stem}ysis"));
    }
    if ["ss", "us", "is"].iter().any(|end| word.ends_with(*end)) {
        return None;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Some(format!("{stem}y"));
    }
    let hissing = |stem: &&str| ["ch", "sh", "x", "ss"].iter().any(|end| stem.ends_with(*end));
    let stem = word.strip_suffix("es").filter(hissing).or_else(|| word.strip_suffix('s'))?;
    Some(stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_many_is_said_as_one() {
        for (many, one) in [
            ("plants", "plant"),
            ("Tickets", "Ticket"),
            ("working days", "working day"),
            ("days per order", "day per order"),
            ("hours a week", "hour a week"),
            ("tickets/week", "ticket/week"),
            ("days (median)", "day (median)"),
            ("plants live", "plant live"),
            ("deliveries", "delivery"),
            ("ties", "tie"),
            ("batches", "batch"),
            ("boxes", "box"),
            ("losses", "loss"),
            ("purchases", "purchase"),
            ("analyses", "analysis"),
            ("Statuses", "Status"),
            ("mins", "min"),
        ] {
            assert_eq!(of_one(many), one);
        }
    }

    #[test]
    fn what_is_no_plural_stays() {
        for unit in [
            "",
            "%",
            "ms",
            "hrs",
            "KPIs",
            "kWh",
            "€/h",
            "process",
            "status",
            "analysis",
            "series",
            "plant",
            "% of orders",
            "points²",
        ] {
            assert_eq!(of_one(unit), unit);
        }
    }
}
