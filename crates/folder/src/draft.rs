//! A folder in the making.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::thread;

use crate::error::{FolderError, at};
use crate::leftovers::{self, Kind, Lock};

/// Files flushed side by side.
const FLUSHED_AT_ONCE: usize = 16;

/// A folder in the making, beside the place it is for. Dropped unpublished, it is removed.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    out: PathBuf,
    parent: PathBuf,
    published: bool,
    /// Tells others that somebody still works on the draft; `None` where the disk knows no locks.
    _lock: Option<File>,
}

impl Draft {
    /// Begins a draft of the folder `out`, whose parent is made when absent, and removes what killed
    /// processes left there.
    ///
    /// # Errors
    /// When `out` has no name or nothing can be written beside it.
    pub fn beside(out: &Path) -> Result<Self, FolderError> {
        let name = out.file_name().ok_or_else(|| FolderError::NoName(out.to_owned()))?;
        let parent = match out.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(at(&parent))?;
        leftovers::sweep(&parent);
        for attempt in 0..1000 {
            let path = parent.join(leftovers::name(name, Kind::New, attempt));
            match fs::create_dir(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(at(&path)(error)),
                Ok(()) => {}
            }
            let lock = match leftovers::lock(&path) {
                Lock::Held(lock) => Some(lock),
                Lock::Unknown => None,
                // Somebody sweeps here at this moment and took it for a leftover.
                Lock::Taken | Lock::Gone => continue,
            };
            return Ok(Self { path, out: out.to_owned(), parent, published: false, _lock: lock });
        }
        Err(at(&parent)(io::Error::from(io::ErrorKind::AlreadyExists)))
    }

    /// Writes a file, which is flushed to the disk when the draft becomes the folder. `below` is its path in the
    /// folder, with `/`.
    ///
    /// # Errors
    /// When the path would leave the folder, the file exists already, or it cannot be written.
    pub fn write(&self, below: &str, bytes: &[u8]) -> Result<(), FolderError> {
        check_path(below)?;
        let path = self.path.join(below);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        let mut file = File::create_new(&path).map_err(at(&path))?;
        file.write_all(bytes).map_err(at(&path))
    }

    /// Makes the draft the folder. Only an empty folder may be there.
    ///
    /// # Errors
    /// When something else is there or the system refuses; nothing has changed then.
    pub fn publish(mut self) -> Result<(), FolderError> {
        flush_all(&self.path)?;
        fs::rename(&self.path, &self.out).map_err(at(&self.out))?;
        self.published = true;
        flush(&self.parent)
    }

    /// Makes the draft the folder in place of the one that is there, which is removed.
    ///
    /// # Errors
    /// When the system refuses; the old folder is there then.
    pub fn replace(mut self) -> Result<(), FolderError> {
        flush_all(&self.path)?;
        match exchange(&self.path, &self.out) {
            // What was there is now at the draft's place, and goes when the draft does.
            Ok(()) => {}
            Err(error) if is_unsupported(&error) => {
                self.replace_in_two_steps()?;
                self.published = true;
            }
            Err(error) => return Err(at(&self.out)(error)),
        }
        flush(&self.parent)
    }

    /// For disks that cannot exchange two folders. Killed between the steps, the next draft beside
    /// it finds the old folder and puts it back.
    fn replace_in_two_steps(&self) -> Result<(), FolderError> {
        let name = self.out.file_name().ok_or_else(|| FolderError::NoName(self.out.clone()))?;
        let _lock = leftovers::lock(&self.out);
        let old = (0..1000)
            .map(|attempt| self.parent.join(leftovers::name(name, Kind::Old, attempt)))
            .find(|path| !path.exists())
            .ok_or_else(|| at(&self.parent)(io::Error::from(io::ErrorKind::AlreadyExists)))?;
        fs::rename(&self.out, &old).map_err(at(&self.out))?;
        if let Err(error) = fs::rename(&self.path, &self.out) {
            fs::rename(&old, &self.out).map_err(at(&self.out))?;
            return Err(at(&self.out)(error));
        }
        // The new folder is in place; what cannot be removed now is removed by the next draft.
        let _ = fs::remove_dir_all(&old);
        Ok(())
    }

    /// Moves every file of the draft into the folder that is there, leaving its other files alone.
    /// Each file appears whole or not at all.
    ///
    /// # Errors
    /// When the system refuses; the files before the failing one are there then.
    pub fn add_to_existing(self) -> Result<(), FolderError> {
        flush_all(&self.path)?;
        move_files(&self.path, &self.out)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed now is removed by the next draft.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

fn check_path(path: &str) -> Result<(), FolderError> {
    let inside = !path.is_empty()
        && !path.contains('\\')
        && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    if inside { Ok(()) } else { Err(FolderError::UnsafePath(path.to_owned())) }
}

fn move_files(from: &Path, to: &Path) -> Result<(), FolderError> {
    let mut entries: Vec<_> =
        fs::read_dir(from).and_then(Iterator::collect::<io::Result<_>>).map_err(at(from))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(at(&entry.path()))?.is_dir() {
            fs::create_dir_all(&target).map_err(at(&target))?;
            move_files(&entry.path(), &target)?;
        } else {
            fs::rename(entry.path(), &target).map_err(at(&target))?;
        }
    }
    flush(to)
}

#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::from(io::ErrorKind::Unsupported))
}

/// Disks without an exchange call it an invalid argument or an unsupported operation.
fn is_unsupported(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported)
}

/// Makes a folder and all below it durable: the files first, then what lists them.
fn flush_all(root: &Path) -> Result<(), FolderError> {
    let (mut files, mut folders) = (Vec::new(), vec![root.to_owned()]);
    let mut next = 0;
    while let Some(folder) = folders.get(next).cloned() {
        next += 1;
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let entry = entry.map_err(at(&folder))?;
            let is_folder = entry.file_type().map_err(at(&entry.path()))?.is_dir();
            if is_folder { &mut folders } else { &mut files }.push(entry.path());
        }
    }
    flush_files(&files)?;
    folders.iter().rev().try_for_each(|folder| flush(folder))
}

/// Flushes files side by side: the disk writes what several wait for at once, one after the other each waits alone.
fn flush_files(files: &[PathBuf]) -> Result<(), FolderError> {
    // Opened for writing: not every system flushes what can only be read.
    let flush = |path: &PathBuf| {
        let file = File::options().write(true).open(path);
        file.and_then(|file| file.sync_data()).map_err(at(path))
    };
    let share = files.len().div_ceil(FLUSHED_AT_ONCE).max(1);
    thread::scope(|scope| {
        let shares: Vec<_> =
            files.chunks(share).map(|share| scope.spawn(move || share.iter().try_for_each(flush))).collect();
        shares.into_iter().try_for_each(|share| match share.join() {
            Ok(flushed) => flushed,
            Err(panic) => std::panic::resume_unwind(panic),
        })
    })
}

/// Makes a folder's entries durable. Systems on which a folder cannot be opened need nothing here.
fn flush(folder: &Path) -> Result<(), FolderError> {
    match File::open(folder) {
        Ok(handle) => handle.sync_all().map_err(at(folder)),
        Err(_) if cfg!(windows) => Ok(()),
        Err(error) => Err(at(folder)(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drafted(out: &Path, text: &str) -> Draft {
        let draft = Draft::beside(out).unwrap();
        draft.write("deep/file.txt", text.as_bytes()).unwrap();
        draft
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_folder_appears_when_it_is_published() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("below/acme");
        let draft = drafted(&out, "one");
        assert!(!out.exists());
        draft.publish().unwrap();
        assert_eq!(fs::read_to_string(out.join("deep/file.txt")).unwrap(), "one");
        assert_eq!(names(out.parent().unwrap()), ["acme"]);
    }

    #[test]
    fn an_empty_folder_is_filled_and_a_full_one_is_not() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("acme");
        fs::create_dir(&out).unwrap();
        drafted(&out, "one").publish().unwrap();
        assert!(drafted(&out, "two").publish().is_err());
        assert_eq!(fs::read_to_string(out.join("deep/file.txt")).unwrap(), "one");
        assert_eq!(names(place.path()), ["acme"]);
    }

    #[test]
    fn a_folder_is_replaced_as_a_whole_by_either_way() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("acme");
        drafted(&out, "one").publish().unwrap();
        fs::write(out.join("old.txt"), "old").unwrap();
        drafted(&out, "two").replace().unwrap();
        assert_eq!((names(&out), names(place.path())), (vec!["deep".to_owned()], vec!["acme".to_owned()]));
        let mut draft = drafted(&out, "three");
        draft.replace_in_two_steps().unwrap();
        draft.published = true;
        drop(draft);
        assert_eq!(fs::read_to_string(out.join("deep/file.txt")).unwrap(), "three");
        assert_eq!(names(place.path()), ["acme"]);
    }

    #[test]
    fn files_are_added_beside_those_that_are_there() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("acme");
        fs::create_dir_all(out.join("deep")).unwrap();
        fs::write(out.join("deep/mine.txt"), "mine").unwrap();
        drafted(&out, "one").add_to_existing().unwrap();
        assert_eq!(names(&out.join("deep")), ["file.txt", "mine.txt"]);
        assert_eq!(names(place.path()), ["acme"]);
    }

    #[test]
    fn a_draft_that_is_dropped_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        drop(drafted(&place.path().join("acme"), "one"));
        assert!(names(place.path()).is_empty());
    }

    #[test]
    fn paths_cannot_leave_the_folder() {
        let place = tempfile::tempdir().unwrap();
        let draft = Draft::beside(&place.path().join("acme")).unwrap();
        for path in ["../evil", "/etc/passwd", "a/../../b", "", "a\\..\\b"] {
            assert!(matches!(draft.write(path, b"x"), Err(FolderError::UnsafePath(_))), "{path}");
        }
        assert!(matches!(Draft::beside(Path::new("/")), Err(FolderError::NoName(_))));
        assert!(matches!(Draft::beside(Path::new("..")), Err(FolderError::NoName(_))));
    }
}
