//! `[oidc]`: signing in through a company's identity provider.

use std::path::{Path, PathBuf};

use clap::Args;
use gangway_app::identity::{Newcomers, ProviderSettings, Ways};
use gangway_app::workspace;
use gangway_domain::ids::WorkspaceId;
use gangway_domain::permission::Role;
use schemars::JsonSchema;
use serde::Deserialize;

use super::ConfigError;

/// What is asked for when nothing is said.
const SCOPES: [&str; 2] = ["email", "profile"];

/// Where these options stand in the help.
const HEADING: &str = "Identity provider";

/// The word for letting nobody in who was not invited.
const NEVER: &str = "never";

/// Signing in through a company's identity provider (OpenID Connect).
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OidcFile {
    /// The provider's issuer, exactly as it calls itself, such as `https://login.example.com/realms/staff`.
    issuer: Option<String>,
    /// What Gangway is called there.
    client_id: Option<String>,
    /// The secret of that; none for a public client.
    client_secret: Option<String>,
    /// A file with the secret instead.
    client_secret_file: Option<PathBuf>,
    /// What people call the provider: the button says "Continue with …". Its host by default.
    name: Option<String>,
    /// What to ask for beside `openid`; `email` and `profile` by default.
    scopes: Option<Vec<String>>,
    /// What becomes of somebody nobody has invited: `never` (the default) refuses them, a role such as `viewer` lets
    /// them in as that; needs `allowed_domains`.
    create: Option<String>,
    /// Id of the workspace they are let into; the first one by default.
    workspace: Option<String>,
    /// Mail domains of those who are found or let in by their address, such as `example.com`; all by default.
    allowed_domains: Option<Vec<String>>,
    /// Take addresses as verified when the provider does not say whether they are; only where nobody can choose theirs.
    trust_email: Option<bool>,
    /// Whether mail address and password are a way in too; true by default.
    passwords: Option<bool>,
}

/// The same from the command line and the environment.
#[derive(Debug, Clone, Default, Args)]
pub struct OidcOptions {
    /// Issuer of the company's identity provider (OpenID Connect).
    #[arg(id = "oidc-issuer", long = "oidc-issuer", help_heading = HEADING, value_name = "URL", env = "GANGWAY_OIDC_ISSUER")]
    issuer: Option<String>,
    /// What Gangway is called there.
    #[arg(id = "oidc-client-id", long = "oidc-client-id", help_heading = HEADING, value_name = "ID", env = "GANGWAY_OIDC_CLIENT_ID")]
    client_id: Option<String>,
    /// The secret of that.
    #[arg(id = "oidc-client-secret", long = "oidc-client-secret", help_heading = HEADING, value_name = "SECRET", env = "GANGWAY_OIDC_CLIENT_SECRET", hide_env_values = true, hide = true)]
    client_secret: Option<String>,
    /// A file with the secret.
    #[arg(id = "oidc-client-secret-file", long = "oidc-client-secret-file", help_heading = HEADING, value_name = "FILE", env = "GANGWAY_OIDC_CLIENT_SECRET_FILE")]
    client_secret_file: Option<PathBuf>,
    /// What people call the provider.
    #[arg(id = "oidc-name", long = "oidc-name", help_heading = HEADING, value_name = "NAME", env = "GANGWAY_OIDC_NAME")]
    name: Option<String>,
    /// What to ask for beside openid; can be repeated.
    #[arg(id = "oidc-scope", long = "oidc-scope", help_heading = HEADING, value_name = "SCOPE", env = "GANGWAY_OIDC_SCOPES", value_delimiter = ',')]
    scopes: Vec<String>,
    /// What somebody becomes whom nobody has invited: never, or a role.
    #[arg(id = "oidc-create", long = "oidc-create", help_heading = HEADING, value_name = "ROLE", env = "GANGWAY_OIDC_CREATE")]
    create: Option<String>,
    /// Id of the workspace they are let into.
    #[arg(id = "oidc-workspace", long = "oidc-workspace", help_heading = HEADING, value_name = "ID", env = "GANGWAY_OIDC_WORKSPACE")]
    workspace: Option<String>,
    /// Mail domain of those who are found or let in by their address; can be repeated.
    #[arg(id = "oidc-allowed-domain", long = "oidc-allowed-domain", help_heading = HEADING, value_name = "DOMAIN", env = "GANGWAY_OIDC_ALLOWED_DOMAINS", value_delimiter = ',')]
    allowed_domains: Vec<String>,
    /// Take addresses as verified when the provider does not say.
    #[arg(id = "oidc-trust-email", long = "oidc-trust-email", help_heading = HEADING, value_name = "BOOL", env = "GANGWAY_OIDC_TRUST_EMAIL")]
    trust_email: Option<bool>,
    /// Whether mail address and password are a way in too.
    #[arg(id = "oidc-passwords", long = "oidc-passwords", help_heading = HEADING, value_name = "BOOL", env = "GANGWAY_OIDC_PASSWORDS")]
    passwords: Option<bool>,
}

/// What holds in the end.
#[derive(Debug, Clone)]
pub struct Oidc {
    settings: ProviderSettings,
    passwords: bool,
}

impl Oidc {
    /// The ways in, with this provider.
    #[must_use]
    pub fn ways(&self) -> Ways {
        Ways::through(self.settings.clone(), self.passwords)
    }

    /// The options, then the file, then what is usual; none without an issuer. Paths in the file are seen from `home`.
    pub fn merge(options: OidcOptions, file: OidcFile, home: &Path) -> Result<Option<Self>, ConfigError> {
        let or_file = |said: Vec<String>, file: Option<Vec<String>>| {
            if said.is_empty() { file } else { Some(said) }
        };
        let Some(issuer) = options.issuer.or(file.issuer) else {
            let passwords = options.passwords.or(file.passwords);
            return match passwords {
                Some(false) => wrong("passwords = false needs an issuer: nobody could sign in"),
                _ => Ok(None),
            };
        };
        let secret_file = options.client_secret_file.or(file.client_secret_file.map(|path| home.join(path)));
        let client_secret = match (options.client_secret.or(file.client_secret), secret_file) {
            (Some(_), Some(_)) => {
                return wrong("client_secret and client_secret_file are two places for one secret");
            }
            (secret, None) => secret,
            (None, Some(path)) => Some(read_secret(&path)?),
        };
        let workspace = match options.workspace.or(file.workspace) {
            None => workspace::default_id(),
            Some(id) => match id.parse::<WorkspaceId>() {
                Ok(id) => id,
                Err(_) => return wrong(&format!("workspace: `{id}` is not the id of a workspace")),
            },
        };
        let create = match options.create.or(file.create).as_deref() {
            None | Some(NEVER) => None,
            Some(word) => match word.parse::<Role>() {
                Ok(role) => Some(Newcomers { role, workspace }),
                Err(error) => return wrong(&format!("create: {error}, or never")),
            },
        };
        let settings = ProviderSettings {
            name: options.name.or(file.name).unwrap_or_else(|| host(&issuer)),
            issuer,
            client_id: options.client_id.or(file.client_id).unwrap_or_default(),
            client_secret,
            scopes: or_file(options.scopes, file.scopes).unwrap_or_else(|| SCOPES.map(str::to_owned).into()),
            create,
            allowed_domains: or_file(options.allowed_domains, file.allowed_domains).unwrap_or_default(),
            trust_email: options.trust_email.or(file.trust_email).unwrap_or(false),
        };
        settings.check().map_err(|error| ConfigError::Wrong(error.to_string()))?;
        Ok(Some(Self { settings, passwords: options.passwords.or(file.passwords).unwrap_or(true) }))
    }
}

fn wrong<T>(problem: &str) -> Result<T, ConfigError> {
    Err(ConfigError::Wrong(format!("oidc.{problem}")))
}

fn read_secret(path: &Path) -> Result<String, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError::Unreadable(format!(
            "oidc.client_secret_file: {} cannot be read: {error}",
            path.display()
        ))
    })?;
    Ok(text.trim().to_owned())
}

fn host(issuer: &str) -> String {
    let rest = issuer.split("://").nth(1).unwrap_or(issuer);
    rest.split(['/', ':']).next().unwrap_or(rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(options: OidcOptions, text: &str) -> Result<Option<Oidc>, String> {
        let file: OidcFile = toml::from_str(text).map_err(|error| error.to_string())?;
        Oidc::merge(options, file, Path::new("/etc/gangway")).map_err(|error| match error {
            ConfigError::Wrong(text) | ConfigError::Unreadable(text) => text,
        })
    }

    const USUAL: &str = "issuer = 'https://login.example.com/staff'\nclient_id = 'gangway'\n";

    #[test]
    fn little_must_be_said() {
        assert!(merged(OidcOptions::default(), "").unwrap().is_none());
        let Oidc { settings, passwords } = merged(OidcOptions::default(), USUAL).unwrap().unwrap();
        assert_eq!(settings.name, "login.example.com");
        assert_eq!(settings.scopes, ["email", "profile"]);
        assert!(passwords && settings.create.is_none() && !settings.trust_email);
    }

    #[test]
    fn what_is_said_on_the_command_line_wins() {
        let file = format!(
            "{USUAL}name = 'Staff ID'\ncreate = 'viewer'\nallowed_domains = ['example.com']\npasswords = false"
        );
        let options = OidcOptions {
            create: Some("csm".to_owned()),
            client_secret: Some("secret".to_owned()),
            scopes: vec!["email".to_owned()],
            ..OidcOptions::default()
        };
        let Oidc { settings, passwords } = merged(options, &file).unwrap().unwrap();
        let newcomers = Newcomers { role: Role::Csm, workspace: workspace::default_id() };
        assert_eq!(settings.create, Some(newcomers));
        assert_eq!(settings.client_secret.as_deref(), Some("secret"));
        assert_eq!((settings.name.as_str(), settings.scopes.len(), passwords), ("Staff ID", 1, false));
    }

    #[test]
    fn mistakes_are_named() {
        for (text, told) in [
            ("passwords = false", "oidc.passwords = false needs an issuer"),
            ("issuer = 'https://login.example.com'", "oidc.client_id is missing"),
            ("issuer = 'http://login.example.com'\nclient_id = 'g'", "oidc.issuer must be"),
            (
                &format!("{USUAL}create = 'boss'\nallowed_domains = ['example.com']"),
                "oidc.create: `boss` is not a role",
            ),
            (&format!("{USUAL}create = 'viewer'"), "oidc.create needs allowed_domains"),
            (&format!("{USUAL}workspace = 'x'"), "oidc.workspace: `x` is not the id"),
            (&format!("{USUAL}client_secret = 'a'\nclient_secret_file = 'b'"), "two places for one secret"),
            (&format!("{USUAL}client_secret_file = 'nowhere'"), "/etc/gangway/nowhere cannot be read"),
            (&format!("{USUAL}secret = 'a'"), "unknown field `secret`"),
        ] {
            let error = merged(OidcOptions::default(), text).unwrap_err();
            assert!(error.contains(told), "{text}: {error}");
        }
    }
}
