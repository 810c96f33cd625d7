//! Every SQL text is in the registry, so that preparing the registry prepares all there is.
//!
//! The sources are read as Rust reads them (comments and strings told apart), and three things are
//! asked: is every constant of a `sql!` block registered, does any text outside of them look like SQL,
//! and is everything that is sent to a database one of those constants.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gangway_store::statements;

/// Texts outside of the registry that are allowed: the tail that [`gangway_store::Tx`] repeats for every
/// row of a registered insert.
const ALLOWED: [(&str, &str); 4] = [
    ("batch.rs", "VALUES"),
    ("batch.rs", "VALUES ("),
    ("batch.rs", "{head}VALUES {}"),
    ("batch.rs", "{head}VALUES {}{tail}"),
];

/// Where the functions of [`gangway_store::Tx`] are that send what they are given.
const SENDERS: [&str; 3] = ["batch.rs", "db.rs", "reading.rs"];

/// What may be sent beside the constants of a module: a function that chooses among them.
const CHOOSERS: [(&str, &str); 6] = [
    ("duplicate.rs", "statement"),
    ("list.rs", "statement(*sort, *direction)"),
    ("list.rs", "sort.statement(*direction)"),
    ("contact.rs", "sort.statement(*direction)"),
    ("numbered.rs", "what.highest()"),
    ("upkeep.rs", "what.statement()"),
];

#[test]
fn every_constant_is_registered() {
    let registered: BTreeSet<String> = statements().iter().map(|known| known.name.to_owned()).collect();
    let written: BTreeSet<String> = sources()
        .iter()
        .flat_map(|source| source.registry.iter())
        .flat_map(|block| block.names.iter().map(|name| format!("{}::{name}", block.module)))
        .collect();
    assert!(written.len() > 30, "the sources were not understood: {written:?}");
    assert_eq!(written, registered);
}

#[test]
fn no_text_outside_of_the_registry_is_sql() {
    let mut hidden = Vec::new();
    for source in sources().iter().filter(|source| !source.dialect) {
        for text in source.outside.iter().filter(|text| is_sql(text)) {
            if !ALLOWED.contains(&(source.name.as_str(), text.as_str())) {
                hidden.push(format!("{}: {text:?}", source.path.display()));
            }
        }
    }
    assert!(hidden.is_empty(), "put these into `sql!`: {hidden:#?}");
}

#[test]
fn only_registered_texts_are_sent() {
    let mut wrong = Vec::new();
    let mut sent = 0;
    for source in
        sources().iter().filter(|source| !source.dialect && !SENDERS.contains(&source.name.as_str()))
    {
        for word in ["sqlx::query", "query_as", "query_scalar", "raw_sql", "AssertSqlSafe", "QueryBuilder"] {
            if source.code.contains(word) {
                wrong.push(format!("{} uses {word}; use the functions of Tx", source.path.display()));
            }
        }
        let known: BTreeSet<&str> =
            source.registry.iter().flat_map(|block| block.names.iter().map(String::as_str)).collect();
        for argument in sent_by(&source.code) {
            sent += 1;
            if !known.contains(argument) && !CHOOSERS.contains(&(source.name.as_str(), argument)) {
                wrong.push(format!("{} sends `{argument}`", source.path.display()));
            }
        }
    }
    assert!(sent > 25, "the sources were not understood: {sent} statements are sent");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// SQL belongs to the store; the log of usage events is a file of its own beside the database, and the tests' support
/// makes and drops databases.
#[test]
fn no_other_crate_speaks_to_a_database() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let speakers: BTreeSet<String> = std::fs::read_dir(crates)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| {
            std::fs::read_to_string(folder.join("Cargo.toml")).is_ok_and(|text| text.contains("sqlx"))
        })
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(speakers, BTreeSet::from(["events", "store", "testkit"].map(str::to_owned)));
}

#[test]
fn the_search_finds_what_it_looks_for() {
    for text in [
        "SELECT 1",
        "select id from task",
        "\n   Insert  into task (id) values ($1)",
        "UPDATE task SET name = $1",
        "delete from task",
        "WITH late AS (SELECT 1) SELECT 2",
        " WHERE workspace_id = $1",
        "o.id ORDER BY o.name",
        "VALUES ($1)",
        "PRAGMA user_version",
        "begin immediate",
        "create index x on task (id)",
    ] {
        assert!(is_sql(text), "{text}");
    }
    for text in
        ["", "select an item", "the same {0} exists already", "Update available", "from here on", "begin"]
    {
        assert!(!is_sql(text), "{text}");
    }
    let source = Source::read(
        Path::new("x.rs"),
        r##"
        // "SELECT comment"
        /* "SELECT block" */
        macro_rules! page { ($c:literal) => { concat!("SELECT a FROM b ORDER BY ", $c) }; }
        sql! { "x"; A = "SELECT { 'in' } FROM x"; B = page!("c"); }
        const C: &str = "select c from x"; const D: &str = r#"DELETE FROM "x""#; const E: char = '"';
        fn f() { tx.all(A, args![1]); self.tx
            .run( C , vec![]); tx.one::<Row, _>(D, args![]); }
        "##,
    );
    assert_eq!(source.outside, ["select c from x", "DELETE FROM \"x\""]);
    assert_eq!(
        (source.registry[0].module.as_str(), &source.registry[0].names[..]),
        ("x", &["A".to_owned(), "B".to_owned()][..])
    );
    assert_eq!(sent_by(&source.code), ["A", "C", "D"]);
    // A macro that is used outside of the registry as well hides nothing.
    let source = Source::read(
        Path::new("x.rs"),
        r#"macro_rules! page { () => { "SELECT 1" }; } const A: &str = page!();"#,
    );
    assert_eq!(source.outside, ["SELECT 1"]);
    let nested =
        r#"macro_rules! columns { () => { "SELECT 1" }; } macro_rules! page { () => { columns!() }; }"#;
    let source = Source::read(Path::new("x.rs"), &format!("{nested} sql! {{ \"x\"; A = page!(); }}"));
    assert_eq!(source.outside, Vec::<String>::new());
    let source = Source::read(Path::new("x.rs"), &format!("{nested} const A: &str = page!();"));
    assert_eq!(source.outside, ["SELECT 1"]);
}

/// Whether a text is SQL or a piece of it.
fn is_sql(text: &str) -> bool {
    let words: Vec<String> = text.split_whitespace().map(str::to_uppercase).collect();
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let has = |wanted: &str| words.iter().any(|word| word == wanted);
    let begins = match word(0) {
        "SELECT" => has("FROM") || text.trim_start().starts_with("SELECT"),
        "INSERT" => word(1) == "INTO",
        "UPDATE" => has("SET"),
        "DELETE" => word(1) == "FROM",
        "WITH" => has("AS") && has("SELECT"),
        "CREATE" | "ALTER" | "DROP" | "TRUNCATE" => {
            ["TABLE", "INDEX", "UNIQUE", "VIEW", "TRIGGER", "DATABASE"].contains(&word(1))
        }
        "BEGIN" => words.len() > 1,
        "PRAGMA" | "VACUUM" | "ANALYZE" | "LOCK" | "MERGE" | "LISTEN" | "NOTIFY" => true,
        _ => false,
    };
    // Pieces of a statement are written in capitals.
    let piece = ["FROM ", "WHERE ", "ORDER BY", "GROUP BY", "JOIN ", "VALUES", "LIMIT $", "RETURNING "]
        .iter()
        .any(|piece| text.contains(piece));
    begins || piece
}

/// The first arguments of everything that sends a statement.
fn sent_by(code: &str) -> Vec<&str> {
    // The last one is that of `.one::<Row, _>(…)` and `.list::<Row, _>(…)`.
    const CALLS: [&str; 10] = [
        ".all(",
        ".optional(",
        ".run(",
        ".insert_all(",
        ".change_all(",
        ".put_all(",
        ".upsert_all(",
        ".ids(",
        ".single_number(",
        ", _>(",
    ];
    CALLS
        .iter()
        .flat_map(|call| code.match_indices(call).map(|(at, call)| (at, at + call.len())))
        // `.all(…)` of an iterator takes a closure.
        .filter_map(|(at, from)| Some((at, first_argument(code.get(from..)?)?)))
        .filter(|(_, argument)| !argument.starts_with('|'))
        .collect::<std::collections::BTreeMap<_, _>>()
        .into_values()
        .collect()
}

fn first_argument(text: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ',' | ')' if depth == 0 => return text.get(..at).map(str::trim),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// A `sql!` block.
struct Block {
    module: String,
    names: Vec<String>,
}

/// A source file of the store.
struct Source {
    path: PathBuf,
    name: String,
    dialect: bool,
    registry: Vec<Block>,
    /// Strings outside of `sql!` blocks and of macros that only they use.
    outside: Vec<String>,
    /// The code outside of them, without comments; strings are empty.
    code: String,
}

fn sources() -> Vec<Source> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                sources.push(Source::read(&path, &text));
            }
        }
    }
    assert!(sources.len() > 15, "{} sources", sources.len());
    sources
}

impl Source {
    fn read(path: &Path, text: &str) -> Self {
        let (code, strings) = lex(text);
        let mut registry = Vec::new();
        let mut apart = Vec::new();
        for block in braces_after(&code, "sql! {") {
            let inside = &code[block.clone()];
            let names = inside
                .split(';')
                .filter_map(|entry| entry.split_once('=').map(|(name, _)| name.trim()))
                .map(|name| name.rsplit(char::is_whitespace).next().unwrap_or_default().to_owned())
                .collect();
            let module = strings.iter().find(|(at, _)| block.contains(at)).map(|(_, text)| text.clone());
            registry.push(Block { module: module.unwrap_or_default(), names });
            apart.push(block);
        }
        let mut macros: Vec<(String, std::ops::Range<usize>)> = code
            .match_indices("macro_rules! ")
            .map(|(at, found)| at + found.len())
            .filter_map(|at| {
                let name = code[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let body = braces_after(&code[at..], "{").into_iter().next()?;
                Some((name, body.start + at..body.end + at))
            })
            .collect();
        // Macros that only `sql!` uses, or macros that only it uses: all, but for those that others use.
        loop {
            let bodies = macros.iter().map(|(_, body)| body.clone());
            let elsewhere = without(&code, &apart.iter().cloned().chain(bodies).collect::<Vec<_>>());
            let before = macros.len();
            macros.retain(|(name, _)| !elsewhere.contains(&format!("{name}!")));
            if macros.len() == before {
                break;
            }
        }
        apart.extend(macros.into_iter().map(|(_, body)| body));
        let outside = strings
            .into_iter()
            .filter(|(at, _)| !apart.iter().any(|range| range.contains(at)))
            .map(|(_, text)| text)
            .collect();
        Self {
            path: path.to_owned(),
            name: path.file_name().unwrap().to_str().unwrap().to_owned(),
            dialect: path.components().any(|part| part.as_os_str() == "dialect"),
            registry,
            outside,
            code: without(&code, &apart),
        }
    }
}

/// The code without the ranges.
fn without(code: &str, ranges: &[std::ops::Range<usize>]) -> String {
    code.char_indices()
        .filter(|(at, _)| !ranges.iter().any(|range| range.contains(at)))
        .map(|(_, c)| c)
        .collect()
}

/// The insides of the braces that open with `head`.
fn braces_after(code: &str, head: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(head) {
        let start = at + head.len();
        let mut depth = 1;
        let end = code[start..].char_indices().find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        found.push(start..end.map_or(code.len(), |(end, _)| start + end));
    }
    found
}

/// The code without comments and with empty strings, and the strings with their places in that code.
fn lex(text: &str) -> (String, Vec<(usize, String)>) {
    let mut code = String::new();
    let mut strings = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let raw = rest.strip_prefix('r').map(|after| after.len() - after.trim_start_matches('#').len());
        let in_word = code.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else if let Some(marks) = raw.filter(|marks| !in_word && rest[1 + marks..].starts_with('"')) {
            let closing = format!("\"{}", "#".repeat(marks));
            let body = &rest[marks + 2..];
            let end = body.find(&closing).expect("a raw string ends");
            strings.push((code.len(), body[..end].to_owned()));
            code.push_str("\"\"");
            rest = &body[end + closing.len()..];
        } else if c == '"' {
            let body = &rest[1..];
            let mut escaped = false;
            let end = body.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let end = end.expect("a string ends");
            strings.push((code.len(), body[..end].to_owned()));
            code.push_str("\"\"");
            rest = &body[end + 1..];
        } else if let Some(length) = char_literal(rest) {
            code.push_str("' '");
            rest = &rest[length..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    (code, strings)
}

/// Bytes of a character literal, which is no lifetime.
fn char_literal(text: &str) -> Option<usize> {
    let body = text.strip_prefix('\'')?;
    let length = if let Some(escaped) = body.strip_prefix('\\') {
        // The character behind the backslash is never the end: `'\''`.
        let first = escaped.chars().next()?.len_utf8();
        1 + first + escaped[first..].find('\'')?
    } else {
        body.chars().next()?.len_utf8()
    };
    body[length..].starts_with('\'').then_some(length + 2)
}
