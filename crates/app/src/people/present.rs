//! The people of a running onboarding in its documents: stakeholders and who does what as they were changed since the
//! package was generated.

use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::methodology::PeopleRules;
use gangway_domain::package::{Package, Placed, Present};
use gangway_domain::programme::Side;
use gangway_store::Tx;
use gangway_store::people::{self as rows, Stakeholder, raci};
use jiff::civil::Date;

use super::matrix::Names;
use crate::error::AppError;
use crate::{Actor, App};

/// A package with the people there are now. Who left is not in it; who is known by title only stays as the deal named
/// them. What nobody changed stays as it was generated. Sentiment, risk and the like never get into a package.
pub(crate) async fn present(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    id: OnboardingId,
    mut package: Package,
) -> Result<Package, AppError> {
    let known = rows::of_onboarding(tx, actor.workspace, id).await?;
    let today = app.today();
    let before = std::mem::take(&mut package.people.stakeholders);
    let people = &app.methodology.people;
    let names = Names::read(tx, actor, account).await?;
    package = package.with_stakeholders(placed(&names, before, known, people, today));
    if let Some(changed) = raci::get(tx, actor.workspace, id).await? {
        return Ok(package.with_matrix(names.put_into(changed.matrix)));
    }
    for column in package.raci.columns.iter_mut().filter(|column| column.side != Side::Vendor) {
        let now = column.person.as_deref().and_then(|name| names.of_customer(name));
        column.person = now.or(column.person.take());
    }
    Ok(package)
}

/// Those of the package in their order, as they are known now; then those who came since.
fn placed(
    names: &Names,
    before: Vec<Placed>,
    mut known: Vec<Stakeholder>,
    rules: &PeopleRules,
    today: Date,
) -> Vec<Placed> {
    let is_gone = |person: &Stakeholder| person.left_on.is_some_and(|left| left <= today);
    let mut placed = Vec::with_capacity(before.len().max(known.len()));
    for named in before {
        if named.count > 1 {
            placed.push(named);
            continue;
        }
        // The way they became stakeholders, so that a name that was corrected since is still the same person.
        let found = names.matching(&named.label, named.email.as_deref());
        let place = known.iter().position(|person| match found {
            Some(contact) => person.contact == contact.id,
            None => is_named(person, &named),
        });
        match place.map(|place| known.remove(place)) {
            Some(person) if is_gone(&person) => {}
            Some(person) if is_as_planned(&person, &named) => placed.push(named),
            Some(person) => placed.push(now(person, rules)),
            // A contact who is no stakeholder any more.
            None if found.is_some() => {}
            None => placed.push(named),
        }
    }
    placed.extend(known.into_iter().filter(|person| !is_gone(person)).map(|person| now(person, rules)));
    placed
}

/// Nobody said anything else of them than the deal does.
fn is_as_planned(person: &Stakeholder, named: &Placed) -> bool {
    person.version == 1
        && person.name == named.label
        && person.role == named.role
        && (named.email.is_none() || person.email == named.email)
}

/// Whoever has another name by now, told by role and title.
fn is_named(person: &Stakeholder, named: &Placed) -> bool {
    person.role == named.role && named.title.is_some() && person.title == named.title
}

fn now(person: Stakeholder, rules: &PeopleRules) -> Placed {
    let Stakeholder { name, title, email, role, power, interest, notes, .. } = person;
    Present { name, title, email, role, power, interest, notes }.placed(rules)
}
