//! Typed identifiers: a UUIDv7 inside, a [TypeID](https://github.com/jetify-com/typeid/tree/main/spec) outside (`cart_01h455vb4pex5vsknk084sn02q`).

use std::{fmt, str::FromStr};

use uuid::Uuid;

/// Why a text is not the id it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Another kind of id, or no prefix at all.
    #[error("expected an id that starts with `{expected}_`")]
    Prefix {
        /// The prefix such an id has, without the underscore.
        expected: &'static str,
    },
    /// The right prefix before something that is no id.
    #[error("the part after the prefix is not 26 characters of base 32")]
    Suffix,
}

/// Where new ids come from; the ids of one source sort by creation.
pub trait IdSource: Send + Sync {
    /// A new UUIDv7.
    fn uuid(&self) -> Uuid;
}

/// What all ids can do; lets generic code keep them apart by type.
pub trait Id:
    Copy + Eq + Ord + std::hash::Hash + fmt::Display + FromStr<Err = IdError> + Send + Sync + 'static
{
    /// What the text form starts with, without the underscore.
    const PREFIX: &'static str;

    /// Wraps a stored id.
    fn from_uuid(uuid: Uuid) -> Self;

    /// What is stored.
    fn uuid(self) -> Uuid;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident => $prefix:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id.
            #[must_use]
            pub fn new(ids: &dyn IdSource) -> Self {
                Self(ids.uuid())
            }
        }

        impl Id for $name {
            const PREFIX: &'static str = $prefix;

            fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, encode(self.0))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let suffix = text
                    .strip_prefix($prefix)
                    .and_then(|it| it.strip_prefix('_'))
                    .ok_or(IdError::Prefix { expected: $prefix })?;
                decode(suffix).map(Self).ok_or(IdError::Suffix)
            }
        }
    )+};
}

ids! {
    /// A shopping cart.
    CartId => "cart";
    /// One line of a cart.
    CartLineId => "line";
    /// A collection of products.
    CollectionId => "coll";
    /// Customers who are treated alike.
    CustomerGroupId => "cgroup";
    /// Somebody who buys, with an account.
    CustomerId => "cus";
    /// A kiosk or a point of sale.
    DeviceId => "dev";
    /// A live show.
    LiveShowId => "show";
    /// A place that holds stock: a warehouse or a store.
    LocationId => "loc";
    /// A step of a loyalty programme.
    LoyaltyTierId => "tier";
    /// A discount that a member of staff gave.
    ManualDiscountId => "mdisc";
    /// An order.
    OrderId => "order";
    /// One line of an order.
    OrderLineId => "oline";
    /// One attempt to pay.
    PaymentId => "pay";
    /// One price of a variant.
    PriceId => "price";
    /// Prices that apply together.
    PriceListId => "plist";
    /// A product.
    ProductId => "prod";
    /// Promotions that stand in each other's way.
    PromotionGroupId => "pgroup";
    /// A promotion.
    PromotionId => "promo";
    /// One search of a shopper.
    SearchId => "search";
    /// Customers who have something in common, reckoned anew as they change.
    SegmentId => "seg";
    /// Somebody who signed in somewhere, until they sign out.
    SignInId => "signin";
    /// A member of staff.
    StaffId => "staff";
    /// What is bought: one combination of a product's options.
    VariantId => "var";
}

/// Crockford's base 32 in lower case, as the TypeID specification has it.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 26 characters of 5 bits hold the 128 bits, with two to spare in the first.
const LENGTH: u32 = 26;

fn encode(uuid: Uuid) -> String {
    let bits = uuid.as_u128();
    (0..LENGTH)
        .rev()
        .filter_map(|place| ALPHABET.get((bits >> (5 * place)) as usize & 31))
        .map(|&it| char::from(it))
        .collect()
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != LENGTH as usize || text.as_bytes().first()? > &b'7' {
        return None;
    }
    text.bytes()
        .try_fold(0u128, |bits, byte| {
            let digit = ALPHABET.iter().position(|&it| it == byte)?;
            Some(bits << 5 | digit as u128)
        })
        .map(Uuid::from_u128)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the specification's `valid.json`.
    const VECTORS: [(&str, &str); 5] = [
        ("00000000000000000000000000", "00000000-0000-0000-0000-000000000000"),
        ("00000000000000000000000001", "00000000-0000-0000-0000-000000000001"),
        ("0000000000000000000000000g", "00000000-0000-0000-0000-000000000010"),
        ("7zzzzzzzzzzzzzzzzzzzzzzzzz", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ("01h455vb4pex5vsknk084sn02q", "01890a5d-ac96-774b-bcce-b302099a8057"),
    ];

    #[test]
    fn the_specifications_vectors_hold_both_ways() {
        for (text, uuid) in VECTORS {
            let id = CartId::from_uuid(uuid.parse().unwrap());
            assert_eq!(id.to_string(), format!("cart_{text}"));
            assert_eq!(format!("cart_{text}").parse(), Ok(id));
        }
    }

    #[test]
    fn what_is_no_cart_id_says_why() {
        let prefix = Err(IdError::Prefix { expected: "cart" });
        for text in [
            "",
            "cart",
            "01h455vb4pex5vsknk084sn02q",
            "order_01h455vb4pex5vsknk084sn02q",
            "Cart_01h455vb4pex5vsknk084sn02q",
        ] {
            assert_eq!(text.parse::<CartId>(), prefix, "{text}");
        }
        for text in [
            "cart_",
            "cart_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "cart_01h455vb4pex5vsknk084sn02",
            "cart_01h455vb4pex5vsknk084sn02u",
            "cart_01H455VB4PEX5VSKNK084SN02Q",
            "cart_é1h455vb4pex5vsknk084sn02",
        ] {
            assert_eq!(text.parse::<CartId>(), Err(IdError::Suffix), "{text}");
        }
    }
}
