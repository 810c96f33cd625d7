//! The register as a file.

use gangway_documents::SheetCell;
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::register::{Details, Status, Visibility};
use gangway_store::register::Entry;

use super::of_onboarding;
use crate::boxed;
use crate::error::AppError;
use crate::export::{Export, Format, file, number, sheet};
use crate::{Actor, App};

const COLUMNS: [(&str, f64); 12] = [
    ("Code", 8.0),
    ("Kind", 10.0),
    ("Title", 50.0),
    ("State", 10.0),
    ("How it ended", 40.0),
    ("Probability", 11.0),
    ("Impact", 8.0),
    ("Exposure", 9.0),
    ("Owner", 22.0),
    ("By", 12.0),
    ("Who sees it", 16.0),
    ("About", 60.0),
];

/// The register of an onboarding as comma-separated values: open entries first, as on its page.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Render`]; or when the database fails.
#[boxed]
pub async fn entries_file(app: &App, actor: &Actor, id: OnboardingId) -> Result<Export, AppError> {
    actor.require(Action::Export)?;
    let register = of_onboarding(app, actor, id).await?;
    let made = move || sheet("Register", &COLUMNS, register.entries.iter().map(row).collect());
    file("register", app.today(), Format::Csv, made).await
}

fn row(entry: &Entry) -> Vec<SheetCell> {
    let (state, how) = match &entry.status {
        Status::Open => ("open", ""),
        Status::Closed { outcome } => (outcome.word(), outcome.how()),
    };
    let level = match &entry.details {
        Details::Risk { probability, impact, .. } => Some((*probability, *impact)),
        Details::Issue { .. } | Details::Decision { .. } | Details::Action { .. } => None,
    };
    let about = match &entry.details {
        Details::Risk { mitigation, .. } => mitigation,
        Details::Issue { about, .. } | Details::Decision { about, .. } | Details::Action { about, .. } => {
            about
        }
    };
    vec![
        entry.code().into(),
        entry.kind().word().into(),
        entry.title.as_str().into(),
        state.into(),
        how.into(),
        some(level.map(|(probability, _)| probability.number())),
        some(level.map(|(_, impact)| impact.number())),
        some(entry.details.exposure()),
        entry.owner_name.as_deref().unwrap_or_default().into(),
        entry.due_on.map_or_else(SheetCell::default, SheetCell::from),
        match entry.visibility {
            Visibility::Internal => "the team",
            Visibility::Customer => "the customer too",
        }
        .into(),
        about.as_str().into(),
    ]
}

/// A number where there is one.
fn some(known: Option<i64>) -> SheetCell {
    known.map_or_else(SheetCell::default, number)
}
