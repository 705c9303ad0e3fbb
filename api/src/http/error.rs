//! Error codes, the status each stands for, and the one place where an error without a code gets one.

use std::{any::Any, time::Duration};

use async_graphql::{ErrorExtensionValues, Response, ServerError, Value};
use poem::http::StatusCode;

/// The `extensions.code` of an error that the gateway itself raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    BadRequest,
    BadUserInput,
    DocumentNotTrusted,
    Internal,
    IntrospectionDisabled,
    LimitExceeded,
    MethodNotAllowed,
    NotAcceptable,
    ParseFailed,
    PayloadTooLarge,
    PersistedQueryMismatch,
    PersistedQueryNotFound,
    PersistedQueryNotSupported,
    RateLimited,
    RequestTimeout,
    Timeout,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
}

impl Code {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Self::Internal => "INTERNAL",
            Self::IntrospectionDisabled => "INTROSPECTION_DISABLED",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::PersistedQueryMismatch => "PERSISTED_QUERY_HASH_MISMATCH",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::RateLimited => "RATE_LIMITED",
            Self::RequestTimeout | Self::Timeout => "TIMEOUT",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Unavailable => "UNAVAILABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
        }
    }

    /// The status of a request refused for this reason, where the response's media type lets the status say so.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::BadRequest
            | Self::BadUserInput
            | Self::DocumentNotTrusted
            | Self::IntrospectionDisabled
            | Self::LimitExceeded
            | Self::ParseFailed
            | Self::PersistedQueryMismatch
            | Self::PersistedQueryNotFound
            | Self::PersistedQueryNotSupported
            | Self::ValidationFailed => StatusCode::BAD_REQUEST,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RateLimited => StatusCode::TOO_MANY_REQUESTS,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }
}

/// A GraphQL error with `code`.
pub(super) fn error(code: Code, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    set_code(&mut error, code);
    error
}

/// The error for a limit passed; `extensions` say which, the value found (a lower bound) and the maximum.
pub(super) fn limit_exceeded(limit: &str, value: usize, maximum: usize) -> ServerError {
    let mut error = ServerError::new(format!("The limit \"{limit}\" of {maximum} is exceeded."), None);
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", Code::LimitExceeded.as_str());
    extensions.set("limit", limit);
    extensions.set("value", value);
    extensions.set("maximum", maximum);
    error.extensions = Some(extensions);
    error
}

/// The error for a caller who has to wait; `extensions.retryAfter` says how many seconds.
pub(super) fn rate_limited(wait: Duration) -> ServerError {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let mut error = error(Code::RateLimited, format!("Too many requests; try again in {seconds} seconds."));
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set(RETRY_AFTER, seconds);
    error
}

/// How many seconds the caller has to wait, if `error` says so.
pub(super) fn retry_after(error: &ServerError) -> Option<u64> {
    match error.extensions.as_ref()?.get(RETRY_AFTER)? {
        Value::Number(seconds) => seconds.as_u64(),
        _ => None,
    }
}

const RETRY_AFTER: &str = "retryAfter";

/// The error a client sees for a fault of the server.
pub(super) fn internal() -> ServerError {
    error(Code::Internal, "Internal server error.")
}

/// Logs a caught panic, with the detail that clients do not get.
pub(super) fn log_panic(place: &str, panic: &(dyn Any + Send)) {
    let detail = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("not a text");
    tracing::error!(place, detail, "panicked");
}

fn set_code(error: &mut ServerError, code: Code) {
    error.extensions.get_or_insert_with(ErrorExtensionValues::default).set("code", code.as_str());
}

/// Whether nothing ran: no data, and no error belongs to a field. Such a response has no `data` entry.
pub(super) fn is_request_error(response: &Response) -> bool {
    response.data == Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty())
}

/// Longest message, in characters, about a document that cannot run: such messages quote it.
const MESSAGE_CHARS_MAX: usize = 400;

/// `message`, cut where it is too long.
pub(super) fn shortened(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(MESSAGE_CHARS_MAX) {
        message.truncate(end);
        message.push('…');
    }
    message
}

/// Gives every error a code, keeps at most `errors_max` of a refused document, and masks what no resolver meant to show.
pub(super) fn classify(response: &mut Response, errors_max: usize) {
    if is_request_error(response) {
        response.errors.truncate(errors_max);
        for error in &mut response.errors {
            error.message = shortened(std::mem::take(&mut error.message));
        }
    }
    for error in &mut response.errors {
        if error.extensions.as_ref().and_then(|extensions| extensions.get("code")).is_some() {
            continue;
        }
        if is_input_error(&error.message) {
            set_code(error, Code::BadUserInput);
            if let (Some(path), Some(extensions)) = (argument_path(&error.message), &mut error.extensions) {
                extensions.set("argumentPath", path);
            }
        } else if error.path.is_empty() {
            set_code(error, Code::ValidationFailed);
        } else {
            tracing::error!(path = ?error.path, detail = %error.message, "a resolver failed without a code");
            error.message = "Internal server error.".to_owned();
            error.source = None;
            set_code(error, Code::Internal);
        }
    }
}

/// Whether async-graphql raised this for an argument or variable: it gives such errors no code, only these words.
fn is_input_error(message: &str) -> bool {
    const OPENINGS: [&str; 7] = [
        "Invalid value for argument ",
        "Invalid default value for argument",
        "Failed to parse \"",
        "Expected input type \"",
        "Variable ",
        "The \"first\" ",
        "The \"last\" ",
    ];
    OPENINGS.iter().any(|opening| message.starts_with(opening))
}

/// Where in the arguments the value is that async-graphql tells of, as far as its words say.
fn argument_path(message: &str) -> Option<Vec<String>> {
    let (path, rest) = message.strip_prefix("Invalid value for argument \"")?.split_once('"')?;
    let field = [", field \"", ", unknown field \""].iter().find_map(|it| rest.strip_prefix(it));
    let field = field.and_then(|it| it.split('"').next());
    Some(path.split('.').chain(field).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use async_graphql::PathSegment;

    use super::*;

    fn code(error: &ServerError) -> String {
        match error.extensions.as_ref().and_then(|extensions| extensions.get("code")) {
            Some(Value::String(code)) => code.clone(),
            other => panic!("no code: {other:?}"),
        }
    }

    #[test]
    fn an_error_without_a_code_is_masked_below_a_field_and_a_code_set_is_left_alone() {
        let at_field = vec![PathSegment::Field("cart".to_owned())];
        let mut own = error(Code::BadUserInput, "mine").with_path(at_field.clone());
        if let Some(extensions) = &mut own.extensions {
            extensions.set("code", "OUT_OF_STOCK");
        }
        let leak = ServerError::new("FOREIGN KEY constraint failed", None).with_path(at_field);
        let mut response = Response::from_errors(vec![own, leak]);

        classify(&mut response, 20);

        assert_eq!((response.errors[0].message.as_str(), code(&response.errors[0]).as_str()), ("mine", "OUT_OF_STOCK"));
        assert_eq!(response.errors[1].message, "Internal server error.");
        assert_eq!(code(&response.errors[1]), "INTERNAL");
    }

    #[test]
    fn a_value_that_cannot_be_is_told_with_its_place() {
        let path = |message: &str| argument_path(message).map(|it| it.join("."));
        for (message, expected) in [
            ("Invalid value for argument \"first\", expected type \"Int\"", Some("first")),
            (
                "Invalid value for argument \"input.lines.0.quantity\", expected type \"Int\"",
                Some("input.lines.0.quantity"),
            ),
            (
                "Invalid value for argument \"input\", field \"lines\" of type \"[X!]!\" is required",
                Some("input.lines"),
            ),
            (
                "Invalid value for argument \"input.lines.2\", unknown field \"size\" of type",
                Some("input.lines.2.size"),
            ),
            ("Variable \"$input\" of required type \"X!\" is missing.", None),
        ] {
            assert_eq!(path(message).as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn errors_of_a_refused_document_are_capped() {
        let errors =
            (0..100).map(|n| ServerError::new(format!("Unknown field {n}{}", "é".repeat(1_000)), None)).collect();
        let mut response = Response::from_errors(errors);
        classify(&mut response, 20);
        assert_eq!(response.errors.len(), 20);
        assert!(response.errors.iter().all(|error| error.message.chars().count() == 401));
        assert!(response.errors.iter().all(|error| code(error) == "GRAPHQL_VALIDATION_FAILED"));
    }
}
