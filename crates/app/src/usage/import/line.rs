//! A line of a file as a message: of NDJSON as Segment writes it, of CSV by the names of its columns.

use gangway_events::read::{Origin, Reason, Shape, Verdict, open};
use serde_json::{Map, Value};

/// Columns of CSV that are fields of a message, by their names in small letters without separators.
const FIELDS: [(&str, &str); 14] = [
    ("type", "type"),
    ("event", "event"),
    ("name", "name"),
    ("userid", "userId"),
    ("user", "userId"),
    ("anonymousid", "anonymousId"),
    ("groupid", "groupId"),
    ("group", "groupId"),
    ("account", "groupId"),
    ("previousid", "previousId"),
    ("timestamp", "timestamp"),
    ("time", "timestamp"),
    ("messageid", "messageId"),
    ("id", "messageId"),
];

/// The message of a line of JSON.
pub(super) fn from_json(line: &str, number: &str, origin: &Origin) -> Result<Verdict, Reason> {
    match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(mut message)) => {
            complete(&mut message, number);
            read(&Value::Object(message), origin)
        }
        // What it is instead is told as always.
        _ => first(line.as_bytes(), origin),
    }
}

/// The message of a line of CSV. A column `properties.x` is a property; what is no field of a message is one, too.
pub(super) fn from_csv(
    columns: &[String],
    cells: Vec<String>,
    number: &str,
    origin: &Origin,
) -> Result<Verdict, Reason> {
    let mut message = Map::new();
    let (mut properties, mut traits) = (Map::new(), Map::new());
    for (column, cell) in columns.iter().zip(cells) {
        if cell.is_empty() {
            continue;
        }
        let key: String = column.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        if let Some((_, field)) = FIELDS.iter().find(|(name, _)| *name == key) {
            message.insert((*field).to_owned(), cell.into());
        } else if let Some(name) = column.strip_prefix("traits.") {
            traits.insert(name.to_owned(), cell.into());
        } else {
            let name = column.strip_prefix("properties.").unwrap_or(column);
            properties.insert(name.to_owned(), cell.into());
        }
    }
    for (key, map) in [("properties", properties), ("traits", traits)] {
        if !map.is_empty() {
            message.insert(key.to_owned(), Value::Object(map));
        }
    }
    complete(&mut message, number);
    read(&Value::Object(message), origin)
}

/// Says what a line may leave out: it is a track message, known by its place in the file. A group belongs into the
/// context of everything but a group message.
fn complete(message: &mut Map<String, Value>, number: &str) {
    let kind =
        message.entry("type").or_insert_with(|| "track".into()).as_str().unwrap_or_default().to_owned();
    message.entry("messageId").or_insert_with(|| number.into());
    if kind != "group"
        && let Some(group) = message.remove("groupId")
    {
        let context = message.entry("context").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(context) = context {
            context.entry("groupId").or_insert(group);
        }
    }
}

fn read(message: &Value, origin: &Origin) -> Result<Verdict, Reason> {
    first(message.to_string().as_bytes(), origin)
}

fn first(body: &[u8], origin: &Origin) -> Result<Verdict, Reason> {
    let request = open(body, Shape::Any)?;
    let found = request.read(origin).into_iter().next();
    found.ok_or_else(|| Reason {
        code: gangway_events::read::Code::NotAnObject,
        field: None,
        words: "there is no message".to_owned(),
    })
}

/// What separates cells: what most files have first.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// What separates the cells of a file by its first line: what makes the most of them there.
pub(super) fn separator(line: &str) -> char {
    let [usual, others @ ..] = SEPARATORS;
    let mut found = (usual, cells(line, usual).len());
    for separator in others {
        let count = cells(line, separator).len();
        if count > found.1 {
            found = (separator, count);
        }
    }
    found.0
}

/// The cells of a line: in quotes where they hold what separates them; two quotes are one.
pub(super) fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut characters = line.trim_start_matches('\u{feff}').chars().peekable();
    while let Some(c) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            c if c == separator && !quoted => cells.push(String::new()),
            c => cell.push(c),
        }
    }
    cells.into_iter().map(|cell| cell.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin {
            workspace: gangway_domain::ids::WorkspaceId::from_uuid(uuid::Uuid::from_u128(1)),
            source: uuid::Uuid::from_u128(2),
            received_at: "2027-01-20T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn cells_may_hold_separators_and_quotes() {
        assert_eq!(cells("a, \"b, c\",\"say \"\"hi\"\"\",,d", ','), ["a", "b, c", "say \"hi\"", "", "d"]);
        assert_eq!(cells("\u{feff}time;user_id;event", ';'), ["time", "user_id", "event"]);
    }

    #[test]
    fn columns_say_what_separates_cells() {
        assert_eq!(separator("\u{feff}time;user_id;event"), ';');
        assert_eq!(separator("time,user_id,\"event; as it is called\""), ',');
        assert_eq!(separator("event\tuser_id"), '\t');
        assert_eq!(separator("event"), ',');
    }

    #[test]
    fn a_row_is_a_track_message_known_by_its_place() {
        let columns = cells("time,user_id,group,event,plan", ',');
        let row = cells("2027-01-19T10:00:00Z,ada,acme,Signed In,gold", ',');
        let Ok(Verdict::Accepted(event)) = from_csv(&columns, row, "imt_1-2", &origin()) else {
            panic!("the row is a message");
        };
        assert_eq!(event.message_id, "imt_1-2");
        assert_eq!((event.user_id.as_deref(), event.group_id.as_deref()), (Some("ada"), Some("acme")));
        assert_eq!(
            (event.usage(), event.at.to_string().as_str()),
            (Some("Signed In"), "2027-01-19T10:00:00Z")
        );
        assert_eq!(event.properties.unwrap().string("plan").as_deref(), Some("gold"));
    }

    #[test]
    fn a_line_that_is_no_message_says_why() {
        assert!(!matches!(from_json("[1]", "imt_1-1", &origin()), Ok(Verdict::Accepted(_))));
        assert!(!matches!(from_json("{\"type\":\"track\"}", "imt_1-1", &origin()), Ok(Verdict::Accepted(_))));
    }
}
