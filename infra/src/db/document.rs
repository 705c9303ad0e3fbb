//! Columns of JSON that are read often.

use sea_orm::{
    DbErr, RuntimeErr, TryGetableFromJson, Value,
    sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr},
    sqlx,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A JSON column that is read straight into its type, without a tree of JSON in between.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Document<T>(pub(crate) T);

impl<T: DeserializeOwned> TryGetableFromJson for Document<T> {}

/// What JSON cannot hold becomes null, which the column refuses.
impl<T: Serialize> From<Document<T>> for Value {
    fn from(document: Document<T>) -> Self {
        Self::Json(serde_json::to_value(document).ok().map(Box::new))
    }
}

impl<T: DeserializeOwned> ValueType for Document<T> {
    fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
        let Value::Json(Some(json)) = value else { return Err(ValueTypeErr) };
        serde_json::from_value(*json).map_err(|_| ValueTypeErr)
    }

    fn type_name() -> String {
        "Document".to_owned()
    }

    fn array_type() -> ArrayType {
        ArrayType::Json
    }

    fn column_type() -> ColumnType {
        ColumnType::JsonBinary
    }
}

impl<T> Nullable for Document<T> {
    fn null() -> Value {
        Value::Json(None)
    }
}

/// What is wrong with a column, where the error is that it cannot be read.
pub(super) fn unreadable(error: &DbErr) -> Option<String> {
    match error {
        DbErr::Type(text) | DbErr::Json(text) => Some(text.clone()),
        DbErr::Query(RuntimeErr::SqlxError(source)) => match &**source {
            sqlx::Error::ColumnDecode { .. } => Some(source.to_string()),
            _ => None,
        },
        _ => None,
    }
}
