//! The methodology in force in a workspace: what the installation runs with, and the programmes the
//! workspace published laid over it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gangway_domain::ids::WorkspaceId;
use gangway_domain::methodology::Methodology;
use gangway_methodology::{Library, path_of, read_programme};
use gangway_store::programme::{self, Version};
use gangway_store::{StoreError, Tx};
use sha2::{Digest, Sha256};

use crate::App;
use crate::boxed;
use crate::error::AppError;

/// Workspaces whose methodology is kept ready.
const MOST: usize = 64;

/// The files the installation runs with, and the methodologies made from them lately.
#[derive(Debug)]
pub struct Shelf {
    library: Library,
    built_in: OnceLock<Arc<InForce>>,
    lately: Mutex<Vec<(WorkspaceId, Arc<InForce>)>>,
}

/// A methodology with the texts of its programmes.
#[derive(Debug)]
pub struct InForce {
    /// What new onboardings are made with.
    pub methodology: Arc<Methodology>,
    texts: BTreeMap<String, Text>,
    /// The versions laid over what is built in.
    versions: Vec<Version>,
}

/// The text of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What it says.
    pub source: String,
    /// SHA-256 of it, hex.
    pub digest: String,
}

impl Text {
    pub(crate) fn new(source: impl Into<String>) -> Self {
        let source = source.into();
        let digest = Sha256::digest(&source).iter().map(|byte| format!("{byte:02x}")).collect();
        Self { source, digest }
    }
}

impl Shelf {
    /// Over the files the installation runs with.
    #[must_use]
    pub fn new(library: Library) -> Self {
        Self { library, built_in: OnceLock::new(), lately: Mutex::default() }
    }

    /// The files the installation runs with: "built in" as far as a workspace is concerned.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The built-in text of a programme.
    #[must_use]
    pub fn built_in(&self, id: &str) -> Option<Text> {
        self.library.programme(id).map(Text::new)
    }

    fn without_versions(&self, methodology: &Arc<Methodology>) -> Arc<InForce> {
        let make = || {
            let ids = methodology.programmes.keys();
            let texts = ids.filter_map(|id| Some((id.clone(), self.built_in(id)?))).collect();
            Arc::new(InForce { methodology: methodology.clone(), texts, versions: Vec::new() })
        };
        self.built_in.get_or_init(make).clone()
    }

    fn known(&self, workspace: WorkspaceId, versions: &[Version]) -> Option<Arc<InForce>> {
        let lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        let found = lately.iter().find(|(known, _)| *known == workspace)?;
        (found.1.versions == versions).then(|| found.1.clone())
    }

    fn remember(&self, workspace: WorkspaceId, made: Arc<InForce>) {
        let mut lately = self.lately.lock().unwrap_or_else(PoisonError::into_inner);
        lately.retain(|(known, _)| *known != workspace);
        lately.truncate(MOST - 1);
        lately.insert(0, (workspace, made));
    }
}

impl InForce {
    /// The text of a programme.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<&Text> {
        self.texts.get(id)
    }

    /// The version of a programme the workspace published; nothing when it is the built-in one.
    #[must_use]
    pub fn version(&self, id: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.programme == id)
    }
}

/// The methodology in force in a workspace: one small question to the database when it is known already.
///
/// # Errors
/// When the database fails, or holds a text this version of Gangway cannot read.
#[boxed]
pub async fn in_force(app: &App, workspace: WorkspaceId) -> Result<Arc<InForce>, AppError> {
    let mut tx = app.db.read().await?;
    in_force_with(app, &mut tx, workspace).await
}

pub(crate) async fn in_force_with(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
) -> Result<Arc<InForce>, AppError> {
    let versions = programme::in_force(tx, workspace).await?;
    if versions.is_empty() {
        return Ok(app.shelf.without_versions(&app.methodology));
    }
    if let Some(known) = app.shelf.known(workspace, &versions) {
        return Ok(known);
    }
    let mut methodology = (*app.methodology).clone();
    let mut texts = app.shelf.without_versions(&app.methodology).texts.clone();
    let mut library = app.shelf.library.clone();
    for version in &versions {
        let Version { programme: id, digest, .. } = version;
        let kept = programme::source(tx, workspace, id, digest).await?;
        let corrupt = |reason: String| StoreError::Corrupt { what: "programme", reason };
        let source = kept.ok_or_else(|| corrupt(format!("the text of {id} is not kept")))?;
        let programme = read_programme(&source).ok_or_else(|| {
            corrupt(format!(
                "version {} of {id} is no programme this version of Gangway reads",
                version.number
            ))
        })?;
        methodology.programmes.insert(id.clone(), programme);
        library = library.with(&path_of(id), source.clone());
        texts.insert(id.clone(), Text { source, digest: digest.clone() });
    }
    methodology.digest = library.digest();
    let made = Arc::new(InForce { methodology: Arc::new(methodology), texts, versions });
    app.shelf.remember(workspace, made.clone());
    Ok(made)
}
