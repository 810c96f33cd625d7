//! What rows of the portfolio say of health and signals: kept with every score and signal, an order, a filter, counted.

use gangway_domain::deal::Severity;
use gangway_domain::ids::{OnboardingId, SignalId, WorkspaceId};
use gangway_domain::signal as domain;
use gangway_store::account::list as accounts;
use gangway_store::health::{self, Judged};
use gangway_store::onboarding::list::{self, Direction, Query, SortBy};
use gangway_store::onboarding::{board, counts};
use gangway_store::signal::{self, Signal};
use gangway_store::{Db, Tx};
use gangway_testkit::sample::KICKOFF;
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::portfolio::{at_risk, settle};
use crate::world;

/// A change of health on a day.
fn judged(onboarding: OnboardingId, number: i64, on: Date, score: Option<i64>, status: &str) -> Judged {
    Judged {
        onboarding,
        number,
        at: world::now(),
        on,
        score,
        coverage: if score.is_some() { 64 } else { 20 },
        computed: status.to_owned(),
        status: status.to_owned(),
        assessment: json!({}),
        facts: json!({}),
        model: "onboarding".to_owned(),
        model_version: 1,
        because: String::new(),
    }
}

async fn raise(
    tx: &mut Tx,
    ids: &CountedIds,
    place: (WorkspaceId, OnboardingId),
    (number, severity): (i64, Severity),
) -> Signal {
    let at = jiff::Timestamp::try_from(world::now()).unwrap();
    let signal = Signal {
        id: SignalId::fresh(ids),
        onboarding: place.1,
        number,
        name: "Silence".to_owned(),
        category: "communication".to_owned(),
        body: domain::Signal::raise(&format!("silence-{number}"), severity, "Nobody answers", at),
        computed: false,
        raised_by: "Ines".to_owned(),
        version: 1,
    };
    signal::insert(tx, place.0, &signal).await.unwrap();
    signal
}

/// Acme fell to 40 and has two open signals, Globex stands at 88, too little is known of Initech, Umbrella was never
/// judged and has a signal.
async fn four(db: &Db, ids: &CountedIds) -> (WorkspaceId, Signal) {
    let workspace = world::workspace(db, ids, "Northbeam").await;
    let mut made = Vec::new();
    for customer in ["Acme", "Globex", "Initech", "Umbrella"] {
        made.push(world::onboarding(db, ids, workspace, &at_risk(customer, 0, 0)).await.id);
    }
    let before = KICKOFF.saturating_sub(20.days());
    let mut tx = db.write().await.unwrap();
    for change in [
        judged(made[0], 1, before, Some(71), "Monitor"),
        judged(made[0], 2, KICKOFF, Some(40), "Critical"),
        judged(made[1], 1, KICKOFF, Some(88), "Healthy"),
        judged(made[2], 1, KICKOFF, None, "Insufficient data"),
    ] {
        health::keep(&mut tx, workspace, std::slice::from_ref(&change)).await.unwrap();
    }
    raise(&mut tx, ids, (workspace, made[0]), (1, Severity::Medium)).await;
    let grave = raise(&mut tx, ids, (workspace, made[0]), (2, Severity::Critical)).await;
    raise(&mut tx, ids, (workspace, made[3]), (1, Severity::Low)).await;
    settle(&mut tx, workspace, KICKOFF).await;
    tx.commit().await.unwrap();
    (workspace, grave)
}

async fn customers(db: &Db, workspace: WorkspaceId, query: &Query) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let page = list::page(&mut tx, workspace, query).await.unwrap();
    page.lines.into_iter().map(|line| line.customer).collect()
}

#[tokio::test]
async fn the_worst_come_first_and_what_has_no_score_last() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let (workspace, _) = four(&db, &ids).await;
        let expected = ["Acme", "Globex", "Initech", "Umbrella"];
        let query = Query { sort: SortBy::Health, ..Query::first(1, KICKOFF) };
        assert_eq!(world::walked(&db, workspace, query.clone()).await, expected);
        let backwards = Query { direction: Direction::Descending, ..query };
        let mut backwards = world::walked(&db, workspace, backwards).await;
        backwards.reverse();
        assert_eq!(backwards, expected);

        let mut tx = db.read().await.unwrap();
        let lines = list::page(&mut tx, workspace, &Query::first(9, KICKOFF)).await.unwrap().lines;
        let of = |customer: &str| lines.iter().find(|line| line.customer == customer).unwrap();
        let acme = of("Acme");
        assert_eq!((acme.health_score, acme.health_before), (Some(40), Some(71)));
        assert_eq!(acme.health_coverage, Some(64));
        assert_eq!(
            (acme.health.as_deref(), acme.signals, acme.gravest),
            (Some("Critical"), 2, Some(Severity::Critical))
        );
        let globex = of("Globex");
        assert_eq!((globex.health_before, globex.signals, globex.gravest), (None, 0, None));
        let initech = of("Initech");
        assert_eq!((initech.health.as_deref(), initech.health_score), (Some("Insufficient data"), None));
        assert_eq!((of("Umbrella").health.as_deref(), of("Umbrella").signals), (None, 1));
        let (accounts, _) =
            accounts::page(&mut tx, workspace, &accounts::Query { limit: 9, ..accounts::Query::default() })
                .await
                .unwrap();
        let worst = |name: &str| accounts.iter().find(|line| line.name == name).unwrap();
        assert_eq!((worst("Acme").health_score, worst("Acme").worst()), (Some(40), Some(acme.id)));
        assert_eq!((worst("Umbrella").health.as_deref(), worst("Umbrella").worst()), (None, None));
    })
    .await;
}

#[tokio::test]
async fn accounts_are_walked_by_their_worst_health() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let (workspace, _) = four(&db, &ids).await;
        let mut tx = db.read().await.unwrap();
        let expected = ["Acme", "Globex", "Initech", "Umbrella"];
        for direction in [Direction::Ascending, Direction::Descending] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let query = accounts::Query {
                    sort: accounts::SortBy::Health,
                    direction,
                    after,
                    limit: 1,
                    ..accounts::Query::default()
                };
                let (lines, next) = accounts::page(&mut tx, workspace, &query).await.unwrap();
                seen.extend(lines.into_iter().map(|line| line.name));
                after = next;
                if after.is_none() {
                    break;
                }
            }
            if direction == Direction::Descending {
                seen.reverse();
            }
            assert_eq!(seen, expected, "{direction:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn health_and_signals_narrow_down_and_are_counted() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let (workspace, _) = four(&db, &ids).await;
        let base = Query::first(9, KICKOFF);
        let critical = Query { health: Some("Critical".to_owned()), ..base.clone() };
        assert_eq!(customers(&db, workspace, &critical).await, ["Acme"]);
        let open = Query { signals: Some(Severity::Low), ..base.clone() };
        assert_eq!(customers(&db, workspace, &open).await, ["Acme", "Umbrella"]);
        let grave = Query { signals: Some(Severity::High), ..base.clone() };
        assert_eq!(customers(&db, workspace, &grave).await, ["Acme"]);
        let searched = |query: &Query| Query { search: Some("e".to_owned()), ..query.clone() };
        let mut tx = db.read().await.unwrap();
        for query in [&base, &searched(&base), &searched(&open), &critical, &open, &grave] {
            let (summary, facets) = counts::around(&mut tx, workspace, query).await.unwrap();
            assert_eq!(summary.all, 4, "whatever is filtered");
            for status in ["Critical", "Healthy", "Monitor", "Insufficient data"] {
                let chosen = Query { health: Some(status.to_owned()), ..query.clone() };
                let shown = list::page(&mut tx, workspace, &chosen).await.unwrap().lines.len();
                let counted = facets.healths.get(status).copied().unwrap_or(0);
                assert_eq!(usize::try_from(counted).unwrap(), shown, "{status}: {query:?}");
            }
            let severities = [Severity::Low, Severity::Medium, Severity::High, Severity::Critical];
            for (severity, counted) in severities.into_iter().zip(facets.signals) {
                let chosen = Query { signals: Some(severity), ..query.clone() };
                let shown = list::page(&mut tx, workspace, &chosen).await.unwrap().lines.len();
                assert_eq!(usize::try_from(counted).unwrap(), shown, "{severity:?}: {query:?}");
            }
            let shown = list::page(&mut tx, workspace, query).await.unwrap().lines.len();
            assert_eq!(usize::try_from(facets.shown).unwrap(), shown, "{query:?}");
        }
        let cards = board::cards(&mut tx, workspace, &grave, "kickoff").await.unwrap();
        assert_eq!((cards.len(), cards[0].health_before), (1, Some(71)));
    })
    .await;
}

#[tokio::test]
async fn a_signal_that_ends_leaves_the_row() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let (workspace, grave) = four(&db, &ids).await;
        let at = jiff::Timestamp::try_from(world::now()).unwrap();
        let body = grave.body.clone().resolve("Ines", "They are back", at).unwrap();
        let mut tx = db.write().await.unwrap();
        assert!(signal::change(&mut tx, workspace, &Signal { body, ..grave.clone() }).await.unwrap());
        assert!(!signal::change(&mut tx, workspace, &grave).await.unwrap(), "it is another version now");
        let query = Query { search: Some("acme".to_owned()), ..Query::first(9, KICKOFF) };
        let line = list::page(&mut tx, workspace, &query).await.unwrap().lines.remove(0);
        assert_eq!((line.signals, line.gravest), (1, Some(Severity::Medium)));
    })
    .await;
}
