//! `gangway schema`: the published JSON Schemas.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::say;
use crate::config::File;

/// Arguments of `gangway schema`.
#[derive(Debug, Args)]
#[command(after_help = "EXAMPLES:
  gangway schema deal > deal.schema.json

EXIT CODES: 0 printed · 2 wrong usage · 4 it could not be written · 5 unexpected failure")]
pub struct SchemaArgs {
    /// Which schema.
    #[arg(value_enum)]
    which: Schema,
}

/// The schemas Gangway publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// A deal in our own form (JSON, TOML, YAML).
    Deal,
    /// `package.json`.
    Package,
    /// A plan for `gangway schedule`.
    Plan,
    /// What `gangway schedule` prints.
    Schedule,
    /// `gangway.toml`.
    Config,
}

impl Schema {
    /// The schema as JSON.
    pub fn json(self) -> serde_json::Value {
        match self {
            Self::Deal => gangway_intake::json_schema(),
            Self::Package => schemars::schema_for!(gangway_domain::package::Package).to_value(),
            Self::Plan => gangway_planfile::plan_schema(),
            Self::Schedule => gangway_planfile::schedule_schema(),
            Self::Config => schemars::schema_for!(File).to_value(),
        }
    }
}

/// Prints the schema.
pub fn run(args: &SchemaArgs) -> Result<ExitCode> {
    say(format_args!("{}", serde_json::to_string_pretty(&args.which.json())?))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed files under `docs/schema` are what people link to; they must be what the code says.
    #[test]
    fn committed_schemas_are_fresh() {
        for schema in Schema::value_variants() {
            let name = schema.to_possible_value().unwrap().get_name().to_owned();
            let path = format!("{}/../../docs/schema/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
            let committed: serde_json::Value = serde_json::from_str(
                &std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")),
            )
            .unwrap();
            assert_eq!(
                committed,
                schema.json(),
                "run `cargo run -- schema {name} > docs/schema/{name}.schema.json`"
            );
        }
    }
}
