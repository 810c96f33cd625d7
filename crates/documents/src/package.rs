//! Zip archives, packed the same way every time: office files are archives of XML parts.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Why an archive could not be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The archive could not be written.
    #[error("the file could not be packed: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// A part could not be written.
    #[error("the file could not be packed: {0}")]
    Io(#[from] std::io::Error),
}

/// Packs files with fixed timestamps, in the order given.
///
/// # Errors
/// When two files have one path, or a path is longer than an archive can say.
pub fn pack<C: AsRef<[u8]>>(files: &[(String, C)]) -> Result<Vec<u8>, PackError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        zip.start_file(path.as_str(), options)?;
        zip.write_all(content.as_ref())?;
    }
    Ok(zip.finish()?.into_inner())
}
