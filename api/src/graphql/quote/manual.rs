//! Discounts that staff gives by hand.

use async_graphql::{ID, SimpleObject};
use comptoir_domain::promotion::{self, ManualTarget, ManualValue};

use super::super::{id::to_id, money::Money, scalar::Decimal};

/// A discount that a member of staff gives by hand. What it takes off is in `discounts`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct ManualDiscount {
    /// Its id.
    id: ID,
    /// The line that it is off; null: it is off all of them.
    line_id: Option<ID>,
    /// The percentage that it takes off, such as `"10"`.
    percent: Option<Decimal>,
    /// The amount that it takes off, as prices are entered.
    amount: Option<Money>,
    /// What a unit of the line costs with it, as prices are entered.
    unit_price: Option<Money>,
    /// Why it was given.
    reason: String,
    /// Who gave it.
    staff_id: ID,
}

impl From<&promotion::ManualDiscount> for ManualDiscount {
    fn from(it: &promotion::ManualDiscount) -> Self {
        let (percent, amount, unit_price) = match it.value {
            ManualValue::Percentage(percent) => {
                (Some(Decimal(percent.to_decimal().normalize().to_string())), None, None)
            }
            ManualValue::Amount(amount) => (None, Some(amount.into()), None),
            ManualValue::Price(price) => (None, None, Some(price.into())),
        };
        Self {
            id: to_id(it.id),
            line_id: if let ManualTarget::Line(line) = it.target { Some(to_id(line)) } else { None },
            percent,
            amount,
            unit_price,
            reason: it.reason.clone(),
            staff_id: to_id(it.staff_id),
        }
    }
}
