//! Which segment a deal is given, what each facet makes of it, and what a segment's programme then gives.

#![expect(clippy::unwrap_used, reason = "helpers of tests: a panic is the failing test")]

use std::collections::BTreeSet;

use gangway_domain::deal::{Deal, Integration, Maturity, Sites};
use gangway_domain::fact::{Confidence, Fact};
use gangway_domain::money::{Currency, Money};
use gangway_domain::package::Segmentation;
use gangway_domain::segment::{FACETS, recommend};
use gangway_methodology::{Library, Methodology};

fn builtin() -> Methodology {
    Library::builtin().load().unwrap()
}

fn said<T>(value: T) -> Fact<T> {
    Fact::derived(value, "", Confidence::High)
}

fn worth(units: i64) -> Option<Fact<Money>> {
    Some(said(Money::major(units, "USD".parse::<Currency>().unwrap())))
}

fn integrations(count: usize) -> Vec<Fact<Integration>> {
    let system = |number: usize| Integration { system: format!("System {number}"), detail: None };
    (1..=count).map(|number| said(system(number))).collect()
}

/// A deal of which everything is known and nothing pulls but that there is no integration.
fn plain() -> Deal {
    Deal {
        acv: worth(60_000),
        users: Some(said(20)),
        industry: Some(said("Retail".to_owned())),
        maturity: Some(said(Maturity::Practitioner)),
        use_cases: vec![said("tracing".to_owned())],
        data_sources: vec![said("Old tracker".to_owned())],
        ..Deal::default()
    }
}

fn recommended(deal: &Deal) -> Segmentation {
    recommend(deal, &builtin(), None).unwrap()
}

/// Facet and points of all that pulls.
fn pulls(of: &Segmentation) -> Vec<(&str, i32)> {
    let pulling = of.reasons.iter().filter(|reason| reason.pull != 0);
    pulling.map(|reason| (reason.facet.as_str(), reason.pull)).collect()
}

/// A facet, how it pulls, with what reason, and the change of a deal that makes it.
type Pull = (&'static str, i32, &'static str, fn(&mut Deal));

#[test]
fn each_facet_pulls_alone() {
    let table: [Pull; 10] = [
        ("complexity", 1, "Custom implementation", |deal| {
            deal.sites = Some(said(Sites { count: 12, noun: "store".to_owned(), names: Vec::new() }));
        }),
        ("complexity", -1, "Standard use case", |deal| deal.data_sources.clear()),
        ("users", 1, "50 users ", |deal| deal.users = Some(said(50))),
        ("users", -1, "Only 9 users", |deal| deal.users = Some(said(9))),
        ("integrations", 1, "One system to integrate", |deal| deal.integrations = integrations(1)),
        ("integrations", 1, "2 systems to integrate", |deal| deal.integrations = integrations(2)),
        ("industry", 1, "Regulated industry", |deal| {
            deal.industry = Some(said("Private banking".to_owned()));
        }),
        ("maturity", 1, "New to this kind", |deal| deal.maturity = Some(said(Maturity::Novice))),
        ("maturity", -1, "Knows this kind", |deal| deal.maturity = Some(said(Maturity::Expert))),
        ("use-case", 1, "3 use cases", |deal| {
            deal.use_cases.extend([said("recalls".to_owned()), said("audits".to_owned())]);
        }),
    ];
    assert_eq!(pulls(&recommended(&plain())), [("integrations", -1)]);
    for (facet, pull, text, change) in table {
        let mut deal = plain();
        change(&mut deal);
        let found = recommended(&deal);
        let mut wanted = vec![(facet, pull)];
        if facet != "integrations" {
            wanted.push(("integrations", -1));
        }
        let mut pulling = pulls(&found);
        pulling.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(pulling, wanted, "{text}");
        let reason = found.reasons.iter().find(|reason| reason.facet == facet).unwrap();
        assert!(reason.text.starts_with(text) && !reason.neutral, "{reason:?}");
        assert_eq!(found.segment, "mid-market", "{text}: one point moves nobody");
    }
}

#[test]
fn value_alone_chooses_where_to_start() {
    for (units, segment) in [
        (4_999, "self-serve"),
        (5_000, "smb"),
        (25_000, "mid-market"),
        (99_999, "mid-market"),
        (100_000, "enterprise"),
    ] {
        let found = recommended(&Deal { acv: worth(units), ..plain() });
        assert_eq!((found.by_value.as_deref(), found.segment.as_str()), (Some(segment), segment), "{units}");
        assert_eq!(found.reasons[0].facet, "value");
    }
}

#[test]
fn facets_that_add_up_move_a_deal_by_one_segment() {
    let mut up = Deal { integrations: integrations(1), users: Some(said(60)), ..plain() };
    up.maturity = Some(said(Maturity::Novice));
    let three = recommended(&up);
    assert_eq!((pulls(&three).len(), three.segment.as_str()), (3, "mid-market"));
    up.industry = Some(said("Insurance".to_owned()));
    let four = recommended(&up);
    assert_eq!((four.by_value.as_deref(), four.segment.as_str()), (Some("mid-market"), "enterprise"));
    let last = four.reasons.last().unwrap();
    assert_eq!(last.facet, "together");
    assert_eq!(
        last.text,
        "Together these call for more touch than value alone: Enterprise instead of Mid-Market."
    );

    let mut down = Deal { users: Some(said(5)), ..plain() };
    down.maturity = Some(said(Maturity::Expert));
    assert_eq!(recommended(&down).segment, "mid-market");
    down.data_sources.clear();
    let four = recommended(&down);
    assert_eq!(four.segment, "smb");
    assert!(four.reasons.last().unwrap().text.contains("less touch"), "{:?}", four.reasons);
}

#[test]
fn every_facet_is_spoken_of_whether_it_pulls_or_not() {
    for deal in [plain(), Deal::default()] {
        let found = recommended(&deal);
        for facet in FACETS {
            let reasons = found.reasons.iter().filter(|reason| reason.facet == facet);
            assert!(reasons.clone().count() >= 1, "{facet}: {:?}", found.reasons);
            assert!(reasons.filter(|reason| reason.neutral).all(|reason| reason.pull == 0), "{facet}");
        }
    }
    let neutral = |deal: &Deal| -> Vec<String> {
        let found = recommended(deal).reasons.into_iter();
        found.filter(|reason| reason.neutral).map(|reason| reason.text).collect()
    };
    assert_eq!(
        neutral(&plain()),
        [
            "Between a standard and a custom case: 1 data source, 1 site, 1 product and 1 use case",
            "20 users pull neither way",
            "The industry pulls neither way: Retail",
            "Their experience pulls neither way: have used something like it before",
            "1 use case pulls neither way",
        ]
    );
    assert_eq!(
        neutral(&Deal::default()),
        [
            "How many people will use it is not known: ask the project lead",
            "The industry is not known: ask sales, and whether it is regulated",
            "Their experience with this kind of product is not known: ask at the introduction",
            "No use case is named: ask what they want to reach first",
        ]
    );
}

/// Executives monthly, steering every two weeks, working sessions weekly where people meet; less often below [004].
#[test]
fn each_segment_is_governed_as_often_as_its_touch_asks_for() {
    let m = builtin();
    let high = &[
        ("Executive review", "Monthly"),
        ("Steering committee", "Every two weeks"),
        ("Working session", "Weekly"),
        ("Expert call", "As needed"),
    ][..];
    let low = &[
        ("Check-in", "Monthly"),
        ("Question hour", "Weekly, open to all customers"),
        ("Ad hoc call", "As needed"),
    ][..];
    let tech = &[("Journey review", "Monthly"), ("Open session", "Weekly, open to all customers")][..];
    for (segment, forums) in [("enterprise", high), ("mid-market", high), ("smb", low), ("self-serve", tech)]
    {
        let held: Vec<(&str, &str)> = m.programmes[segment]
            .governance
            .iter()
            .map(|forum| (forum.name.as_str(), forum.frequency.as_str()))
            .collect();
        assert_eq!(held, forums, "{segment}");
    }
}

#[test]
fn each_segment_trains_the_audiences_it_has() {
    let m = builtin();
    let high = &["administrator", "end-user", "executive", "new-hire", "power-user", "train-the-trainer"][..];
    for (segment, audiences) in [
        ("enterprise", high),
        ("mid-market", high),
        ("smb", &["administrator", "end-user", "new-hire"][..]),
        ("self-serve", &["first-steps"][..]),
    ] {
        let tracks: BTreeSet<&str> =
            m.programmes[segment].training.iter().map(|training| training.track.as_str()).collect();
        let audiences: BTreeSet<&str> = audiences.iter().copied().collect();
        assert_eq!(tracks, audiences, "{segment}");
    }
}

/// Midway, at the end and 30 days later; after the kickoff as well where there is one [004].
#[test]
fn each_segment_asks_at_the_moments_of_the_source() {
    let m = builtin();
    let asked = |segment: &str| -> Vec<(String, String, u32)> {
        let surveys = m.programmes[segment].surveys.iter();
        surveys.map(|one| (one.survey.clone(), one.after.clone(), one.days)).collect()
    };
    for (segment, wanted) in [
        (
            "enterprise",
            &[
                ("kickoff", "kickoff", 1),
                ("midpoint", "early-use-gate", 0),
                ("completion", "go-live", 5),
                ("follow-up-30", "go-live", 30),
            ][..],
        ),
        (
            "mid-market",
            &[
                ("kickoff", "kickoff", 1),
                ("midpoint", "early-use-gate", 0),
                ("completion", "go-live", 3),
                ("follow-up-30", "go-live", 30),
            ][..],
        ),
        (
            "smb",
            &[
                ("kickoff", "kickoff", 1),
                ("midpoint", "account-ready", 0),
                ("completion", "go-live", 3),
                ("follow-up-30", "go-live", 30),
            ][..],
        ),
        (
            "self-serve",
            &[
                ("midpoint", "value-check", 0),
                ("completion", "graduation", 0),
                ("follow-up-30", "go-live", 30),
            ][..],
        ),
    ] {
        let asked = asked(segment);
        let asked: Vec<(&str, &str, u32)> = asked
            .iter()
            .map(|(survey, after, days)| (survey.as_str(), after.as_str(), *days))
            .filter(|(survey, ..)| *survey != "training-pulse")
            .collect();
        assert_eq!(asked, wanted, "{segment}");
    }
}

/// First sign-in within the benchmark; the share of trained, active and adopting users the source asks for.
#[test]
fn each_segment_must_see_its_activation_by_these_days() {
    let m = builtin();
    for (segment, wanted) in [
        ("enterprise", &[("first-login", 7), ("users-trained", 105), ("users-activated", 127)][..]),
        ("mid-market", &[("first-login", 3), ("integrations-connected", 14), ("core-team", 30)][..]),
        ("smb", &[("first-login", 1), ("first-result", 7), ("users-activated", 35)][..]),
        ("self-serve", &[("first-login", 1), ("first-result", 7), ("weekly", 30)][..]),
    ] {
        let activation = &m.programmes[segment].activation;
        assert_eq!(activation.product_type, segment);
        for (id, day) in wanted {
            let target = activation.targets.iter().find(|target| target.id == *id);
            assert_eq!(target.map(|target| target.day), Some(*day), "{segment}: {id}");
        }
    }
}

#[test]
fn each_activity_of_each_segment_has_one_who_answers_for_it() {
    let m = builtin();
    for (segment, columns, rows) in
        [("enterprise", 5, 14), ("mid-market", 5, 13), ("smb", 4, 7), ("self-serve", 3, 4)]
    {
        let raci = &m.programmes[segment].raci;
        assert_eq!((raci.columns.len(), raci.rows.len()), (columns, rows), "{segment}");
        for row in &raci.rows {
            let accountable = row.cells.iter().filter(|cell| cell.contains('A')).count();
            assert_eq!((row.cells.len(), accountable), (columns, 1), "{segment}: {}", row.activity);
        }
    }
}

/// Days after the kickoff; good is below 30 for enterprise, 14 for mid-market, 7 for smaller ones [004].
#[test]
fn each_segment_shows_first_value_by_its_benchmark() {
    let m = builtin();
    for (segment, milestone, day) in [
        ("enterprise", "quick-win-shown", 21),
        ("mid-market", "quick-win-shown", 12),
        ("smb", "quick-win-shown", 7),
        ("self-serve", "aha", 7),
    ] {
        let milestones = &m.programmes[segment].milestones;
        let first = milestones.iter().find(|milestone| milestone.first_value).unwrap();
        assert_eq!((first.id.as_str(), first.day), (milestone, day), "{segment}");
        assert!(!first.criteria.is_empty(), "{segment}: nothing says what counts");
    }
}
