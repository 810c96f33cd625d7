//! The words beside an amount: currencies, multipliers, and what it is per.

use gangway_domain::money::Currency;

use super::Per;
use crate::values::duration;
use crate::values::words::fold;

/// Currency signs and words, longest first where one begins another.
const SIGNS: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("U$S", "USD"),
    ("USD$", "USD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("AU$", "AUD"),
    ("A$", "AUD"),
    ("NZ$", "NZD"),
    ("S$", "SGD"),
    ("HK$", "HKD"),
    ("MX$", "MXN"),
    ("NT$", "TWD"),
    ("R$", "BRL"),
    ("CN¥", "CNY"),
    ("€", "EUR"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₺", "TRY"),
    ("₪", "ILS"),
    ("฿", "THB"),
    ("₱", "PHP"),
    ("₫", "VND"),
    ("₴", "UAH"),
    ("₦", "NGN"),
    ("zł", "PLN"),
    ("Kč", "CZK"),
    ("Rs.", "INR"),
    ("Rs", "INR"),
    ("SFr.", "CHF"),
    ("Fr.", "CHF"),
    ("$", "$"),
    ("kr", "kr"),
];

/// Words for currencies after an amount, folded.
const NAMES: &[(&str, &str)] = &[
    ("dollars", "$"),
    ("dollar", "$"),
    ("bucks", "$"),
    ("us dollars", "USD"),
    ("euros", "EUR"),
    ("euro", "EUR"),
    ("pounds", "GBP"),
    ("pound", "GBP"),
    ("pounds sterling", "GBP"),
    ("quid", "GBP"),
    ("francs", "CHF"),
    ("franken", "CHF"),
    ("swiss francs", "CHF"),
    ("yen", "JPY"),
    ("rupees", "INR"),
    ("kronor", "SEK"),
    ("kroner", "kroner"),
    ("zloty", "PLN"),
    ("reais", "BRL"),
];

/// Multipliers after a number. Those with a capital in the first column are read in that case only.
const MULTIPLIERS: &[(&str, i128)] = &[
    ("k", 1_000),
    ("m", 1_000_000),
    ("mm", 1_000_000),
    ("mn", 1_000_000),
    ("mio", 1_000_000),
    ("mill", 1_000_000),
    ("mln", 1_000_000),
    ("million", 1_000_000),
    ("millions", 1_000_000),
    ("millionen", 1_000_000),
    ("millones", 1_000_000),
    ("b", 1_000_000_000),
    ("bn", 1_000_000_000),
    ("billion", 1_000_000_000),
    ("mrd", 1_000_000_000),
    ("milliarden", 1_000_000_000),
    ("md", 1_000_000_000),
    ("thousand", 1_000),
    ("tsd", 1_000),
    ("tausend", 1_000),
    ("mille", 1_000),
    ("mil", 1_000),
    ("grand", 1_000),
    ("hundred", 100),
    ("lakh", 100_000),
    ("lakhs", 100_000),
    ("crore", 10_000_000),
    ("teur", 1_000),
    ("keur", 1_000),
    ("kusd", 1_000),
    ("kchf", 1_000),
    ("kgbp", 1_000),
];

/// The multiplier that begins the text, and its length in bytes (with a final dot: `Mio.`).
pub(super) fn multiplier(text: &str) -> Option<(i128, usize)> {
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = text.get(..length)?;
    // `K€`, `M$`: signs end the word by themselves. `kr` is a currency, not a thousand.
    if length == 0 || length > 10 {
        return None;
    }
    let folded = word.to_ascii_lowercase();
    // German books count in T€; "95 T EUR" needs its capital, a small one is a tonne.
    let after = text.get(length..)?;
    if folded == "t" && (after.starts_with('€') || (word == "T" && counts_in_thousands(after))) {
        return Some((1_000, length));
    }
    let &(name, factor) = MULTIPLIERS.iter().find(|(name, _)| *name == folded)?;
    let dot = matches!(name, "mio" | "mrd" | "tsd" | "mill") && text.get(length..)?.starts_with('.');
    Some((factor, length + usize::from(dot)))
}

/// Whether a currency follows whose books are kept in thousands.
fn counts_in_thousands(after: &str) -> bool {
    currency_after(after.trim_start()).is_some_and(|(code, _)| is_kept_in_thousands(&code))
}

/// Whether a lone `T` beside this currency means thousands.
fn is_kept_in_thousands(code: &str) -> bool {
    ["EUR", "CHF"].iter().any(|known| code.eq_ignore_ascii_case(known))
}

/// `T` behind an amount whose currency stands before it: `EUR 95 T`.
pub(super) fn thousands_behind(text: &str, currency: &str) -> Option<(i128, usize)> {
    let rest = text.strip_prefix('T').filter(|_| is_kept_in_thousands(currency))?;
    (!rest.starts_with(char::is_alphanumeric)).then_some((1_000, 1))
}

/// Currencies and thousands in one word, as they stand before an amount too: `TEUR 95`.
const THOUSANDS: &[(&str, &str)] = &[
    ("TEUR", "EUR"),
    ("KEUR", "EUR"),
    ("T€", "EUR"),
    ("K€", "EUR"),
    ("TCHF", "CHF"),
    ("KCHF", "CHF"),
    ("KUSD", "USD"),
    ("KGBP", "GBP"),
];

/// A word for thousands of a currency right before an amount: the code and where it begins.
pub(super) fn thousands_before(text: &str) -> Option<(&'static str, usize)> {
    let trimmed = text.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    if text.len() - trimmed.len() > 3 {
        return None;
    }
    THOUSANDS.iter().find_map(|(word, code)| {
        let from = trimmed.len().checked_sub(word.len())?;
        let (lead, last) = (trimmed.get(..from)?, trimmed.get(from..)?);
        let is_word = last.eq_ignore_ascii_case(word) && !lead.ends_with(char::is_alphanumeric);
        is_word.then_some((*code, from))
    })
}

/// Bytes of the dash that stands for no cents behind an amount: `95.000,- €`, `95'000.--`.
pub(super) fn no_cents(text: &str) -> usize {
    let Some(rest) = text.strip_prefix([',', '.']) else { return 0 };
    let after = rest.trim_start_matches(['-', '–', '—', '−']);
    let dashes = rest.get(..rest.len() - after.len()).map_or(0, |dashes| dashes.chars().count());
    let ends = !after.starts_with(char::is_alphanumeric) || currency_after(after).is_some();
    if (1..=2).contains(&dashes) && ends { text.len() - after.len() } else { 0 }
}

pub(super) fn after_is_currency(text: &str) -> bool {
    currency_after(text.trim_start()).is_some()
}

/// A currency written right before an amount: its code (or `$`, `kr`) and where it begins.
pub(super) fn currency_before(text: &str) -> Option<(String, usize)> {
    if let Some((code, from)) = thousands_before(text) {
        return Some((code.to_owned(), from));
    }
    let trimmed = text.trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    if text.len() - trimmed.len() > 3 {
        return None;
    }
    // A minus may stand between currency and number: `$-95`.
    for (sign, code) in SIGNS {
        if trimmed.ends_with(sign) {
            let from = trimmed.len() - sign.len();
            let glued_letters = sign.starts_with(char::is_alphabetic)
                && trimmed.get(..from)?.ends_with(char::is_alphanumeric);
            if !glued_letters {
                return Some(((*code).to_owned(), from));
            }
        }
    }
    let from = trimmed.len().checked_sub(3)?;
    let code = trimmed.get(from..)?;
    let bounded = !trimmed.get(..from)?.ends_with(char::is_alphanumeric);
    (bounded
        && code.parse::<Currency>().is_ok()
        && !code.eq_ignore_ascii_case("all")
        && !code.eq_ignore_ascii_case("try"))
    .then(|| (code.to_owned(), from))
}

/// A currency written right after an amount: its code and its length in bytes.
pub(super) fn currency_after(text: &str) -> Option<(String, usize)> {
    for (sign, code) in SIGNS {
        if text.starts_with(sign) {
            let next = text.get(sign.len()..)?.chars().next();
            let wordlike = sign.ends_with(char::is_alphabetic) && next.is_some_and(char::is_alphanumeric);
            if !wordlike {
                return Some(((*code).to_owned(), sign.len()));
            }
        }
    }
    let length = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    let word = text.get(..length)?;
    if length == 3 && word.parse::<Currency>().is_ok() && !word.eq_ignore_ascii_case("try") {
        return Some((word.to_owned(), length));
    }
    let folded = fold(word);
    // Two-word names first: "Swiss francs", "US dollars".
    let pair_length = text.get(length..).filter(|rest| rest.starts_with(' ')).map(|rest| {
        let rest = &rest[1..];
        length + 1 + rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len())
    });
    if let Some(pair) = pair_length.and_then(|length| text.get(..length)) {
        let folded = fold(pair);
        if let Some(&(_, code)) = NAMES.iter().find(|(name, _)| name.contains(' ') && *name == folded) {
            return Some((code.to_owned(), pair.len()));
        }
    }
    NAMES.iter().find(|(name, _)| *name == folded).map(|&(_, code)| (code.to_owned(), length))
}

/// Three capitals after an amount that are no known currency and no known word.
pub(super) fn looks_like_code(text: &str) -> Option<&str> {
    let length = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let word = text.get(..length)?;
    let is_code = length == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
    (is_code
        && !matches!(
            word,
            "ARR"
                | "ACV"
                | "TCV"
                | "MRR"
                | "PER"
                | "AND"
                | "FOR"
                | "NET"
                | "VAT"
                | "SAP"
                | "SSO"
                | "CRM"
                | "ERP"
                | "API"
                | "DAY"
        ))
    .then_some(word)
}

/// A currency from its code; `$` and `kr` mean the workspace's own when that is a dollar or krone.
pub(super) fn resolve(code: &str, default: Currency) -> Result<Currency, String> {
    let code = match code {
        "$" if matches!(default.code(), "CAD" | "AUD" | "NZD" | "SGD" | "HKD" | "MXN") => default.code(),
        "$" => "USD",
        "kr" | "kroner" if is_crown(default) => default.code(),
        "kr" => "SEK",
        // Swedish ones would be kronor.
        "kroner" => "NOK",
        other => other,
    };
    code.parse().map_err(|_| code.to_owned())
}

/// Whether crowns of a country were guessed: neither the word nor the workspace says which.
pub(super) fn guesses_crown(code: &str, default: Currency) -> bool {
    matches!(code, "kr" | "kroner") && !is_crown(default)
}

fn is_crown(currency: Currency) -> bool {
    matches!(currency.code(), "SEK" | "NOK" | "DKK" | "ISK")
}

/// The crown of a country, from its ISO code, which may name one of its parts.
pub(crate) fn crown_of(country: &str) -> Option<Currency> {
    let code = match country.get(..2)? {
        "SE" => "SEK",
        "NO" => "NOK",
        "DK" => "DKK",
        _ => return None,
    };
    code.parse().ok()
}

/// Words after an amount that say what it is per, folded; and whether they may follow a slash.
const PERIODS: &[(&str, Per)] = &[
    ("per year", Per::Year),
    ("a year", Per::Year),
    ("per annum", Per::Year),
    ("p.a.", Per::Year),
    ("p. a.", Per::Year),
    ("pa", Per::Year),
    ("yearly", Per::Year),
    ("annually", Per::Year),
    ("annual", Per::Year),
    ("each year", Per::Year),
    ("pro jahr", Per::Year),
    ("im jahr", Per::Year),
    ("jährlich", Per::Year),
    ("par an", Per::Year),
    ("al año", Per::Year),
    ("por año", Per::Year),
    ("anuales", Per::Year),
    ("arr", Per::Year),
    ("acv", Per::Year),
    ("/year", Per::Year),
    ("/yr", Per::Year),
    ("/y", Per::Year),
    ("/jahr", Per::Year),
    ("/an", Per::Year),
    ("/año", Per::Year),
    ("/ year", Per::Year),
    ("per quarter", Per::Quarter),
    ("/quarter", Per::Quarter),
    ("a quarter", Per::Quarter),
    ("quarterly", Per::Quarter),
    ("pro quartal", Per::Quarter),
    ("per month", Per::Month),
    ("a month", Per::Month),
    ("monthly", Per::Month),
    ("mrr", Per::Month),
    ("/month", Per::Month),
    ("/mo", Per::Month),
    ("/mth", Per::Month),
    ("/monat", Per::Month),
    ("/mois", Per::Month),
    ("/mes", Per::Month),
    ("/ month", Per::Month),
    ("/m", Per::Month),
    ("pro monat", Per::Month),
    ("im monat", Per::Month),
    ("monatlich", Per::Month),
    ("par mois", Per::Month),
    ("al mes", Per::Month),
    ("por mes", Per::Month),
    ("p.m.", Per::Month),
    ("pm", Per::Month),
    ("each month", Per::Month),
    ("tcv", Per::Contract(None)),
    ("in total", Per::Contract(None)),
    ("total", Per::Contract(None)),
];

/// What an amount is per, from the words right after it, and their length in bytes.
pub(super) fn period(text: &str) -> (Per, usize) {
    let mut gap = text.len() - text.trim_start_matches([' ', '\u{a0}', '(']).len();
    // "54 000 € HT par an", "18.500 € netto p.a.": a remark about tax stands between.
    for tax in
        ["HT ", "H.T. ", "netto ", "net ", "excl. VAT ", "ex VAT ", "plus VAT ", "zzgl. MwSt. ", "sin IVA "]
    {
        if text.get(gap..).is_some_and(|rest| rest.starts_with(tax)) {
            gap += tax.len();
        }
    }
    let Some(after) = text.get(gap..) else {
        return (Per::Unsaid, 0);
    };
    let mut found = (Per::Unsaid, 0);
    for (words, per) in PERIODS {
        let Some(head) = after.get(..words.len()) else {
            continue;
        };
        let next = after.get(words.len()..).and_then(|rest| rest.chars().next());
        let whole = words.ends_with('.') || !next.is_some_and(char::is_alphanumeric);
        if whole && head.to_lowercase() == *words && words.len() > found.1 {
            found = (*per, words.len());
        }
    }
    let (mut per, mut length) = found;
    if length > 0 {
        length += gap;
        if text.get(..gap).is_some_and(|g| g.contains('('))
            && text.get(length..).is_some_and(|rest| rest.starts_with(')'))
        {
            length += 1;
        }
    }
    // "over 3 years", "über 3 Jahre", "sur 3 ans", "for 36 months": the amount is the contract's.
    if let Some((months, used)) = over_term(text.get(length..).unwrap_or(""))
        && matches!(per, Per::Unsaid | Per::Contract(_))
    {
        per = Per::Contract(Some(months));
        length += used;
    }
    (per, length)
}

pub(super) fn over_term(text: &str) -> Option<(u32, usize)> {
    let trimmed = text.trim_start_matches([' ', '(', ',']);
    let gap = text.len() - trimmed.len();
    for word in ["over ", "über ", "sur ", "en ", "for ", "für ", "across ", "spread over "] {
        let Some(head) = trimmed.get(..word.len()) else {
            continue;
        };
        if head.to_lowercase() == word {
            let rest = trimmed.get(word.len()..)?;
            let duration = duration::at_start(rest)?;
            let months = duration.months()?;
            if months < 12 {
                return None;
            }
            return Some((months, gap + word.len() + duration.range.end));
        }
    }
    None
}
