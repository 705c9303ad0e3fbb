//! Scanned codes on the wire.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use comptoir_domain::catalog::{self, Reading, ScanError};

use super::{
    super::{
        channel::{ContextInput, sales_context},
        context::ContextExt as _,
        error::{Path, Refuse as _, UserError},
        money::Money,
        scalar::{Date, Decimal},
    },
    Variant,
};

/// What kind of code was scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalog::ScanKind")]
enum ScanKind {
    /// A GTIN of 8, 12, 13 or 14 digits (EAN, UPC), or a UPC-E.
    Gtin,
    /// A GS1 element string or Digital Link: a GTIN, and perhaps batch, dates, weight or price.
    ElementString,
    /// A code that a store printed: an item, and its price, weight or count.
    InStore,
    /// A SKU, or a code on the pack that is none of GS1's.
    Own,
}

/// What a code says, beside what it is of.
#[derive(SimpleObject)]
struct ScannedCode {
    /// What kind of code it is.
    kind: ScanKind,
    /// The trade item, as 14 digits: shorter numbers are filled with zeros.
    gtin: Option<String>,
    /// How many.
    quantity: Option<u32>,
    /// What it weighs net, in grams.
    net_weight_grams: Option<Decimal>,
    /// What it costs; in the shop's currency where the code names none.
    price: Option<Money>,
    /// The batch or lot.
    batch: Option<String>,
    /// The serial number.
    serial: Option<String>,
    /// The last day on which it may be used.
    expires_on: Option<Date>,
    /// The last day on which it is as good as promised.
    best_before: Option<Date>,
}

impl From<Reading> for ScannedCode {
    fn from(reading: Reading) -> Self {
        Self {
            kind: reading.kind.into(),
            gtin: reading.gtin.map(|it| it.to_string()),
            quantity: reading.quantity,
            net_weight_grams: reading.net_weight_grams.map(|it| Decimal(it.to_string())),
            price: reading.price.map(Money::from),
            batch: reading.batch,
            serial: reading.serial,
            expires_on: reading.expires_on.map(Date),
            best_before: reading.best_before.map(Date),
        }
    }
}

/// The answer to `variantByScan`.
#[derive(SimpleObject)]
struct VariantByScanResult {
    /// The variant that has the code; null where there is none, or none that the caller may see.
    variant: Option<Variant>,
    /// What the code says; null where it cannot be read. It is there for codes of variants that are not known, too.
    read: Option<ScannedCode>,
    /// Why there is no variant: `UNREADABLE_CODE`, `INVALID_CHECK_DIGIT`, `NOT_FOUND` or `AMBIGUOUS_CODE`.
    user_errors: Vec<UserError>,
}

/// Scanning.
#[derive(Default)]
pub(in crate::graphql) struct ScanQuery;

#[Object]
impl ScanQuery {
    /// The variant of a code as a scanner or a person gives it: a GTIN of 8, 12, 13 or 14 digits, a GS1 element string (with group
    /// separators or brackets) or Digital Link, a code that a store printed with price or weight, or a SKU. Check digits are verified.
    async fn variant_by_scan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code, with what the scanner puts before it: at most 2048 characters.")] code: String,
        #[graphql(desc = "What to see prices and texts in.")] context: Option<ContextInput>,
    ) -> Result<VariantByScanResult> {
        let request = ctx.request()?;
        let sales = sales_context(ctx, context).await?;
        let scanned = request
            .app
            .catalog
            .variant_by_scan(&request.actor, &sales.channel.code, &code, sales.market.currency)
            .await;
        let mut error = match scanned {
            Ok(scanned) => {
                let variant = Some(Variant::new(scanned.variant, sales));
                return Ok(VariantByScanResult { variant, read: Some(scanned.reading.into()), user_errors: vec![] });
            }
            Err(error) => error,
        };
        let read = match &mut error {
            ScanError::NotFound { reading } => reading.take(),
            ScanError::Ambiguous { reading, .. } => Some(reading.clone()),
            _ => None,
        };
        let user_errors = error.refuse(Path::argument("code")).into_user_errors()?;
        Ok(VariantByScanResult { variant: None, read: read.map(|it| (*it).into()), user_errors })
    }
}
