//! Pages of lists: how many, and from where.

/// A page size that was asked for and is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSize(u32);

/// The page size is outside of what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a page holds 1 to {max} items")]
pub struct PageSizeError {
    /// The largest page.
    pub max: u32,
}

impl PageSize {
    /// The largest page.
    pub const MAX: u32 = 100;
    /// What is returned where nothing is asked for.
    pub const DEFAULT: Self = Self(20);
    /// For Comptoir's own walks through a list.
    pub const LARGEST: Self = Self(Self::MAX);

    /// Checks a page size.
    ///
    /// # Errors
    /// [`PageSizeError`] below 1 and above [`PageSize::MAX`].
    pub fn parse(size: i64) -> Result<Self, PageSizeError> {
        match u32::try_from(size) {
            Ok(size @ 1..=Self::MAX) => Ok(Self(size)),
            _ => Err(PageSizeError { max: Self::MAX }),
        }
    }

    /// How many items.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

/// Which way to read from the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `first` items after the cursor.
    Forward,
    /// `last` items before the cursor.
    Backward,
}

/// A page of a list in a fixed order, from a cursor of kind `C`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest<C> {
    /// How many items at most.
    pub size: PageSize,
    /// Which way.
    pub direction: Direction,
    /// The item next to which the page begins, itself left out; none: the list's end.
    pub cursor: Option<C>,
}

impl<C> PageRequest<C> {
    /// The first `size` items.
    #[must_use]
    pub fn first(size: PageSize) -> Self {
        Self { size, direction: Direction::Forward, cursor: None }
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order whichever way was read.
    pub items: Vec<T>,
    /// Whether there are items before these.
    pub has_previous: bool,
    /// Whether there are items after these.
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Makes a page of `rows`, which were read in `request`'s direction, one more than asked for where there are more.
    #[must_use]
    pub fn from_rows<C>(mut rows: Vec<T>, request: &PageRequest<C>) -> Self {
        let size = request.size.get() as usize;
        let has_more = rows.len() > size;
        rows.truncate(size);
        let came_from = request.cursor.is_some();
        match request.direction {
            Direction::Forward => Self { items: rows, has_previous: came_from, has_next: has_more },
            Direction::Backward => {
                rows.reverse();
                Self { items: rows, has_previous: has_more, has_next: came_from }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_outside_1_to_100_are_refused() {
        for size in [i64::MIN, -1, 0, 101, i64::from(i32::MAX) + 1] {
            assert_eq!(PageSize::parse(size), Err(PageSizeError { max: 100 }));
        }
        assert_eq!(PageSize::parse(100).map(PageSize::get), Ok(100));
    }

    #[test]
    fn one_row_too_many_means_that_there_are_more() {
        let mut request =
            PageRequest { size: PageSize::parse(2).unwrap(), direction: Direction::Forward, cursor: Some(7) };
        assert_eq!(
            Page::from_rows(vec![8, 9, 10], &request),
            Page { items: vec![8, 9], has_previous: true, has_next: true }
        );
        request.direction = Direction::Backward;
        assert_eq!(
            Page::from_rows(vec![6, 5], &request),
            Page { items: vec![5, 6], has_previous: false, has_next: true }
        );
    }
}
