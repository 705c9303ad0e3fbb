//! The graphql-transport-ws protocol on a WebSocket.

mod message;
mod socket;

use async_graphql::Executor;
use poem::{
    FromRequest, IntoResponse, Request, Response,
    http::header,
    web::websocket::{WebSocket, WebSocketConfig},
};

use super::{
    address::client_address, connection::Connection, gateway::Gateway, session::Credentials, session::Sessions,
};

/// The subprotocol's name.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether the request asks for a WebSocket.
pub(super) fn is_upgrade(request: &Request) -> bool {
    request.header(header::UPGRADE).is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Upgrades to a socket that serves `gateway`; a client without the subprotocol is told so with close code 4406.
pub(super) async fn upgrade<E: Executor, S: Sessions>(
    gateway: Gateway<E, S>,
    request: &Request,
) -> poem::Result<Response> {
    let speaks = request.headers().get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().any(|offered| {
        let offered = offered.to_str().unwrap_or_default();
        offered.split(',').any(|protocol| protocol.trim() == PROTOCOL)
    });
    let credentials = Credentials::from_headers(request.headers());
    let address = client_address(request, gateway.limits().address_header.as_ref());
    let connection = request.data::<Connection>().cloned().unwrap_or_default();
    let message_bytes_max = gateway.limits().ws_message_bytes;
    // The library's own buffers of 128 KiB a socket would be most of its memory.
    let config = WebSocketConfig::default()
        .read_buffer_size(4 * 1024)
        .write_buffer_size(0)
        .max_message_size(Some(message_bytes_max))
        .max_frame_size(Some(message_bytes_max));
    let socket = WebSocket::from_request_without_body(request).await?.protocols([PROTOCOL]).config(config);
    let upgraded =
        socket.on_upgrade(move |stream| socket::serve(gateway, stream, speaks, (credentials, address), connection));
    Ok(upgraded.into_response())
}
