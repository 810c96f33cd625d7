//! Money that always carries its currency.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::portal::Language;

/// An ISO 4217 currency code that Gangway knows, e.g. `USD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct Currency(&'static CurrencyInfo);

/// What Gangway knows about one currency.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct CurrencyInfo {
    code: &'static str,
    /// Number of decimals of the minor unit (ISO 4217), e.g. 2 for USD, 0 for JPY.
    decimals: u32,
    /// How people write it before an amount; the code itself where no sign is unambiguous.
    sign: &'static str,
}

macro_rules! currencies {
    ($(($code:literal, $decimals:literal, $sign:literal)),* $(,)?) => {
        static CURRENCIES: &[CurrencyInfo] = &[
            $(CurrencyInfo { code: $code, decimals: $decimals, sign: $sign }),*
        ];
    };
}

currencies![
    ("USD", 2, "$"),
    ("EUR", 2, "€"),
    ("GBP", 2, "£"),
    ("CHF", 2, "CHF "),
    ("JPY", 0, "¥"),
    ("CNY", 2, "CN¥"),
    ("INR", 2, "₹"),
    ("AUD", 2, "A$"),
    ("CAD", 2, "C$"),
    ("NZD", 2, "NZ$"),
    ("SGD", 2, "S$"),
    ("HKD", 2, "HK$"),
    ("SEK", 2, "SEK "),
    ("NOK", 2, "NOK "),
    ("DKK", 2, "DKK "),
    ("PLN", 2, "PLN "),
    ("CZK", 2, "CZK "),
    ("HUF", 2, "HUF "),
    ("RON", 2, "RON "),
    ("BGN", 2, "BGN "),
    ("ISK", 0, "ISK "),
    ("TRY", 2, "₺"),
    ("ILS", 2, "₪"),
    ("AED", 2, "AED "),
    ("SAR", 2, "SAR "),
    ("KWD", 3, "KWD "),
    ("ZAR", 2, "R"),
    ("BRL", 2, "R$"),
    ("MXN", 2, "MX$"),
    ("ARS", 2, "ARS "),
    ("CLP", 0, "CLP "),
    ("COP", 2, "COP "),
    ("KRW", 0, "₩"),
    ("THB", 2, "฿"),
    ("IDR", 2, "IDR "),
    ("MYR", 2, "MYR "),
    ("PHP", 2, "₱"),
    ("VND", 0, "₫"),
    ("TWD", 2, "NT$"),
    ("UAH", 2, "₴"),
    ("NGN", 2, "₦"),
    ("KES", 2, "KES "),
    ("EGP", 2, "EGP "),
];

/// The text is not a currency code that Gangway knows.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown currency code `{0}`: use an ISO 4217 code such as USD, EUR or GBP")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// US dollar.
    #[must_use]
    pub fn usd() -> Self {
        Self(&CURRENCIES[0])
    }

    /// Euro.
    #[must_use]
    pub fn eur() -> Self {
        Self(&CURRENCIES[1])
    }

    /// The three-letter ISO 4217 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code
    }

    /// Decimals of the minor unit (ISO 4217).
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.0.decimals
    }

    /// How people write it before an amount, including a space where one belongs.
    #[must_use]
    pub fn sign(self) -> &'static str {
        self.0.sign
    }

    /// Every currency Gangway knows.
    pub fn all() -> impl Iterator<Item = Self> {
        CURRENCIES.iter().map(Self)
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        CURRENCIES
            .iter()
            .find(|info| info.code == upper)
            .map(Self)
            .ok_or_else(|| UnknownCurrency(text.trim().to_owned()))
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in the minor unit of its currency (cents for USD, yen for JPY).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// Amount in minor units; never negative in a deal, but may be in a difference.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

impl Money {
    /// Money from whole major units (dollars, euros); saturates at the ends of `i64`.
    #[must_use]
    pub fn major(units: i64, currency: Currency) -> Self {
        Self { minor: units.saturating_mul(10_i64.pow(currency.decimals())), currency }
    }

    /// As a language writes it: `$95,000`, `95.000 $`.
    #[must_use]
    pub fn words_in(self, language: Language) -> String {
        match language {
            Language::En => self.to_string(),
            Language::De => {
                let sign = self.currency.sign();
                let marks = |c: char| match c {
                    ',' => '.',
                    '.' => ',',
                    other => other,
                };
                let number: String = self.to_string().replacen(sign, "", 1).chars().map(marks).collect();
                format!("{number} {}", sign.trim())
            }
        }
    }

    /// Whole major units, rounded towards zero.
    #[must_use]
    pub fn whole(self) -> i64 {
        self.minor / 10_i64.pow(self.currency.decimals())
    }

    /// An amount as people type it: `2500`, `2,500.5`, `1 000`. None when it is none, when it is negative, or when it
    /// has more decimals than its currency.
    #[must_use]
    pub fn typed(text: &str, currency: Currency) -> Option<Self> {
        let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let mut groups = whole.split([',', ' ']);
        let first = groups.next().filter(|first| !first.is_empty())?;
        let rest: Vec<&str> = groups.collect();
        // A comma that parts no thousands may be meant as a decimal point.
        if rest.iter().any(|group| group.len() != 3) {
            return None;
        }
        let decimals = usize::try_from(currency.decimals()).ok()?;
        let digits = format!("{first}{}{part:0<decimals$}", rest.concat());
        if part.len() > decimals || !digits.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
        Some(Self { minor: digits.parse().ok()?, currency })
    }

    /// Its digits alone, as [`Self::typed`] takes them back: `2500.00` dollars, `2500` yen, `2500.000` dinars.
    #[must_use]
    pub fn digits(self) -> String {
        let scale = 10_u64.pow(self.currency.decimals());
        let magnitude = self.minor.unsigned_abs();
        let (whole, part) = (magnitude / scale, magnitude % scale);
        let sign = if self.minor < 0 { "-" } else { "" };
        match self.currency.decimals() as usize {
            0 => format!("{sign}{whole}"),
            width => format!("{sign}{whole}.{part:0width$}"),
        }
    }
}

/// `$95,000` or `CHF 18,500.50`: sign, thousands separated by commas, decimals only when not zero.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u64.pow(self.currency.decimals());
        let magnitude = self.minor.unsigned_abs();
        let (whole, part) = (magnitude / scale, magnitude % scale);
        if self.minor < 0 {
            f.write_str("−")?;
        }
        f.write_str(self.currency.sign())?;
        f.write_str(&group_thousands(whole))?;
        if part != 0 {
            write!(f, ".{part:0width$}", width = self.currency.decimals() as usize)?;
        }
        Ok(())
    }
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn group_thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_money_the_way_people_read_it() {
        assert_eq!(Money::major(95_000, Currency::usd()).to_string(), "$95,000");
        assert_eq!(Money { minor: 1_850_050, currency: Currency::eur() }.to_string(), "€18,500.50");
        assert_eq!(Money::major(12_000_000, "JPY".parse().unwrap()).to_string(), "¥12,000,000");
        assert_eq!(Money { minor: -5, currency: "kwd".parse().unwrap() }.to_string(), "−KWD 0.005");
        let euros = Money { minor: 1_850_050, currency: Currency::eur() };
        assert_eq!(euros.words_in(Language::En), "€18,500.50");
        assert_eq!(euros.words_in(Language::De), "18.500,50 €");
        assert_eq!(
            Money { minor: -5, currency: "kwd".parse().unwrap() }.words_in(Language::De),
            "−0,005 KWD"
        );
    }

    #[test]
    fn amounts_are_read_with_the_decimals_of_their_currency() {
        let currency = |code: &str| code.parse::<Currency>().unwrap();
        for (text, code, minor, digits) in [
            ("2500", "USD", 250_000, "2500.00"),
            ("2,500.5", "USD", 250_050, "2500.50"),
            (" 0.99 ", "EUR", 99, "0.99"),
            ("1 000", "CHF", 100_000, "1000.00"),
            ("2,500", "JPY", 2_500, "2500"),
            ("2500", "KWD", 2_500_000, "2500.000"),
            ("1,234.567", "KWD", 1_234_567, "1234.567"),
        ] {
            let money = Money::typed(text, currency(code)).unwrap();
            assert_eq!((money.minor, money.digits().as_str()), (minor, digits), "{text} {code}");
            assert_eq!(Money::typed(digits, currency(code)), Some(money), "{digits} {code}");
        }
        for (wrong, code) in [
            ("", "USD"),
            ("x", "USD"),
            ("-5", "USD"),
            ("+5", "USD"),
            (".5", "USD"),
            ("1.2.3", "USD"),
            ("12,50", "EUR"),
            ("1.234", "USD"),
            ("2500.5", "JPY"),
            ("1.2345", "KWD"),
            ("99999999999999999999", "JPY"),
        ] {
            assert_eq!(Money::typed(wrong, currency(code)), None, "{wrong} {code}");
        }
    }

    #[test]
    fn names_the_currency_it_does_not_know() {
        let error = "XYZ".parse::<Currency>().unwrap_err();
        assert!(error.to_string().contains("`XYZ`"));
    }
}
