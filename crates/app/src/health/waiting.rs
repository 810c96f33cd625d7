//! How quickly customers answer: what they were asked for in the product, and when they acted on it.
//!
//! A question is a comment of the team with a question mark that is shared in the portal. A change request asks when it is
//! proposed, an outcome when it is measured and shown by evidence. A form has a day, and so has a task of the customer's:
//! both wait from the end of it, a task only while nobody has begun it and nobody of the customer has been heard of since.
//! Surveys ask nobody in particular, and reminders nothing new.

use gangway_domain::change_request::State;
use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::outcome::Answer;
use gangway_domain::programme::Side;
use gangway_domain::response::{Request, Response};
use gangway_store::health::waiting::{Asked, Form, Proposed, Reached, Said, asked};
use gangway_store::{Timestamp, Tx};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

use super::facts::Sheaf;
use crate::App;
use crate::error::AppError;

/// Days looked back; who has not answered in a quarter of a year is silent by other facts too.
const DAYS: i64 = 92;

/// What the customers of these onboardings were asked for, with few statements for all of them.
pub(super) async fn read(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    of: &[OnboardingId],
) -> Result<Asked, AppError> {
    let since = app.clock.now().saturating_sub((DAYS * 24).hours()).unwrap_or(jiff::Timestamp::MIN);
    Ok(asked(tx, workspace, of, Timestamp::from(since), app.today()).await?)
}

/// Adds how quickly the customer of one of them answers.
pub(super) fn add(app: &App, asked: &Asked, id: OnboardingId, sheaf: &mut Sheaf) {
    let response = Response::of(&requests(app, asked, id), civil(app, app.now()));
    sheaf.number("people", "waiting_hours", response.waiting_hours);
    sheaf.maybe("people", "response_hours", response.response_hours);
}

fn requests(app: &App, asked: &Asked, id: OnboardingId) -> Vec<Request> {
    let mut all = forms(app, asked, id);
    all.extend(questions(app, asked, id));
    all.extend(changes(app, asked, id));
    all.extend(outcomes(app, asked, id));
    all.extend(task(app, asked, id));
    all
}

fn forms(app: &App, asked: &Asked, id: OnboardingId) -> Vec<Request> {
    let forms = asked.forms.get(&id).map_or(&[][..], Vec::as_slice);
    let request = |one: &Form| Request {
        from: civil(app, one.asked_at).max(end_of(one.due_on)),
        answered: one.answered_at.map(|at| civil(app, at)),
    };
    forms.iter().map(request).collect()
}

/// Questions of the team the customer sees, with the next word or file of the customer about the same thing.
fn questions(app: &App, asked: &Asked, id: OnboardingId) -> Vec<Request> {
    let said = asked.talk.get(&id).map_or(&[][..], Vec::as_slice);
    let shared = asked.shared.get(&id).map_or(&[][..], Vec::as_slice);
    let files = asked.files.get(&id).map_or(&[][..], Vec::as_slice);
    let answer = |question: &Said, from: Timestamp| {
        let words = said.iter().filter(|one| one.by_customer && one.subject == question.subject);
        let files = files.iter().filter(|one| one.subject == question.subject);
        words.map(|one| one.at).chain(files.map(|one| one.at)).filter(|at| *at >= from).min()
    };
    let request = |question: &Said| {
        let item = question.id.to_string();
        let from = shared.iter().find(|one| one.item == item)?.at.max(question.at);
        let answered = answer(question, from).map(|at| civil(app, at));
        // What is done needs no answer any more.
        let matters = answered.is_some() || !question.is_over;
        matters.then(|| Request { from: civil(app, from), answered })
    };
    said.iter().filter(|one| !one.by_customer).filter_map(request).collect()
}

fn changes(app: &App, asked: &Asked, id: OnboardingId) -> Vec<Request> {
    let rules = &app.methodology.governance.approvals;
    if !rules.iter().any(|rule| rule.side == Side::Customer && !rule.major_only) {
        return Vec::new();
    }
    let proposed = asked.changes.get(&id).map_or(&[][..], Vec::as_slice);
    let request = |one: &Proposed| {
        let State::Proposed { at } = &one.state else { return None };
        let given = one.approvals.iter().filter(|given| given.side == Side::Customer);
        let answered = given.map(|given| civil(app, given.at.into())).min();
        Some(Request { from: civil(app, (*at).into()), answered })
    };
    proposed.iter().filter_map(request).collect()
}

fn outcomes(app: &App, asked: &Asked, id: OnboardingId) -> Vec<Request> {
    let reached = asked.outcomes.get(&id).map_or(&[][..], Vec::as_slice);
    let request = |one: &Reached| {
        let from = civil(app, one.measured_at?);
        let answered = one.answer.as_ref().map(|answer| match answer {
            Answer::Confirmed { at, .. } | Answer::Declined { at, .. } => civil(app, (*at).into()),
        });
        // It was answered before it was measured once more: what that answer was to is not known.
        answered.is_none_or(|at| at >= from).then_some(Request { from, answered })
    };
    reached.iter().filter_map(request).collect()
}

/// The task of the customer's that should have been done first and that nobody has begun.
fn task(app: &App, asked: &Asked, id: OnboardingId) -> Option<Request> {
    let due = end_of(*asked.tasks.get(&id)?);
    let spoken = asked.spoken.get(&id).map(|day| end_of(*day));
    let words = asked.talk.get(&id).into_iter().flatten().filter(|one| one.by_customer).map(|one| one.at);
    let files = asked.files.get(&id).into_iter().flatten().map(|one| one.at);
    let forms = asked.forms.get(&id).into_iter().flatten().filter_map(|one| one.answered_at);
    let heard = words.chain(files).chain(forms).max().map(|at| civil(app, at));
    let from = [spoken, heard].into_iter().flatten().fold(due, DateTime::max);
    Some(Request { from, answered: None })
}

/// An instant on the workspace's clock.
fn civil(app: &App, at: Timestamp) -> DateTime {
    let at = jiff::Timestamp::try_from(at).unwrap_or_else(|_| app.clock.now());
    at.to_zoned(app.time_zone.clone()).datetime()
}

/// The first moment after a day.
fn end_of(day: Date) -> DateTime {
    day.saturating_add(1.day()).at(0, 0, 0, 0)
}
