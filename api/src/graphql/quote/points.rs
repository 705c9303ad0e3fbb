//! What multiplies points.

use async_graphql::{ID, SimpleObject};
use comptoir_domain::promotion;

use super::super::{id::to_id, scalar::Decimal};

/// A promotion that multiplies the points which some lines earn; several of them multiply each other.
#[derive(SimpleObject)]
pub(in crate::graphql) struct PointsMultiplier {
    /// The promotion.
    promotion_id: ID,
    /// By what, such as `"2"`.
    factor: Decimal,
    /// The lines of the cart that earn so.
    line_ids: Vec<ID>,
}

impl From<&promotion::PointsBoost> for PointsMultiplier {
    fn from(it: &promotion::PointsBoost) -> Self {
        Self {
            promotion_id: to_id(it.promotion_id),
            factor: Decimal(it.factor.normalize().to_string()),
            line_ids: it.line_ids.iter().copied().map(to_id).collect(),
        }
    }
}
