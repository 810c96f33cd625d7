//! How people write money, dates, durations and numbers: expected values written by hand.

use gangway_domain::deal::{DealFormat, GoLiveTarget};
use gangway_domain::fact::Confidence;
use gangway_domain::money::Currency;
use gangway_intake::{DateOrder, ReadContext};

use crate::support::{context, european, labelled as read};

/// Runs every row and reports all that differ at once.
fn check<T: PartialEq + std::fmt::Debug>(rows: &[(&str, T)], actual: impl Fn(&str) -> T) {
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|(text, expected)| {
            let found = actual(text);
            (found != *expected).then(|| format!("{text:?}: expected {expected:?}, found {found:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn money() {
    // Minor units and currency of the annual value; the workspace is in US dollars.
    const NONE: Option<(i64, &str)> = None;
    check(
        &[
            ("$95K", Some((9_500_000, "USD"))),
            ("$95k", Some((9_500_000, "USD"))),
            ("95k", Some((9_500_000, "USD"))),
            ("95K USD", Some((9_500_000, "USD"))),
            ("USD 95,000", Some((9_500_000, "USD"))),
            ("USD95k", Some((9_500_000, "USD"))),
            ("$ 95,000.00", Some((9_500_000, "USD"))),
            ("$95,000.50", Some((9_500_050, "USD"))),
            ("95 000 $", Some((9_500_000, "USD"))),
            ("240,000", Some((24_000_000, "USD"))),
            ("240000", Some((24_000_000, "USD"))),
            ("$1.2M", Some((120_000_000, "USD"))),
            ("US$1.2M", Some((120_000_000, "USD"))),
            ("$1.25 million", Some((125_000_000, "USD"))),
            ("1.2 mn USD", Some((120_000_000, "USD"))),
            ("$1,200,000", Some((120_000_000, "USD"))),
            ("$0.5M", Some((50_000_000, "USD"))),
            ("2.4k ARR", Some((240_000, "USD"))),
            ("95 thousand dollars", Some((9_500_000, "USD"))),
            ("ninety thousand dollars", Some((9_000_000, "USD"))),
            ("$95K/year", Some((9_500_000, "USD"))),
            ("$95K per annum", Some((9_500_000, "USD"))),
            ("$95K p.a.", Some((9_500_000, "USD"))),
            ("approx. $95K", Some((9_500_000, "USD"))),
            ("12k/month", Some((14_400_000, "USD"))),
            ("$1,000 per month", Some((1_200_000, "USD"))),
            ("$79/mo", Some((94_800, "USD"))),
            ("$3,000 MRR", Some((3_600_000, "USD"))),
            ("$10K a quarter", Some((4_000_000, "USD"))),
            ("$300K TCV over 3 years", Some((10_000_000, "USD"))),
            ("$300K over 3 years", Some((10_000_000, "USD"))),
            ("$285,000 total over 36 months", Some((9_500_000, "USD"))),
            ("€18.500", Some((1_850_000, "EUR"))),
            ("18.500 €", Some((1_850_000, "EUR"))),
            ("18.500,00 €", Some((1_850_000, "EUR"))),
            ("18 500 €", Some((1_850_000, "EUR"))),
            ("18\u{a0}500\u{a0}€", Some((1_850_000, "EUR"))),
            ("18\u{202f}500 €", Some((1_850_000, "EUR"))),
            ("18 500,75 €", Some((1_850_075, "EUR"))),
            ("EUR 480.000", Some((48_000_000, "EUR"))),
            ("480.000 EUR", Some((48_000_000, "EUR"))),
            ("480 TEUR", Some((48_000_000, "EUR"))),
            ("480 T€", Some((48_000_000, "EUR"))),
            ("1,5 Mio. €", Some((150_000_000, "EUR"))),
            ("1,5 Mio. EUR pro Jahr", Some((150_000_000, "EUR"))),
            ("2,5 k€", Some((250_000, "EUR"))),
            ("€1.234.567,89", Some((123_456_789, "EUR"))),
            ("12.000 Euro", Some((1_200_000, "EUR"))),
            ("1.000 € pro Monat", Some((1_200_000, "EUR"))),
            ("500 € par mois", Some((600_000, "EUR"))),
            ("36 000 euros par an", Some((3_600_000, "EUR"))),
            ("1'250'000 CHF", Some((125_000_000, "CHF"))),
            ("CHF 1’250’000", Some((125_000_000, "CHF"))),
            ("Fr. 12'500", Some((1_250_000, "CHF"))),
            ("£48,000", Some((4_800_000, "GBP"))),
            ("GBP 48k", Some((4_800_000, "GBP"))),
            ("48 thousand pounds", Some((4_800_000, "GBP"))),
            ("¥12,000,000", Some((12_000_000, "JPY"))),
            ("₹12,34,567", Some((123_456_700, "INR"))),
            ("INR 15 lakh", Some((150_000_000, "INR"))),
            ("A$60k", Some((6_000_000, "AUD"))),
            ("C$60,000", Some((6_000_000, "CAD"))),
            ("R$ 250.000", Some((25_000_000, "BRL"))),
            ("SEK 900 000", Some((90_000_000, "SEK"))),
            ("900 000 kr", Some((90_000_000, "SEK"))),
            ("kr 900 000 NOK", Some((90_000_000, "NOK"))),
            ("900 000 kronor", Some((90_000_000, "SEK"))),
            ("95.000,- €", Some((9_500_000, "EUR"))),
            ("95.000,-€", Some((9_500_000, "EUR"))),
            ("95.000,-- EUR", Some((9_500_000, "EUR"))),
            ("95.000,– €", Some((9_500_000, "EUR"))),
            ("EUR 95.000,-", Some((9_500_000, "EUR"))),
            ("95'000.- CHF", Some((9_500_000, "CHF"))),
            ("95.000,- € pro Jahr", Some((9_500_000, "EUR"))),
            ("EUR 95 T", Some((9_500_000, "EUR"))),
            ("EUR 95T", Some((9_500_000, "EUR"))),
            ("95 T€", Some((9_500_000, "EUR"))),
            ("95 T EUR", Some((9_500_000, "EUR"))),
            ("TEUR 95", Some((9_500_000, "EUR"))),
            ("TEUR 1,5", Some((150_000, "EUR"))),
            ("T€ 95", Some((9_500_000, "EUR"))),
            ("KEUR 95 p.a.", Some((9_500_000, "EUR"))),
            ("KWD 18.500", Some((18_500, "KWD"))),
            ("$18.500", Some((1_850_000, "USD"))),
            ("-$95K", NONE),
            ("$-95K", NONE),
            ("0", NONE),
            ("$99 billion", NONE),
            ("95,000 XYZ", NONE),
            ("lots", NONE),
        ],
        |text| {
            read("ACV", text, &context()).deal.acv.map(|fact| (fact.value.minor, fact.value.currency.code()))
        },
    );
}

#[test]
fn money_in_the_currency_of_the_workspace() {
    let canadian = ReadContext { default_currency: "CAD".parse::<Currency>().unwrap(), ..context() };
    let acv = |text: &str| {
        read("ACV", text, &canadian).deal.acv.map(|fact| (fact.value.minor, fact.value.currency.code()))
    };
    check(
        &[
            ("$95K", Some((9_500_000, "CAD"))),
            ("US$95K", Some((9_500_000, "USD"))),
            ("95000", Some((9_500_000, "CAD"))),
        ],
        acv,
    );
}

#[test]
fn crowns_are_those_of_the_customers_country_or_told_to_be_a_guess() {
    let open = |text: &str, default: &str| {
        let context = ReadContext { default_currency: default.parse::<Currency>().unwrap(), ..context() };
        gangway_intake::read(text.as_bytes(), Some(DealFormat::KeyValue), &context).unwrap()
    };
    for (text, default, currency, confidence, told) in [
        ("ACV: 900 000 kr", "USD", "SEK", Confidence::Medium, true),
        ("ACV: 900 000 kroner", "USD", "NOK", Confidence::Medium, true),
        ("ACV: 900 000 kr\nCountry: Norway", "USD", "NOK", Confidence::High, false),
        ("Country: Denmark\nACV: 900 000 kr", "USD", "DKK", Confidence::High, false),
        ("TCV: 900 000 kr\nTerm: 12 months\nCountry: Denmark", "USD", "DKK", Confidence::Medium, false),
        ("ACV: 900 000 kr\nCountry: Germany", "USD", "SEK", Confidence::Medium, true),
        ("ACV: 900 000 kr", "NOK", "NOK", Confidence::High, false),
        ("ACV: 900 000 SEK\nCountry: Norway", "USD", "SEK", Confidence::High, false),
    ] {
        let found = open(text, default);
        let acv = found.deal.acv.unwrap();
        assert_eq!((acv.value.currency.code(), acv.confidence), (currency, confidence), "{text}");
        assert_eq!(acv.value.whole(), 900_000, "{text}");
        let guessed = found.notices.iter().any(|notice| notice.code == "currency_assumed");
        assert_eq!(guessed, told, "{text}");
    }
}

#[test]
fn dates() {
    // Today is 23 November 2026; without a year the next such day is meant.
    let kickoff =
        |text: &str| read("Kickoff", text, &european()).deal.kickoff_on.map(|fact| fact.value.to_string());
    let some = |text: &str| Some(text.to_owned());
    check(
        &[
            ("2027-03-15", some("2027-03-15")),
            ("2027/03/15", some("2027-03-15")),
            ("2027-03-15T09:30:00Z", some("2027-03-15")),
            ("15/03/2027", some("2027-03-15")),
            ("03/15/2027", some("2027-03-15")),
            ("15.03.2027", some("2027-03-15")),
            ("15.3.27", some("2027-03-15")),
            ("15-03-2027", some("2027-03-15")),
            ("15. 3. 2027", some("2027-03-15")),
            ("15.3.", some("2027-03-15")),
            ("03/04/2027", some("2027-04-03")),
            ("15 March 2027", some("2027-03-15")),
            ("15th March 2027", some("2027-03-15")),
            ("the 15th of March, 2027", some("2027-03-15")),
            ("March 15, 2027", some("2027-03-15")),
            ("March 15th 2027", some("2027-03-15")),
            ("Mar. 15, 2027", some("2027-03-15")),
            ("Mar 15 2027", some("2027-03-15")),
            ("15-Mar-2027", some("2027-03-15")),
            ("March 3rd", some("2027-03-03")),
            ("3 March", some("2027-03-03")),
            ("Dec 1", some("2026-12-01")),
            ("1 Nov", some("2027-11-01")),
            ("Monday, 15 March 2027", some("2027-03-15")),
            ("3. März 2027", some("2027-03-03")),
            ("3. Maerz 2027", some("2027-03-03")),
            ("1. Jänner 2027", some("2027-01-01")),
            ("15. Dez. 2026", some("2026-12-15")),
            ("am 15. Dezember 2026", some("2026-12-15")),
            ("3 mars 2027", some("2027-03-03")),
            ("le 1er février 2027", some("2027-02-01")),
            ("14 août 2027", some("2027-08-14")),
            ("18 déc. 2026", some("2026-12-18")),
            ("3 de marzo de 2027", some("2027-03-03")),
            ("15 de enero del 2027", some("2027-01-15")),
            ("March 2027", some("2027-03-31")),
            ("März 2027", some("2027-03-31")),
            ("Q1 2027", some("2027-03-31")),
            ("Q3", some("2027-09-30")),
            ("Q4", some("2026-12-31")),
            ("end of Q1 2027", some("2027-03-31")),
            ("1. Quartal 2027", some("2027-03-31")),
            ("T2 2027", some("2027-06-30")),
            ("H1 2027", some("2027-06-30")),
            ("mid-May", some("2027-05-15")),
            ("Mitte Mai 2027", some("2027-05-15")),
            ("mi-mai 2027", some("2027-05-15")),
            ("early June 2027", some("2027-06-10")),
            ("late June 2027", some("2027-06-30")),
            ("end of March", some("2027-03-31")),
            ("Ende Februar 2028", some("2028-02-29")),
            ("fin mars 2027", some("2027-03-31")),
            ("a finales de marzo de 2027", some("2027-03-31")),
            ("end of year", some("2026-12-31")),
            ("EOY 2027", some("2027-12-31")),
            ("29 Feb 2028", some("2028-02-29")),
            ("29 Feb 2027", None),
            ("2027-02-29", None),
            ("31.04.2027", None),
            ("32/01/2027", None),
            ("2051-01-01", None),
            ("soon", None),
        ],
        kickoff,
    );
}

#[test]
fn ambiguous_dates_follow_the_order_given_and_say_so() {
    for (order, expected) in [
        (Some(DateOrder::DayFirst), "2027-04-03"),
        (Some(DateOrder::MonthFirst), "2027-03-04"),
        (None, "2027-04-03"),
    ] {
        let reading = read("Kickoff", "03/04/2027", &ReadContext { date_order: order, ..context() });
        assert_eq!(reading.deal.kickoff_on.unwrap().value.to_string(), expected);
        assert!(reading.notices.iter().any(|notice| notice.code == "ambiguous_date"), "{order:?}");
    }
    let sure = read("Kickoff", "13/04/2027", &context());
    assert!(sure.notices.is_empty(), "{:?}", sure.notices);
}

#[test]
fn go_live_targets() {
    let within = |days| Some(GoLiveTarget::Within { days });
    let on = |text: &str| Some(GoLiveTarget::On { date: text.parse().unwrap() });
    check(
        &[
            ("60 days", within(60)),
            ("60-day", within(60)),
            ("60d", within(60)),
            ("60", within(60)),
            ("within 60 days", within(60)),
            ("sixty days", within(60)),
            ("8 weeks", within(56)),
            ("8 wks", within(56)),
            ("eight weeks", within(56)),
            ("2 months", within(60)),
            ("3 Monate", within(90)),
            ("in 12 Wochen", within(84)),
            ("sous 8 semaines", within(56)),
            ("90 jours", within(90)),
            ("8 semanas", within(56)),
            ("45 business days", within(63)),
            ("40 Werktage", within(56)),
            ("a month", within(30)),
            ("~90 days", within(90)),
            ("1.5 months", within(45)),
            ("8 weeks after kickoff", within(56)),
            ("15 March 2027", on("2027-03-15")),
            ("by 15.03.2027", on("2027-03-15")),
            ("Q2 2027", on("2027-06-30")),
            ("end of January", on("2027-01-31")),
            ("0 days", None),
            ("as soon as possible", None),
        ],
        |text| read("Go-live target", text, &context()).deal.go_live.map(|fact| fact.value),
    );
}

#[test]
fn counts_and_terms() {
    check(
        &[
            ("900", Some(900)),
            ("~900", Some(900)),
            ("~900 users", Some(900)),
            ("about 40 people", Some(40)),
            ("1,200", Some(1_200)),
            ("1.200 Benutzer", Some(1_200)),
            ("1 200 utilisateurs", Some(1_200)),
            ("1'200", Some(1_200)),
            ("2.4k", Some(2_400)),
            ("2k+", Some(2_000)),
            ("500+", Some(500)),
            ("a dozen", Some(12)),
            ("two dozen", Some(24)),
            ("a hundred", Some(100)),
            ("twenty-five", Some(25)),
            ("rund 50", Some(50)),
            ("environ 45", Some(45)),
            ("up to 300", Some(300)),
            ("0", None),
            ("-20", None),
            ("many", None),
        ],
        |text| read("Users", text, &context()).deal.users.map(|fact| fact.value),
    );
    check(
        &[
            ("36 months", Some(36)),
            ("36", Some(36)),
            ("3 years", Some(36)),
            ("3-year", Some(36)),
            ("three years", Some(36)),
            ("1.5 years", Some(18)),
            ("24 Monate", Some(24)),
            ("2 Jahre", Some(24)),
            ("2 ans", Some(24)),
            ("un an", Some(12)),
            ("12 mois", Some(12)),
            ("2 años", Some(24)),
            ("annual", Some(12)),
            ("365 days", Some(12)),
            ("0 months", None),
            ("forever", None),
        ],
        |text| read("Term", text, &context()).deal.term_months.map(|fact| fact.value),
    );
    check(
        &[
            ("3 plants", Some((3, "plant"))),
            ("three plants", Some((3, "plant"))),
            ("3", Some((3, "site"))),
            ("12 Filialen", Some((12, "branch"))),
            ("4 Werke: Hamburg, Leipzig, Graz, Brno", Some((4, "plant"))),
            ("2 usines (Roubaix, Tourcoing)", Some((2, "plant"))),
            ("three manufacturing sites", Some((3, "site"))),
            ("Lyon, Annecy and Dijon", Some((3, "site"))),
            ("0 sites", None),
        ],
        |text| {
            read("Sites", text, &context()).deal.sites.map(|fact| (fact.value.count, fact.value.noun)).map(
                |(count, noun)| {
                    (
                        count,
                        match noun.as_str() {
                            "plant" => "plant",
                            "branch" => "branch",
                            "site" => "site",
                            _ => "?",
                        },
                    )
                },
            )
        },
    );
}

#[test]
fn blackouts() {
    let span = |text: &str| {
        read("Blackouts", text, &european())
            .deal
            .blackouts
            .first()
            .map(|b| (b.value.from.to_string(), b.value.to.to_string()))
    };
    let some = |from: &str, to: &str| Some((from.to_owned(), to.to_owned()));
    check(
        &[
            ("15 Dec – 5 Jan", some("2026-12-15", "2027-01-05")),
            ("15 Dec 2026 to 5 Jan 2027", some("2026-12-15", "2027-01-05")),
            ("from December 15 until January 5", some("2026-12-15", "2027-01-05")),
            ("2026-12-15 to 2027-01-05", some("2026-12-15", "2027-01-05")),
            ("20.12.2026 bis 06.01.2027", some("2026-12-20", "2027-01-06")),
            ("vom 20.12. bis 6.1.", some("2026-12-20", "2027-01-06")),
            ("1–20 August 2027", some("2027-08-01", "2027-08-20")),
            ("du 1er au 22 août 2027", some("2027-08-01", "2027-08-22")),
            ("freeze in December", some("2026-12-01", "2026-12-31")),
            ("August 2027", some("2027-08-01", "2027-08-31")),
        ],
        span,
    );
}

#[test]
fn the_length_of_the_sale_is_told_in_english() {
    let told = |text: &str| read("Sales cycle", text, &european()).deal.sales_cycle.map(|fact| fact.value);
    let some = |text: &str| Some(text.to_owned());
    check(
        &[
            ("7 Monate", some("7 months")),
            ("1 Monat", some("1 month")),
            ("6 semaines", some("6 weeks")),
            ("90 días", some("90 days")),
            ("5 months", some("5 months")),
            // What is more than a number and its unit stays as it was written.
            ("rund 7 Monate", some("rund 7 Monate")),
            ("7 Monate mit Pause", some("7 Monate mit Pause")),
        ],
        told,
    );
}
