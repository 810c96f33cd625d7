//! `gangway admin`: a way back in, for whoever has a shell on the machine.

use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use gangway_app::identity::{self, Rescued, Unlinked};
use gangway_app::{Actor, App, AppError, Door, workspace};
use gangway_domain::ids::WorkspaceId;
use gangway_store::Db;

use super::backup::{Refused, answer, runtime};
use super::serve::settings;
use super::{exit, library, say};
use crate::config::{Options, Settings};
use crate::instance;

/// Arguments of `gangway admin`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway admin list
  gangway admin reset-link ines@example.com
  gangway admin promote ines@example.com
  gangway admin unlink ines@example.com
  gangway admin new-workspace \"Southlight Software\" --admin ines@example.com

EXIT CODES: 0 done · 2 wrong usage · 3 nobody has this address, or the configuration was refused · \
4 the database could not be opened · 5 unexpected failure")]
pub struct AdminArgs {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// List the people of a workspace and their roles.
    List {
        /// Which workspace, when there are several.
        #[arg(long, value_name = "ID")]
        workspace: Option<WorkspaceId>,
        #[command(flatten)]
        options: Box<Options>,
    },
    /// List the workspaces and their ids.
    Workspaces {
        #[command(flatten)]
        options: Box<Options>,
    },
    /// Make another workspace.
    NewWorkspace {
        /// Name of the company.
        name: String,
        /// Mail address of its first admin, who must be known here.
        #[arg(long, value_name = "EMAIL")]
        admin: String,
        #[command(flatten)]
        options: Box<Options>,
    },
    /// Print a link with which somebody sets a new password; it works once, for one hour.
    ResetLink {
        /// Their mail address.
        email: String,
        #[command(flatten)]
        options: Box<Options>,
    },
    /// Take the link between somebody and their account at the identity provider away, and sign them out everywhere:
    /// when that account is gone or another one now. They are linked anew when they come through the provider again.
    Unlink {
        /// Their mail address.
        email: String,
        #[command(flatten)]
        options: Box<Options>,
    },
    /// Make somebody admin.
    Promote {
        /// Their mail address.
        email: String,
        /// Of which workspace, when there are several.
        #[arg(long, value_name = "ID")]
        workspace: Option<WorkspaceId>,
        #[command(flatten)]
        options: Box<Options>,
    },
}

impl AdminCommand {
    /// Which installation is meant.
    fn options(&self) -> &Options {
        match self {
            Self::List { options, .. }
            | Self::Workspaces { options }
            | Self::NewWorkspace { options, .. }
            | Self::ResetLink { options, .. }
            | Self::Unlink { options, .. }
            | Self::Promote { options, .. } => options,
        }
    }
}

/// Does it.
pub fn run(args: &AdminArgs) -> Result<ExitCode> {
    let settings = match settings(args.command.options()) {
        Ok(settings) => settings,
        Err(code) => return Ok(code),
    };
    let Some(methodology) = library::load(settings.methodology.as_deref())? else {
        return Ok(ExitCode::from(exit::REFUSED));
    };
    answer(runtime()?.block_on(async {
        let app = open(&settings, methodology).await?;
        let outcome = perform(&app, &args.command).await;
        app.db.close().await;
        outcome
    }))
}

async fn open(settings: &Settings, methodology: library::Loaded) -> Result<App> {
    if settings.database.is_none() && !settings.sqlite_file().exists() {
        anyhow::bail!("there is no database at {}", settings.sqlite_file().display());
    }
    let vault = instance::vault(settings)?;
    let db = Db::open(&settings.database_url()).await.context("the database cannot be opened")?;
    let address = match &settings.public_url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", settings.listen),
    };
    Ok(instance::app(settings, db, methodology, vault, address))
}

async fn perform(app: &App, command: &AdminCommand) -> Result<()> {
    match command {
        AdminCommand::List { workspace, .. } => {
            for member in identity::team(app, &actor(app, *workspace).await?).await.map_err(words)?.members {
                say(format_args!("{:<24} {:<32} {}", member.role.word(), member.email, member.name))?;
            }
        }
        AdminCommand::Workspaces { .. } => {
            for workspace in workspace::all(app).await.map_err(words)? {
                say(format_args!("{} {}", workspace.id, workspace.name))?;
            }
        }
        AdminCommand::NewWorkspace { name, admin, .. } => {
            let id = workspace::add_for(app, &actor(app, None).await?, name, admin).await.map_err(words)?;
            say(format_args!("{id} {name}"))?;
        }
        AdminCommand::ResetLink { email, .. } => {
            let Rescued { name, link } = identity::rescue(app, email).await.map_err(words)?;
            say(format_args!("{name} sets a new password within one hour at\n{link}"))?;
        }
        AdminCommand::Unlink { email, .. } => {
            let unlinked = identity::unlink(app, email).await.map_err(words)?;
            say(format_args!("{}", next_steps(app, &unlinked)))?;
        }
        AdminCommand::Promote { email, workspace, .. } => {
            let name = identity::promote(app, &actor(app, *workspace).await?, email).await.map_err(words)?;
            say(format_args!("{name} is admin now."))?;
        }
    }
    Ok(())
}

/// What somebody does next who was unlinked.
fn next_steps(app: &App, unlinked: &Unlinked) -> String {
    let Unlinked { name, email } = unlinked;
    let done = format!("{name} is linked to no identity provider any more, and signed out everywhere.");
    let again = app.ways.provider_name().map(|provider| {
        format!("Next, {name} signs in through {provider}, verified there as {email}: that links both anew.")
    });
    let without = format!("A link for signing in without it: gangway admin reset-link {email}");
    [Some(done), again, Some(without)].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// Without a workspace named the first one: the oldest, when that of the set-up is gone.
async fn actor(app: &App, place: Option<WorkspaceId>) -> Result<Actor> {
    let all = workspace::all(app).await.map_err(words)?;
    let known = |id: &WorkspaceId| all.iter().any(|workspace| workspace.id == *id);
    let usual = Some(workspace::default_id()).filter(known).or(all.first().map(|oldest| oldest.id));
    let place = place.or(usual).unwrap_or_else(workspace::default_id);
    Ok(Actor::system("Shell of the machine", place, Door::Cli))
}

fn words(error: AppError) -> anyhow::Error {
    if error.is_input() { Refused(error.to_string()).into() } else { error.into() }
}
