//! Requests and responses as JSON: the parameters of GraphQL over HTTP, and a response without `data` if nothing ran.

use std::{collections::HashMap, fmt};

use async_graphql::{Request, Response, Value, Variables};
use serde::{
    Deserialize, Serialize, Serializer,
    de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor},
    ser::SerializeMap,
};

use super::error::is_request_error;

/// The parameters of one operation: a document, or the hash of one among the extensions.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Told")]
pub(super) struct Parameters(Told);

/// What a client tells; `null` stands for an absent parameter.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", expecting = "an object")]
pub(super) struct Told {
    pub(super) query: Option<String>,
    pub(super) operation_name: Option<String>,
    #[serde(default)]
    pub(super) variables: Variables,
    pub(super) extensions: Option<HashMap<String, Value>>,
}

impl TryFrom<Told> for Parameters {
    type Error = &'static str;

    fn try_from(told: Told) -> Result<Self, Self::Error> {
        let has_hash = told.extensions.as_ref().is_some_and(|extensions| extensions.contains_key("persistedQuery"));
        if told.query.is_none() && !has_hash {
            return Err("\"query\" is missing");
        }
        Ok(Self(told))
    }
}

impl From<Parameters> for Request {
    fn from(Parameters(parameters): Parameters) -> Self {
        let mut request = Request::new(parameters.query.unwrap_or_default()).variables(parameters.variables);
        request.operation_name = parameters.operation_name.filter(|name| !name.is_empty());
        request.extensions = async_graphql::Extensions(parameters.extensions.unwrap_or_default());
        request
    }
}

/// What the body of a POST holds.
pub(super) enum Body {
    One(Parameters),
    Batch(Vec<Parameters>),
    /// More than the allowed number of operations; reading stopped there.
    TooMany,
}

/// Reads a body: one object, or an array of at most `batch_max`.
pub(super) fn read_body(bytes: &[u8], batch_max: usize) -> serde_json::Result<Body> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        return serde_json::from_slice(bytes).map(Body::One);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match (Batch { max: batch_max }).deserialize(&mut reader)? {
        None => Ok(Body::TooMany),
        Some(batch) if batch.is_empty() => Err(serde_json::Error::custom("a batch holds at least one operation")),
        Some(batch) => reader.end().map(|()| Body::Batch(batch)),
    }
}

/// Reads an array and gives up on it, instead of holding it, once it is longer than `max`.
struct Batch {
    max: usize,
}

impl<'de> DeserializeSeed<'de> for Batch {
    type Value = Option<Vec<Parameters>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Batch {
    type Value = Option<Vec<Parameters>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of operations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut batch = Vec::new();
        while let Some(item) = items.next_element()? {
            if batch.len() == self.max {
                while items.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                return Ok(None);
            }
            batch.push(item);
        }
        Ok(Some(batch))
    }
}

/// A response as clients see it: `data` is left out, not `null`, if nothing ran.
pub(super) struct Wire<'a>(pub(super) &'a Response);

impl Serialize for Wire<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(response) = self;
        let mut map = serializer.serialize_map(None)?;
        if !response.errors.is_empty() {
            map.serialize_entry("errors", &response.errors)?;
        }
        if !is_request_error(response) {
            map.serialize_entry("data", &response.data)?;
        }
        if !response.extensions.is_empty() {
            map.serialize_entry("extensions", &response.extensions)?;
        }
        map.end()
    }
}

/// `value` as JSON text.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| {
        tracing::error!(%error, "a response is not serializable");
        r#"{"errors":[{"message":"Internal server error.","extensions":{"code":"INTERNAL"}}]}"#.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_stands_for_an_absent_parameter() {
        let body = br#"{"query":"{a}","operationName":null,"variables":null,"extensions":null}"#;
        assert!(matches!(read_body(body, 10), Ok(Body::One(_))));
    }

    #[test]
    fn parameters_of_the_wrong_type_are_refused() {
        for body in [
            r#"{}"#,
            r#"{"query":1}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","extensions":7}"#,
            r#"{"query":"{a}","operationName":{}}"#,
            r#"[]"#,
            r#"[{"query":"{a}"}"#,
            r#"[{"query":"{a}"}] x"#,
            r#""{a}""#,
            "",
        ] {
            assert!(read_body(body.as_bytes(), 10).is_err(), "{body}");
        }
    }

    #[test]
    fn a_batch_is_read_up_to_its_maximum() {
        let batch = |n: usize| format!("[{}]", vec![r#"{"query":"{a}"}"#; n].join(","));
        assert!(matches!(read_body(batch(10).as_bytes(), 10), Ok(Body::Batch(items)) if items.len() == 10));
        assert!(matches!(read_body(batch(1_000).as_bytes(), 10), Ok(Body::TooMany)));
    }
}
