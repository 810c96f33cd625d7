//! What killed processes left beside a folder, and how to tell it from what others are writing.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::path::Path;

/// What a folder beside another is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A draft.
    New,
    /// A folder moved out of the way, to be put back when nothing took its place.
    Old,
}

const NEW: &str = ".gangway-new-";
const OLD: &str = ".gangway-old-";

/// `.acme.gangway-new-4711-0`. The process is named for people who find it; nothing depends on it.
pub(crate) fn name(of: &OsStr, kind: Kind, attempt: u32) -> OsString {
    let mark = match kind {
        Kind::New => NEW,
        Kind::Old => OLD,
    };
    let mut name = OsString::from(".");
    name.push(of);
    name.push(format!("{mark}{}-{attempt}", std::process::id()));
    name
}

/// Which folder such a name belongs to, and what it is; `None` for all other names.
fn parse(name: &str) -> Option<(&str, Kind)> {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    [(NEW, Kind::New), (OLD, Kind::Old)].into_iter().find_map(|(mark, kind)| {
        let (before, numbers) = name.rsplit_once(mark)?;
        let (process, attempt) = numbers.split_once('-')?;
        let of = before.strip_prefix('.').filter(|of| !of.is_empty())?;
        (number(process) && number(attempt)).then_some((of, kind))
    })
}

/// An attempt to lock a folder.
pub(crate) enum Lock {
    /// Nobody held it; it is ours while the file is open.
    Held(File),
    /// Somebody holds it.
    Taken,
    /// It is not there any more.
    Gone,
    /// The disk knows no locks.
    Unknown,
}

/// Tries to lock a folder.
pub(crate) fn lock(folder: &Path) -> Lock {
    let Ok(handle) = File::open(folder) else {
        return if folder.exists() { Lock::Unknown } else { Lock::Gone };
    };
    match handle.try_lock() {
        // Between opening and locking somebody else may have removed it.
        Ok(()) if is_still(&handle, folder) => Lock::Held(handle),
        Ok(()) => Lock::Gone,
        Err(TryLockError::WouldBlock) => Lock::Taken,
        Err(TryLockError::Error(_)) => Lock::Unknown,
    }
}

#[cfg(unix)]
fn is_still(handle: &File, folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (handle.metadata(), fs::symlink_metadata(folder)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still(_: &File, folder: &Path) -> bool {
    folder.exists()
}

/// Removes drafts that nobody writes any more, and puts back what was moved away for nothing. What
/// cannot be read or removed stays: it is in nobody's way.
pub(crate) fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some((of, kind)) = name.to_str().and_then(parse) else { continue };
        if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            continue;
        }
        let Lock::Held(_lock) = lock(&entry.path()) else { continue };
        let out = parent.join(of);
        let _ = match kind {
            Kind::Old if fs::symlink_metadata(&out).is_err() => fs::rename(entry.path(), &out),
            _ => fs::remove_dir_all(entry.path()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draft;

    #[test]
    fn only_names_of_ours_are_known() {
        assert_eq!(parse(".acme.gangway-new-4711-0"), Some(("acme", Kind::New)));
        assert_eq!(parse(".a.gangway-new-b.gangway-old-1-12"), Some(("a.gangway-new-b", Kind::Old)));
        for other in [
            ".acme.new-4711-0",
            "acme.gangway-new-4711-0",
            "..gangway-new-1-0x",
            ".gangway-new-1-0",
            ".acme.gangway-new-1",
            ".acme.gangway-new-1-",
            ".acme.gangway-new--1",
            ".acme.gangway-new-1-2-3",
            ".acme.gangway-new-x-1",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
        let made = name(OsStr::new("acme"), Kind::New, 7);
        assert_eq!(parse(made.to_str().unwrap()), Some(("acme", Kind::New)));
    }

    #[test]
    fn drafts_of_the_dead_go_and_those_of_the_living_stay() {
        let place = tempfile::tempdir().unwrap();
        let alive = Draft::beside(&place.path().join("alive")).unwrap();
        alive.write("a.txt", b"a").unwrap();
        for dead in [".acme.gangway-new-1-0", ".other.gangway-new-99999999-3"] {
            fs::create_dir_all(place.path().join(dead).join("deep")).unwrap();
        }
        for foreign in [".acme.new-1-0", "notes"] {
            fs::create_dir(place.path().join(foreign)).unwrap();
        }
        fs::write(place.path().join(".file.gangway-new-1-0"), "a file, not a folder").unwrap();
        Draft::beside(&place.path().join("acme")).unwrap().publish().unwrap();
        alive.publish().unwrap();
        let mut names: Vec<_> =
            fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, [".acme.new-1-0", ".file.gangway-new-1-0", "acme", "alive", "notes"]);
        assert!(place.path().join("alive/a.txt").exists());
    }

    #[test]
    fn a_folder_moved_away_for_nothing_comes_back() {
        let place = tempfile::tempdir().unwrap();
        let away = place.path().join(".acme.gangway-old-1-0");
        fs::create_dir(&away).unwrap();
        fs::write(away.join("package.json"), "{}").unwrap();
        sweep(place.path());
        assert!(place.path().join("acme/package.json").exists() && !away.exists());
        // With something in its place, it is what was replaced.
        fs::create_dir(&away).unwrap();
        sweep(place.path());
        assert!(!away.exists());
    }
}
