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
/// What stands right before the record at the end of a ZIP64 file, and says where the larger record is (APPNOTE 4.3.15).
const LOCATOR: &[u8] = b"PK\x06\x07";
/// Bytes of it.
const LOCATOR_SIZE: usize = 20;
/// The larger record (APPNOTE 4.3.14).
const LARGE_END: &[u8] = b"PK\x06\x06";
/// Bytes of it that are counted in it, when nothing was added.
const LARGE_END_COUNTED: usize = 44;
/// In a field of two or four bytes: the number stands elsewhere.
const TWO_ELSEWHERE: usize = u16::MAX as usize;
const FOUR_ELSEWHERE: usize = u32::MAX as usize;

/// Where the directory is, and how many files it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Directory {
    start: usize,
    end: usize,
    count: usize,
}

/// The names in the directory in small letters; none when the file is damaged, or readers could see different files in
/// it.
pub(super) fn names(bytes: &[u8]) -> Option<BTreeSet<String>> {
    let Directory { start, end, count } = directory(bytes)?;
    if count > MOST {
        return None;
    }
    let mut known = BTreeSet::new();
    let mut at = start;
    for _ in 0..count {
        let length = short(bytes, at + 28)?;
        let name = bytes.get(at + ENTRY_SIZE..at + ENTRY_SIZE + length)?;
        let starts = bytes.get(at..)?.starts_with(ENTRY);
        if !starts || !is_there(bytes, place(bytes, at)?, name) {
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

/// The directory as the record at the end tells, or the larger one before it that ZIP64 files have.
fn directory(bytes: &[u8]) -> Option<Directory> {
    let end = end(bytes)?;
    let [disk, start_disk, here, all] = [4, 6, 8, 10].map(|at| short(bytes, end + at));
    let (here, all, size, start) = (here?, all?, long(bytes, end + 12)?, long(bytes, end + 16)?);
    // Where a locator stands, some readers follow it: it is the truth then, or the file is none.
    let locator = end.checked_sub(LOCATOR_SIZE);
    let locator = locator.filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(LOCATOR)));
    if let Some(locator) = locator {
        let large = large_directory(bytes, locator)?;
        let agree = |small: usize, large: usize, elsewhere: usize| small == large || small == elsewhere;
        let agrees = agree(all, large.count, TWO_ELSEWHERE)
            && agree(here, large.count, TWO_ELSEWHERE)
            && agree(size, large.end.checked_sub(large.start)?, FOUR_ELSEWHERE)
            && agree(start, large.start, FOUR_ELSEWHERE);
        return agrees.then_some(large);
    }
    // With anything between the two, or before the first file, some readers look elsewhere than others.
    let is_whole = disk? == 0 && start_disk? == 0 && here == all && start.checked_add(size)? == end;
    is_whole.then_some(Directory { start, end, count: all })
}

/// The directory as the larger record tells, which ends where its locator begins.
fn large_directory(bytes: &[u8], locator: usize) -> Option<Directory> {
    let record = wide(bytes, locator + 8)?;
    if long(bytes, locator + 4)? != 0 || long(bytes, locator + 16)? > 1 {
        return None;
    }
    if !bytes.get(record..)?.starts_with(LARGE_END) {
        return None;
    }
    let counted = wide(bytes, record + 4)?;
    if counted < LARGE_END_COUNTED || (record + 12).checked_add(counted)? != locator {
        return None;
    }
    let (disk, start_disk) = (long(bytes, record + 16)?, long(bytes, record + 20)?);
    let [here, all, size, start] = [24, 32, 40, 48].map(|at| wide(bytes, record + at));
    let (count, start) = (all?, start?);
    let is_whole = disk == 0 && start_disk == 0 && here? == count && start.checked_add(size?)? == record;
    is_whole.then_some(Directory { start, end: record, count })
}

/// Where the file of an entry of the directory begins.
fn place(bytes: &[u8], entry: usize) -> Option<usize> {
    let place = long(bytes, entry + 42)?;
    if place != FOUR_ELSEWHERE {
        return Some(place);
    }
    // Of size, packed size and place those that did not fit follow each other (APPNOTE 4.5.3).
    let before = [24, 20].iter().filter(|at| long(bytes, entry + **at) == Some(FOUR_ELSEWHERE)).count();
    let from = entry + ENTRY_SIZE + short(bytes, entry + 28)?;
    let mut extra = bytes.get(from..from + short(bytes, entry + 30)?)?;
    while let Some(size) = short(extra, 2) {
        let field = extra.get(4..4 + size)?;
        if short(extra, 0) == Some(1) {
            return wide(field, 8 * before);
        }
        extra = extra.get(4 + size..)?;
    }
    None
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

/// Eight bytes as a place.
fn wide(bytes: &[u8], at: usize) -> Option<usize> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    usize::try_from(u64::from_le_bytes(eight.try_into().ok()?)).ok()
}

/// Four bytes as a place.
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

    /// The same as writers make it that are ready for files of more than 4 GB: every number stands in eight bytes.
    fn zip64(names: &[&str]) -> Vec<u8> {
        let eight = |number: usize| u64::try_from(number).unwrap().to_le_bytes();
        let (mut bytes, mut directory) = (Vec::<u8>::new(), Vec::<u8>::new());
        for name in names {
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let extra = joined(&[&[1, 0, 24, 0], &eight(0), &eight(0), &eight(bytes.len())]);
            bytes.extend(joined(&[LOCAL, &[0; 22], &length, &[0; 2], name.as_bytes()]));
            let sizes = [0xff_u8; 8];
            directory.extend(joined(&[ENTRY, &[0; 16], &sizes, &length, &[28, 0], &[0; 10]]));
            directory.extend(joined(&[&[0xff; 4], name.as_bytes(), &extra]));
        }
        let (start, size) = (bytes.len(), directory.len());
        bytes.extend(directory);
        let record = bytes.len();
        let count = eight(names.len());
        bytes.extend(joined(&[LARGE_END, &eight(LARGE_END_COUNTED), &[0; 12], &count, &count]));
        bytes.extend(joined(&[&eight(size), &eight(start)]));
        bytes.extend(joined(&[LOCATOR, &[0; 4], &eight(record), &[1, 0, 0, 0]]));
        bytes.extend(joined(&[END, &[0; 4], &[0xff; 12], &[0; 2]]));
        bytes
    }

    #[test]
    fn names_of_large_files_are_read_from_the_larger_record() {
        let whole = zip64(&["[Content_Types].xml", "xl/workbook.xml"]);
        let found = names(&whole).unwrap();
        assert_eq!(found, BTreeSet::from(["[content_types].xml".to_owned(), "xl/workbook.xml".to_owned()]));
        for length in 0..whole.len() {
            assert_eq!(names(&whole[..length]), None, "cut after {length} bytes");
        }
        for at in 0..whole.len() {
            let mut broken = whole.clone();
            broken[at] = 0x7f;
            assert!(names(&broken).is_none_or(|found| found.len() <= 2), "{at}");
        }
        // The record at the end must not tell of another directory than the larger one.
        let mut other = whole.clone();
        let count = other.len() - END_SIZE + 10;
        other[count..count + 2].copy_from_slice(&[1, 0]);
        assert_eq!(names(&other), None);
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
