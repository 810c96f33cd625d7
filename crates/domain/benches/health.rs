//! How long judging takes: health, its explanation and every computed signal of the built-in methodology, for one customer
//! and for 100,000 on one core. Facts are laid out anew for each, as after an event.

use std::collections::BTreeMap;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gangway_domain::deal::Severity;
use gangway_domain::health::{Models, OpenSignal, explain};
use gangway_domain::methodology::{HealthModel, SignalKind};
use gangway_domain::rule::{FactValue, Facts, Kind, Schema, Sheet};
use gangway_domain::signal::Watch;
use indexmap::IndexMap;
use jiff::civil::{Date, date};
use serde::Deserialize;

const CUSTOMERS: usize = 100_000;
const TODAY: Date = date(2027, 3, 1);
const MODELS: [&str; 3] = [
    include_str!("../../../methodology/health/adopted.toml"),
    include_str!("../../../methodology/health/onboarding.toml"),
    include_str!("../../../methodology/health/self-serve.toml"),
];
const SIGNALS: [&str; 7] = [
    include_str!("../../../methodology/signals/adoption.toml"),
    include_str!("../../../methodology/signals/engagement.toml"),
    include_str!("../../../methodology/signals/organizational.toml"),
    include_str!("../../../methodology/signals/progress.toml"),
    include_str!("../../../methodology/signals/sentiment.toml"),
    include_str!("../../../methodology/signals/technical.toml"),
    include_str!("../../../methodology/signals/triggers.toml"),
];

/// A file of signals.
#[derive(Deserialize)]
struct File {
    signal: Vec<SignalKind>,
}

/// Everything that is judged, compiled once.
struct Engine {
    models: Models,
    watch: Watch,
}

fn engine() -> Engine {
    let models = MODELS.iter().map(|text| toml::from_str::<HealthModel>(text).expect("it is built in"));
    let models: IndexMap<String, HealthModel> = models.map(|model| (model.id.clone(), model)).collect();
    let files = SIGNALS.iter().map(|text| toml::from_str::<File>(text).expect("it is built in"));
    let kinds: IndexMap<String, SignalKind> =
        files.flat_map(|file| file.signal).map(|kind| (kind.id.clone(), kind)).collect();
    Engine {
        models: Models::compile(&models, Schema::run()).expect("they are built in"),
        watch: Watch::compile(&kinds, Schema::run()).expect("they are built in"),
    }
}

/// Facts of a customer: nine in ten are known, with figures of their own.
fn facts(customer: usize) -> Facts {
    let mut groups: BTreeMap<&'static str, BTreeMap<&'static str, FactValue>> = BTreeMap::new();
    for (at, spec) in Schema::run().facts().iter().enumerate() {
        let figure = (customer * 31 + at * 17) % 101;
        if figure % 10 == 9 {
            continue;
        }
        let value = match (spec.name, spec.kind) {
            ("onboarding.segment", _) => FactValue::Text("mid-market".to_owned()),
            ("onboarding.phase", _) => FactValue::Text("onboarding".to_owned()),
            (_, Kind::Number) => FactValue::Int(i64::try_from(figure).unwrap_or(0)),
            (_, Kind::YesNo) => FactValue::Bool(figure > 50),
            (_, Kind::Text) => FactValue::Text("advocate".to_owned()),
            (_, Kind::List) => FactValue::List(vec!["kickoff".to_owned()]),
        };
        groups.entry(spec.group()).or_default().insert(spec.field(), value);
    }
    Facts(groups.into_iter().map(|(group, fields)| (group, FactValue::Group(fields))).collect())
}

/// Judges a customer; gives the number of signals and the score.
fn judge(engine: &Engine, facts: &Facts) -> (usize, Option<u32>) {
    let sheet = Sheet::new(Schema::run(), facts);
    let judged = engine.watch.judge(&sheet);
    let there = || judged.iter().filter(|one| one.truth.is_yes());
    let critical = there().filter(|one| one.severity == Severity::Critical);
    let open: Vec<OpenSignal> =
        critical.map(|one| OpenSignal { kind: one.kind.to_owned(), severity: one.severity }).collect();
    let score = engine.models.select(&sheet).and_then(|model| model.score(&sheet, &open, None, TODAY).score);
    (there().count(), score)
}

fn benches(criterion: &mut Criterion) {
    let engine = engine();
    // As many sets of facts as fit the memory, over and over.
    let customers: Vec<Facts> = (0..2_000).map(facts).collect();
    assert!(customers.iter().any(|facts| judge(&engine, facts).1.is_some()), "nobody has a score");
    criterion.bench_function("health/one customer", |bench| {
        bench.iter(|| judge(&engine, black_box(&customers[7])));
    });
    let sheets: Vec<Sheet<'_>> =
        customers.iter().take(2).map(|facts| Sheet::new(Schema::run(), facts)).collect();
    let scored: Vec<_> = sheets
        .iter()
        .filter_map(|sheet| Some(engine.models.select(sheet)?.score(sheet, &[], None, TODAY)))
        .collect();
    if let [before, after] = scored.as_slice() {
        criterion.bench_function("health/explanation", |bench| {
            bench.iter(|| explain(black_box(before), black_box(after)));
        });
    }
    let mut group = criterion.benchmark_group("health");
    group.sample_size(10).throughput(Throughput::Elements(CUSTOMERS as u64));
    group.bench_function("100,000 customers", |bench| {
        bench.iter(|| {
            let all = customers.iter().cycle().take(CUSTOMERS);
            all.map(|facts| judge(&engine, black_box(facts)).0).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group! {
    name = health;
    config = Criterion::default();
    targets = benches
}
criterion_main!(health);
