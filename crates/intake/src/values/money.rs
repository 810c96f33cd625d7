//! Amounts of money, with currency, multiplier, period and what they are the value of.

use std::ops::Range;

use gangway_domain::money::{Currency, Money};

use super::number::{digits_at, words_at};
use super::words::fold;

/// What an amount is said to be per.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Per {
    /// Nothing said.
    Unsaid,
    /// A year: ACV, ARR, `p.a.`, `/year`.
    Year,
    /// A quarter.
    Quarter,
    /// A month: MRR, `/month`.
    Month,
    /// The whole contract, of so many months when said: TCV, `over 3 years`.
    Contract(Option<u32>),
}

/// An amount in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) money: Money,
    pub(crate) per: Per,
    /// The passage, currency and period included.
    pub(crate) range: Range<usize>,
    /// The currency was written, not assumed.
    pub(crate) currency_said: bool,
    /// A multiplier was written (`k`, `M`, `thousand`).
    pub(crate) multiplied: bool,
    /// `18.500` with a currency that usually writes decimals so.
    pub(crate) guessed_grouping: bool,
}

/// Why there is no amount where one was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAmount {
    /// No number with the look of an amount.
    None,
    /// A three-letter code that is no known currency.
    UnknownCurrency { code: String, range: Range<usize> },
    /// Too large to count in minor units.
    TooLarge { range: Range<usize> },
}

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
    ("kroner", "kr"),
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

/// The first amount in the text.
pub(crate) fn read(text: &str, default: Currency) -> Result<Amount, NoAmount> {
    let mut from = 0;
    loop {
        let Some(tail) = text.get(from..) else {
            return Err(NoAmount::None);
        };
        let Some(offset) = next_start(tail) else {
            return Err(NoAmount::None);
        };
        let at = from + offset;
        match amount_at(text, at, default) {
            Some(found) => return found,
            None => {
                from = at
                    + text
                        .get(at..)
                        .and_then(|t| t.chars().next())
                        .map_or(1, char::len_utf8)
            }
        }
    }
}

/// The first amount that is money beyond doubt: "a 3-year contract worth $240,000" skips the three.
pub(crate) fn find_clear(text: &str, default: Currency) -> Option<Amount> {
    let mut from = 0;
    // A sentence has few numbers; more are a table of something else.
    for _ in 0..20 {
        let mut found = match read(text.get(from..)?, default) {
            Ok(found) => found,
            Err(NoAmount::UnknownCurrency { range, .. } | NoAmount::TooLarge { range }) => {
                from += range.end;
                continue;
            }
            Err(NoAmount::None) => return None,
        };
        found.range = found.range.start + from..found.range.end + from;
        if is_clearly_money(&found) {
            return Some(found);
        }
        from = found.range.end;
    }
    None
}

/// Whether a currency is written anywhere near the amount, so that it is money beyond doubt.
fn is_clearly_money(amount: &Amount) -> bool {
    amount.currency_said || (amount.per != Per::Unsaid && amount.multiplied)
}

/// The next place where an amount could begin: a digit, or a word that is a number.
fn next_start(text: &str) -> Option<usize> {
    let mut boundary = true;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() && boundary {
            return Some(at);
        }
        if boundary
            && c.is_alphabetic()
            && words_at(text, at).is_some_and(|number| {
                let after = text.get(number.range.end..).unwrap_or("").trim_start();
                multiplier(after).is_some() || currency_after(after).is_some()
            })
        {
            return Some(at);
        }
        // Digits glued to letters are names (S4, B2B), unless the letters are a currency: USD95k.
        boundary = !c.is_alphanumeric()
            || text
                .get(..at + c.len_utf8())
                .is_some_and(|head| currency_before(head).is_some());
    }
    None
}

fn amount_at(text: &str, at: usize, default: Currency) -> Option<Result<Amount, NoAmount>> {
    let before = text.get(..at)?;
    // `$-95K`: the minus stands between currency and number.
    let unsigned = before.trim_end_matches(['-', '−']);
    let minus_inside = (unsigned.len() < before.len() && currency_before(unsigned).is_some())
        .then_some(unsigned.len());
    let currency_ahead = currency_before(if minus_inside.is_some() {
        unsigned
    } else {
        before
    });
    let three_decimals = currency_ahead
        .as_ref()
        .is_some_and(|(code, _)| resolve(code, default).is_ok_and(|c| c.decimals() == 3));
    let number = digits_at(text, at, |after| {
        three_decimals || multiplier(after.trim_start()).is_some()
    })
    .or_else(|| words_at(text, at))?;
    let mut end = number.range.end;
    let mut value = number.value;
    let mut multiplied = number.in_words;
    let mut code_in_multiplier = None;
    for _ in 0..2 {
        let rest = text.get(end..)?;
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
        let Some((factor, length)) = multiplier(rest.get(gap..)?) else {
            break;
        };
        let word = rest.get(gap..gap + length)?;
        // A single letter counts only when it is glued or nearly so: "5 m" may be metres, "3 B" a name.
        if gap > 1
            || (gap == 1
                && length == 1
                && currency_ahead.is_none()
                && !after_is_currency(rest.get(gap + length..)?))
        {
            break;
        }
        let Some(product) = value.times(factor) else {
            return Some(Err(NoAmount::TooLarge {
                range: at..end + gap + length,
            }));
        };
        // KEUR, TEUR: the currency is in the word.
        if word.len() == 4
            && word
                .get(1..)
                .is_some_and(|code| code.parse::<Currency>().is_ok())
        {
            code_in_multiplier = word.get(1..);
        }
        value = product;
        multiplied = true;
        end += gap + length;
    }
    let mut start = at;
    let mut code: Option<String> = code_in_multiplier.map(str::to_owned);
    if let Some((ahead, from)) = currency_ahead {
        code = Some(ahead);
        start = from;
    }
    let rest = text.get(end..)?;
    let gap = rest.len() - rest.trim_start().len();
    let after = rest.get(gap..)?;
    if after.starts_with('%') {
        return None;
    }
    if let Some((behind, length)) = currency_after(after) {
        // `$95,000 USD`: the code behind is the more exact of the two.
        let exact = resolve(&behind, default).is_ok();
        if code.is_none() || (exact && code.as_deref() == Some("$")) {
            code = Some(behind);
        }
        end += gap + length;
    } else if code.is_none()
        && let Some(unknown) = looks_like_code(after)
    {
        return Some(Err(NoAmount::UnknownCurrency {
            code: unknown.to_owned(),
            range: at..end + gap + 3,
        }));
    }
    let currency_said = code.is_some();
    let currency = match code {
        Some(code) => match resolve(&code, default) {
            Ok(currency) => currency,
            Err(code) => {
                return Some(Err(NoAmount::UnknownCurrency {
                    code,
                    range: start..end,
                }));
            }
        },
        None => default,
    };
    if let Some(from) = minus_inside.or_else(|| minus_before(text.get(..start)?)) {
        start = start.min(from);
        value = value.times(-1)?;
    }
    let (per, length) = period(text.get(end..)?);
    end += length;
    let Some(minor) = value.scaled(currency.decimals()) else {
        return Some(Err(NoAmount::TooLarge { range: start..end }));
    };
    let guessed_grouping = number.grouped_by_guess == Some('.')
        && !multiplied
        && matches!(currency.code(), "USD" | "GBP" | "CAD" | "AUD" | "INR");
    Some(Ok(Amount {
        money: Money { minor, currency },
        per,
        range: start..end,
        currency_said,
        multiplied,
        guessed_grouping,
    }))
}

/// Where a minus sign that belongs to the amount stands: glued to it, and not a dash between words.
fn minus_before(lead: &str) -> Option<usize> {
    let rest = lead.strip_suffix(['-', '−'])?;
    (!rest.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '−' | '/')))
        .then_some(rest.len())
}

/// The multiplier that begins the text, and its length in bytes (with a final dot: `Mio.`).
fn multiplier(text: &str) -> Option<(i128, usize)> {
    let length = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let word = text.get(..length)?;
    // `K€`, `M$`: signs end the word by themselves. `kr` is a currency, not a thousand.
    if length == 0 || length > 10 {
        return None;
    }
    let folded = word.to_ascii_lowercase();
    // German books count in T€.
    if folded == "t" && text.get(length..)?.starts_with('€') {
        return Some((1_000, length));
    }
    let &(name, factor) = MULTIPLIERS.iter().find(|(name, _)| *name == folded)?;
    let dot =
        matches!(name, "mio" | "mrd" | "tsd" | "mill") && text.get(length..)?.starts_with('.');
    Some((factor, length + usize::from(dot)))
}

fn after_is_currency(text: &str) -> bool {
    currency_after(text.trim_start()).is_some()
}

/// A currency written right before an amount: its code (or `$`, `kr`) and where it begins.
fn currency_before(text: &str) -> Option<(String, usize)> {
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
fn currency_after(text: &str) -> Option<(String, usize)> {
    for (sign, code) in SIGNS {
        if text.starts_with(sign) {
            let next = text.get(sign.len()..)?.chars().next();
            let wordlike =
                sign.ends_with(char::is_alphabetic) && next.is_some_and(char::is_alphanumeric);
            if !wordlike {
                return Some(((*code).to_owned(), sign.len()));
            }
        }
    }
    let length = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let word = text.get(..length)?;
    if length == 3 && word.parse::<Currency>().is_ok() && !word.eq_ignore_ascii_case("try") {
        return Some((word.to_owned(), length));
    }
    let folded = fold(word);
    // Two-word names first: "Swiss francs", "US dollars".
    let pair_length = text
        .get(length..)
        .filter(|rest| rest.starts_with(' '))
        .map(|rest| {
            let rest = &rest[1..];
            length
                + 1
                + rest
                    .find(|c: char| !c.is_alphabetic())
                    .unwrap_or(rest.len())
        });
    if let Some(pair) = pair_length.and_then(|length| text.get(..length)) {
        let folded = fold(pair);
        if let Some(&(_, code)) = NAMES
            .iter()
            .find(|(name, _)| name.contains(' ') && *name == folded)
        {
            return Some((code.to_owned(), pair.len()));
        }
    }
    NAMES
        .iter()
        .find(|(name, _)| *name == folded)
        .map(|&(_, code)| (code.to_owned(), length))
}

/// Three capitals after an amount that are no known currency and no known word.
fn looks_like_code(text: &str) -> Option<&str> {
    let length = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
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
fn resolve(code: &str, default: Currency) -> Result<Currency, String> {
    let code = match code {
        "$" if matches!(
            default.code(),
            "CAD" | "AUD" | "NZD" | "SGD" | "HKD" | "MXN"
        ) =>
        {
            default.code()
        }
        "$" => "USD",
        "kr" if matches!(default.code(), "NOK" | "DKK" | "ISK") => default.code(),
        "kr" => "SEK",
        other => other,
    };
    code.parse().map_err(|_| code.to_owned())
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
fn period(text: &str) -> (Per, usize) {
    let gap = text.len() - text.trim_start_matches([' ', '\u{a0}', '(']).len();
    let Some(after) = text.get(gap..) else {
        return (Per::Unsaid, 0);
    };
    let mut found = (Per::Unsaid, 0);
    for (words, per) in PERIODS {
        let Some(head) = after.get(..words.len()) else {
            continue;
        };
        let next = after
            .get(words.len()..)
            .and_then(|rest| rest.chars().next());
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

fn over_term(text: &str) -> Option<(u32, usize)> {
    let trimmed = text.trim_start_matches([' ', '(', ',']);
    let gap = text.len() - trimmed.len();
    for word in [
        "over ",
        "über ",
        "sur ",
        "en ",
        "for ",
        "für ",
        "across ",
        "spread over ",
    ] {
        let Some(head) = trimmed.get(..word.len()) else {
            continue;
        };
        if head.to_lowercase() == word {
            let rest = trimmed.get(word.len()..)?;
            let duration = super::duration::at_start(rest)?;
            let months = duration.months()?;
            if months < 12 {
                return None;
            }
            return Some((months, gap + word.len() + duration.range.end));
        }
    }
    None
}
