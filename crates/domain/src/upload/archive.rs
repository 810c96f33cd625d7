//! What is in a ZIP file by its directory. Nothing is unpacked: names and places are all that is read, and every number
//! in it is held against the bytes there are.

use std::collections::BTreeSet;

/// The record a ZIP file ends with.
const END: &[u8] = b"PK\x05\x06";
/// An entry of the directory.
const ENTRY: &[u8] = b"PK\x01\x02";
/// What stands before the bytes of a file.
const LOCAL: &[u8] = b"PK\x03\x04";
/// Bytes of the record at the end without its comment.
const END_SIZE: usize = 22;
/// Bytes of an entry of the directory without its name.
const ENTRY_SIZE: usize = 46;
/// Bytes before a file without its name.
const LOCAL_SIZE: usize = 30;
/// Most files of a document; large workbooks have some hundreds.
const MOST: usize = 10_000;

/// The names in the directory in small letters; none when the file is damaged, or readers could see different files in
/// it.
pub(super) fn names(bytes: &[u8]) -> Option<BTreeSet<String>> {
    let end = end(bytes)?;
    let [disk, start_disk, here, all] = [4, 6, 8, 10].map(|at| short(bytes, end + at));
    let count = all?;
    if disk? != 0 || start_disk? != 0 || here? != count || count > MOST {
        return None;
    }
    let (size, start) = (long(bytes, end + 12)?, long(bytes, end + 16)?);
    // With anything between the two, or before the first file, some readers look elsewhere than others.
    if start.checked_add(size)? != end {
        return None;
    }
    let mut known = BTreeSet::new();
    let mut at = start;
    for _ in 0..count {
        let length = short(bytes, at + 28)?;
        let name = bytes.get(at + ENTRY_SIZE..at + ENTRY_SIZE + length)?;
        let starts = bytes.get(at..)?.starts_with(ENTRY);
        if !starts || !is_there(bytes, long(bytes, at + 42)?, name) {
            return None;
        }
        // Two files of one name are two files to different readers.
        if !known.insert(plain(name)) {
            return None;
        }
        at += ENTRY_SIZE + length + short(bytes, at + 30)? + short(bytes, at + 32)?;
    }
    (at == end).then_some(known)
}

/// Where the record at the end begins: its comment reaches to the last byte, and none of it looks like another record.
fn end(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_SIZE)?;
    let first = last.saturating_sub(usize::from(u16::MAX));
    let starts = |at: &usize| bytes.get(*at..).is_some_and(|rest| rest.starts_with(END));
    let at = (first..=last).rev().find(starts)?;
    (short(bytes, at + 20) == Some(last - at)).then_some(at)
}

/// A file of the directory is where it says, under the same name.
fn is_there(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    let Some(rest) = bytes.get(at..) else { return false };
    let own = rest.get(LOCAL_SIZE..).and_then(|rest| rest.get(..name.len()));
    rest.starts_with(LOCAL) && short(rest, 26) == Some(name.len()) && own == Some(name)
}

/// A name as programs of the office find it: letters of any size, folders divided either way.
fn plain(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).to_lowercase().replace('\\', "/");
    name.trim_start_matches('/').to_owned()
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let two = bytes.get(at..at.checked_add(2)?)?;
    Some(usize::from(u16::from_le_bytes(two.try_into().ok()?)))
}

/// Four bytes as a place; the largest number, which says that the place stands elsewhere, is none.
fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    usize::try_from(u32::from_le_bytes(four.try_into().ok()?)).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn joined(parts: &[&[u8]]) -> Vec<u8> {
        parts.concat()
    }

    /// A ZIP file of empty files with these names.
    pub(in crate::upload) fn zip(names: &[&str]) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::<u8>::new(), Vec::<u8>::new());
        for name in names {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let place = u32::try_from(bytes.len()).unwrap().to_le_bytes();
            bytes.extend(joined(&[LOCAL, &[0; 22], &length, &[0; 2], name.as_bytes()]));
            directory.extend(joined(&[ENTRY, &[0; 24], &length, &[0; 12], &place, name.as_bytes()]));
        }
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        let [size, start] =
            [directory.len(), bytes.len()].map(|size| u32::try_from(size).unwrap().to_le_bytes());
        bytes.extend(directory);
        bytes.extend(joined(&[END, &[0; 4], &count, &count, &size, &start, &[0; 2]]));
        bytes
    }

    #[test]
    fn names_are_read_from_the_directory() {
        let found = names(&zip(&["[Content_Types].xml", "Word\\Document.XML"])).unwrap();
        assert_eq!(found, BTreeSet::from(["[content_types].xml".to_owned(), "word/document.xml".to_owned()]));
        let mut commented = zip(&["a"]);
        let length = commented.len() - 2;
        commented[length] = 3;
        commented.extend(b"end");
        assert_eq!(names(&commented).map(|found| found.len()), Some(1), "a comment may follow");
    }

    #[test]
    fn what_readers_could_see_in_two_ways_has_no_names() {
        let whole = zip(&["word/document.xml", "a"]);
        for length in 0..whole.len() {
            assert_eq!(names(&whole[..length]), None, "cut after {length} bytes");
        }
        assert_eq!(names(&joined(&[&whole, b"more"])), None);
        assert_eq!(names(&joined(&[b"more", &whole])), None);
        assert_eq!(names(&zip(&["word/document.xml", "WORD/document.xml"])), None);
        let mut renamed = whole.clone();
        renamed[LOCAL_SIZE] = b'x';
        assert_eq!(names(&renamed), None, "the file itself has another name");
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] = 0xff;
            // Whatever stands there: nothing is read beyond the end.
            assert!(names(&broken).is_none_or(|found| found.len() <= 2));
        }
    }
}
