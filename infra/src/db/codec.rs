//! Between the domain's values and columns.

use comptoir_domain::storage::StorageError;
use sea_orm::JsonValue;
use serde::{Serialize, de::DeserializeOwned};

/// A value as JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<JsonValue, StorageError> {
    serde_json::to_value(value).map_err(|it| StorageError::Corrupt(it.to_string()))
}

/// A value from JSON; `what` goes into the error.
pub(super) fn from_json<T: DeserializeOwned>(what: &str, json: JsonValue) -> Result<T, StorageError> {
    serde_json::from_value(json).map_err(|it| StorageError::Corrupt(format!("{what}: {it}")))
}

/// An enum's name, as serde writes it.
pub(super) fn to_name<T: Serialize>(value: &T) -> Result<String, StorageError> {
    match to_json(value)? {
        JsonValue::String(name) => Ok(name),
        other => Err(StorageError::Corrupt(format!("{other} is not a name"))),
    }
}

/// An enum by its name.
pub(super) fn from_name<T: DeserializeOwned>(what: &str, name: String) -> Result<T, StorageError> {
    from_json(what, JsonValue::String(name))
}

/// A count that fits the column.
pub(super) fn to_i32(value: u32) -> Result<i32, StorageError> {
    i32::try_from(value).map_err(|_| StorageError::Corrupt(format!("{value} does not fit its column")))
}

/// A count from its column.
pub(super) fn to_u32(what: &str, value: i32) -> Result<u32, StorageError> {
    u32::try_from(value).map_err(|_| StorageError::Corrupt(format!("{what} is {value}")))
}
