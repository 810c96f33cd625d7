//! Links in mail that say by themselves whom they are for: sealed with the installation's key, kept nowhere.

use crate::App;
use crate::error::AppError;

/// Seals a text for the end of an address: letters, digits, `-` and `_`.
///
/// # Errors
/// [`AppError::Crashed`] when it is too long to be sealed.
pub(crate) fn seal(app: &App, place: &str, text: &str) -> Result<String, AppError> {
    let sealed = app.vault.seal(&*app.secrets, place, text.as_bytes())?;
    Ok(sealed.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// Opens what was sealed for this place; none when somebody has changed it.
pub(crate) fn open(app: &App, place: &str, token: &str) -> Option<String> {
    let mut sealed = token.replace('-', "+").replace('_', "/");
    while !sealed.len().is_multiple_of(4) {
        sealed.push('=');
    }
    String::from_utf8(app.vault.open(place, &sealed)?).ok()
}
