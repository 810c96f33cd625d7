//! Single sign-on and the providers of it.

use std::ops::Range;

use crate::values::words::{find_in, fold};

/// A sign-on found in text.
pub(crate) struct SsoFound {
    /// The provider, or `yes`.
    pub(crate) provider: String,
    pub(crate) range: Range<usize>,
    /// The text says nothing else.
    pub(crate) whole: bool,
}

/// Identity providers by the words people use, folded, and their usual spelling.
const PROVIDERS: &[(&str, &str)] = &[
    ("okta", "Okta"),
    ("entra id", "Microsoft Entra ID"),
    ("microsoft entra id", "Microsoft Entra ID"),
    ("microsoft entra", "Microsoft Entra ID"),
    ("entra", "Microsoft Entra ID"),
    ("azure ad", "Azure AD"),
    ("azure active directory", "Azure AD"),
    ("aad", "Azure AD"),
    ("adfs", "ADFS"),
    ("ad fs", "ADFS"),
    ("onelogin", "OneLogin"),
    ("ping identity", "Ping Identity"),
    ("pingone", "PingOne"),
    ("auth0", "Auth0"),
    ("google workspace", "Google Workspace"),
    ("keycloak", "Keycloak"),
    ("jumpcloud", "JumpCloud"),
    ("duo", "Duo"),
];

/// A sign-on named in text: a provider, or only that there is one.
pub(crate) fn sso_in(text: &str) -> Option<SsoFound> {
    let generic = ["sso", "single sign-on", "single sign on", "single-sign-on", "saml", "oidc"]
        .iter()
        .find_map(|word| find_in(text, word));
    let provider = PROVIDERS.iter().find_map(|(word, name)| find_in(text, word).map(|range| (range, *name)));
    match (provider, generic) {
        (Some((range, name)), generic) => {
            let range =
                generic.map_or(range.clone(), |other| range.start.min(other.start)..range.end.max(other.end));
            let whole = is_whole(text, &range);
            // A provider's name alone in prose may be anything; with "SSO" beside it, it is the sign-on.
            Some(SsoFound { provider: name.to_owned(), range, whole })
        }
        (None, Some(range)) => {
            let whole = is_whole(text, &range);
            Some(SsoFound { provider: "yes".to_owned(), range, whole })
        }
        (None, None) => None,
    }
}

fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let outside = |piece: Option<&str>| {
        piece.is_none_or(|piece| {
            crate::lines::only_connects(piece)
                || matches!(fold(piece).as_str(), "required" | "needed" | "saml" | "saml 2 0" | "login")
        })
    };
    outside(text.get(..range.start)) && outside(text.get(range.end..))
}
