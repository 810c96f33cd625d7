//! The people of a running onboarding in its documents: stakeholders and who does what as they were changed since the
//! package was generated.

use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::methodology::PeopleRules;
use gangway_domain::package::{self, Package, Placed};
use gangway_domain::programme::Side;
use gangway_store::Tx;
use gangway_store::people::{self as rows, Stakeholder, raci};
use jiff::civil::Date;

use super::matrix::Names;
use crate::Actor;
use crate::error::AppError;

/// The people there are now, as far as documents name them.
#[derive(Debug)]
pub(crate) struct Present {
    stakeholders: Vec<Stakeholder>,
    names: Names,
    /// Who does what, once somebody changed it.
    changed: Option<raci::Changed>,
}

impl Present {
    /// Those of an onboarding.
    pub(crate) async fn read(
        tx: &mut Tx,
        actor: &Actor,
        account: AccountId,
        id: OnboardingId,
    ) -> Result<Self, AppError> {
        Ok(Self {
            stakeholders: rows::of_onboarding(tx, actor.workspace, id).await?,
            names: Names::read(tx, actor, account).await?,
            changed: raci::get(tx, actor.workspace, id).await?,
        })
    }

    /// A package with these people. Who left by a day is not in it; who is known by title only stays as the deal named
    /// them. What nobody changed stays as it was generated. Sentiment, risk and the like never get into a package.
    pub(crate) fn put_into(self, mut package: Package, rules: &PeopleRules, today: Date) -> Package {
        let Self { stakeholders, names, changed } = self;
        let before = std::mem::take(&mut package.people.stakeholders);
        package = package.with_stakeholders(placed(&names, before, stakeholders, rules, today));
        if let Some(changed) = changed {
            return package.with_matrix(names.put_into(changed.matrix));
        }
        for column in package.raci.columns.iter_mut().filter(|column| column.side != Side::Vendor) {
            let now = column.person.as_deref().and_then(|name| names.of_customer(name));
            column.person = now.or(column.person.take());
        }
        package
    }
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
    package::Present { name, title, email, role, power, interest, notes }.placed(rules)
}
