//! Rows to test with.

use gangway_domain::ids::{AccountId, ActivityId, EventId, HandoffId, IdSource, OnboardingId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_store::account::Account;
use gangway_store::activity::Activity;
use gangway_store::handoff::Handoff;
use gangway_store::onboarding::Onboarding;
use gangway_store::onboarding::list::{self, Query};
use gangway_store::outbox::Event;
use gangway_store::workspace::Workspace;
use gangway_store::{
    Db, Timestamp, account, activity, handoff, link, milestone, onboarding, outbox, phase, task, workspace,
};
use gangway_testkit::sample::Sample;

/// 2027-01-04 09:00:00.123456 UTC: has microseconds, to see that they survive.
pub fn now() -> Timestamp {
    "2027-01-04T09:00:00.123456Z".parse::<jiff::Timestamp>().unwrap().into()
}

pub async fn workspace(db: &Db, ids: &dyn IdSource, name: &str) -> WorkspaceId {
    let row = Workspace { id: WorkspaceId::fresh(ids), name: name.to_owned(), created_at: now() };
    let mut tx = db.write().await.unwrap();
    assert!(workspace::insert(&mut tx, &row).await.unwrap());
    tx.commit().await.unwrap();
    row.id
}

pub fn account(ids: &dyn IdSource, name: &str) -> Account {
    Account {
        id: AccountId::fresh(ids),
        name: name.to_owned(),
        name_key: name.to_lowercase(),
        industry: None,
        country: Some("US".to_owned()),
        website: None,
        created_at: now(),
    }
}

/// An onboarding with everything around it, committed.
pub async fn onboarding(db: &Db, ids: &dyn IdSource, workspace: WorkspaceId, sample: &Sample) -> Onboarding {
    let handoff = handed_over(db, ids, workspace, sample).await;
    planned(db, ids, workspace, sample, &handoff).await
}

/// A handoff and its account, committed.
pub async fn handed_over(db: &Db, ids: &dyn IdSource, workspace: WorkspaceId, sample: &Sample) -> Handoff {
    let mut tx = db.write().await.unwrap();
    let (account_id, _) =
        account::insert_or_match(&mut tx, workspace, &account(ids, &sample.customer)).await.unwrap();
    let handoff = Handoff {
        id: HandoffId::fresh(ids),
        account_id,
        digest: format!("digest of {}", sample.customer),
        format: "json".to_owned(),
        source: Some("{\"customer\": …}".to_owned()),
        reading: sample.reading(),
        segment: None,
        document_score: None,
        accepted_at: now(),
    };
    handoff::insert(&mut tx, workspace, &handoff).await.unwrap();
    tx.commit().await.unwrap();
    handoff
}

/// The onboarding of a handoff with its plan, committed.
pub async fn planned(
    db: &Db,
    ids: &dyn IdSource,
    workspace: WorkspaceId,
    sample: &Sample,
    handoff: &Handoff,
) -> Onboarding {
    let row = Onboarding {
        id: OnboardingId::fresh(ids),
        account_id: handoff.account_id,
        handoff_id: handoff.id,
        state: OnboardingState::Planned,
        package: sample.package(),
        created_at: now(),
    };
    let mut tx = db.write().await.unwrap();
    onboarding::insert(&mut tx, workspace, &row, None).await.unwrap();
    let plan = &row.package.plan;
    phase::insert_all(&mut tx, workspace, row.id, &plan.phases).await.unwrap();
    task::insert_all(&mut tx, workspace, row.id, ids, &plan.tasks).await.unwrap();
    milestone::insert_all(&mut tx, workspace, row.id, ids, &plan.milestones).await.unwrap();
    link::insert_all(&mut tx, workspace, row.id, &plan.links).await.unwrap();
    activity::insert(&mut tx, workspace, &activity_of(ids, row.account_id, Some(row.id))).await.unwrap();
    outbox::insert(&mut tx, workspace, &event(ids)).await.unwrap();
    tx.commit().await.unwrap();
    row
}

pub fn activity_of(ids: &dyn IdSource, account: AccountId, onboarding: Option<OnboardingId>) -> Activity {
    Activity {
        id: ActivityId::fresh(ids),
        at: now(),
        person: None,
        actor: "Priya".to_owned(),
        door: "cli".to_owned(),
        kind: "onboarding.generated".to_owned(),
        account: Some(account),
        onboarding,
        summary: "Generated the onboarding".to_owned(),
    }
}

pub fn event(ids: &dyn IdSource) -> Event {
    Event {
        id: EventId::fresh(ids),
        at: now(),
        kind: "onboarding.generated".to_owned(),
        payload: serde_json::json!({ "b": [1, 2.5, null], "a": "ä" }),
    }
}

/// The customers of the portfolio page by page, by cursors that went through their text as in a link.
pub async fn walked(db: &Db, workspace: WorkspaceId, mut query: Query) -> Vec<String> {
    let mut customers = Vec::new();
    loop {
        let mut tx = db.read().await.unwrap();
        let page = list::page(&mut tx, workspace, &query).await.unwrap();
        customers.extend(page.lines.into_iter().map(|line| line.customer));
        let Some(next) = page.next else { return customers };
        query.after = Some(next.to_string().parse().unwrap());
    }
}
