//! The whole matrix of the portal: what each role gets of each part of it, field by field, and what it may do.

use std::collections::BTreeMap;

use gangway_app::change_request::{self, Draft, Step};
use gangway_app::portal::{self, Reported, TaskPage};
use gangway_app::work::{self, NewFile};
use gangway_app::{Actor, AppError, form, launch, outcome, survey, training};
use gangway_domain::change_request::Priority;
use gangway_domain::ids::{
    ChangeRequestId, ContactId, FormId, OutcomeId, SurveyId, TaskId, TrainingSessionId,
};
use gangway_domain::portal::{PortalRole, Resource, Right, may};
use gangway_domain::programme::Side;
use gangway_domain::survey::State;
use gangway_testkit::for_each_database;
use serde::Serialize;
use serde_json::Value as Json;

use super::portal::{World, holds_no_more_than};

/// An onboarding in which there is something of every part.
struct Full {
    world: World,
    /// A task of the guest's, with a comment and a file both sides share; and one of a colleague's.
    own: TaskId,
    other: TaskId,
    form: FormId,
    survey: SurveyId,
    request: ChangeRequestId,
}

fn file() -> NewFile {
    let (name, media_type) = ("agenda.txt".to_owned(), "text/plain".to_owned());
    NewFile { name, media_type, bytes: b"What we talk about".to_vec() }
}

impl Full {
    async fn on(db: gangway_store::Db) -> Self {
        let world = World::on(db).await;
        let (app, actor, id) = (&world.test.app, &world.test.actor, world.id);
        let own = world.give_one(0, world.dana, "Dana Whitfield").await;
        let other = world.give_one(1, world.renee, "Renee Walsh").await;
        let said = work::comment(app, actor, &own.to_string(), "We can help on Tuesday").await.unwrap();
        portal::share(app, actor, &said.id.to_string(), true).await.unwrap();
        let kept = work::add_file(app, actor, &own.to_string(), file()).await.unwrap();
        portal::share(app, actor, &kept.id.to_string(), true).await.unwrap();
        let asked = form::Draft { form: "user-list".to_owned(), ..form::Draft::default() };
        let form = form::ask(app, actor, id, asked).await.unwrap().id;
        let mut sent = None;
        for line in survey::of_onboarding(app, actor, id).await.unwrap().lines {
            let (one, version) = (line.survey.id, line.survey.version);
            if line.survey.state == State::Planned
                && survey::send(app, actor, one, version, Some(vec![world.dana])).await.is_ok()
            {
                sent = Some(one);
                break;
            }
        }
        let draft = Draft {
            title: "Two more plants".to_owned(),
            description: "Berlin and Lyon too".to_owned(),
            justification: "They were bought in December".to_owned(),
            requested_by: "Dana Whitfield".to_owned(),
            side: Side::Customer,
            requested_on: None,
            priority: Priority::Medium,
            changes: Vec::new(),
            cost: None,
            risk: "They may not pay".to_owned(),
            recommendation: None,
        };
        let made = change_request::add(app, actor, id, draft).await.unwrap().request;
        change_request::take(app, actor, made.id, made.version, Step::Propose).await.unwrap();
        Self { own, other, form, survey: sent.unwrap(), request: made.id, world }
    }

    /// What a guest gets of a part; nothing where they are turned away.
    async fn seen(&self, guest: &Actor, resource: Resource) -> Option<Json> {
        use Resource as R;
        let app = &self.world.test.app;
        let bare = |page: TaskPage| TaskPage {
            comments: Vec::new(),
            files: Vec::new(),
            colleagues: Vec::new(),
            ..page
        };
        match resource {
            R::Overview => shown(portal::overview(app, guest).await),
            R::Plan => shown(portal::plan(app, guest).await),
            R::OwnTask => shown(portal::task(app, guest, self.own).await.map(bare)),
            R::AnyTask => shown(portal::task(app, guest, self.other).await.map(bare)),
            R::Comment => some(portal::task(app, guest, self.own).await.map(|page| page.comments)),
            R::File => some(portal::task(app, guest, self.own).await.map(|page| page.files)),
            R::Delegate => some(portal::task(app, guest, self.own).await.map(|page| page.colleagues)),
            R::Meeting => shown(portal::guest_meetings(app, guest).await),
            R::Document => shown(portal::guest_documents(app, guest).await),
            R::Outcome => shown(outcome::guest_outcomes(app, guest).await),
            R::Training => shown(training::learning(app, guest).await),
            R::Form => shown(form::for_guest(app, guest, self.form).await),
            R::Survey => shown(survey::for_guest(app, guest, self.survey).await),
            R::Approval => shown(portal::change_page(app, guest, self.request).await),
            R::Readiness => shown(launch::for_guest(app, guest).await),
            R::Issue => shown(portal::guest_issues(app, guest).await),
            R::People => {
                shown(portal::guest_people(app, guest).await.map(|people| (people.customer, people.team)))
            }
            R::Status => shown(portal::guest_status(app, guest).await),
            // There is nothing to see of these but that they can be done.
            R::OutcomeConfirmation | R::Invite => None,
        }
    }

    /// Whether a guest is let through to doing it; nothing where there is nothing to do. What they send names nothing
    /// there is, so that nothing is changed.
    async fn does(&self, guest: &Actor, resource: Resource) -> Option<bool> {
        use Resource as R;
        let app = &self.world.test.app;
        let nothing = BTreeMap::new();
        let task = TaskId::fresh(&*app.ids);
        let answer = match resource {
            R::Comment => portal::comment(app, guest, task, "Which format?", false).await,
            R::File => portal::add_file(app, guest, task, file()).await,
            R::Delegate => portal::delegate(app, guest, task, ContactId::fresh(&*app.ids)).await.map(|_| ()),
            R::OutcomeConfirmation => outcome::guest_agree(app, guest, OutcomeId::fresh(&*app.ids), 1).await,
            R::Training => training::rate(app, guest, TrainingSessionId::fresh(&*app.ids), 5).await,
            R::Form => form::save(app, guest, FormId::fresh(&*app.ids), 1, &nothing).await.map(|_| ()),
            R::Survey => {
                survey::keep_for_guest(app, guest, SurveyId::fresh(&*app.ids), &[]).await.map(|_| ())
            }
            R::Approval => launch::approve_as_guest(app, guest, "nobody", true, "").await,
            R::Issue => {
                let nothing = Reported { title: "", details: "", severity: "" };
                portal::report_issue(app, guest, nothing).await
            }
            R::Invite => portal::invite_colleague(app, guest, "", "").await.map(|_| ()),
            R::OwnTask => {
                return Some(portal::task(app, guest, self.own).await.is_ok_and(|page| page.may_do));
            }
            R::AnyTask => {
                return Some(portal::task(app, guest, self.other).await.is_ok_and(|page| page.may_do));
            }
            // Meetings can be put into a calendar by whoever sees them; the others are only read.
            R::Overview
            | R::Plan
            | R::Meeting
            | R::Document
            | R::Outcome
            | R::Readiness
            | R::People
            | R::Status => return None,
        };
        Some(!matches!(answer, Ok(()) | Err(AppError::NotForGuest)))
    }
}

/// What was answered, unless it was a refusal.
fn shown<T: Serialize>(answer: Result<T, AppError>) -> Option<Json> {
    match answer {
        Ok(view) => Some(serde_json::to_value(view).unwrap()),
        Err(AppError::NotForGuest | AppError::NotFound { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// A list that is empty where nothing of it may be seen.
fn some<T: Serialize>(answer: Result<Vec<T>, AppError>) -> Option<Json> {
    shown(answer).filter(|view| *view != Json::Array(Vec::new()))
}

#[tokio::test]
async fn every_role_gets_of_every_part_what_the_table_says_and_no_other_field() {
    for_each_database(|db| async move {
        let full = Full::on(db).await;
        for role in PortalRole::ALL {
            let guest = full.world.guest(full.world.dana, *role).await.actor;
            for resource in Resource::ALL {
                let what = format!("{} and {}", role.word(), resource.word());
                let only_done = matches!(resource, Resource::OutcomeConfirmation | Resource::Invite);
                let seen = full.seen(&guest, *resource).await;
                if !only_done {
                    assert_eq!(seen.is_some(), may(*role, *resource, Right::See), "{what} is seen");
                }
                if let Some(view) = seen {
                    holds_no_more_than(&view, &[*resource]);
                }
                if let Some(does) = full.does(&guest, *resource).await {
                    assert_eq!(does, may(*role, *resource, Right::Do), "{what} is done");
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_colleague_who_looks_on_and_a_guest_of_another_onboarding_do_nothing() {
    for_each_database(|db| async move {
        let full = Full::on(db).await;
        let lead = full.world.guest(full.world.dana, PortalRole::Lead).await;
        let peek = gangway_app::Guest { peek: true, ..lead.guest };
        let looker = Actor::guest("Dana Whitfield", peek);
        for resource in Resource::ALL {
            let does = full.does(&looker, *resource).await.unwrap_or_default();
            assert!(!does, "a colleague does {}", resource.word());
        }
        let elsewhere = super::generate(&full.world.test, &gangway_testkit::deal("Globex")).await;
        let stranger = gangway_app::Guest { onboarding: elsewhere, ..lead.guest };
        let stranger = Actor::guest("Dana Whitfield", stranger);
        for resource in [
            Resource::OwnTask,
            Resource::AnyTask,
            Resource::Comment,
            Resource::File,
            Resource::Form,
            Resource::Survey,
            Resource::Approval,
        ] {
            assert_eq!(full.seen(&stranger, resource).await, None, "{} of others", resource.word());
        }
    })
    .await;
}
