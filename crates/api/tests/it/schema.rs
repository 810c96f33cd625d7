//! Whether a value is as its schema says: as much of JSON Schema as the description uses.

use serde_json::{Map, Value as Json};

type Rules = Map<String, Json>;

/// The first thing in which a value is not as a schema says; references lead into the document.
pub(crate) fn check(document: &Json, schema: &Json, value: &Json) -> Result<(), String> {
    at(document, schema, value, "the body")
}

fn at(document: &Json, schema: &Json, value: &Json, place: &str) -> Result<(), String> {
    let Json::Object(rules) = schema else {
        return if *schema == Json::Bool(false) { Err(format!("{place} is not described")) } else { Ok(()) };
    };
    if let Some(reference) = rules.get("$ref").and_then(Json::as_str) {
        let known = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
        let known = known.ok_or_else(|| format!("{reference} leads nowhere"))?;
        at(document, known, value, place)?;
    }
    itself(rules, value).map_err(|wrong| format!("{place} {wrong}: {value}"))?;
    match value {
        Json::Object(fields) => object(document, rules, fields, place)?,
        Json::Array(items) => {
            let Some(schema) = rules.get("items") else { return choices(document, rules, value, place) };
            for (index, item) in items.iter().enumerate() {
                at(document, schema, item, &format!("{place}[{index}]"))?;
            }
        }
        _ => {}
    }
    choices(document, rules, value, place)
}

/// What holds for a value without what is in it.
fn itself(rules: &Rules, value: &Json) -> Result<(), String> {
    match rules.get("type") {
        Some(Json::String(kind)) if !is(kind, value) => return Err(format!("is not of the type {kind}")),
        Some(Json::Array(kinds)) if !kinds.iter().filter_map(Json::as_str).any(|kind| is(kind, value)) => {
            return Err(format!("is of none of the types {kinds:?}"));
        }
        _ => {}
    }
    if rules.get("const").is_some_and(|only| only != value) {
        return Err("is not the one value there is".to_owned());
    }
    if rules.get("enum").and_then(Json::as_array).is_some_and(|all| !all.contains(value)) {
        return Err("is none of the values there are".to_owned());
    }
    let size = match value {
        Json::Number(number) => number.as_f64().map(|size| ("minimum", "maximum", size)),
        Json::String(text) => Some(("minLength", "maxLength", count(text.chars().count()))),
        Json::Array(items) => Some(("minItems", "maxItems", count(items.len()))),
        _ => None,
    };
    if let Some((least, most, size)) = size {
        let bound = |name: &str| rules.get(name).and_then(Json::as_f64);
        if bound(least).is_some_and(|least| size < least) || bound(most).is_some_and(|most| size > most) {
            return Err("is beyond its bounds".to_owned());
        }
    }
    let text = value.as_str().unwrap_or_default();
    let fits = match rules.get("format").and_then(Json::as_str) {
        Some("date") => value.is_null() || text.parse::<jiff::civil::Date>().is_ok(),
        Some("date-time") => value.is_null() || text.parse::<jiff::Timestamp>().is_ok(),
        _ => true,
    };
    if fits { Ok(()) } else { Err("is no point in time".to_owned()) }
}

fn count(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

fn is(kind: &str, value: &Json) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("no such type: {other}"),
    }
}

fn object(document: &Json, rules: &Rules, fields: &Rules, place: &str) -> Result<(), String> {
    let required = rules.get("required").and_then(Json::as_array).into_iter().flatten();
    if let Some(missing) = required.filter_map(Json::as_str).find(|name| !fields.contains_key(*name)) {
        return Err(format!("{place} has no {missing}"));
    }
    let known = rules.get("properties").and_then(Json::as_object);
    for (name, value) in fields {
        let place = format!("{place}.{name}");
        if let Some(schema) = rules.get("propertyNames") {
            at(document, schema, &Json::from(name.as_str()), &place)?;
        }
        let own = known.and_then(|known| known.get(name)).or_else(|| rules.get("additionalProperties"));
        if let Some(schema) = own {
            at(document, schema, value, &place)?;
        }
    }
    Ok(())
}

fn choices(document: &Json, rules: &Rules, value: &Json, place: &str) -> Result<(), String> {
    let of = |name: &str| -> Option<Vec<Result<(), String>>> {
        let all = rules.get(name)?.as_array()?;
        Some(all.iter().map(|schema| at(document, schema, value, place)).collect())
    };
    of("allOf").into_iter().flatten().collect::<Result<(), String>>()?;
    for (name, most) in [("anyOf", usize::MAX), ("oneOf", 1)] {
        let Some(results) = of(name) else { continue };
        let fits = results.iter().filter(|result| result.is_ok()).count();
        if fits == 0 || fits > most {
            let wrong: Vec<&String> = results.iter().filter_map(|result| result.as_ref().err()).collect();
            return Err(format!("{place} fits {fits} of the schemas of {name}: {wrong:?}"));
        }
    }
    Ok(())
}

#[test]
fn a_value_is_as_its_schema_says() {
    use serde_json::json;
    let document = json!({ "components": { "schemas": {
        "Day": { "type": ["string", "null"], "format": "date" },
        "Pet": { "type": "object", "required": ["name"], "additionalProperties": false,
                 "properties": { "name": { "type": "string", "maxLength": 5 }, "born": { "$ref": "#/components/schemas/Day" } } }
    } } });
    let pet = json!({ "$ref": "#/components/schemas/Pet" });
    let either =
        json!({ "oneOf": [{ "type": "null" }, { "const": 7 }, { "type": "integer", "minimum": 7 }] });
    let list = json!({ "type": "array", "minItems": 1, "items": { "enum": ["a", "b"] } });
    let table = json!({ "allOf": [{ "type": "object" }], "additionalProperties": { "type": "boolean" } });
    for (schema, value, fits) in [
        (&pet, json!({ "name": "Bello", "born": "2027-01-04" }), true),
        (&pet, json!({ "name": "Bello", "born": null }), true),
        (&pet, json!({ "name": "Bello", "born": "yesterday" }), false),
        (&pet, json!({ "name": "Bellissimo" }), false),
        (&pet, json!({ "born": null }), false),
        (&pet, json!({ "name": "Bello", "legs": 4 }), false),
        (&pet, json!([]), false),
        (&either, json!(null), true),
        (&either, json!(8), true),
        (&either, json!(7), false),
        (&either, json!(1.5), false),
        (&list, json!(["a", "b"]), true),
        (&list, json!(["a", "c"]), false),
        (&list, json!([]), false),
        (&table, json!({ "x": true }), true),
        (&table, json!({ "x": 1 }), false),
    ] {
        assert_eq!(check(&document, schema, &value).is_ok(), fits, "{schema} {value}");
    }
}
