//! The smallest world typst can live in: two programs, one data file, one font.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

/// Which program typesets the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    /// A4 pages.
    Pages,
    /// Slides.
    Slides,
}

struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    pages: Source,
    slides: Source,
    data: FileId,
    common: Source,
}

static SHARED: LazyLock<Option<Shared>> = LazyLock::new(shared);

fn file(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

fn shared() -> Option<Shared> {
    let fonts: Vec<Font> = Font::iter(Bytes::new(ttf_inter::REGULAR)).collect();
    Some(Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        pages: Source::new(file("/pages.typ")?, include_str!("pages.typ").into()),
        slides: Source::new(file("/slides.typ")?, include_str!("slides.typ").into()),
        common: Source::new(file("/common.typ")?, include_str!("common.typ").into()),
        data: file("/data.json")?,
    })
}

/// Builds what all documents share.
pub(super) fn load() {
    LazyLock::force(&SHARED);
}

/// One document being typeset.
pub(super) struct DocumentWorld {
    program: Program,
    data: Bytes,
    shared: &'static Shared,
}

/// The paths are constants, so the fallback is never used; it keeps the library free of panics.
static EMPTY: LazyLock<Shared> = LazyLock::new(|| {
    let source = Source::detached("");
    Shared {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::new()),
        fonts: Vec::new(),
        data: source.id(),
        pages: source.clone(),
        slides: source.clone(),
        common: source,
    }
});

impl DocumentWorld {
    /// A world for one document's data.
    pub(super) fn new(program: Program, data: Bytes) -> Self {
        DocumentWorld { program, data, shared: SHARED.as_ref().unwrap_or_else(|| &EMPTY) }
    }

    fn program(&self) -> &Source {
        match self.program {
            Program::Pages => &self.shared.pages,
            Program::Slides => &self.shared.slides,
        }
    }
}

impl World for DocumentWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.program().id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.program().id() {
            return Ok(self.program().clone());
        }
        if id == self.shared.common.id() {
            return Ok(self.shared.common.clone());
        }
        Err(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shared.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
