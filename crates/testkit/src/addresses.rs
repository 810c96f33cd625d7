//! Addresses of what is really there: for the parts of a route that vary, what names rows that belong together.

use anyhow::Result;
use gangway_domain::ids::WorkspaceId;
use gangway_store::Column;

use crate::Past;

/// What stands for a part of a route that varies.
#[derive(Debug, Clone, Copy)]
pub enum Part {
    /// The id in this column, behind this prefix.
    Id(&'static str, &'static str),
    /// What this column says.
    Said(&'static str),
    /// A word that names no row.
    Word(&'static str),
}

/// Whose rows name the parts of the routes that begin with a path.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    path: &'static str,
    table: &'static str,
    parts: &'static [Part],
    when: &'static [(&'static str, &'static str)],
}

impl Rows {
    /// Rows of a table for the routes that begin with this path: what stands for each of its parts that vary, in order.
    #[must_use]
    pub const fn of(path: &'static str, table: &'static str, parts: &'static [Part]) -> Self {
        Self { path, table, parts, when: &[] }
    }

    /// Only those whose columns say this.
    #[must_use]
    pub const fn when(self, when: &'static [(&'static str, &'static str)]) -> Self {
        Self { path: self.path, table: self.table, parts: self.parts, when }
    }

    /// Whether they name everything that varies in a route.
    fn fit(&self, route: &str) -> bool {
        route
            .strip_prefix(self.path)
            .is_some_and(|rest| (rest.is_empty() || rest.starts_with('/')) && !rest.contains('{'))
    }

    fn condition(&self) -> String {
        let said = self.when.iter().map(|(column, text)| format!("{column} = '{text}'"));
        said.collect::<Vec<_>>().join(" AND ")
    }
}

/// The address of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The route with all that varies filled in.
    pub path: String,
    /// Whether its parts name a row of the workspace.
    pub names_a_row: bool,
    /// Whether that row came about by a use case, so that it can be read.
    pub is_real: bool,
}

/// What stands for the parts of a path.
#[derive(Debug)]
struct Known {
    rows: Rows,
    texts: Vec<String>,
    is_real: bool,
}

/// The addresses of a workspace that is alone in its database.
#[derive(Debug)]
pub struct Addresses {
    known: Vec<Known>,
    missing: Vec<Rows>,
}

impl Addresses {
    /// Looks for the first row of each.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn read(past: &mut Past, all: &[Rows]) -> Result<Self> {
        let mut addresses = Self { known: Vec::new(), missing: Vec::new() };
        for rows in all {
            match past.named(rows).await? {
                Some(texts) => addresses.known.push(Known { rows: *rows, texts, is_real: true }),
                None => addresses.missing.push(*rows),
            }
        }
        Ok(addresses)
    }

    /// Makes rows up where there were none: nobody can read them, but whoever finds one shows that they looked.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn make_up(
        &mut self,
        past: &mut Past,
        columns: &[Column],
        workspace: WorkspaceId,
    ) -> Result<()> {
        for rows in std::mem::take(&mut self.missing) {
            // A row made up for one path may do for the next.
            let mut texts = past.named(&rows).await?;
            if texts.is_none() {
                past.make_up(rows.table, rows.when, columns, workspace).await?;
                texts = past.named(&rows).await?;
            }
            let texts = texts.unwrap_or_else(|| panic!("{} stays empty", rows.table));
            self.known.push(Known { rows, texts, is_real: false });
        }
        Ok(())
    }

    /// Where a route is; nothing when a part of it is named by nothing that is known here.
    #[must_use]
    pub fn of(&self, route: &str) -> Option<Address> {
        if !route.contains('{') {
            return Some(Address { path: route.to_owned(), names_a_row: false, is_real: true });
        }
        let known = self.known.iter().filter(|known| known.rows.fit(route));
        let known = known.max_by_key(|known| known.rows.path.len())?;
        let mut texts = known.texts.iter();
        let filled: Vec<&str> = route
            .split('/')
            .map(|part| if part.starts_with('{') { texts.next().map_or("", String::as_str) } else { part })
            .collect();
        let names_a_row = known.rows.parts.iter().any(|part| matches!(part, Part::Id(..)));
        Some(Address { path: filled.join("/"), names_a_row, is_real: known.is_real })
    }
}

impl Past {
    /// What stands for the parts of a path, of the first of its rows.
    async fn named(&mut self, rows: &Rows) -> Result<Option<Vec<String>>> {
        let parts: Vec<String> = rows.parts.iter().map(|part| self.shown(*part)).collect();
        let found = self.texts(rows.table, &parts.join(" || ' ' || "), &rows.condition()).await?;
        Ok(found.first().map(|line| line.split(' ').map(str::to_owned).collect()))
    }

    fn shown(&self, part: Part) -> String {
        match (part, self) {
            (Part::Id(prefix, column), Self::Sqlite(_)) => format!("'{prefix}_' || lower(hex({column}))"),
            (Part::Id(prefix, column), Self::Postgres(_)) => {
                format!("'{prefix}_' || replace(CAST({column} AS TEXT), '-', '')")
            }
            (Part::Said(column), _) => format!("CAST({column} AS TEXT)"),
            (Part::Word(word), _) => format!("'{word}'"),
        }
    }
}
