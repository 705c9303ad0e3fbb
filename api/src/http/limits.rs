//! Every limit of the HTTP layer, in one place.

use std::time::Duration;

use poem::http::HeaderName;

/// Limits on documents, requests, connections and sockets; the same document limits hold for POST, GET, SSE and WebSocket.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Longest document, in bytes.
    pub query_bytes: usize,
    /// Deepest nesting of brackets in the text, checked before parsing: the parser recurses on them.
    pub bracket_depth: usize,
    /// Deepest nesting of fields.
    pub depth: usize,
    /// Deepest nesting of fields below `__schema` and `__type`; the standard introspection query needs 15.
    pub introspection_depth: usize,
    /// Deepest nesting of lists below `__schema` and `__type`, as graphql-js has it: their types refer to one another.
    pub introspection_lists: usize,
    /// Most fields once fragments are expanded.
    pub fields: usize,
    /// Most fragments spread, named and inline, once they are expanded.
    pub fragments: usize,
    /// Deepest nesting of named fragments in one another.
    pub fragment_depth: usize,
    /// Most aliases once fragments are expanded.
    pub aliases: usize,
    /// Most fields at the root of an operation once fragments are expanded.
    pub root_fields: usize,
    /// Most occurrences of one response key in one selection set once fragments are expanded.
    pub same_key: usize,
    /// Most directives written in the document.
    pub directives: usize,
    /// Most values that variables bring into the document, each counted at every use; a long text counts as several.
    pub values: usize,
    /// Operations a second that a caller may run in the long run, heavier ones counted as several; 0: any number.
    pub rate: u32,
    /// Operations that a caller may run at once after a pause.
    pub rate_burst: u32,
    /// Attempts to sign in a minute, from one address and for one name; 0: any number.
    pub attempts: u32,
    /// The header in which a proxy before the server tells a client's address; without it, the peer is the client.
    pub address_header: Option<HeaderName>,
    /// Largest page that a list may be asked for, in items.
    pub page_size: usize,
    /// Most objects that a router may ask for at once, by `representations`.
    pub representations: usize,
    /// Most that documents registered by clients may take, in bytes; beyond, the least recently used are dropped.
    pub persisted_bytes: usize,
    /// Most that parsed documents may take, in bytes, about; beyond, the least recently used are dropped.
    pub parsed_bytes: usize,
    /// Most errors returned for a refused document.
    pub errors: usize,
    /// Most operations in one HTTP request; a socket's message carries one.
    pub batch: usize,
    /// Longest query string of a GET request, in bytes.
    pub query_string_bytes: usize,
    /// Longest run of a query or mutation, and of opening a session.
    pub request_timeout: Duration,
    /// Longest wait for a complete request head; also how long an idle connection is kept.
    pub header_read_timeout: Duration,
    /// Longest wait for a complete request body.
    pub body_read_timeout: Duration,
    /// Longest time a connection may refuse to take bytes that are ready for it.
    pub write_timeout: Duration,
    /// Most connections at once, sockets included; further ones wait in the listener's queue.
    pub connections: usize,
    /// Longest wait for requests and sockets to end after a shutdown began.
    pub drain_timeout: Duration,
    /// Interval of comments that keep an event stream open.
    pub sse_keep_alive: Duration,
    /// Longest wait for `connection_init` on a new socket.
    pub ws_init_timeout: Duration,
    /// Interval of pings to a socket; one that stays silent for a whole interval after a ping is closed.
    pub ws_ping_interval: Duration,
    /// Most operations running at once on one socket.
    pub ws_operations: usize,
    /// Longest message accepted from a socket, in bytes.
    pub ws_message_bytes: usize,
    /// Results of a socket's operations waiting to be written before the operations have to wait.
    pub ws_backlog: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            query_bytes: 32 * 1024,
            bracket_depth: 64,
            depth: 12,
            introspection_depth: 16,
            introspection_lists: 2,
            fields: 1_000,
            fragments: 500,
            fragment_depth: 32,
            aliases: 50,
            root_fields: 20,
            same_key: 64,
            directives: 100,
            values: 50_000,
            rate: 1_000,
            rate_burst: 5_000,
            attempts: 30,
            address_header: None,
            page_size: 100,
            representations: 1_000,
            persisted_bytes: 8 * 1024 * 1024,
            parsed_bytes: 8 * 1024 * 1024,
            errors: 20,
            batch: 10,
            query_string_bytes: 48 * 1024,
            request_timeout: Duration::from_secs(15),
            header_read_timeout: Duration::from_secs(10),
            body_read_timeout: Duration::from_secs(10),
            write_timeout: Duration::from_secs(20),
            connections: 8_192,
            drain_timeout: Duration::from_secs(10),
            sse_keep_alive: Duration::from_secs(12),
            ws_init_timeout: Duration::from_secs(10),
            ws_ping_interval: Duration::from_secs(12),
            ws_operations: 50,
            ws_message_bytes: 256 * 1024,
            ws_backlog: 16,
        }
    }
}
