//! Pages of lists that have the newest first: by a moment and, among equal moments, by an id.

use comptoir_domain::{
    clock::Timestamp,
    page::{Direction, PageRequest},
};
use sea_orm::{
    ColumnTrait, EntityTrait, Order as Sort, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

/// Selects of `list` what `page` asks for, and one row more that tells whether there are more.
///
/// `columns` are those of the moment and the id; `place_of` says both of a cursor. They are compared as one row, so that an
/// index over them leads to the cursor however far down it is.
pub(super) fn newest_first<E: EntityTrait, C>(
    list: Select<E>,
    columns: [E::Column; 2],
    page: &PageRequest<C>,
    place_of: impl Fn(&C) -> (Timestamp, Uuid),
) -> Select<E> {
    let is_forward = page.direction == Direction::Forward;
    let sort = if is_forward { Sort::Desc } else { Sort::Asc };
    let mut list = list.limit(u64::from(page.size.get()) + 1);
    if let Some((moment, id)) = page.cursor.as_ref().map(place_of) {
        let row = Expr::tuple(columns.map(|it| it.into_expr()));
        let cursor = Expr::tuple([Expr::value(moment), Expr::value(id)]);
        list = list.filter(if is_forward { row.lt(cursor) } else { row.gt(cursor) });
    }
    columns.into_iter().fold(list, |list, column| list.order_by(column, sort.clone()))
}
