//! Onboardings that may be completed.

use gangway_domain::ids::{OnboardingId, OutcomeId};
use gangway_domain::outcome::{Answer, Direction, Reading};
use gangway_store::outcome::{self, Outcome};
use gangway_store::{StoreError, work};

use crate::TestApp;

/// Reaches every milestone that the definition of complete of an onboarding names, and verifies an outcome: what must
/// be so before it is completed. Nothing of it is in the activity log.
///
/// # Panics
/// When the database fails or the onboarding has no plan.
pub async fn prove(test: &TestApp, id: OnboardingId) {
    proven(test, id).await.unwrap_or_else(|error| panic!("proving {id}: {error}"));
}

async fn proven(test: &TestApp, id: OnboardingId) -> Result<(), StoreError> {
    let (app, workspace) = (&test.app, test.actor.workspace);
    let mut tx = app.db.write().await?;
    let stored = work::get(&mut tx, workspace, id).await?.unwrap_or_else(|| panic!("{id} has no plan"));
    let mut plan = stored.plan.clone();
    let named = plan.ground.complete.clone();
    for milestone in plan.milestones.iter_mut().filter(|one| named.contains(&one.code)) {
        milestone.reached_on.get_or_insert(app.today());
    }
    work::save(&mut tx, workspace, id, &stored, &plan, &*app.ids).await?;
    let answer = Answer::Confirmed {
        by: "Dana Whitfield".to_owned(),
        contact: None,
        at: app.clock.now(),
        words: String::new(),
        recorded_by: None,
    };
    let outcome = Outcome {
        id: OutcomeId::fresh(&*app.ids),
        onboarding: id,
        number: outcome::last_number(&mut tx, workspace, id).await? + 1,
        goal: "Orders are entered once".to_owned(),
        metric: "Orders entered twice".to_owned(),
        unit: String::new(),
        direction: Direction::Down,
        baseline: None,
        target: None,
        by: app.today(),
        proof: String::new(),
        confirms: String::new(),
        rung: None,
        first_value: false,
        full_value: false,
        promises: Vec::new(),
        agreed: None,
        answer: Some(answer),
        latest: Some((app.today(), Reading { value: None, holds: true })),
        evidenced: true,
        seed: None,
        made_by: "A test".to_owned(),
        made_at: app.now(),
        version: 1,
    };
    outcome::insert_all(&mut tx, workspace, &[outcome]).await?;
    tx.commit().await
}
