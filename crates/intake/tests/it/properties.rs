//! What holds for any input.

use gangway_domain::deal::DealFormat;
use gangway_intake::read_all;
use proptest::prelude::*;

use crate::support::{context, european, fixture};

const FORMATS: [Option<DealFormat>; 9] = [
    None,
    Some(DealFormat::Summary),
    Some(DealFormat::KeyValue),
    Some(DealFormat::Markdown),
    Some(DealFormat::Json),
    Some(DealFormat::Toml),
    Some(DealFormat::Yaml),
    Some(DealFormat::Hubspot),
    Some(DealFormat::Salesforce),
];

/// Pieces of real inputs in any order: they reach deeper than noise.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Customer: ",
        "ACV: ",
        "$95K",
        "€18.500",
        "1'250'000 CHF",
        "-",
        "60 days",
        "Go-live: ",
        "31.02.2027",
        "03/04/2027",
        "Stakeholders: ",
        "VP (sponsor)",
        ", ",
        ". ",
        "\n",
        "\n- ",
        "| a | b |\n|--|--|\n",
        "## ",
        "**Risk:** ",
        "3 plants",
        "Ü",
        "’",
        "\u{a0}",
        "¥",
        "mid-May ",
        "no go-live 15 Dec – 5 Jan",
        "we promised ",
        "(",
        ")",
        "[",
        "]",
        "{\"properties\":",
        "{\"acv\":",
        "}",
        "\"",
        ": ",
        "= ",
        "&a",
        "*a",
        "<sf:Name>",
        "<![CDATA[",
        "&#x41;",
        "99999999999999999999999",
        "0.000000000000000001",
        "a dozen ",
        "per month",
        "over 3 years",
        "not in scope: ",
        "chose us over ",
        "because ",
        "İ",
        "ẞ",
        "ﬁ",
        "e\u{301}",
        "12,34,567",
        "Q3 ",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn never_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), format in prop::sample::select(FORMATS.to_vec())) {
        let _ = read_all(&bytes, format, &context());
    }

    #[test]
    fn never_panics_on_text(text in "\\PC{0,200}", format in prop::sample::select(FORMATS.to_vec())) {
        let _ = read_all(text.as_bytes(), format, &context());
    }

    #[test]
    fn never_panics_on_pieces_and_is_deterministic(text in pieces(), format in prop::sample::select(FORMATS.to_vec())) {
        let first = read_all(text.as_bytes(), format, &european());
        prop_assert_eq!(first, read_all(text.as_bytes(), format, &european()));
    }

    #[test]
    fn survives_damage_to_real_deals(
        name in prop::sample::select(vec!["deals/acme.txt", "deals/nordwind.md", "deals/lumiere.yaml", "deals/tinyteam.txt", "deals/brightcare.json", "hubspot_deal.json", "salesforce_opportunity.json", "salesforce_message.xml"]),
        cut in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = fixture(name);
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        let _ = read_all(&bytes, None, &european());
        bytes.truncate(at);
        let _ = read_all(&bytes, None, &european());
    }
}
