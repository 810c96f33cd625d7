//! Who of the vendor's people fills which role of an onboarding.

use std::collections::BTreeMap;

use gangway_domain::permission::Role;
use gangway_store::onboarding::{self, head::Head};

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, work};

/// Names of the vendor's people by what programmes call their roles: the owner is the onboarding manager, any other
/// role belongs to whoever has most of its tasks. Without tasks, the account executive is the one who handed the deal
/// over. Roles nobody fills are left out.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn team(app: &App, actor: &Actor, head: &Head) -> Result<BTreeMap<String, String>, AppError> {
    let plan = work::plan(app, actor, head).await?;
    let given = plan.tasks.iter().filter_map(|task| {
        let who = task.assignee.as_ref().filter(|who| who.person().is_some())?;
        Some((task.role.as_str(), who.name()))
    });
    let mut team = most_often(given);
    let mut tx = app.db.read().await?;
    if let Some((_, owner)) = onboarding::owner(&mut tx, actor.workspace, head.id).await? {
        team.insert(Role::OnboardingManager.label().to_owned(), owner);
    }
    if let Some((_, seller)) = onboarding::seller(&mut tx, actor.workspace, head.id, Role::Ae).await? {
        team.entry(Role::Ae.label().to_owned()).or_insert(seller);
    }
    Ok(team)
}

/// Who stands beside a role most often; of two who do so equally often, the first by name.
fn most_often<'a>(given: impl Iterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, String> {
    let mut counted: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    for (role, name) in given.filter(|(role, _)| !role.is_empty()) {
        *counted.entry(role).or_default().entry(name).or_default() += 1;
    }
    let first = |names: BTreeMap<&str, u32>| {
        let most = names.values().max().copied()?;
        names.into_iter().find(|(_, times)| *times == most).map(|(name, _)| name.to_owned())
    };
    counted.into_iter().filter_map(|(role, names)| Some((role.to_owned(), first(names)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::most_often;

    #[test]
    fn a_role_belongs_to_whoever_has_most_of_its_tasks() {
        let given = [
            ("Implementation manager", "Sofia"),
            ("Implementation manager", "Jonas"),
            ("Implementation manager", "Jonas"),
            ("Enablement specialist", "Sofia"),
            ("Enablement specialist", "Ines"),
            ("", "Ines"),
        ];
        let team = most_often(given.into_iter());
        let team: Vec<(&str, &str)> =
            team.iter().map(|(role, name)| (role.as_str(), name.as_str())).collect();
        assert_eq!(team, [("Enablement specialist", "Ines"), ("Implementation manager", "Jonas")]);
    }
}
