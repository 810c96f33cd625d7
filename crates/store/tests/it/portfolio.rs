//! Owners, stages, search words, contacts, merges and saved views, on both databases.

use gangway_domain::ids::{ContactId, OnboardingId, PersonId, ViewId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_domain::programme::Stage;
use gangway_domain::words::words;
use gangway_store::account::{self, duplicate, merge, record};
use gangway_store::contact::{self, Contact};
use gangway_store::onboarding::list::{self, At, Owner, Query};
use gangway_store::onboarding::{board, counts, now};
use gangway_store::saved_view::{self, View};
use gangway_store::search::{self, Kind};
use gangway_store::{Db, Tx, activity, handoff, membership, onboarding, person, upkeep};
use gangway_testkit::sample::{KICKOFF, Sample};
use gangway_testkit::{CountedIds, for_each_database};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::world;

async fn somebody(db: &Db, ids: &CountedIds, workspace: WorkspaceId, name: &str) -> PersonId {
    let row = person::Person {
        id: PersonId::fresh(ids),
        email: format!("{}@{workspace}.test", name.to_lowercase()),
        name: name.to_owned(),
        password_hash: None,
        subject: None,
        created_at: world::now(),
    };
    let mut tx = db.write().await.unwrap();
    person::insert(&mut tx, &row).await.unwrap();
    membership::insert(&mut tx, workspace, row.id, Role::Csm, world::now()).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

fn at_risk(customer: &str, weeks: i64, late: i32) -> Sample {
    Sample { kickoff: KICKOFF.saturating_add(weeks.weeks()), late, ..Sample::of(customer) }
}

async fn settle(tx: &mut Tx, workspace: WorkspaceId, today: Date) {
    let answers = now::answers(tx, workspace, today, None, 100).await.unwrap();
    now::keep(tx, workspace, &answers).await.unwrap();
}

async fn customers(db: &Db, workspace: WorkspaceId, query: &Query) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let page = list::page(&mut tx, workspace, query).await.unwrap();
    page.lines.into_iter().map(|line| line.customer).collect()
}

#[tokio::test]
async fn owner_lateness_and_stage_narrow_the_portfolio_down() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let ines = somebody(&db, &ids, workspace, "Ines").await;
        let zephyr = world::onboarding(&db, &ids, workspace, &at_risk("Zephyr", -4, 12)).await;
        world::onboarding(&db, &ids, workspace, &at_risk("Acme", 0, 0)).await;
        world::onboarding(&db, &ids, workspace, &at_risk("Later", 8, 0)).await;
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::assign(&mut tx, workspace, zephyr.id, Some(ines)).await.unwrap());
        assert!(now::is_stale(&mut tx, workspace, KICKOFF).await.unwrap(), "rows begin unsettled");
        settle(&mut tx, workspace, KICKOFF).await;
        assert!(!now::is_stale(&mut tx, workspace, KICKOFF).await.unwrap());
        tx.commit().await.unwrap();

        let base = Query::first(50, KICKOFF);
        let of = |owner| Query { owner: Some(owner), ..base.clone() };
        assert_eq!(customers(&db, workspace, &of(Owner::Person(ines))).await, ["Zephyr"]);
        assert_eq!(customers(&db, workspace, &of(Owner::Nobody)).await, ["Acme", "Later"]);
        let late = Query { late_only: true, ..base.clone() };
        assert_eq!(customers(&db, workspace, &late).await, ["Zephyr"]);
        // Zephyr's pilot begins 28 days after its kickoff, which is today; Acme's kickoff is today.
        for (at, expected) in [
            (At::Stage(Stage::Pilot), vec!["Zephyr"]),
            (At::Stage(Stage::Kickoff), vec!["Acme"]),
            (At::Stage(Stage::GoLive), vec![]),
            (At::NotBegun, vec!["Later"]),
        ] {
            let query = Query { stage: Some(at), ..base.clone() };
            assert_eq!(customers(&db, workspace, &query).await, expected, "{at:?}");
        }
        let mut tx = db.read().await.unwrap();
        let places = board::places(&mut tx, workspace, &base).await.unwrap();
        let expected = [("kickoff", 1), ("not-begun", 1), ("pilot", 1)];
        assert_eq!(places, expected.map(|(place, count)| (place.to_owned(), count)));
        let pilot = board::cards(&mut tx, workspace, &base, "pilot").await.unwrap();
        assert_eq!((pilot.len(), pilot[0].customer.as_str()), (1, "Zephyr"));
        let none = Query { owner: Some(Owner::Nobody), ..base.clone() };
        assert!(board::cards(&mut tx, workspace, &none, "pilot").await.unwrap().is_empty());
        let line = list::page(&mut tx, workspace, &late).await.unwrap().lines.remove(0);
        assert_eq!((line.owner.as_deref(), line.stage.as_deref()), (Some("Ines"), Some("pilot")));
        assert_eq!(counts::owners(&mut tx, workspace).await.unwrap(), [(ines, "Ines".to_owned(), 1)]);
        let of_account = list::of_account(&mut tx, workspace, zephyr.account_id, KICKOFF).await.unwrap();
        assert_eq!((of_account.len(), of_account[0].customer.as_str()), (1, "Zephyr"));
    })
    .await;
}

#[tokio::test]
async fn what_rows_say_of_now_follows_days_and_states() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let acme = world::onboarding(&db, &ids, workspace, &at_risk("Acme", 0, 0)).await;
        world::onboarding(&db, &ids, stranger, &at_risk("Elsewhere", 0, 0)).await;
        let settled = async |days: i64| {
            let today = KICKOFF.saturating_add(days.days());
            let mut tx = db.write().await.unwrap();
            let stale = now::is_stale(&mut tx, workspace, today).await.unwrap();
            settle(&mut tx, workspace, today).await;
            let places = board::places(&mut tx, workspace, &Query::first(9, today)).await.unwrap();
            tx.commit().await.unwrap();
            (stale, places.into_iter().map(|(place, _)| place).collect::<Vec<_>>().join(" "))
        };
        let on = |stale: bool, place: &str| (stale, place.to_owned());
        // Phases begin at -7, 0, 14 and 28 days; in between nothing has to be worked out again.
        assert_eq!(settled(-9).await, on(true, "not-begun"));
        assert_eq!(settled(-8).await, on(false, "not-begun"));
        assert_eq!(settled(-7).await, on(true, "handoff"));
        assert_eq!(settled(0).await, on(true, "kickoff"));
        assert_eq!(settled(13).await, on(false, "kickoff"));
        assert_eq!(settled(14).await, on(true, "configure"));
        // A clock that was wrong for a day leaves nothing behind.
        assert_eq!(settled(3).await, on(true, "kickoff"));
        assert_eq!(settled(28).await, on(true, "pilot"));
        let version = async || {
            let mut tx = db.read().await.unwrap();
            onboarding::version(&mut tx, workspace, acme.id).await.unwrap().unwrap()
        };
        assert_eq!(version().await, 1, "nobody changed anything");
        let (running, over) = (OnboardingState::Running, OnboardingState::Completed);
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::set_state(&mut tx, workspace, acme.id, &acme.state, &running).await.unwrap());
        assert!(onboarding::set_state(&mut tx, workspace, acme.id, &running, &over).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(settled(28).await, on(true, "completed"));
        assert_eq!(settled(400).await, on(false, "completed"), "what is over stays over");
        let mut tx = db.read().await.unwrap();
        assert!(now::is_stale(&mut tx, stranger, KICKOFF).await.unwrap(), "others are left alone");
    })
    .await;
}

#[tokio::test]
async fn two_who_settle_rows_at_once_leave_the_answer_of_the_later_day() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let acme = world::onboarding(&db, &ids, workspace, &at_risk("Acme", 0, 0)).await;
        let on = |days: i64| KICKOFF.saturating_add(days.days());
        let answers = async |days: i64| {
            let mut tx = db.read().await.unwrap();
            now::answers(&mut tx, workspace, on(days), None, 9).await.unwrap()
        };
        let keep = async |answers: Vec<now::Answer>| {
            let mut tx = db.write().await.unwrap();
            now::keep(&mut tx, workspace, &answers).await.unwrap();
            tx.commit().await.unwrap();
        };
        let says = async |days: i64| {
            let mut tx = db.read().await.unwrap();
            let stale = now::is_stale(&mut tx, workspace, on(days)).await.unwrap();
            let places = board::places(&mut tx, workspace, &Query::first(9, on(days))).await.unwrap();
            (places[0].0.clone(), stale)
        };
        // Phases begin at -7, 0, 14 and 28 days. Both have read what nobody had worked out yet.
        let (earlier, later) = (answers(13).await, answers(14).await);
        keep(later).await;
        keep(earlier).await;
        assert_eq!(says(14).await, ("configure".to_owned(), false), "the earlier day comes too late");
        let (earlier, later) = (answers(28).await, answers(29).await);
        keep(earlier.clone()).await;
        keep(earlier).await;
        keep(later).await;
        assert_eq!(says(28).await, ("pilot".to_owned(), false), "what holds on both days is left alone");
        // A clock that was wrong is put right again.
        keep(answers(6).await).await;
        assert_eq!(says(6).await, ("kickoff".to_owned(), false));
        let (earlier, later) = (answers(14).await, answers(28).await);
        keep(earlier).await;
        keep(later).await;
        assert_eq!(says(28).await, ("pilot".to_owned(), false), "what is over by then is overruled");
        // Changed in between: what was worked out is of a row that is no more.
        let old = answers(6).await;
        assert_eq!(old.len(), 1);
        let over = OnboardingState::Completed;
        let mut tx = db.write().await.unwrap();
        assert!(onboarding::set_state(&mut tx, workspace, acme.id, &acme.state, &over).await.unwrap());
        tx.commit().await.unwrap();
        keep(old).await;
        assert_eq!(says(28).await, ("pilot".to_owned(), true), "still to be worked out");
        keep(answers(28).await).await;
        assert_eq!(says(28).await, ("completed".to_owned(), false));
    })
    .await;
}

#[tokio::test]
async fn rows_are_settled_batch_by_batch() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let mut made = Vec::new();
        for customer in ["Acme", "Bolt", "Cirrus"] {
            made.push(world::onboarding(&db, &ids, workspace, &at_risk(customer, 0, 0)).await.id);
        }
        made.sort_unstable();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let mut tx = db.write().await.unwrap();
            let batch = now::answers(&mut tx, workspace, KICKOFF, after, 2).await.unwrap();
            now::keep(&mut tx, workspace, &batch).await.unwrap();
            tx.commit().await.unwrap();
            let Some(last) = batch.last() else { break };
            after = Some(last.id);
            let mut tx = db.read().await.unwrap();
            seen.push(batch.iter().map(|answer| answer.id).collect::<Vec<_>>());
            let stale = now::is_stale(&mut tx, workspace, KICKOFF).await.unwrap();
            assert_eq!(stale, seen.len() == 1, "a batch is done once it is kept");
        }
        assert_eq!(seen, [&made[..2], &made[2..]]);
    })
    .await;
}

#[tokio::test]
async fn what_needs_somebody_first_comes_first() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        for (customer, weeks, late) in [
            ("Later", 8, 0),
            ("Soon", 1, 0),
            ("Late", 4, 3),
            ("Latest", 6, 30),
            ("Done", -9, 90),
            ("Overdue", -1, 0),
        ] {
            let made = world::onboarding(&db, &ids, workspace, &at_risk(customer, weeks, late)).await;
            if customer == "Done" {
                let mut tx = db.write().await.unwrap();
                let over = OnboardingState::Completed;
                onboarding::set_state(&mut tx, workspace, made.id, &made.state, &over).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
        let mut tx = db.write().await.unwrap();
        settle(&mut tx, workspace, KICKOFF).await;
        tx.commit().await.unwrap();
        let base = Query { sort: list::SortBy::Urgency, ..Query::first(50, KICKOFF) };
        // The kickoff of Overdue was to be last week, and was not held.
        let expected = ["Latest", "Late", "Overdue", "Soon", "Later", "Done"];
        assert_eq!(customers(&db, workspace, &base).await, expected);
        let mut backwards =
            customers(&db, workspace, &Query { direction: list::Direction::Descending, ..base.clone() })
                .await;
        backwards.reverse();
        assert_eq!(backwards, expected);
        let open = Query { state: Some(list::OPEN.to_owned()), ..base.clone() };
        assert_eq!(customers(&db, workspace, &open).await, expected[..5]);
        for direction in [list::Direction::Ascending, list::Direction::Descending] {
            let mut query = Query { limit: 1, direction, ..base.clone() };
            let whole = customers(&db, workspace, &Query { direction, ..base.clone() }).await;
            for customer in whole {
                let mut tx = db.read().await.unwrap();
                let page = list::page(&mut tx, workspace, &query).await.unwrap();
                assert_eq!(page.lines[0].customer, customer, "{direction:?}");
                query.after = page.next.map(|next| next.to_string().parse().unwrap());
            }
            assert_eq!(query.after, None);
        }
        let mut tx = db.read().await.unwrap();
        let summary = counts::summary(&mut tx, workspace, Some(list::OPEN)).await.unwrap();
        assert_eq!((summary.all, summary.in_state(list::OPEN), summary.in_state("completed")), (6, 5, 1));
        assert_eq!((summary.late, summary.segments[0].2), (2, 5), "what is over is late no more");
    })
    .await;
}

async fn titles(db: &Db, workspace: WorkspaceId, kind: Kind, asked: &str) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let found = search::find(&mut tx, workspace, kind, &words(asked), 20).await.unwrap();
    found.into_iter().map(|found| found.title).collect()
}

#[tokio::test]
async fn search_finds_beginnings_of_words_without_accents_in_its_workspace_only() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let ours = world::workspace(&db, &ids, "Northbeam").await;
        let theirs = world::workspace(&db, &ids, "Southlight").await;
        for customer in ["Lumière Énergie", "Lumen Labs", "Acme"] {
            world::onboarding(&db, &ids, ours, &Sample::of(customer)).await;
        }
        world::onboarding(&db, &ids, theirs, &Sample::of("Lumière Secrète")).await;
        for kind in [Kind::Onboarding, Kind::Account, Kind::Handoff] {
            assert_eq!(titles(&db, ours, kind, "lumiere").await, ["Lumière Énergie"], "{kind:?}");
            assert_eq!(titles(&db, ours, kind, "LUM ener").await, ["Lumière Énergie"], "every word");
            let mut two = titles(&db, ours, kind, "lum").await;
            two.sort();
            assert_eq!(two, ["Lumen Labs", "Lumière Énergie"]);
            assert!(titles(&db, ours, kind, "secrete").await.is_empty(), "that is theirs: {kind:?}");
            assert_eq!(titles(&db, theirs, kind, "lum").await, ["Lumière Secrète"]);
            assert!(titles(&db, ours, kind, "umiere").await.is_empty(), "beginnings, not middles");
            assert!(
                titles(&db, ours, kind, "%").await.is_empty() && titles(&db, ours, kind, "").await.is_empty()
            );
        }
        let mut tx = db.read().await.unwrap();
        let found = search::find(&mut tx, ours, Kind::Onboarding, &words("acme supply"), 20).await.unwrap();
        assert_eq!(found[0].fields, ["name", "use case"], "it says where the words stand");
        // Made anew, it is the same.
        drop(tx);
        let mut tx = db.write().await.unwrap();
        upkeep::index_all(&mut tx, ours).await.unwrap();
        upkeep::finish(&mut tx, ours, "test", world::now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(titles(&db, ours, Kind::Handoff, "lumiere").await, ["Lumière Énergie"]);
        let mut tx = db.read().await.unwrap();
        assert!(upkeep::is_done(&mut tx, ours, "test").await.unwrap());
        assert!(!upkeep::is_done(&mut tx, theirs, "test").await.unwrap());
        assert_eq!(upkeep::workspaces(&mut tx).await.unwrap().len(), 2);
        assert_eq!(upkeep::without_contacts(&mut tx, theirs).await.unwrap().len(), 1);
    })
    .await;
}

fn contact_of(
    ids: &CountedIds,
    onboarding: &onboarding::Onboarding,
    name: &str,
    email: Option<&str>,
) -> Contact {
    Contact {
        id: ContactId::fresh(ids),
        account_id: onboarding.account_id,
        account: String::new(),
        name: name.to_owned(),
        name_key: String::new(),
        title: None,
        email: email.map(str::to_owned),
        phone: None,
        notes: None,
        created_at: world::now(),
        version: 1,
    }
}

#[tokio::test]
async fn contacts_are_found_again_listed_and_merged() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let acme = world::onboarding(&db, &ids, workspace, &Sample::of("Acme")).await;
        let (ada, twin) = (
            contact_of(&ids, &acme, "Ada  Élan", Some("Ada@Acme.example")),
            contact_of(&ids, &acme, "A. Elan", Some("ada@acme.example")),
        );
        let mut tx = db.write().await.unwrap();
        for contact in [&ada, &twin] {
            contact::insert(&mut tx, workspace, contact).await.unwrap();
        }
        contact::take_part(&mut tx, workspace, ada.id, acme.id, "champion", "Champion").await.unwrap();
        for role in ["champion", "end_user"] {
            contact::take_part(&mut tx, workspace, twin.id, acme.id, role, role).await.unwrap();
            contact::take_part(&mut tx, workspace, twin.id, acme.id, role, role).await.unwrap();
        }
        let id = acme.account_id;
        let found =
            contact::matching(&mut tx, workspace, id, "nobody", Some("ADA@acme.example")).await.unwrap();
        assert_eq!(found.unwrap().id, ada.id, "by address");
        let found = contact::matching(&mut tx, workspace, id, "ada elan", None).await.unwrap();
        assert_eq!(found.unwrap().id, ada.id, "by name");
        let other = contact::matching(&mut tx, workspace, id, "Ada Elan", Some("other@acme.example")).await;
        assert!(other.unwrap().is_none(), "two people of one name have two addresses");

        let query = |search: &str| contact::Query {
            search: Some(search.to_owned()),
            limit: 10,
            ..contact::Query::default()
        };
        assert_eq!(contact::page(&mut tx, workspace, &query("ÉLAN")).await.unwrap().0.len(), 2);
        assert_eq!(contact::page(&mut tx, workspace, &query("acme.ex")).await.unwrap().0.len(), 2);
        assert!(contact::page(&mut tx, stranger, &query("a")).await.unwrap().0.is_empty());
        assert!(contact::get(&mut tx, stranger, ada.id).await.unwrap().is_none());
        assert!(contact::of_account(&mut tx, stranger, id).await.unwrap().is_empty());
        assert!(contact::parts(&mut tx, stranger, ada.id).await.unwrap().is_empty());
        assert_eq!(contact::summary(&mut tx, stranger).await.unwrap().0, 0);
        let pairs = duplicate::contacts(&mut tx, workspace, 10).await.unwrap();
        assert_eq!((pairs.len(), pairs[0].one, pairs[0].other), (1, ada.id, twin.id));
        assert!(duplicate::contacts(&mut tx, stranger, 10).await.unwrap().is_empty());

        let (ada, twin) = (
            contact::get(&mut tx, workspace, ada.id).await.unwrap().unwrap(),
            contact::get(&mut tx, workspace, twin.id).await.unwrap().unwrap(),
        );
        assert!(!contact::change(&mut tx, stranger, &ada).await.unwrap());
        assert!(contact::take_over(&mut tx, workspace, &twin, ada.id, world::now()).await.unwrap());
        assert!(contact::get(&mut tx, workspace, twin.id).await.unwrap().is_none());
        assert_eq!(merge::contact_became(&mut tx, workspace, twin.id).await.unwrap(), Some(ada.id));
        assert_eq!(merge::contact_became(&mut tx, stranger, twin.id).await.unwrap(), None);
        let roles: Vec<String> = contact::parts(&mut tx, workspace, ada.id)
            .await
            .unwrap()
            .into_iter()
            .map(|part| part.role)
            .collect();
        assert_eq!(roles, ["champion", "end_user"], "moved, each once");
        let again = contact::matching(&mut tx, workspace, id, "A. Elan", None).await.unwrap();
        assert_eq!(again.unwrap().id, ada.id, "the old name leads on");
        assert!(duplicate::contacts(&mut tx, workspace, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_merged_account_takes_everything_along_and_its_name_leads_on() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let kept = world::onboarding(&db, &ids, workspace, &Sample::of("Lumière")).await;
        let gone = world::onboarding(&db, &ids, workspace, &Sample::of("Lumi Ere")).await;
        let mut tx = db.write().await.unwrap();
        contact::insert(&mut tx, workspace, &contact_of(&ids, &gone, "Ada", None)).await.unwrap();
        let pairs = duplicate::accounts(&mut tx, workspace, 10).await.unwrap();
        assert_eq!((pairs.len(), pairs[0].one, pairs[0].other), (1, kept.account_id, gone.account_id));
        assert!(duplicate::accounts(&mut tx, stranger, 10).await.unwrap().is_empty());
        let (old, new) = (gone.account_id, kept.account_id);
        let before = record::get(&mut tx, workspace, old).await.unwrap().unwrap();
        let stale = record::Record { version: 9, ..before.clone() };
        let moves = merge::belongings(&mut tx, workspace, old).await.unwrap();
        assert_eq!((moves.onboardings, moves.handoffs, moves.contacts), (1, 1, 1));
        assert_eq!(merge::belongings(&mut tx, stranger, old).await.unwrap(), merge::Belongings::default());
        tx.commit().await.unwrap();

        let mut tx = db.write().await.unwrap();
        assert!(!merge::take_over(&mut tx, workspace, &stale, new, world::now()).await.unwrap());
        drop(tx);
        let mut tx = db.write().await.unwrap();
        assert!(merge::take_over(&mut tx, workspace, &before, new, world::now()).await.unwrap());
        merge::rename_customer(&mut tx, workspace, new, "Lumière SA").await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = db.read().await.unwrap();
        assert!(account::get(&mut tx, workspace, old).await.unwrap().is_none());
        assert_eq!(merge::became(&mut tx, workspace, old).await.unwrap(), Some(new));
        assert_eq!(merge::became(&mut tx, stranger, old).await.unwrap(), None);
        assert_eq!(handoff::get(&mut tx, workspace, gone.handoff_id).await.unwrap().unwrap().account_id, new);
        let head = onboarding::head::get(&mut tx, workspace, gone.id).await.unwrap().unwrap();
        assert_eq!(head.account_id, new);
        assert_eq!(merge::belongings(&mut tx, workspace, new).await.unwrap().onboardings, 2);
        assert_eq!(activity::of_account(&mut tx, workspace, new, 10).await.unwrap().len(), 2);
        assert!(activity::of_account(&mut tx, stranger, new, 10).await.unwrap().is_empty());
        drop(tx);
        assert_eq!(titles(&db, workspace, Kind::Onboarding, "lumiere sa").await.len(), 2);
        assert_eq!(titles(&db, workspace, Kind::Account, "lumi").await, ["Lumière"]);
        let mut tx = db.write().await.unwrap();
        let (id, new_one) =
            account::insert_or_match(&mut tx, workspace, &world::account(&ids, "Lumi Ere")).await.unwrap();
        assert_eq!((id, new_one), (new, false), "a later deal under the old name finds it");
    })
    .await;
}

#[tokio::test]
async fn views_are_seen_by_their_owner_or_by_the_workspace() {
    for_each_database(|db| async move {
        let ids = CountedIds::default();
        let workspace = world::workspace(&db, &ids, "Northbeam").await;
        let stranger = world::workspace(&db, &ids, "Southlight").await;
        let ines = somebody(&db, &ids, workspace, "Ines").await;
        let jonas = somebody(&db, &ids, workspace, "Jonas").await;
        let view = |name: &str, shared| View {
            id: ViewId::fresh(&ids),
            person: ines,
            person_name: String::new(),
            name: name.to_owned(),
            query: "late=1".to_owned(),
            shared,
            is_default: false,
        };
        let (own, shared) = (view("Own", false), view("Shared", true));
        let mut tx = db.write().await.unwrap();
        for view in [&own, &shared] {
            saved_view::insert(&mut tx, workspace, view, world::now()).await.unwrap();
        }
        for person in [ines, jonas] {
            saved_view::begin_with(&mut tx, workspace, person, Some(shared.id)).await.unwrap();
        }
        let names = |views: &[View]| -> Vec<(String, bool)> {
            views.iter().map(|view| (view.name.clone(), view.is_default)).collect()
        };
        let of_ines = saved_view::seen_by(&mut tx, workspace, ines).await.unwrap();
        assert_eq!(names(&of_ines), [("Own".to_owned(), false), ("Shared".to_owned(), true)]);
        let of_jonas = saved_view::seen_by(&mut tx, workspace, jonas).await.unwrap();
        assert_eq!(
            (names(&of_jonas), of_jonas[0].person_name.as_str()),
            (vec![("Shared".to_owned(), true)], "Ines")
        );
        assert!(saved_view::seen_by(&mut tx, stranger, ines).await.unwrap().is_empty());
        saved_view::delete(&mut tx, stranger, own.id).await.unwrap();
        saved_view::change(&mut tx, stranger, &View { name: "Stolen".to_owned(), ..own.clone() })
            .await
            .unwrap();
        assert_eq!(saved_view::seen_by(&mut tx, workspace, ines).await.unwrap()[0].name, "Own");
        saved_view::change(&mut tx, workspace, &View { shared: false, ..shared.clone() }).await.unwrap();
        assert!(saved_view::seen_by(&mut tx, workspace, jonas).await.unwrap().is_empty());
        saved_view::delete(&mut tx, workspace, shared.id).await.unwrap();
        assert_eq!(saved_view::seen_by(&mut tx, workspace, ines).await.unwrap().len(), 1);
        assert!(!onboarding::assign(&mut tx, stranger, OnboardingId::fresh(&ids), None).await.unwrap());
    })
    .await;
}
