//! The four stories told in full: what came in the way of each on which day, and what was done about it.

use gangway_domain::ids::{CommentId, OnboardingId, PersonId};
use gangway_domain::programme::Side;
use gangway_domain::work::{Because, Change, TaskState};
use gangway_store::work::comment;

use super::course::stretch;
use super::{Person, comes_up, govern, meetings, relate, speaker};
use crate::activity::{self, About};
use crate::error::AppError;
use crate::work::{self, NewFile, Sight};
use crate::{Actor, App};

/// Places of the stories told in full.
const KESTREL: usize = 1;
const BLUEFIN: usize = 2;
const CLEARWATER: usize = 3;
const ATELIER: usize = 4;

/// Whether the story at this place is told in full.
pub(super) fn is_told(place: usize) -> bool {
    matches!(place, KESTREL | BLUEFIN | CLEARWATER | ATELIER)
}

/// An onboarding on a day of its story.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    /// As it was on that day.
    pub app: &'a App,
    /// Whoever runs the onboarding.
    pub who: &'a Actor,
    pub team: &'a [Person],
    pub id: OnboardingId,
}

/// What happened so many days ago.
pub(super) async fn tell(scene: &Scene<'_>, place: usize, ago: i32) -> Result<(), AppError> {
    meetings::hold(scene).await?;
    match place {
        KESTREL => kestrel(scene, ago).await,
        BLUEFIN => bluefin(scene, ago).await,
        CLEARWATER => clearwater(scene, ago).await,
        ATELIER => atelier(scene, ago).await,
        _ => Ok(()),
    }
}

/// SAP could not be reached, a depot was added, a second engineer made days good; now the champion leaves.
async fn kestrel(scene: &Scene<'_>, ago: i32) -> Result<(), AppError> {
    match ago {
        19 => {
            let because = "Nothing may change in SAP before the quarter is closed";
            let task = block(scene, because).await?;
            govern::issue(scene, "No access to SAP until the quarter is closed", because, task.as_deref())
                .await?;
            govern::escalate(scene, 1, "SAP access is refused", task.as_deref().unwrap_or_default()).await?;
            relate::tick(scene).await
        }
        12 => {
            unblock(scene).await?;
            let answer = "Victor Lane lets Peter Quist open a test client beside the closing";
            govern::answer_all(scene, answer, Some("The test client answers; the issue is closed")).await?;
            govern::resolve_issues(scene, "Peter Quist opened a test client on the second day").await?;
            govern::approve_growth(scene).await
        }
        _ => kestrel_of_late(scene, ago).await,
    }
}

/// The last week of it.
async fn kestrel_of_late(scene: &Scene<'_>, ago: i32) -> Result<(), AppError> {
    match ago {
        7 => {
            let why = "A second integration engineer joined for two weeks";
            stretched(scene, -2, why, Side::Vendor).await?;
            govern::steering(scene).await?;
            govern::weekly_status(scene).await
        }
        3 => {
            relate::lose_champion(scene).await?;
            let why = "The storm desk called everybody in an hour before; nobody could say no";
            meetings::wait_in_vain(scene, why).await?;
            let because = "The depots have not said which tablets they use";
            let task = block(scene, because).await?;
            govern::issue(scene, "Tablets of the depots are not known", because, task.as_deref()).await?;
            govern::escalate(scene, 2, "The pilot cannot be set up without tablets", "").await
        }
        0 => {
            govern::executive_update(scene).await?;
            govern::requests_left(scene).await?;
            comes_up::recovery(scene, "The outage feed has stood still since the storm").await?;
            comes_up::weekly_check(scene).await
        }
        _ => Ok(()),
    }
}

/// The retailer moved its audit, the lot numbers were elsewhere, and the dates were agreed on anew.
async fn bluefin(scene: &Scene<'_>, ago: i32) -> Result<(), AppError> {
    match ago {
        19 => {
            let why = "The retailer moved the rehearsal of its audit; both sides wait for the new day";
            stretched(scene, 2, why, Side::Joint).await?;
            relate::tick(scene).await
        }
        12 => {
            let reason = "Dana Whitfield and Marcus Hale agreed on the dates after the audit was moved";
            work::keep_baseline(scene.app, scene.who, scene.id, None, reason).await?;
            govern::turned_down(scene).await
        }
        7 => {
            let why = "Lot numbers are kept in a second table of NetSuite that we had not seen";
            stretched(scene, 3, why, Side::Vendor).await?;
            govern::risks(scene).await
        }
        3 => {
            stretched(scene, -2, "The trace report was built from the one of another plant", Side::Vendor)
                .await?;
            govern::weekly_status(scene).await
        }
        0 => govern::proposed(scene).await,
        _ => Ok(()),
    }
}

/// People who were let down before, a gate passed on trust, and a signature that is missing.
async fn clearwater(scene: &Scene<'_>, ago: i32) -> Result<(), AppError> {
    match ago {
        19 => {
            let why = "Two of the six clinics are short of staff until the flu is over";
            stretched(scene, 3, why, Side::Customer).await?;
            govern::handoff_summary(scene).await?;
            relate::resist(scene).await
        }
        12 => {
            let reason = "Dr. Ashby accepts that the two smallest clinics sign in without Azure AD until their \
                          licences arrive";
            waive(scene, reason).await?;
            relate::tick(scene).await
        }
        7 => {
            let because = "The privacy officer has not signed the agreement on data";
            let task = block(scene, because).await?;
            govern::issue(scene, "The agreement on data is not signed", because, task.as_deref()).await?;
            govern::escalate(scene, 1, "The agreement on data waits for a signature", "").await
        }
        3 => {
            let answer = "Lena Novak gets the list of sub-processors and signs by the end of the week";
            govern::answer_all(scene, answer, None).await?;
            talk_over(scene, "@Sofia Brandt when will Owen Pratt have the list of sub-processors?").await?;
            govern::risks(scene).await
        }
        0 => govern::go_no_go(scene).await,
        _ => Ok(()),
    }
}

/// Four shops and an owner who travels: small steps, ticked off one by one.
async fn atelier(scene: &Scene<'_>, ago: i32) -> Result<(), AppError> {
    match ago {
        12 => {
            let why = "The owner was at a fair; both sides took up the work a day later";
            stretched(scene, 1, why, Side::Joint).await
        }
        7 => {
            check_off(scene).await?;
            relate::tick(scene).await
        }
        3 => govern::small_things(scene).await,
        _ => Ok(()),
    }
}

async fn sight(scene: &Scene<'_>) -> Result<Sight, AppError> {
    work::sight(scene.app, scene.who, scene.id).await
}

/// Gives a task other working days by which the go-live moves, and the ledger why.
async fn stretched(scene: &Scene<'_>, by: i64, why: &str, side: Side) -> Result<(), AppError> {
    // Work of that side where it decides the go-live, else any: whoever answers for it is said beside.
    let mut found = None;
    for (by, side) in [(by, Some(side)), (by, None), (by.signum(), None)] {
        if found.is_none() {
            found = stretch(scene, by, side).await?;
        }
    }
    let Some(change) = found else {
        tracing::warn!(id = %scene.id, why, "nothing in the demo moves the go-live");
        return Ok(());
    };
    let because = Some(Because { summary: why.to_owned(), side });
    work::change_because(scene.app, scene.who, scene.id, None, vec![change], because).await?;
    Ok(())
}

/// Blocks the next task of the customer that is neither done nor blocked; gives its code.
async fn block(scene: &Scene<'_>, because: &str) -> Result<Option<String>, AppError> {
    let plan = sight(scene).await?.stored.plan;
    let open = plan.tasks.iter().filter(|task| {
        let is_open = matches!(task.state, TaskState::Open | TaskState::Started { .. });
        is_open && task.side != Side::Vendor && plan.ground.go_live.as_ref() != Some(&task.code)
    });
    let next = open.min_by_key(|task| (task.side != Side::Customer, task.start, task.finish));
    let Some(task) = next.map(|task| task.code.clone()) else { return Ok(None) };
    let since = scene.app.today();
    let change = Change::Block { task: task.clone(), since, because: because.to_owned(), by: None };
    work::change(scene.app, scene.who, scene.id, None, vec![change]).await?;
    Ok(Some(task))
}

/// What was blocked can go on.
async fn unblock(scene: &Scene<'_>) -> Result<(), AppError> {
    let plan = sight(scene).await?.stored.plan;
    let blocked = plan.tasks.iter().filter(|task| matches!(task.state, TaskState::Blocked { .. }));
    let changes: Vec<Change> = blocked.map(|task| Change::Unblock { task: task.code.clone() }).collect();
    if !changes.is_empty() {
        work::change(scene.app, scene.who, scene.id, None, changes).await?;
    }
    Ok(())
}

/// The next gate does not hold anything up any more.
async fn waive(scene: &Scene<'_>, reason: &str) -> Result<(), AppError> {
    let plan = sight(scene).await?.stored.plan;
    let gate = plan.milestones.iter().filter(|one| one.holds()).min_by_key(|one| one.planned);
    let Some(gate) = gate else { return Ok(()) };
    let change = Change::Waive { milestone: gate.code.clone(), reason: reason.to_owned(), on: None };
    work::change(scene.app, scene.who, scene.id, None, vec![change]).await?;
    Ok(())
}

/// Two people talk about the task that is in the way, or the next; the last names somebody who has not seen it yet.
async fn talk_over(scene: &Scene<'_>, question: &str) -> Result<(), AppError> {
    let Scene { app, team, id, .. } = *scene;
    let sight = sight(scene).await?;
    let open = sight.stored.plan.tasks.iter().filter(|task| !task.state.is_over());
    let task = open.min_by_key(|task| (!matches!(task.state, TaskState::Blocked { .. }), task.start));
    let known = task.and_then(|task| Some((task, *sight.stored.tasks.get(&task.code)?)));
    let Some((task, facts)) = known else { return Ok(()) };
    let subject = facts.id.to_string();
    let first = "The template went out on Monday; legal on their side has it.";
    work::comment(app, &speaker(team, "Jonas Feld"), &subject, first).await?;
    // Kept without the use case, which writes mail: the demo writes to nobody.
    let ines = speaker(team, "Ines Okafor");
    let row = comment::Comment {
        id: CommentId::fresh(&*app.ids),
        onboarding: id,
        subject: facts.id.uuid(),
        at: app.now(),
        by: ines.name.clone(),
        person: ines.person.map(PersonId::uuid),
        said: question.to_owned(),
    };
    let named: Vec<PersonId> = team
        .iter()
        .filter(|person| question.contains(&format!("@{}", person.name)))
        .map(|person| person.id)
        .collect();
    let mut tx = app.db.write().await?;
    comment::insert(&mut tx, ines.workspace, &row, &named).await?;
    let about = About { account: Some(sight.head.account_id), onboarding: Some(id) };
    activity::record(app, &mut tx, &ines, "work.commented", about, format!("Commented on “{}”", task.name))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// A checklist half ticked, and a file beside it.
async fn check_off(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, .. } = *scene;
    let sight = sight(scene).await?;
    let open = sight.stored.plan.tasks.iter().filter(|task| !task.state.is_over());
    let next = open.min_by_key(|task| (task.start, task.finish));
    let Some(facts) = next.and_then(|task| sight.stored.tasks.get(&task.code).copied()) else {
        return Ok(());
    };
    let lines = [
        ("Every shop has named one person who counts", true),
        ("Shelf numbers are the same in all four shops", true),
        ("The scanner of the shop in Lyon is repaired", false),
        ("Camille Moreau has seen the first count", false),
    ];
    for (line, is_done) in lines {
        let item = work::add_check(app, who, facts.id, line).await?;
        if is_done {
            work::tick(app, who, item.id, true).await?;
        }
    }
    let file = NewFile {
        name: "shelf-numbers.csv".to_owned(),
        media_type: "text/csv".to_owned(),
        bytes: b"shop,shelf,article\nLyon,A1,scarves\nLyon,A2,gloves\nNantes,A1,scarves\n".to_vec(),
    };
    work::add_file(app, who, &facts.id.to_string(), file).await?;
    let text = "Count the shelves of all four shops on one evening, after closing.\n\nLyon begins: its scanner is the \
                oldest, and what goes wrong there goes wrong everywhere.";
    work::describe(app, who, facts.id, 0, text).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::STORIES;

    #[test]
    fn the_stories_told_in_full_are_where_they_are_looked_for() {
        let places =
            [(KESTREL, "Kestrel"), (BLUEFIN, "Bluefin"), (CLEARWATER, "Clearwater"), (ATELIER, "Atelier")];
        for (at, name) in places {
            assert!(STORIES[at].text.contains(&format!("{name} ")), "{at}");
            assert!(STORIES[at].kickoff > 0 && !STORIES[at].completed, "{name} runs");
        }
    }
}
