//! The demo: every state the product has can be seen in it.

use gangway_app::package::Standing;
use gangway_app::{account, contact, demo, document, identity, intake, onboarding, portfolio, webhook};
use gangway_domain::permission::Role;
use gangway_store::onboarding::list::Query;
use gangway_store::review::State;
use gangway_testkit::{TestApp, for_each_database};

#[tokio::test]
async fn the_demo_shows_every_state_there_is() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        assert_eq!(demo::seed(app).await.unwrap(), 40);
        assert_eq!(demo::seed(app).await.unwrap(), 0, "a demo is made once");

        let all = onboarding::list(app, actor, Query::first(100, app.today())).await.unwrap().page.lines;
        let count = |state: &str| all.iter().filter(|line| line.state == state).count();
        assert_eq!((all.len(), count("closed")), (40, 4));
        assert!(count("completed") >= 5 && count("planned") >= 5 && count("running") >= 15);
        assert!(all.iter().filter(|line| line.document_score < 80).count() >= 3);
        assert!(all.iter().filter(|line| line.document_score >= 80).count() >= 20);
        assert!(all.iter().any(|line| line.late_days > 0));

        let handoffs = intake::list(app, actor, &intake::newest()).await.unwrap();
        for (state, number) in [(State::Review, 3), (State::Confirmed, 2), (State::Made, 40)] {
            assert_eq!(handoffs.counts.iter().find(|(known, _)| *known == state), Some(&(state, number)));
        }
        let hexagon = handoffs.lines.iter().find(|line| line.customer == "Hexagon Freight").unwrap();
        let hexagon = intake::get(app, actor, hexagon.id).await.unwrap();
        assert!(hexagon.clocks.iter().any(|clock| clock.overdue));

        let twice = contact::duplicates(app, actor).await.unwrap();
        assert!(twice.iter().any(|pair| pair.one_name == "Sven Albers" && pair.other_name == "Sven Albers"));
        let twice = account::merge::duplicates(app, actor).await.unwrap();
        let names: Vec<_> = twice.iter().map(|pair| [&*pair.one_name, &*pair.other_name]).collect();
        assert_eq!(names, [["Cascade Paper", "Cascade Paper Mills"]]);

        let mut standings = Vec::new();
        for name in ["Clearwater Clinics", "Bluefin Foods"] {
            let id = all.iter().find(|line| line.customer == name).unwrap().id;
            let changes = document::changes(app, actor, id).await.unwrap();
            standings.extend(changes.iter().map(|(document, changed)| (document.name, changed.standing)));
        }
        assert_eq!(standings, [("welcome", Standing::Current), ("welcome", Standing::Apart)]);

        let invited = identity::invitations(app, actor).await.unwrap();
        assert!(invited.iter().any(|invitation| invitation.expires_at > app.now()));
        let endpoints = webhook::endpoints(app, actor).await.unwrap();
        let (endpoint, deliveries) = webhook::endpoint(app, actor, endpoints[0].id).await.unwrap();
        assert!(endpoint.disabled_at.is_some(), "nothing is sent from a demo");
        assert!(deliveries.iter().any(|delivery| delivery.failed_at.is_some()));
        assert!(deliveries.iter().any(|delivery| delivery.delivered_at.is_some()));
        let viewer = test.member(Role::Viewer).await;
        let views = portfolio::view::list(app, &viewer).await.unwrap();
        assert!(views.iter().any(|view| view.shared));
    })
    .await;
}
