//! Packages rendered lately. A package is a snapshot, so its files never change; typesetting them
//! takes half a second, and whoever opens one document soon opens the next.

use std::sync::{Arc, Mutex, PoisonError};

use gangway_domain::ids::{OnboardingId, WorkspaceId};

use crate::engine::RenderedFile;

/// Packages kept; about 2 MB each.
const KEPT: usize = 8;

/// The files of one package.
pub(crate) type Files = Arc<Vec<RenderedFile>>;

/// Whose package: never looked up without the workspace.
type Key = (WorkspaceId, OnboardingId);

/// The last few packages that were rendered.
#[derive(Debug, Default)]
pub struct FileCache(Mutex<Vec<(Key, Files)>>);

impl FileCache {
    pub(crate) fn get(&self, key: Key) -> Option<Files> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| *known == key).map(|(_, files)| files.clone())
    }

    pub(crate) fn put(&self, key: Key, files: Files) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| *known != key);
        kept.insert(0, (key, files));
        kept.truncate(KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn keeps_the_last_few_and_tells_workspaces_apart() {
        let cache = FileCache::default();
        let key = |workspace: u128, id: u128| {
            (WorkspaceId::from_uuid(Uuid::from_u128(workspace)), OnboardingId::from_uuid(Uuid::from_u128(id)))
        };
        for id in 0..=8 {
            cache.put(key(1, id), Files::default());
        }
        assert!(cache.get(key(1, 0)).is_none(), "the oldest made room");
        assert!(cache.get(key(1, 1)).is_some());
        assert!(cache.get(key(2, 1)).is_none(), "another workspace's");
    }
}
