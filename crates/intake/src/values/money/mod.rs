//! Amounts of money, with currency, multiplier, period and what they are the value of.

mod units;

use std::ops::Range;

use gangway_domain::money::{Currency, Money};

use super::number::{digits_at, words_at};
use units::{
    after_is_currency, currency_after, currency_before, guesses_crown, looks_like_code, multiplier, no_cents,
    period, resolve, thousands_before, thousands_behind,
};

pub(crate) use units::crown_of;

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
    /// Crowns were written (`kr`), and which country's was guessed.
    pub(crate) guessed_crown: bool,
}

/// Why there is no amount where one was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAmount {
    /// No number with the look of an amount.
    None,
    /// A three-letter code that is no known currency.
    UnknownCurrency { code: String, range: Range<usize> },
    /// Digits with something glued to them that no amount has: `1e308`, `1.2.3.4,5`, `--5`.
    Malformed { range: Range<usize> },
    /// Too large to count in minor units.
    TooLarge { range: Range<usize> },
}

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
            None => from = at + text.get(at..).and_then(|t| t.chars().next()).map_or(1, char::len_utf8),
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
            Err(
                NoAmount::UnknownCurrency { range, .. }
                | NoAmount::TooLarge { range }
                | NoAmount::Malformed { range },
            ) => {
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

/// The first amount beside a currency that is none: `$95KK`, `1e308 dollars`.
pub(crate) fn find_broken(text: &str, default: Currency) -> Option<NoAmount> {
    let mut from = 0;
    // A sentence has few numbers; more are a table of something else.
    for _ in 0..20 {
        let (range, malformed) = match read(text.get(from..)?, default) {
            Ok(found) => {
                from += found.range.end;
                continue;
            }
            Err(NoAmount::UnknownCurrency { range, .. }) => {
                from += range.end;
                continue;
            }
            Err(NoAmount::Malformed { range }) => (range, true),
            Err(NoAmount::TooLarge { range }) => (range, false),
            Err(NoAmount::None) => return None,
        };
        let range = range.start + from..range.end + from;
        from = range.end;
        // The currency may stand before the number or within the range, before its first digit.
        let number = range.start + text.get(range.clone())?.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        let money = currency_before(text.get(..number)?).is_some()
            || text.get(range.end..).is_some_and(|after| currency_after(after.trim_start()).is_some());
        if money {
            return Some(if malformed {
                NoAmount::Malformed { range }
            } else {
                NoAmount::TooLarge { range }
            });
        }
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
            || text.get(..at + c.len_utf8()).is_some_and(|head| currency_before(head).is_some());
    }
    None
}

fn amount_at(text: &str, at: usize, default: Currency) -> Option<Result<Amount, NoAmount>> {
    let before = text.get(..at)?;
    // `$-95K`: the minus stands between currency and number.
    let unsigned = before.trim_end_matches(['-', '−']);
    let minus_inside =
        (unsigned.len() < before.len() && currency_before(unsigned).is_some()).then_some(unsigned.len());
    let lead = if minus_inside.is_some() { unsigned } else { before };
    let currency_ahead = currency_before(lead);
    let three_decimals = currency_ahead
        .as_ref()
        .is_some_and(|(code, _)| resolve(code, default).is_ok_and(|c| c.decimals() == 3));
    let number = digits_at(text, at, |after| three_decimals || multiplier(after.trim_start()).is_some())
        .or_else(|| words_at(text, at));
    let Some(number) = number else {
        // Digits that are no number are more than can be counted.
        let run = glued(text.get(at..)?);
        return text
            .get(at..)?
            .starts_with(|c: char| c.is_ascii_digit())
            .then_some(Err(NoAmount::TooLarge { range: at..at + run }));
    };
    let broken = at..number.range.end + glued(text.get(number.range.end..)?);
    if !number.in_words && is_broken_off(text.get(number.range.end..)?) {
        return Some(Err(NoAmount::Malformed { range: broken }));
    }
    let dash = no_cents(text.get(number.range.end..)?);
    let mut end = number.range.end + dash;
    let mut value = number.value;
    let mut multiplied = number.in_words;
    let mut code_in_multiplier = None;
    for _ in 0..2 {
        let rest = text.get(end..)?;
        let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
        let behind = || {
            let (code, _) = currency_ahead.as_ref()?;
            thousands_behind(rest.get(gap..)?, code)
        };
        let Some((factor, length)) = multiplier(rest.get(gap..)?).or_else(behind) else {
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
            return Some(Err(NoAmount::TooLarge { range: at..end + gap + length }));
        };
        // KEUR, TEUR: the currency is in the word.
        if word.len() == 4 && word.get(1..).is_some_and(|code| code.parse::<Currency>().is_ok()) {
            code_in_multiplier = word.get(1..);
        }
        value = product;
        multiplied = true;
        end += gap + length;
    }
    // TEUR 95: the thousands stand before.
    if !multiplied && thousands_before(lead).is_some() {
        let Some(product) = value.times(1_000) else {
            return Some(Err(NoAmount::TooLarge { range: at..end }));
        };
        value = product;
        multiplied = true;
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
        if code.is_none() || (exact && matches!(code.as_deref(), Some("$" | "kr" | "kroner"))) {
            code = Some(behind);
        }
        end += gap + length;
    } else if code.is_none()
        && let Some(unknown) = looks_like_code(after)
    {
        return Some(Err(NoAmount::UnknownCurrency { code: unknown.to_owned(), range: at..end + gap + 3 }));
    }
    let currency_said = code.is_some();
    let guessed_crown = code.as_deref().is_some_and(|code| guesses_crown(code, default));
    let currency = match code {
        Some(code) => match resolve(&code, default) {
            Ok(currency) => currency,
            Err(code) => {
                return Some(Err(NoAmount::UnknownCurrency { code, range: start..end }));
            }
        },
        None => default,
    };
    // "5x", "95Kx", "3rd": letters that are neither multiplier nor currency make it something else.
    let letters = text.get(end..)?.starts_with(char::is_alphabetic);
    if letters && end == number.range.end && !number.in_words {
        return Some(Err(NoAmount::Malformed { range: broken }));
    }
    if has_double_minus(text.get(..start)?) {
        return Some(Err(NoAmount::Malformed { range: broken }));
    }
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
        && dash == 0
        && matches!(currency.code(), "USD" | "GBP" | "CAD" | "AUD" | "INR");
    Some(Ok(Amount {
        money: Money { minor, currency },
        per,
        range: start..end,
        currency_said,
        multiplied,
        guessed_grouping,
        guessed_crown,
    }))
}

/// Bytes of the letters, digits and separators at the start of the text that are written as one word.
fn glued(text: &str) -> usize {
    let separator = |c: char| matches!(c, '.' | ',' | '\'' | '’' | '_');
    let end = text.find(|c: char| !c.is_alphanumeric() && !separator(c)).unwrap_or(text.len());
    // The full stop of the sentence is not part of it.
    text.get(..end).map_or(end, |word| word.trim_end_matches(separator).len())
}

/// Whether a number goes on after its end: an exponent, or separators that group nothing.
fn is_broken_off(after: &str) -> bool {
    let digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if let Some(rest) = after.strip_prefix(['e', 'E']) {
        return digit(rest.strip_prefix(['+', '-']).unwrap_or(rest));
    }
    after.strip_prefix(['.', ',', '\'', '’', '_']).is_some_and(digit)
}

/// Whether two minus signs stand before the amount, which are no dash between words.
fn has_double_minus(lead: &str) -> bool {
    let words = lead.trim_end_matches(['-', '−']);
    let signs = lead.get(words.len()..).unwrap_or("").chars().count();
    signs > 1 && !words.ends_with(char::is_alphanumeric)
}

/// Where a minus sign that belongs to the amount stands: glued to it, and not a dash between words.
fn minus_before(lead: &str) -> Option<usize> {
    let rest = lead.strip_suffix(['-', '−'])?;
    (!rest.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '−' | '/'))).then_some(rest.len())
}
