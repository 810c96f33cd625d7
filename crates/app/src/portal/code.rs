//! Codes that are mailed to whoever a link does not open any more.

use sha2::{Digest, Sha256};

use crate::App;

/// Letters and digits of a code that nobody mistakes for each other.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A code that is mailed: six characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

impl Code {
    /// One that somebody typed: without spaces and dashes, in capitals.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(
            text.chars()
                .filter(char::is_ascii_alphanumeric)
                .take(20)
                .collect::<String>()
                .to_ascii_uppercase(),
        )
    }

    /// The characters themselves, for the mail.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub(super) fn digest(&self) -> String {
        Sha256::digest(self.0.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

pub(super) fn fresh_code(app: &App) -> Code {
    let letter = |byte: &u8| ALPHABET.get(usize::from(byte % 32)).copied().map_or('A', char::from);
    Code(app.secrets.bytes().iter().take(6).map(letter).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        assert_eq!(Code::typed(" ab3-7k q ").digest(), Code::typed("AB37KQ").digest());
        assert_ne!(Code::typed("AB37KQ").digest(), Code::typed("AB37KR").digest());
    }
}
