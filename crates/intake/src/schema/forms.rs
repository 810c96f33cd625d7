//! The plain forms a value may take, each read by itself so that an error names its place.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Amount, AmountInput, Entry, Many, Text, Texts};

/// TOML hands dates over as a map with this single key.
const TOML_DATE: &str = "$__toml_private_datetime";

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a date")
    }
    fn visit_str<E: Error>(self, value: &str) -> Result<Text, E> {
        Ok(Text(value.to_owned()))
    }
    fn visit_bool<E: Error>(self, value: bool) -> Result<Text, E> {
        Ok(Text(if value { "yes" } else { "no" }.to_owned()))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Text, E> {
        Ok(Text(value.to_string()))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let key: Option<String> = map.next_key()?;
        if key.as_deref() == Some(TOML_DATE) {
            return map.next_value().map(Text);
        }
        Err(A::Error::invalid_type(serde::de::Unexpected::Map, &self))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// Forwards scalars to [`TextVisitor`], for visitors that accept more than scalars.
macro_rules! scalars_as_text {
    ($wrap:expr) => {
        fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
            TextVisitor.visit_str(value).map($wrap)
        }
        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            TextVisitor.visit_bool(value).map($wrap)
        }
        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            TextVisitor.visit_i64(value).map($wrap)
        }
        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            TextVisitor.visit_u64(value).map($wrap)
        }
        fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
            TextVisitor.visit_f64(value).map($wrap)
        }
    };
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }
    scalars_as_text!(|text: Text| Texts { items: vec![text.0], single: true });
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
        let mut items = Vec::new();
        while let Some(Text(item)) = list.next_element()? {
            items.push(item);
        }
        Ok(Texts { items, single: false })
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct AmountVisitor;

impl<'de> Visitor<'de> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount such as \"95K USD\", a number, or an object with amount and currency")
    }
    scalars_as_text!(Amount::Text);
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Amount, A::Error> {
        AmountInput::deserialize(MapAccessDeserializer::new(map)).map(Amount::Full)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct EntryVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntryVisitor<T> {
    type Value = Entry<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or an object")
    }
    scalars_as_text!(|text: Text| Entry::Text(text.0));
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entry<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Entry::Full)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor(PhantomData))
    }
}

struct ManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ManyVisitor<T> {
    type Value = Many<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, an object, or a list of these")
    }
    scalars_as_text!(|text: Text| Many { items: vec![Entry::Text(text.0)], single: true });
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Many<T>, A::Error> {
        let entry = T::deserialize(MapAccessDeserializer::new(map)).map(Entry::Full)?;
        Ok(Many { items: vec![entry], single: true })
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Many<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Many { items, single: false })
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor(PhantomData))
    }
}
