//! Load against time, who has room, and when an onboarding could go live with the people there are.

use gangway_app::{Actor, AppError, work, workload};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::{Action, Role};
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Change};
use gangway_domain::workload::{Absence, Availability};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::date;

use super::generate;

/// Gives every open task of our side to somebody, and says how many there were.
async fn give_all(test: &TestApp, id: OnboardingId, to: &Actor) -> usize {
    let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
    let who = Assignee::Person { id: to.person.unwrap(), name: to.name.clone() };
    let ours = plan.tasks.iter().filter(|task| task.side == Side::Vendor && !task.state.is_over());
    let assign = |code: &str| Change::Assign { task: code.to_owned(), assignee: Some(who.clone()) };
    let changes: Vec<Change> = ours.map(|task| assign(&task.code)).collect();
    let number = changes.len();
    work::change(&test.app, &test.actor, id, None, changes).await.unwrap();
    number
}

#[tokio::test]
async fn two_onboardings_are_too_much_for_one_and_that_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::ImplementationManager).await;
        let jonas = test.member(Role::OnboardingManager).await;
        let (one, other) = (generate(&test, &deal("Acme")).await, generate(&test, &deal("Zephyr")).await);
        let nobody = workload::board(&test.app, &test.actor, None).await.unwrap();
        assert!(nobody.people.iter().all(|person| person.weeks.iter().all(|week| week.load == 0)));
        assert!(!nobody.roles.is_empty(), "work nobody was chosen for stands by role");

        give_all(&test, one, &ines).await;
        let given = give_all(&test, other, &ines).await;
        assert!(given > 5, "{given}");
        let board = workload::board(&test.app, &test.actor, None).await.unwrap();
        assert_eq!((board.mondays.len(), board.mondays[0]), (8, date(2027, 1, 4)));
        assert!(board.roles.is_empty(), "{:?}", board.roles);
        let row = board.people.iter().find(|row| Some(row.person) == ines.person).unwrap();
        assert!(row.weeks.iter().any(|week| week.load > 0));
        for week in &row.weeks {
            assert_eq!(week.load, week.shares.iter().map(|share| share.hundredths).sum::<u32>());
            assert!(week.capacity <= 500 && week.capacity % 100 == 0, "whole days, five at most: {week:?}");
        }
        let told =
            workload::overloaded(&test.app, &test.actor, one, vec![ines.person.unwrap()]).await.unwrap();
        assert_eq!(told.len(), 1, "the fullest week");
        assert!(
            told[0].week.is_over() && told[0].in_words().contains(" % in the week of "),
            "{}",
            told[0].in_words()
        );
        assert!(workload::overloaded(&test.app, &test.actor, one, Vec::new()).await.unwrap().is_empty());

        // The task that makes it says so, and who has room.
        let week = row.weeks.iter().find(|week| week.is_over()).unwrap();
        let fit = workload::fit(&test.app, &test.actor, week.shares[0].task.id).await.unwrap();
        let sight = work::task(&test.app, &test.actor, week.shares[0].task.id).await.unwrap();
        assert_eq!(workload::fit_of(&test.app, &test.actor, &sight).await.unwrap(), fit, "of what was read");
        assert!(
            fit.overloads.iter().all(|over| Some(over.person) == ines.person) && !fit.overloads.is_empty()
        );
        let free = fit.suggestions.iter().find(|one| Some(one.person) == jonas.person).unwrap();
        let full = fit.suggestions.iter().find(|one| Some(one.person) == ines.person).unwrap();
        assert!(free.room.fullest < full.room.fullest && full.of_role, "{fit:?}");

        // Whoever does not run onboardings sees their own weeks only.
        let seller = test.member(Role::Ae).await;
        let own = workload::board(&test.app, &seller, None).await.unwrap();
        assert_eq!(own.people.iter().map(|row| Some(row.person)).collect::<Vec<_>>(), [seller.person]);
        let stranger = test.elsewhere("Southlight").await;
        let theirs = workload::board(&stranger.app, &stranger.actor, None).await.unwrap();
        assert!(theirs.people.is_empty() && theirs.roles.is_empty());
    })
    .await;
}

#[tokio::test]
async fn people_say_what_they_have_time_for() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::Csm).await;
        let (leader, seller) = (test.member(Role::Leader).await, test.member(Role::Ae).await);
        let person = ines.person.unwrap();
        let (member, kept) =
            workload::availability(&test.app, &seller, seller.person.unwrap()).await.unwrap();
        assert_eq!(
            (Some(member.person), kept.version, kept.availability),
            (seller.person, 0, Availability::default())
        );
        let refused = workload::availability(&test.app, &seller, person).await.unwrap_err();
        assert!(matches!(refused, AppError::Forbidden(Action::RunOnboarding)), "{refused}");

        let absence = Absence { from: date(2027, 1, 4), to: date(2027, 1, 8), reason: "Holiday".to_owned() };
        let half = Availability { tenths: 25, absences: vec![absence] };
        let kept = workload::set_availability(&test.app, &ines, person, 0, half.clone()).await.unwrap();
        assert_eq!((kept.version, &kept.availability), (1, &half));
        let stale = workload::set_availability(&test.app, &ines, person, 0, Availability::default()).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "availability", version: 1 })), "{stale:?}");
        let refused =
            workload::set_availability(&test.app, &seller, person, 1, half.clone()).await.unwrap_err();
        assert!(matches!(refused, AppError::Forbidden(Action::ManageCapacity)), "{refused}");
        let board = workload::board(&test.app, &leader, None).await.unwrap();
        let row = board.people.iter().find(|row| row.person == person).unwrap();
        assert_eq!(row.weeks[..2].iter().map(|week| week.capacity).collect::<Vec<_>>(), [0, 250]);
        assert_eq!(row.weeks[0].away, ["Holiday"]);

        let changed =
            workload::set_availability(&test.app, &leader, person, 1, Availability::default()).await.unwrap();
        assert_eq!(changed.version, 2);
        let wrong = Availability { tenths: 90, absences: Vec::new() };
        let wrong = workload::set_availability(&test.app, &leader, person, 2, wrong).await.unwrap_err();
        assert!(
            matches!(&wrong, AppError::Invalid(problems) if problems[0].field == "days_a_week"),
            "{wrong}"
        );
    })
    .await;
}

#[tokio::test]
async fn whoever_is_away_holds_the_go_live_up() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::ImplementationManager).await;
        let id = generate(&test, &deal("Acme")).await;
        let before = workload::prospect(&test.app, &test.actor, id).await.unwrap();
        let found = before.found.unwrap();
        assert!(found.with_people >= found.by_plan && before.people == 0 && before.unassigned > 0);

        give_all(&test, id, &ines).await;
        let away =
            Absence { from: date(2027, 1, 4), to: date(2027, 6, 30), reason: "Parental leave".to_owned() };
        let leave = Availability { absences: vec![away], ..Availability::default() };
        workload::set_availability(&test.app, &ines, ines.person.unwrap(), 0, leave).await.unwrap();
        let seen = workload::prospect(&test.app, &test.actor, id).await.unwrap();
        let found = seen.found.unwrap();
        assert_eq!((seen.people, seen.unassigned), (1, 0));
        assert!(found.with_people > date(2027, 6, 30) && found.days > 0, "{found:?}");
        let bottleneck = found.bottleneck.unwrap();
        assert_eq!((bottleneck.name, bottleneck.without), (ines.name.clone(), found.by_plan));
    })
    .await;
}
