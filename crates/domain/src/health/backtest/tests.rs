use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

/// Counted from the definitions by `oracles/backtest_golden.py`.
const GOLDEN: &str = include_str!("../oracles/backtest.golden.json");

fn day(value: &Value) -> Date {
    value.as_str().unwrap().parse().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

fn share(share: Option<Share>) -> Value {
    share.map_or(Value::Null, |one| serde_json::json!([one.hits, one.of, one.thousandths, one.low, one.high]))
}

fn as_golden(found: &Foretold) -> Value {
    serde_json::json!({
        "counts": [
            found.true_positives, found.false_positives, found.false_negatives, found.true_negatives, found.undecided,
        ],
        "precision": share(found.precision),
        "recall": share(found.recall),
        "specificity": share(found.specificity),
        "median_lead_halves": found.median_lead_days.map(|lead| lead.0),
    })
}

#[test]
fn counts_as_the_definitions_do() {
    let cases: Vec<Value> = serde_json::from_str(GOLDEN).unwrap();
    assert_eq!(cases.len(), 12);
    for case in &cases {
        let list = |key: &str| case[key].as_array().unwrap();
        let watched: Vec<Watched> = list("watched")
            .iter()
            .map(|row| Watched {
                entity: text(&row[0]),
                from: day(&row[1]),
                until: day(&row[2]),
                event: row[3].as_str().map(|day| day.parse().unwrap()),
            })
            .collect();
        let fired: Vec<Fired> = list("fired")
            .iter()
            .map(|row| Fired { entity: text(&row[0]), kind: "late".to_owned(), day: day(&row[1]) })
            .collect();
        let scored: Vec<Scored> = list("scored")
            .iter()
            .map(|row| Scored { entity: text(&row[0]), day: day(&row[1]), score: number(&row[2]) })
            .collect();
        let (horizon, below) = (number(&case["horizon"]), number(&case["below"]));
        if !fired.is_empty() {
            assert_eq!(as_golden(&signals(&watched, &fired, horizon)[0]), case["signal"]);
        }
        let tested = scores(&watched, &scored, horizon, below);
        assert_eq!(tested.events, number(&case["events"]));
        assert_eq!(tested.others, number(&case["others"]));
        assert_eq!(tested.auc_thousandths, case["auc"].as_u64().map(|auc| u32::try_from(auc).unwrap()));
        assert_eq!(as_golden(&tested.at_threshold), case["threshold"]);
    }
}

/// Wilson's own formula by hand for 10 of 16: (10 + 1.9207) ÷ 19.8415 = 0.60080;
/// 1.95996 ÷ 19.8415 · √(10 · 6 ÷ 16 + 0.96036) = 0.21441.
#[test]
fn shares_have_wilsons_interval() {
    let share = Share::of(10, 16).unwrap();
    assert_eq!((share.thousandths, share.low, share.high), (625, 386, 815));
    assert_eq!(share.to_string(), "62.5 % (10 of 16; 38.6 to 81.5 %)");
    assert_eq!(Share::of(0, 0), None);
    let none = Share::of(0, 10).unwrap();
    assert_eq!((none.low, none.thousandths), (0, 0));
    assert_eq!(Share::of(10, 10).unwrap().high, 1_000);
}

#[test]
fn medians_are_halves() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3]).unwrap().to_string(), "3");
    assert_eq!(median(&[4, 1]).unwrap().to_string(), "2.5");
    assert_eq!(median(&[-4, -1]).unwrap().to_string(), "−2.5");
    assert_eq!(median(&[9, 1, 5]).unwrap(), Halves(10));
}

/// Two customers it happened to, scores 40 and 60; three others, 50, 60 and 90. Of six pairs the first wins three, the
/// second one and a half: 4.5 ÷ 6.
#[test]
fn the_area_under_the_curve_counts_pairs() {
    assert_eq!(auc(&[40, 60], vec![50, 60, 90]), Some(750));
    assert_eq!(auc(&[50], vec![50]), Some(500));
    assert_eq!(auc(&[], vec![50]), None);
}

#[test]
fn a_warning_on_the_day_itself_foretells_nothing() {
    let watched = [Watched {
        entity: "a".to_owned(),
        from: date(2026, 1, 1),
        until: date(2026, 6, 30),
        event: Some(date(2026, 3, 31)),
    }];
    let lead = |day: Date| {
        let fired = [Fired { entity: "a".to_owned(), kind: "k".to_owned(), day }];
        signals(&watched, &fired, 30)[0].median_lead_days
    };
    assert_eq!(lead(date(2026, 3, 31)), None);
    assert_eq!(lead(date(2026, 3, 30)), Some(Halves(2)));
    assert_eq!(lead(date(2026, 3, 1)), Some(Halves(60)));
    assert_eq!(lead(date(2026, 2, 28)), None, "31 days before");
}

proptest! {
    /// Turning every score upside down turns the area upside down, and scaling changes nothing.
    #[test]
    fn the_area_is_of_ranks(events in proptest::collection::vec(0_u32..100, 1..20), others in proptest::collection::vec(0_u32..100, 1..20)) {
        let found = auc(&events, others.clone()).unwrap();
        let flip = |scores: &[u32]| scores.iter().map(|score| 100 - score).collect::<Vec<u32>>();
        let flipped = auc(&flip(&events), flip(&others)).unwrap();
        // Both are rounded half up, so they may add up to one too many.
        prop_assert!((1_000..=1_001).contains(&(found + flipped)));
        let scaled: Vec<u32> = events.iter().map(|score| 3 * score + 7).collect();
        prop_assert_eq!(auc(&scaled, others.iter().map(|score| 3 * score + 7).collect()), Some(found));
    }
}
