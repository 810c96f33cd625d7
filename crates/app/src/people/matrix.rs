//! Who does what: the matrix of the package until somebody changes it.

use gangway_domain::ids::{AccountId, OnboardingId};
use gangway_domain::package::Raci as Planned;
use gangway_domain::people::{Matrix, MatrixColumn, MatrixRow};
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_store::Tx;
use gangway_store::contact::{Contact, name_key};
use gangway_store::membership::{self, Member};
use gangway_store::onboarding::head::{self, Head};
use gangway_store::people::raci as rows;
use serde::Deserialize;

use crate::boxed;
use crate::contact::Known;
use crate::error::{AppError, Problem};
use crate::register::{onboarding, record};
use crate::{Actor, App};

/// The matrix of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raci {
    /// The onboarding.
    pub head: Head,
    /// Who does what.
    pub matrix: Matrix,
    /// Who changed it last; nobody while it is that of the package.
    pub changed_by: Option<String>,
    /// Counts changes; 0 while it is that of the package.
    pub version: i64,
}

#[derive(Deserialize)]
struct Shown {
    raci: Planned,
}

/// Who does what in an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn raci(app: &App, actor: &Actor, id: OnboardingId) -> Result<Raci, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let names = Names::read(&mut tx, actor, head.account_id).await?;
    if let Some(rows::Changed { matrix, changed_by, version, .. }) =
        rows::get(&mut tx, actor.workspace, id).await?
    {
        return Ok(Raci { head, matrix: names.put_into(matrix), changed_by: Some(changed_by), version });
    }
    let shown = head::sections::<Shown>(&mut tx, actor.workspace, id).await?;
    let shown = shown.ok_or_else(|| AppError::missing("onboarding", id))?;
    Ok(Raci { head, matrix: names.put_into(of_package(shown.raci)), changed_by: None, version: 0 })
}

/// What people are called now.
#[derive(Debug)]
pub(super) struct Names {
    contacts: Known,
    members: Vec<Member>,
}

impl Names {
    /// Those of an account, and of the team.
    pub(super) async fn read(tx: &mut Tx, actor: &Actor, account: AccountId) -> Result<Self, AppError> {
        Ok(Self {
            contacts: Known::of_account(tx, actor.workspace, account).await?,
            members: membership::of_workspace(tx, actor.workspace).await?,
        })
    }

    /// Whoever of the customer is meant by a name, as they are called now.
    pub(super) fn of_customer(&self, name: &str) -> Option<String> {
        self.contacts.meant(name, None).map(|contact| contact.name.clone())
    }

    /// The contact that somebody a deal names became.
    pub(super) fn matching(&self, name: &str, email: Option<&str>) -> Option<&Contact> {
        self.contacts.matching(name, email)
    }

    /// A matrix with these names.
    pub(super) fn put_into(&self, mut matrix: Matrix) -> Matrix {
        for column in &mut matrix.columns {
            let now = match (column.side, column.member) {
                (Side::Vendor, Some(id)) => {
                    self.members.iter().find(|member| member.person == id).map(|member| member.name.clone())
                }
                (Side::Vendor, None) => None,
                _ => column.person.as_deref().and_then(|name| self.of_customer(name)),
            };
            column.person = now.or(column.person.take());
        }
        matrix
    }

    /// A matrix that says which members its names mean, where only one is called so.
    fn tie(&self, mut matrix: Matrix) -> Matrix {
        for column in &mut matrix.columns {
            let is_ours = column.side == Side::Vendor;
            let key = column.person.as_deref().filter(|_| is_ours).map(name_key);
            let mut called = self.members.iter().filter(|one| key.as_ref() == Some(&name_key(&one.name)));
            column.member = match (called.next(), called.next()) {
                (Some(one), None) => Some(one.person),
                _ => None,
            };
        }
        matrix
    }
}

/// The matrix a programme gave; where it says nobody does something, whoever answers for it does it.
fn of_package(raci: Planned) -> Matrix {
    let Planned { columns, mut rows } = raci;
    for row in &mut rows {
        if row.cells.iter().any(|cell| cell.contains('R')) {
            continue;
        }
        for cell in row.cells.iter_mut().filter(|cell| cell.as_str() == "A") {
            *cell = "R, A".to_owned();
        }
    }
    Matrix {
        columns: columns
            .into_iter()
            .map(|column| MatrixColumn {
                role: column.role,
                person: column.person,
                member: None,
                side: column.side,
            })
            .collect(),
        rows: rows.into_iter().map(|row| MatrixRow { activity: row.activity, cells: row.cells }).collect(),
    }
}

/// Changes who does what, when it is still the version that was looked at (0: that of the package).
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] naming every activity that has not exactly
/// one A and at least one R, [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn set_raci(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    matrix: Matrix,
) -> Result<i64, AppError> {
    actor.require(Action::RunOnboarding)?;
    let matrix = matrix.tidy();
    let problems = matrix.problems();
    if !problems.is_empty() {
        let said = problems.iter().map(|problem| Problem::new("matrix", problem.to_string()));
        return Err(AppError::Invalid(said.collect()));
    }
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = rows::get(&mut tx, actor.workspace, id).await?.map_or(0, |known| known.version);
    let matrix = Names::read(&mut tx, actor, head.account_id).await?.tie(matrix);
    let changed = rows::Changed { matrix, changed_by: actor.name.clone(), changed_at: app.now(), version };
    if known != version || !rows::put(&mut tx, actor.workspace, id, &changed).await? {
        return Err(AppError::Stale { what: "matrix", version: known });
    }
    record(app, &mut tx, actor, &head, "people.raci_changed", "Changed who does what".to_owned()).await?;
    tx.commit().await?;
    Ok(version + 1)
}
