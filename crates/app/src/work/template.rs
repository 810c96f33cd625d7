//! Templates for work that comes up: which there are, and what one would change.

use std::collections::BTreeMap;

use gangway_domain::ids::OnboardingId;
use gangway_domain::methodology::TaskTemplate;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Beginning, Change, bundle};
use jiff::civil::Date;

use super::{refused, view};
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App};

/// A template somebody wants to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub template: String,
    /// Nothing of it starts before; today when left out.
    pub on: Option<Date>,
    /// What its first tasks wait for beside (code).
    pub after: Option<String>,
    /// Who does what each side has to do.
    pub owners: BTreeMap<Side, Assignee>,
}

/// Every template, in order of id.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn templates<'a>(
    app: &'a App,
    actor: &Actor,
) -> Result<impl Iterator<Item = &'a TaskTemplate> + use<'a>, AppError> {
    actor.require(Action::Look)?;
    Ok(app.methodology.task_templates.values())
}

/// One template.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub fn template<'a>(app: &'a App, actor: &Actor, id: &str) -> Result<&'a TaskTemplate, AppError> {
    actor.require(Action::Look)?;
    let missing = || AppError::missing("task template", id.chars().take(60).collect::<String>());
    app.methodology.task_templates.get(id).ok_or_else(missing)
}

/// The change of a plan that a template is: given to [`super::preview`] or [`super::change_because`].
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn from_template(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    begun: Begun,
) -> Result<Change, AppError> {
    let Begun { template: name, on, after, owners } = begun;
    let template = template(app, actor, &name)?;
    let (_, stored) = view::stored(app, actor, id).await?;
    let beginning = Beginning { on: on.unwrap_or_else(|| app.today()), after, owners };
    bundle(&stored.plan, template, &beginning).map_err(refused)
}
