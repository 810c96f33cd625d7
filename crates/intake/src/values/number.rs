//! Numbers: digits with the separators of several countries, and small numbers in words.

use std::ops::Range;

use super::words::fold;

/// A decimal number, exact: `units / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decimal {
    pub(crate) units: i128,
    pub(crate) scale: u32,
}

impl Decimal {
    pub(crate) fn whole(units: i128) -> Self {
        Self { units, scale: 0 }
    }

    /// Multiplied by a whole number; `None` when absurdly large.
    pub(crate) fn times(self, factor: i128) -> Option<Self> {
        self.units.checked_mul(factor).map(|units| Self { units, ..self })
    }

    /// In units of `10^-decimals`, rounded half away from zero; `None` when absurdly large.
    pub(crate) fn scaled(self, decimals: u32) -> Option<i64> {
        let scaled = if decimals >= self.scale {
            self.units.checked_mul(10_i128.checked_pow(decimals - self.scale)?)?
        } else {
            let divisor = 10_i128.checked_pow(self.scale - decimals)?;
            (self.units + self.units.signum() * divisor / 2) / divisor
        };
        i64::try_from(scaled).ok()
    }

    /// The value when it is a whole number that fits.
    pub(crate) fn as_u32(self) -> Option<u32> {
        let divisor = 10_i128.checked_pow(self.scale)?;
        (self.units % divisor == 0).then(|| u32::try_from(self.units / divisor).ok()).flatten()
    }

    /// The value as a count: zero when it is no whole number, the largest when it is too large, so that
    /// a limit catches it.
    pub(crate) fn as_u32_or_max(self) -> u32 {
        let whole = 10_i128.checked_pow(self.scale).filter(|divisor| self.units % divisor == 0);
        whole.map_or(0, |divisor| u32::try_from((self.units / divisor).max(0)).unwrap_or(u32::MAX))
    }
}

/// A number in text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) value: Decimal,
    pub(crate) range: Range<usize>,
    /// A single separator before exactly three digits was read as grouping (`18.500` = 18,500).
    pub(crate) grouped_by_guess: Option<char>,
    /// Written in words.
    pub(crate) in_words: bool,
}

const SPACES: [char; 4] = [' ', '\u{a0}', '\u{202f}', '\u{2009}'];

fn is_group_separator(c: char) -> bool {
    matches!(c, '.' | ',' | '\'' | '’' | '_') || SPACES.contains(&c)
}

/// The number that begins exactly at `start`, which must be a digit.
///
/// `decimal_point` says that `.` before three digits is a decimal point here (a multiplier such as
/// `M` follows, or the currency has three decimals).
pub(crate) fn digits_at(text: &str, start: usize, decimal_point: impl Fn(&str) -> bool) -> Option<Number> {
    let tail = text.get(start..)?;
    if !tail.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Groups of digits and the separators between them, as far as separators touch digits.
    let mut groups: Vec<&str> = Vec::new();
    let mut separators: Vec<char> = Vec::new();
    let mut at = 0;
    loop {
        let rest = tail.get(at..)?;
        let length = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        groups.push(rest.get(..length)?);
        at += length;
        let mut after = tail.get(at..)?.chars();
        let (Some(separator), Some(next)) = (after.next(), after.next()) else {
            break;
        };
        if !is_group_separator(separator) || !next.is_ascii_digit() || groups.len() > 12 {
            break;
        }
        // A space groups only when exactly three digits follow: "3 500" but not "3 plants" or "12 15".
        if SPACES.contains(&separator) {
            let following = tail.get(at + separator.len_utf8()..)?;
            let run = following.find(|c: char| !c.is_ascii_digit()).unwrap_or(following.len());
            let first = groups.first().map_or(0, |group| group.len());
            let mixed = separators.iter().any(|&s| s != separator);
            if run != 3 || first > 3 || mixed {
                break;
            }
        }
        separators.push(separator);
        at += separator.len_utf8();
    }
    shape(tail, &groups, &separators, decimal_point(tail.get(at..).unwrap_or(""))).map(
        |(value, length, grouped_by_guess)| Number {
            value,
            range: start..start + length,
            grouped_by_guess,
            in_words: false,
        },
    )
}

/// Decides what the separators mean. Returns the value, the bytes used, and a guessed grouping.
fn shape(
    text: &str,
    groups: &[&str],
    separators: &[char],
    decimal_point: bool,
) -> Option<(Decimal, usize, Option<char>)> {
    let used = |count: usize| -> usize {
        groups.iter().take(count).map(|g| g.len()).sum::<usize>()
            + separators.iter().take(count.saturating_sub(1)).map(|s| s.len_utf8()).sum::<usize>()
    };
    let whole = |count: usize| decimal(&groups[..count], &[]);
    let Some(&last) = separators.last() else {
        return Some((whole(1)?, used(1), None));
    };
    let all = groups.len();
    let same = separators.iter().all(|&s| s == last);
    let threes = |groups: &[&str]| {
        groups.iter().skip(1).all(|g| g.len() == 3) && groups.first().is_some_and(|g| g.len() <= 3)
    };
    // Indian grouping: 12,34,567.
    let indian = |groups: &[&str]| {
        groups.len() > 2
            && groups.last().is_some_and(|g| g.len() == 3)
            && groups[1..groups.len() - 1].iter().all(|g| g.len() == 2)
            && groups.first().is_some_and(|g| g.len() <= 2)
    };
    let last_is_point = matches!(last, '.' | ',');
    if same && separators.len() > 1 {
        if threes(groups) || (last == ',' && indian(groups)) {
            return Some((whole(all)?, used(all), None));
        }
        // `15.12.2027`, `1,2,3`: not one number; the first group alone.
        return Some((whole(1)?, used(1), None));
    }
    if same {
        let (before, after) = (groups[0], groups[1]);
        let could_group = after.len() == 3 && before.len() <= 3 && !before.starts_with('0');
        if !last_is_point {
            return if could_group {
                Some((whole(2)?, used(2), None))
            } else {
                Some((whole(1)?, used(1), None))
            };
        }
        if could_group && !(decimal_point && last == '.') {
            return Some((whole(2)?, used(2), Some(last)));
        }
        return Some((decimal(&groups[..1], &groups[1..])?, used(2), None));
    }
    // Two kinds: the last is the decimal point when the others group by three.
    let (front, back) = groups.split_at(all - 1);
    let grouping =
        separators[..separators.len() - 1].iter().all(|&s| s == separators[0]) && separators[0] != last;
    if last_is_point && grouping && (threes(front) || (separators[0] == ',' && indian(front))) {
        return Some((decimal(front, back)?, used(all), None));
    }
    debug_assert!(!text.is_empty());
    Some((whole(1)?, used(1), None))
}

fn decimal(whole: &[&str], part: &[&str]) -> Option<Decimal> {
    // What a computer wrote with more than twelve decimals is no finer for it.
    let short: Vec<&str> = part.iter().map(|g| g.get(..12).unwrap_or(g)).collect();
    let part = short.as_slice();
    let mut units: i128 = 0;
    for digit in whole.iter().chain(part).flat_map(|g| g.bytes()) {
        units = units.checked_mul(10)?.checked_add(i128::from(digit.wrapping_sub(b'0')))?;
    }
    let scale = part.iter().map(|g| g.len()).sum::<usize>();
    if scale > 12 {
        return None;
    }
    Some(Decimal { units, scale: u32::try_from(scale).ok()? })
}

/// Small numbers in words: English, German, French, Spanish.
const WORDS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("dozen", 12),
    ("ein", 1),
    ("eine", 1),
    ("einen", 1),
    ("einem", 1),
    ("einer", 1),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("funf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("elf", 11),
    ("zwolf", 12),
    ("zwanzig", 20),
    ("dreissig", 30),
    ("funfzig", 50),
    ("dutzend", 12),
    ("un", 1),
    ("une", 1),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
    ("onze", 11),
    ("douze", 12),
    ("douzaine", 12),
    ("quinze", 15),
    ("vingt", 20),
    ("trente", 30),
    ("quarante", 40),
    ("cinquante", 50),
    ("soixante", 60),
    ("uno", 1),
    ("una", 1),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("doce", 12),
    ("docena", 12),
    ("quince", 15),
    ("veinte", 20),
    ("treinta", 30),
    ("cuarenta", 40),
    ("cincuenta", 50),
    ("sesenta", 60),
];

/// A number written in words at `start`: `three`, `a dozen`, `twenty-five`, `two hundred`.
pub(crate) fn words_at(text: &str, start: usize) -> Option<Number> {
    let mut total: u32 = 0;
    let mut seen = false;
    let mut at = start;
    let mut end = start;
    for _ in 0..5 {
        let rest = text.get(at..)?;
        let length = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = fold(rest.get(..length)?);
        let value = WORDS.iter().find(|(name, _)| *name == word).map(|&(_, value)| value);
        match (value, word.as_str()) {
            (Some(12), "dozen" | "dutzend" | "douzaine" | "docena") if seen => {
                total = total.saturating_mul(12)
            }
            (Some(value), _)
                if !seen
                    || (total.is_multiple_of(100) && total > 0)
                    || (value < 10 && (20..100).contains(&total) && total.is_multiple_of(10)) =>
            {
                total += value
            }
            (None, "hundred" | "hundert") if seen => total = total.saturating_mul(100),
            (None, "thousand" | "tausend") if seen => total = total.saturating_mul(1000),
            (None, "a" | "an" | "half") if !seen => {
                // An article counts only before a counting word: "a dozen", "a hundred".
                let next = rest.get(length..)?.trim_start();
                let folded = fold(next.split(|c: char| !c.is_alphabetic()).next().unwrap_or(""));
                total = match (word.as_str(), folded.as_str()) {
                    ("half", _) => return None,
                    (_, "dozen" | "hundred" | "thousand") => 1,
                    _ => return None,
                };
            }
            _ => break,
        }
        seen = true;
        end = at + length;
        let gap = text.get(end..)?;
        let separator = gap.chars().next();
        if !matches!(separator, Some(' ' | '-')) {
            break;
        }
        at = end + 1;
    }
    seen.then(|| Number {
        value: Decimal::whole(i128::from(total)),
        range: start..end,
        grouped_by_guess: None,
        in_words: true,
    })
}

/// A count of things at `start`, with the words of approximation people put before it:
/// `~900`, `about 40`, `2.4k`, `a dozen`, `1 200`, `rund 50`.
pub(crate) fn count_at(text: &str, start: usize) -> Option<Number> {
    let skipped = approximation(text.get(start..)?);
    let at = start + skipped;
    let mut number =
        digits_at(text, at, |after| after.starts_with(['k', 'K'])).or_else(|| words_at(text, at))?;
    let after = text.get(number.range.end..)?;
    let mut chars = after.chars();
    if !number.in_words
        && matches!(chars.next(), Some('k' | 'K'))
        && !chars.next().is_some_and(char::is_alphanumeric)
    {
        number.value = number.value.times(1000)?;
        number.range.end += 1;
        let units = number.value.scaled(0)?;
        number.value = Decimal::whole(i128::from(units));
    } else if after.starts_with('+') {
        number.range.end += 1;
    }
    number.range.start = start;
    Some(number)
}

const APPROXIMATIONS: &[&str] = &[
    "approximately ",
    "approx. ",
    "approx ",
    "roughly ",
    "around ",
    "about ",
    "some ",
    "nearly ",
    "almost ",
    "circa ",
    "ca. ",
    "ca ",
    "over ",
    "up to ",
    "more than ",
    "at least ",
    "etwa ",
    "rund ",
    "ungefähr ",
    "zirka ",
    "bis zu ",
    "knapp ",
    "über ",
    "environ ",
    "env. ",
    "près de ",
    "unos ",
    "unas ",
    "aproximadamente ",
    "alrededor de ",
    "~ ",
    "~",
    "≈ ",
    "≈",
    "c. ",
    "> ",
    ">",
    "min. ",
    "all ",
    "alle ",
    "the ",
    "les ",
    "die ",
];

/// Bytes of words of approximation at the start of the text.
fn approximation(text: &str) -> usize {
    APPROXIMATIONS
        .iter()
        .find(|word| text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
        .map_or(0, |word| word.len())
}

/// Whether a minus sign is glued to what begins at `start`, and is no dash between words or numbers: `-60`, but not `6-8`.
pub(crate) fn has_minus(text: &str, start: usize) -> bool {
    text.get(..start)
        .and_then(|lead| lead.strip_suffix(['-', '−']))
        .is_some_and(|lead| !lead.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | ')')))
}

/// The first count anywhere in the text that is not part of a word, date or amount.
pub(crate) fn find_count(text: &str) -> Option<Number> {
    let mut at_boundary = true;
    for (at, c) in text.char_indices() {
        if at_boundary && let Some(number) = count_at(text, at) {
            let after = text.get(number.range.end..).unwrap_or("");
            if !after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '%' | '^')) {
                return Some(number);
            }
        }
        at_boundary =
            !c.is_alphanumeric() && !matches!(c, '.' | ',' | '/' | '-' | '$' | '€' | '£' | '−' | '^');
    }
    None
}
