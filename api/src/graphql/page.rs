//! Pages of lists: Relay's arguments, read in one place.

use async_graphql::{
    OutputType, Result,
    connection::{Connection, CursorType, Edge, OpaqueCursor},
};
use comptoir_domain::page::{Direction, Page, PageRequest, PageSize};
use serde::{Serialize, de::DeserializeOwned};

use super::error::{ErrorCode, Path, UserError};

/// `first`, `after`, `last` and `before`, as the client gave them.
pub(super) struct PageArguments {
    /// How many from the beginning, or after `after`.
    pub(super) first: Option<i64>,
    /// A cursor.
    pub(super) after: Option<String>,
    /// How many from the end, or before `before`.
    pub(super) last: Option<i64>,
    /// A cursor.
    pub(super) before: Option<String>,
}

impl PageArguments {
    /// The page that is meant.
    ///
    /// # Errors
    /// A size outside of 1 to 100, a cursor that is none of ours, or both directions at once.
    pub(super) fn parse<C: DeserializeOwned + Serialize>(self) -> Result<PageRequest<C>> {
        let is_backward = self.last.is_some() || self.before.is_some();
        if is_backward && (self.first.is_some() || self.after.is_some()) {
            let message = "page forward with `first` and `after`, or backward with `last` and `before`";
            return Err(UserError::input(ErrorCode::InvalidInput, message, Path::argument("last")).into_error());
        }
        let (direction, size, cursor, names) = if is_backward {
            (Direction::Backward, self.last, self.before, ["last", "before"])
        } else {
            (Direction::Forward, self.first, self.after, ["first", "after"])
        };
        let [size_name, cursor_name] = names;
        Ok(PageRequest {
            size: page_size(size, size_name)?,
            direction,
            cursor: cursor.map(|it| parse_cursor(&it, cursor_name)).transpose()?,
        })
    }
}

/// A page size, or the default.
///
/// # Errors
/// A size outside of 1 to 100.
pub(super) fn page_size(size: Option<i64>, argument: &str) -> Result<PageSize> {
    let Some(size) = size else { return Ok(PageSize::DEFAULT) };
    PageSize::parse(size)
        .map_err(|it| UserError::input(ErrorCode::LimitExceeded, it.to_string(), Path::argument(argument)).into_error())
}

/// A cursor that an earlier page gave.
///
/// # Errors
/// A cursor that is none of ours.
pub(super) fn parse_cursor<C: DeserializeOwned + Serialize>(cursor: &str, argument: &str) -> Result<C> {
    let invalid = || {
        UserError::input(ErrorCode::InvalidInput, "this is not a cursor of this list", Path::argument(argument))
            .into_error()
    };
    if 512 < cursor.len() {
        return Err(invalid());
    }
    OpaqueCursor::<C>::decode_cursor(cursor).map(|it| it.0).map_err(|_| invalid())
}

/// Fills a connection with a page.
pub(super) fn edges<T, C, N>(
    page: Page<T>,
    cursor: impl Fn(&T) -> C,
    node: impl Fn(T) -> N,
) -> Vec<Edge<OpaqueCursor<C>, N, async_graphql::connection::EmptyFields>>
where
    C: Serialize + DeserializeOwned + Send + Sync,
    N: OutputType,
{
    page.items.into_iter().map(|it| Edge::new(OpaqueCursor(cursor(&it)), node(it))).collect()
}

/// A part of a list that is all in memory; cursors are places in it.
///
/// # Errors
/// As [`PageArguments::parse`].
pub(super) fn slice<N: OutputType>(
    items: Vec<N>,
    arguments: PageArguments,
) -> Result<Connection<OpaqueCursor<usize>, N>> {
    let request = arguments.parse::<usize>()?;
    let size = request.size.get() as usize;
    let count = items.len();
    let (start, end) = match (request.direction, request.cursor) {
        (Direction::Forward, cursor) => {
            let start = cursor.map_or(0, |it| it.saturating_add(1)).min(count);
            (start, start.saturating_add(size).min(count))
        }
        (Direction::Backward, cursor) => {
            let end = cursor.unwrap_or(count).min(count);
            (end.saturating_sub(size), end)
        }
    };
    let mut connection = Connection::new(0 < start, end < count);
    let part = items.into_iter().enumerate().skip(start).take(end - start);
    connection.edges = part.map(|(place, item)| Edge::new(OpaqueCursor(place), item)).collect();
    Ok(connection)
}
