//! Reading a request's body within limits of size and time.

use std::{io, pin::pin, time::Duration};

use futures_util::{Stream, StreamExt};
use poem::Request;
use tokio::time::timeout;

/// How long the rest of a body that is too long is read, and dropped.
const DROPPED_TIME: Duration = Duration::from_secs(2);

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLong,
    TooSlow,
    BrokenOff,
}

/// Reads the body of `request`, counting the bytes as they come, whatever length it declares.
///
/// # Errors
///
/// If it is longer than `bytes_max`, not complete within `time`, or breaks off.
pub(super) async fn read(request: &mut Request, bytes_max: usize, time: Duration) -> Result<Vec<u8>, BodyError> {
    let mut chunks = pin!(request.take_body().into_bytes_stream());
    match timeout(time, collect(&mut chunks, bytes_max)).await {
        Err(_) => Err(BodyError::TooSlow),
        Ok(Err(BodyError::TooLong)) => {
            // A client that is still sending would not see the answer.
            let rest = async { while let Some(Ok(_)) = chunks.next().await {} };
            let _ = timeout(DROPPED_TIME, rest).await;
            Err(BodyError::TooLong)
        }
        Ok(read) => read,
    }
}

async fn collect<B: AsRef<[u8]>>(
    chunks: &mut (impl Stream<Item = io::Result<B>> + Unpin),
    bytes_max: usize,
) -> Result<Vec<u8>, BodyError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::BrokenOff)?;
        let chunk = chunk.as_ref();
        if bytes.len() + chunk.len() > bytes_max {
            return Err(BodyError::TooLong);
        }
        bytes.extend_from_slice(chunk);
    }
    Ok(bytes)
}
