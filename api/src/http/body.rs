//! Reading a request's body within limits of size and time.

use std::{io, pin::pin, time::Duration};

use futures_util::{Stream, StreamExt};
use poem::{Request, http::header};
use tokio::time::timeout;

/// How many times the longest body is read before a client that sends more is cut off.
const DROPPED_FACTOR: usize = 8;

/// How long the rest of a body that is too long is read.
const DROPPED_TIME: Duration = Duration::from_secs(1);

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
    let declared = request.header(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let mut chunks = pin!(request.take_body().into_bytes_stream());
    match timeout(time, collect(&mut chunks, bytes_max)).await {
        Err(_) => Err(BodyError::TooSlow),
        Ok(Err(BodyError::TooLong)) => {
            let dropped_max = bytes_max.saturating_mul(DROPPED_FACTOR);
            if declared.is_none_or(|length| length <= dropped_max) {
                // A client that is still sending would not see the answer.
                let _ = timeout(DROPPED_TIME, drop_bytes(&mut chunks, dropped_max)).await;
            }
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

async fn drop_bytes<B: AsRef<[u8]>>(chunks: &mut (impl Stream<Item = io::Result<B>> + Unpin), bytes_max: usize) {
    let mut dropped: usize = 0;
    while dropped < bytes_max
        && let Some(Ok(chunk)) = chunks.next().await
    {
        dropped = dropped.saturating_add(chunk.as_ref().len());
    }
}
