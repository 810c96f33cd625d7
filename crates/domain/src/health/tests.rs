use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::deal::Severity;
use crate::methodology::HealthModel;
use crate::rule::{FactValue, Facts, Schema, Sheet};

const TODAY: Date = date(2027, 3, 1);

/// Two components of 60 and 40; the second has a survey that ages and a count of sign-ins that proves nothing.
const MODEL: &str = r#"
id = "small"
version = 3
name = "Small"
min_coverage_percent = 50

[[component]]
id = "progress"
name = "Progress"
weight = 60
inputs = []
scoring = ""
green = ""
yellow = ""
red = ""
input = [{ id = "on-time", name = "On time", score = "plan.percent_on_time", words = "{plan.percent_on_time} % on time" }]

[[component]]
id = "adoption"
name = "Adoption"
weight = 40
inputs = []
scoring = ""
green = ""
yellow = ""
red = ""
input = [
  { id = "mood", name = "Mood", weight = 3, score = "20 * surveys.satisfaction", age = "surveys.days_since_answer", valid_days = 30, words = "{surveys.satisfaction} of 5" },
  { id = "logins", name = "Sign-ins", weight = 1, score = "usage.logins", vanity = true, words = "{usage.logins:sign-in|sign-ins}" },
]

[[status]]
name = "Good"
from = 70
response = ""

[[status]]
name = "Fair"
from = 50
response = ""

[[status]]
name = "Bad"
from = 0
response = ""

[[cap]]
critical_signals = 2
status = "Bad"

[[cap]]
critical_signals = 1
status = "Fair"
"#;

fn read(text: &str) -> HealthModel {
    toml::from_str(text).unwrap()
}

fn model() -> Model {
    Model::compile(&read(MODEL), Schema::run()).unwrap()
}

fn facts(numbers: &[(&'static str, &'static str, i64)]) -> Facts {
    let mut groups: BTreeMap<&'static str, BTreeMap<&'static str, FactValue>> = BTreeMap::new();
    for &(group, field, number) in numbers {
        groups.entry(group).or_default().insert(field, FactValue::Int(number));
    }
    Facts(groups.into_iter().map(|(group, fields)| (group, FactValue::Group(fields))).collect())
}

/// 80 % on time; 4 of 5 said so many days ago; 100 sign-ins.
fn known(days_ago: i64) -> Facts {
    facts(&[
        ("plan", "percent_on_time", 80),
        ("surveys", "satisfaction", 4),
        ("surveys", "days_since_answer", days_ago),
        ("usage", "logins", 100),
    ])
}

fn score(facts: &Facts) -> Assessment {
    model().score(&Sheet::new(Schema::run(), facts), &[], None, TODAY)
}

fn critical(kinds: &[&str]) -> Vec<OpenSignal> {
    let signal = |kind: &&str| OpenSignal { kind: (*kind).to_owned(), severity: Severity::Critical };
    kinds.iter().map(signal).collect()
}

#[test]
fn the_score_is_the_weighted_mean_with_its_arithmetic() {
    let found = score(&known(10));
    // Adoption: (3 · 80 + 1 · 100) ÷ 4 = 85. The whole: 0.6 · 80 + 0.4 · 85 = 48 + 34 = 82.
    assert_eq!((found.raw, found.score, found.coverage_percent), (Points(82_000), Some(82), 100));
    assert_eq!((found.status.as_str(), found.by_score.as_str()), ("Good", "Good"));
    let points: Vec<Points> = found.components.iter().map(|one| one.points).collect();
    assert_eq!(points, [Points(48_000), Points(34_000)]);
    let adoption = &found.components[1];
    assert_eq!(adoption.score, Some(Points(85_000)));
    // Mood: 80 · 0.4 · 3 ÷ 4 = 24; sign-ins: 100 · 0.4 ÷ 4 = 10.
    assert_eq!((adoption.inputs[0].points, adoption.inputs[1].points), (Points(24_000), Points(10_000)));
    assert_eq!(adoption.inputs[0].words, "4 of 5");
    assert_eq!((adoption.inputs[0].age_days, &adoption.inputs[0].state), (Some(10), &InputState::Counted));
    assert!(found.warnings.is_empty());
}

#[test]
fn an_input_counts_in_full_then_fades_then_is_gone() {
    let at = |days: i64| {
        let found = score(&known(days));
        let mood = &found.components[1].inputs[0];
        (mood.fresh_percent, mood.state.word(), found.coverage_percent)
    };
    assert_eq!(at(30), (100, "counted", 100));
    // Halfway through the second thirty days half of it is left, and so of the component's 40 %... but the sign-ins are
    // of today and keep the component fresh.
    assert_eq!(at(45), (50, "faded", 100));
    assert_eq!(at(59), (3, "faded", 100));
    // Gone: the sign-ins are left alone and prove nothing.
    assert_eq!(at(60), (0, "stale", 60));
    // At 45 days: adoption = (3 · 50 · 80 + 100 · 100) ÷ (150 + 100) = 22,000 ÷ 250 = 88.
    assert_eq!(score(&known(45)).components[1].score, Some(Points(88_000)));
}

#[test]
fn a_component_loses_weight_with_the_freshest_of_its_inputs() {
    let mut old = known(45);
    old.0.remove("usage");
    let found = score(&old);
    // Half of 40 % is left: coverage 80 %; (60 · 80 + 20 · 80) ÷ 80 = 80.
    assert_eq!((found.coverage_percent, found.raw), (80, Points(80_000)));
    assert_eq!(found.components[1].points, Points(20_000));
    assert_eq!(
        found.components[1].inputs[1].state,
        InputState::NoData { missing: vec!["usage.logins".to_owned()] }
    );
}

#[test]
fn sign_ins_never_count_alone() {
    let found = score(&facts(&[("plan", "percent_on_time", 40), ("usage", "logins", 100)]));
    assert_eq!((found.score, found.coverage_percent, found.status.as_str()), (Some(40), 60, "Bad"));
    assert_eq!(found.components[1].score, None);
    assert_eq!(found.components[1].inputs[1].state, InputState::VanityOnly);
    assert!(found.warnings[0].contains("does not count alone"), "{:?}", found.warnings);
}

#[test]
fn too_little_data_gives_no_score() {
    let found = score(&facts(&[("surveys", "satisfaction", 5)]));
    assert_eq!((found.score, found.coverage_percent, found.status.as_str()), (None, 40, INSUFFICIENT));
    // What counts is still told, and an age nobody knows is that of today.
    assert_eq!(found.raw, Points(100_000));
    let nothing = score(&Facts::default());
    assert_eq!((nothing.raw, nothing.score, nothing.coverage_percent), (Points::ZERO, None, 0));
    let critical =
        model().score(&Sheet::new(Schema::run(), &Facts::default()), &critical(&["a"]), None, TODAY);
    assert_eq!((critical.status.as_str(), critical.cap), (INSUFFICIENT, None));
}

#[test]
fn critical_signals_cap_and_a_persons_word_stands_above() {
    let facts = known(10);
    let sheet = Sheet::new(Schema::run(), &facts);
    let one = model().score(&sheet, &critical(&["gone"]), None, TODAY);
    assert_eq!((one.status.as_str(), one.by_score.as_str(), one.score), ("Fair", "Good", Some(69)));
    assert_eq!(one.cap, Some(Cap { status: "Fair".to_owned(), signals: vec!["gone".to_owned()] }));
    assert_eq!(one.raw, Points(82_000));
    let two = model().score(&sheet, &critical(&["gone", "silent"]), None, TODAY);
    assert_eq!((two.status.as_str(), two.score), ("Bad", Some(49)));
    let high = [OpenSignal { kind: "slow".to_owned(), severity: Severity::High }];
    assert_eq!(model().score(&sheet, &high, None, TODAY).cap, None);
    let word = Override {
        status: "Good".to_owned(),
        reason: "They renewed".to_owned(),
        by: "Ida".to_owned(),
        until: TODAY,
    };
    let said = model().score(&sheet, &critical(&["gone"]), Some(&word), TODAY);
    assert_eq!((said.status.as_str(), said.score), ("Good", Some(69)));
    assert_eq!(said.by_hand.as_ref(), Some(&word));
    let over = model().score(&sheet, &critical(&["gone"]), Some(&word), TODAY.tomorrow().unwrap());
    assert_eq!((over.status.as_str(), over.by_hand), ("Fair", None));
}

#[test]
fn moves_add_up_to_the_difference() {
    let before = score(&known(10));
    let mut worse = known(10);
    worse.0.remove("surveys");
    let after = score(&worse);
    let moves = explain(&before, &after);
    let sum: Points = moves.iter().map(|one| one.points).sum();
    assert_eq!(sum, after.raw - before.raw);
    let told: Vec<(&str, Cause, Points)> =
        moves.iter().map(|one| (one.input.as_str(), one.cause, one.points)).collect();
    // Progress alone is left: 80 of 100 instead of 48; mood and sign-ins give nothing.
    assert_eq!(
        told,
        [
            ("on-time", Cause::Weight, Points(32_000)),
            ("mood", Cause::Gone, Points(-24_000)),
            ("logins", Cause::Gone, Points(-10_000)),
        ]
    );
    assert!(explain(&before, &before).is_empty());
    // Mood fades to half: 150 · 80 ÷ 250 · 0.4 = 19.2 instead of 24; the sign-ins get what it loses of the weight.
    let faded = explain(&score(&known(30)), &score(&known(45)));
    let told: Vec<(&str, Cause, Points)> =
        faded.iter().map(|one| (one.input.as_str(), one.cause, one.points)).collect();
    assert_eq!(told, [("logins", Cause::Weight, Points(6_000)), ("mood", Cause::Age, Points(-4_800))]);
}

#[test]
fn what_would_be_if_a_fact_were_another() {
    let changes = [("plan.percent_on_time".to_owned(), Some(FactValue::Int(30)))];
    let now = Moment { day: TODAY, facts: known(10), signals: Vec::new(), by_hand: None };
    let found = what_if(&model(), &now, &changes, Schema::run()).unwrap();
    // 0.6 · (30 − 80) = −30.
    assert_eq!((found.before.score, found.after.score), (Some(82), Some(52)));
    assert_eq!(
        (found.moves.len(), found.moves[0].points, found.moves[0].cause),
        (1, Points(-30_000), Cause::Value)
    );
    let wrong = [("plan.on_time".to_owned(), None)];
    assert!(what_if(&model(), &now, &wrong, Schema::run()).is_err());
}

#[test]
fn models_stand_side_by_side_over_history() {
    let other = Model::compile(
        &read(&MODEL.replace("weight = 60", "weight = 50").replace("weight = 40", "weight = 50")),
        Schema::run(),
    );
    let (one, other) = (model(), other.unwrap());
    let moment =
        |day: Date, days_ago| Moment { day, facts: known(days_ago), signals: Vec::new(), by_hand: None };
    let history = [moment(TODAY, 10), moment(TODAY.tomorrow().unwrap(), 11)];
    let found = replay(&[&one, &other], &history, Schema::run());
    // The other: 0.5 · 80 + 0.5 · 85 = 82.5, which rounds to 83.
    let scores: Vec<Vec<Option<u32>>> =
        found.iter().map(|day| day.assessments.iter().map(|one| one.score).collect()).collect();
    assert_eq!(scores, [[Some(82), Some(83)], [Some(82), Some(83)]]);
    assert_eq!(found[1].day, TODAY.tomorrow().unwrap());
}

#[test]
fn the_model_with_the_most_conditions_is_taken() {
    let mut models = IndexMap::new();
    for (id, applies) in [
        ("all", ""),
        ("smb", "segments = ['smb', 'self-serve']"),
        ("self-serve", "segments = ['self-serve']"),
        ("adopted", "phases = ['adopted']\nsegments = ['smb']"),
        ("large", "when = 'contract.value > 1000'\nphases = ['adopted']\nsegments = ['smb']"),
    ] {
        let mut model = read(&format!("{MODEL}\n[applies]\n{applies}\n"));
        model.id = id.to_owned();
        models.insert(id.to_owned(), model);
    }
    let models = Models::compile(&models, Schema::run()).unwrap();
    let pick = |segment: &str, phase: &str, value: i64| {
        let text = |name, text: &str| (name, FactValue::Text(text.to_owned()));
        let facts = Facts(BTreeMap::from([
            (
                "onboarding",
                FactValue::Group(BTreeMap::from([text("segment", segment), text("phase", phase)])),
            ),
            ("contract", FactValue::Group(BTreeMap::from([("value", FactValue::Int(value))]))),
        ]));
        models
            .select(&Sheet::new(Schema::run(), &facts))
            .map(|model| model.id().to_owned())
            .unwrap_or_default()
    };
    assert_eq!(pick("enterprise", "onboarding", 0), "all");
    assert_eq!(pick("smb", "onboarding", 0), "smb");
    assert_eq!(pick("self-serve", "onboarding", 0), "self-serve");
    assert_eq!(pick("smb", "adopted", 0), "adopted");
    assert_eq!(pick("smb", "adopted", 5_000), "large");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let wrong = |from: &str, to: &str| {
        let errors = Model::compile(&read(&MODEL.replacen(from, to, 1)), Schema::run()).unwrap_err();
        errors.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join("\n")
    };
    assert!(wrong("weight = 60", "weight = 50").starts_with("component: the weights sum to 90"));
    let name = wrong("\"plan.percent_on_time\"", "\"plan.percent_in_time\"");
    assert!(
        name.starts_with("component.0.input.0.score: ") && name.contains("plan.percent_on_time"),
        "{name}"
    );
    assert!(
        wrong("20 * surveys.satisfaction", "surveys.satisfaction > 3").contains("must give a whole number")
    );
    assert!(
        wrong("age = \"surveys.days_since_answer\", ", "").starts_with("component.1.input.0: `valid_days`")
    );
    assert!(wrong("valid_days = 30, ", "").starts_with("component.1.input.0: `age`"));
    assert!(wrong("valid_days = 30", "valid_days = 0").starts_with("component.1.input.0.valid_days"));
    assert!(wrong("surveys.days_since_answer", "onboarding.segment").starts_with("component.1.input.0.age"));
    assert!(wrong("{usage.logins:", "{usage.login:").starts_with("component.1.input.1.words"));
    assert!(wrong("from = 50", "from = 75").starts_with("status.1.from"));
    assert!(wrong("status = \"Bad\"", "status = \"Worse\"").starts_with("cap.0.status"));
    assert!(wrong("critical_signals = 2", "critical_signals = 1").starts_with("cap.1.critical_signals"));
}

#[test]
fn adoption_by_sign_ins_is_warned_of() {
    assert!(model().warnings().is_empty());
    let told = |text: &str| {
        let model = Model::compile(&read(text), Schema::run()).unwrap();
        model.warnings().iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert!(told(&MODEL.replace("vanity = true, ", "")).contains("`vanity = true`"));
    let alone = MODEL.replace("words = \"{surveys.satisfaction} of 5\"", "vanity = true, words = \"\"");
    assert!(told(&alone).contains("will never have data"));
}

proptest! {
    /// Whatever is known: contributions add up, the score is a mean, nothing leaves its bounds, and what moved it adds up.
    #[test]
    fn contributions_add_up(
        on_time in proptest::option::of(-50_i64..200),
        mood in proptest::option::of(-1_i64..9),
        age in proptest::option::of(-3_i64..90),
        logins in proptest::option::of(0_i64..1_000),
        other_mood in proptest::option::of(0_i64..6),
    ) {
        let build = |mood: Option<i64>| {
            let all = [
                on_time.map(|number| ("plan", "percent_on_time", number)),
                mood.map(|number| ("surveys", "satisfaction", number)),
                age.map(|number| ("surveys", "days_since_answer", number)),
                logins.map(|number| ("usage", "logins", number)),
            ];
            facts(&all.into_iter().flatten().collect::<Vec<_>>())
        };
        let (before, after) = (score(&build(mood)), score(&build(other_mood)));
        for found in [&before, &after] {
            prop_assert_eq!(found.raw, found.components.iter().map(|one| one.points).sum::<Points>());
            for component in &found.components {
                prop_assert_eq!(component.points, component.inputs.iter().map(|one| one.points).sum::<Points>());
            }
            prop_assert!((0..=100_010).contains(&found.raw.0));
            prop_assert!(found.coverage_percent <= 100);
            prop_assert_eq!(found.score.is_none(), found.coverage_percent < 50);
        }
        let moved: Points = explain(&before, &after).iter().map(|one| one.points).sum();
        prop_assert_eq!(moved, after.raw - before.raw);
    }
}
