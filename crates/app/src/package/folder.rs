//! Writing a package to a folder that appears whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

use gangway_folder::{Draft, FolderError};

use super::{PackageError, RenderedFile, files};

/// Writes the files to the folder `out`, which appears whole or not at all, also when the process is
/// killed. What is there already is only touched with `overwrite`, and then only when all of it is a
/// package of ours, which is replaced as a whole.
///
/// # Errors
/// [`PackageError::NotEmpty`] when the folder holds anything and `overwrite` is not set,
/// [`PackageError::NotOurs`] when it holds other files than a package's,
/// [`PackageError::NotAFolder`] when `out` is a file or a link, [`PackageError::Io`] otherwise.
/// After any error the folder is as it was.
pub fn write_dir(files: &[RenderedFile], out: &Path, overwrite: bool) -> Result<(), PackageError> {
    let replaces = look_at(out, overwrite)?;
    let draft = Draft::beside(out)?;
    for file in files {
        draft.write(&file.path, &file.bytes)?;
    }
    if replaces {
        draft.replace()?
    } else {
        draft.publish()?
    }
    Ok(())
}

impl From<FolderError> for PackageError {
    fn from(error: FolderError) -> Self {
        match error {
            FolderError::NoName(path) => Self::NotAFolder(path),
            FolderError::UnsafePath(path) => Self::UnsafePath(path),
            FolderError::Io { path, source } => Self::Io { path, source },
        }
    }
}

/// Whether there is something at `out` to replace.
fn look_at(out: &Path, overwrite: bool) -> Result<bool, PackageError> {
    let found = match fs::symlink_metadata(out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(at(out)(error)),
        Ok(found) => found,
    };
    if !found.is_dir() {
        return Err(PackageError::NotAFolder(out.to_owned()));
    }
    if !overwrite && fs::read_dir(out).map_err(at(out))?.next().is_some() {
        return Err(PackageError::NotEmpty(out.to_owned()));
    }
    if let Some(foreign) = foreign_file(out)? {
        return Err(PackageError::NotOurs { folder: out.to_owned(), found: foreign });
    }
    Ok(true)
}

/// The first thing in the folder that no package has; in a folder without our `package.json` that is anything.
fn foreign_file(out: &Path) -> Result<Option<String>, PackageError> {
    let paths = paths_below(out)?;
    let ours = paths.is_empty() || is_package(out);
    Ok(paths.into_iter().find(|path| !ours || !files::is_ours(path)))
}

/// Whether what the folder holds says that it is a package. One made without data and overview has
/// only documents, whose names must then all be ours.
fn is_package(out: &Path) -> bool {
    match (fs::read(out.join(files::JSON)), fs::read_to_string(out.join(files::INDEX))) {
        (Ok(json), _) => serde_json::from_slice::<serde_json::Value>(&json).is_ok_and(|package| {
            package
                .get("schema")
                .and_then(|schema| schema.as_str())
                .is_some_and(|s| s.starts_with("gangway.package/"))
        }),
        (Err(_), Ok(page)) => page.contains(super::MARK),
        (Err(json), Err(page)) => {
            json.kind() == io::ErrorKind::NotFound && page.kind() == io::ErrorKind::NotFound
        }
    }
}

/// Everything below the folder that is not a folder, as paths with `/`, in order; links are not followed.
fn paths_below(root: &Path) -> Result<Vec<String>, PackageError> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let entry = entry.map_err(at(&folder))?;
            let path = entry.path();
            if entry.file_type().map_err(at(&path))?.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(root).unwrap_or(&path);
                found.push(
                    below
                        .components()
                        .map(|part| part.as_os_str().to_string_lossy())
                        .collect::<Vec<_>>()
                        .join("/"),
                );
            }
        }
    }
    found.sort();
    Ok(found)
}

fn at(path: &Path) -> impl Fn(io::Error) -> PackageError {
    move |source| PackageError::Io { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> RenderedFile {
        RenderedFile { path: path.to_owned(), media_type: "text/plain", bytes: text.as_bytes().to_vec() }
    }

    fn package() -> Vec<RenderedFile> {
        vec![file("package.json", r#"{"schema":"gangway.package/1"}"#), file("emails/welcome.txt", "hello")]
    }

    #[test]
    fn writes_replaces_and_leaves_nothing_beside() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("deep/acme");
        write_dir(&package(), &out, false).unwrap();
        assert_eq!(fs::read_to_string(out.join("emails/welcome.txt")).unwrap(), "hello");
        write_dir(
            &[file("package.json", r#"{"schema":"gangway.package/1"}"#), file("handoff.md", "new")],
            &out,
            true,
        )
        .unwrap();
        assert!(!out.join("emails").exists(), "the old package is gone as a whole");
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn refuses_folders_with_other_peoples_files() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        fs::create_dir(&out).unwrap();
        write_dir(&package(), &out, false).unwrap();
        fs::write(out.join("my notes.txt"), "keep me").unwrap();
        let error = write_dir(&package(), &out, true).unwrap_err();
        assert!(matches!(&error, PackageError::NotOurs { found, .. } if found == "my notes.txt"), "{error}");
        assert_eq!(fs::read_to_string(out.join("my notes.txt")).unwrap(), "keep me");
    }

    #[test]
    fn an_edited_document_is_not_lost_without_being_asked_for() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        write_dir(&package(), &out, false).unwrap();
        fs::write(out.join("emails/welcome.txt"), "edited by hand").unwrap();
        assert!(matches!(write_dir(&package(), &out, false), Err(PackageError::NotEmpty(_))));
        assert_eq!(fs::read_to_string(out.join("emails/welcome.txt")).unwrap(), "edited by hand");
    }

    #[test]
    fn a_folder_without_a_package_is_not_ours_even_with_familiar_names() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("index.html"), "my home page").unwrap();
        assert!(matches!(write_dir(&package(), place.path(), true), Err(PackageError::NotOurs { .. })));
    }

    #[test]
    fn paths_cannot_leave_the_folder() {
        let place = tempfile::tempdir().unwrap();
        for path in ["../evil", "/etc/passwd", "a/../../b", "", "a\\..\\b"] {
            let error = write_dir(&[file(path, "x")], &place.path().join("out"), true).unwrap_err();
            assert!(matches!(error, PackageError::UnsafePath(_)), "{path}: {error}");
            assert!(!place.path().join("out").exists());
        }
    }

    #[test]
    fn a_failure_leaves_the_old_package() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        write_dir(&package(), &out, false).unwrap();
        let twice = [file("handoff.md", "a"), file("handoff.md", "b")];
        assert!(matches!(write_dir(&twice, &out, true), Err(PackageError::Io { .. })));
        assert_eq!(fs::read_to_string(out.join("emails/welcome.txt")).unwrap(), "hello");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let place = tempfile::tempdir().unwrap();
        let real = place.path().join("real");
        fs::create_dir(&real).unwrap();
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(matches!(write_dir(&package(), &link, true), Err(PackageError::NotAFolder(_))));
        assert_eq!(fs::read_dir(&real).unwrap().count(), 0);
        let out = place.path().join("out");
        write_dir(&package(), &out, false).unwrap();
        std::os::unix::fs::symlink(&real, out.join("outside")).unwrap();
        assert!(matches!(write_dir(&package(), &out, true), Err(PackageError::NotOurs { .. })));
    }
}
