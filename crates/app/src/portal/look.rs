//! How portals look: the vendor's name, accent and picture, the language, who may embed a status.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gangway_domain::ids::WorkspaceId;
use gangway_domain::permission::Action;
use gangway_store::portal::setting;

use super::Setting;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_email, none_of};
use crate::{Actor, App};

/// Most bytes of a picture.
const LARGEST_PICTURE: usize = 40 * 1024;

/// A colour an accent can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent([u8; 3]);

impl Accent {
    /// `#rrggbb`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        // `from_str_radix` takes a sign.
        if !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        Some(Self([part(0)?, part(2)?, part(4)?]))
    }

    /// As style sheets write it.
    #[must_use]
    pub fn text(self) -> String {
        let Self([red, green, blue]) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Text on it: white or black, whichever is read better.
    #[must_use]
    pub fn ink(self) -> &'static str {
        if self.contrast_with_white() >= 4.5 { "#ffffff" } else { "#000000" }
    }

    /// How it stands out on white, 1 to 21 (WCAG 2.2, contrast ratio).
    #[must_use]
    pub fn contrast_with_white(self) -> f64 {
        let linear = |value: u8| {
            let share = f64::from(value) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let Self([red, green, blue]) = self;
        let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
        1.05 / (luminance + 0.05)
    }
}

/// How the portals of a workspace look; asked by whoever holds a link, so it says nothing about anyone.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn setting(app: &App, workspace: WorkspaceId) -> Result<Setting, AppError> {
    let mut tx = app.db.read().await?;
    Ok(setting::get(&mut tx, workspace).await?)
}

/// The picture portals of a workspace show, with its media type; asked as [`setting()`] is.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn picture(app: &App, workspace: WorkspaceId) -> Result<Option<(&'static str, Vec<u8>)>, AppError> {
    let mut tx = app.db.read().await?;
    let kept = setting::picture(&mut tx, workspace).await?;
    Ok(kept.as_deref().and_then(shown))
}

/// Media type and bytes of a picture as it is kept.
fn shown(picture: &str) -> Option<(&'static str, Vec<u8>)> {
    let (kind, content) = picture.strip_prefix("data:")?.split_once(";base64,")?;
    let kind = ["image/png", "image/jpeg", "image/webp"].into_iter().find(|known| *known == kind)?;
    Some((kind, STANDARD.decode(content).ok()?))
}

/// A picture as it is kept, from its bytes; nothing when it is of no kind that can be shown.
fn kept(bytes: &[u8]) -> Option<String> {
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => return None,
    };
    Some(format!("data:{kind};base64,{}", STANDARD.encode(bytes)))
}

/// How the portals of the actor's workspace look, for its settings.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn settings(app: &App, actor: &Actor) -> Result<Setting, AppError> {
    actor.require(Action::Look)?;
    setting(app, actor.workspace).await
}

/// Changes how portals look. `picture` leaves the one there is when it is nothing, and takes it away when it is empty.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Stale`] when it is not that version any more; or when
/// the database fails.
#[boxed]
pub async fn change_settings(
    app: &App,
    actor: &Actor,
    wanted: Setting,
    picture: Option<Vec<u8>>,
) -> Result<Setting, AppError> {
    actor.require(Action::ManageWorkspace)?;
    let mut problems = Vec::new();
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = one_line(&wanted.name);
    let greeting = one_line(&wanted.greeting);
    if name.chars().count() > 80 {
        problems.push(Problem::new("name", "is longer than 80 characters"));
    }
    if greeting.chars().count() > 400 {
        problems.push(Problem::new("greeting", "is longer than 400 characters"));
    }
    let colour = match (wanted.colour.trim(), Accent::read(wanted.colour.trim())) {
        ("", _) => String::new(),
        (_, Some(accent)) if accent.contrast_with_white() >= 4.5 => accent.text(),
        (_, Some(_)) => {
            problems.push(Problem::new("colour", "is too light to be read on white: take a darker one"));
            String::new()
        }
        (_, None) => {
            problems.push(Problem::new("colour", "is no colour such as #0d5a5a"));
            String::new()
        }
    };
    let help_email = match wanted.help_email.trim() {
        "" => String::new(),
        text => checked_email("help_email", text, &mut problems),
    };
    let frame_ancestors = sites(&wanted.frame_ancestors, &mut problems);
    let picture = match picture {
        None => None,
        Some(bytes) if bytes.is_empty() => Some(String::new()),
        Some(bytes) if bytes.len() > LARGEST_PICTURE => {
            problems.push(Problem::new("logo", "is larger than 40 KB"));
            None
        }
        Some(bytes) => {
            let known = kept(&bytes);
            if known.is_none() {
                problems.push(Problem::new("logo", "is no PNG, JPEG or WebP picture"));
            }
            known
        }
    };
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let known = setting::get(&mut tx, actor.workspace).await?;
    let next = Setting {
        name,
        colour,
        has_picture: picture.as_ref().map_or(known.has_picture, |picture| !picture.is_empty()),
        greeting,
        help_email,
        language: wanted.language,
        frame_ancestors,
        reminds: wanted.reminds,
        version: wanted.version,
    };
    if known.version != wanted.version
        || !setting::save(&mut tx, actor.workspace, &next, picture.as_deref()).await?
    {
        return Err(AppError::Stale { what: "portal's look", version: known.version });
    }
    let summary = "Changed how portals look".to_owned();
    activity::record(app, &mut tx, actor, "portal.settings_changed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(Setting { version: wanted.version + 1, ..next })
}

/// Sites that may embed a status: `https://host`, with nothing after it.
fn sites(text: &str, problems: &mut Vec<Problem>) -> String {
    let mut all: Vec<String> = Vec::new();
    for site in text.split([' ', ',', '\n', '\t']).filter(|site| !site.is_empty()) {
        let host = site.strip_prefix("https://").unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || ".-:".contains(c);
        if host.is_empty() || !host.chars().all(plain) {
            problems.push(Problem::new(
                "frame_ancestors",
                format!("names {site:?}, which is no site such as https://intranet.example.com"),
            ));
            continue;
        }
        all.push(site.to_ascii_lowercase());
    }
    if all.len() > 10 {
        problems.push(Problem::new("frame_ancestors", "names more than ten sites"));
    }
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_six_digits_and_nothing_else() {
        assert_eq!(Accent::read("#0D5A5A").map(Accent::text), Some("#0d5a5a".to_owned()));
        for wrong in ["0d5a5a", "#0d5a5", "#0d5a5a;", "#+1-2+3", "#ééé"] {
            assert_eq!(Accent::read(wrong), None, "{wrong}");
        }
        // Black and white by definition; a mid grey from the tables of WebAIM.
        assert!((Accent([0, 0, 0]).contrast_with_white() - 21.0).abs() < 0.01);
        assert!((Accent([0x76, 0x76, 0x76]).contrast_with_white() - 4.54).abs() < 0.01);
        assert_eq!((Accent([0, 0, 0]).ink(), Accent([255, 255, 0]).ink()), ("#ffffff", "#000000"));
    }

    #[test]
    fn sites_are_origins() {
        let mut problems = Vec::new();
        assert_eq!(
            sites("https://A.example, https://b.example:8443", &mut problems),
            "https://a.example https://b.example:8443"
        );
        assert!(problems.is_empty());
        for wrong in ["http://a.example", "*", "https://a.example/path", "https://a.example;script-src"] {
            sites(wrong, &mut problems);
        }
        assert_eq!(problems.len(), 4);
    }

    #[test]
    fn a_picture_is_what_its_bytes_say() {
        assert!(kept(b"<svg onload=alert(1)>").is_none());
        let picture = kept(b"\x89PNG\r\n").unwrap();
        assert_eq!(shown(&picture), Some(("image/png", b"\x89PNG\r\n".to_vec())));
    }
}
