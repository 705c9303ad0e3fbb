//! Messages of graphql-transport-ws, and the codes a socket is closed with.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::wire::Parameters;

/// Why a socket is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl Close {
    fn new(code: u16, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    pub(super) fn going_away() -> Self {
        Self::new(1001, "Going away, connect again")
    }

    pub(super) fn silent() -> Self {
        Self::new(1001, "No answer to ping")
    }

    pub(super) fn too_long() -> Self {
        Self::new(1009, "Message too long")
    }

    pub(super) fn unavailable() -> Self {
        Self::new(1013, "Try again later")
    }

    pub(super) fn invalid(reason: impl Into<String>) -> Self {
        Self::new(4400, reason)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(4401, "Unauthorized")
    }

    pub(super) fn forbidden() -> Self {
        Self::new(4403, "Forbidden")
    }

    pub(super) fn subprotocol() -> Self {
        Self::new(4406, "Subprotocol not acceptable")
    }

    pub(super) fn initialisation_timeout() -> Self {
        Self::new(4408, "Connection initialisation timeout")
    }

    pub(super) fn subscriber_exists(id: &str) -> Self {
        // A close frame holds 123 bytes of text; an id may be longer.
        let id: String = id.chars().take(16).collect();
        Self::new(4409, format!("Subscriber for {id} already exists"))
    }

    pub(super) fn too_many_initialisations() -> Self {
        Self::new(4429, "Too many initialisation requests")
    }
}

/// What a client sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Incoming {
    ConnectionInit {
        payload: Option<Map<String, Value>>,
    },
    Ping {
        payload: Option<Map<String, Value>>,
    },
    Pong {
        #[serde(rename = "payload")]
        _payload: Option<Map<String, Value>>,
    },
    Subscribe {
        id: String,
        payload: Parameters,
    },
    Complete {
        id: String,
    },
}

/// Reads a client's message.
///
/// # Errors
///
/// Close code 4400 for what is no message of a client.
pub(super) fn read(text: &str) -> Result<Incoming, Close> {
    let message = serde_json::from_str(text).map_err(|_| Close::invalid("Invalid message received"))?;
    match &message {
        Incoming::Subscribe { id, .. } | Incoming::Complete { id } if id.is_empty() => {
            Err(Close::invalid("Invalid message received: the id is empty"))
        }
        _ => Ok(message),
    }
}

/// What the server sends.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Outgoing<'a, P: Serialize> {
    ConnectionAck,
    Ping,
    Pong {
        #[serde(skip_serializing_if = "Option::is_none")]
        payload: Option<Map<String, Value>>,
    },
    Next {
        id: &'a str,
        payload: P,
    },
    Error {
        id: &'a str,
        payload: P,
    },
    Complete {
        id: &'a str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_a_client_are_read() {
        assert!(matches!(read(r#"{"type":"connection_init"}"#), Ok(Incoming::ConnectionInit { payload: None })));
        assert!(matches!(read(r#"{"type":"ping","payload":{"a":1}}"#), Ok(Incoming::Ping { payload: Some(_) })));
        assert!(matches!(read(r#"{"type":"pong","payload":null}"#), Ok(Incoming::Pong { .. })));
        let subscribe = r#"{"id":"1","type":"subscribe","payload":{"query":"{a}","variables":null}}"#;
        assert!(matches!(read(subscribe), Ok(Incoming::Subscribe { .. })));
        assert!(matches!(read(r#"{"type":"complete","id":"1"}"#), Ok(Incoming::Complete { .. })));
    }

    #[test]
    fn anything_else_is_invalid() {
        for text in [
            "",
            "{",
            "[]",
            "7",
            r#"{"type":"start"}"#,
            r#"{"type":"next","id":"1","payload":{}}"#,
            r#"{"type":"connection_init","payload":"token"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert_eq!(read(text).map(|_| ()).map_err(|close| close.code), Err(4400), "{text}");
        }
    }
}
