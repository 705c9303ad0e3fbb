//! The use case of scanning.

use std::collections::BTreeSet;

use super::{
    CatalogService, Sku, Variant,
    scan::{Measure, Reading, Scan, ScanError, ScanKind, read},
};
use crate::{
    access::Actor,
    codes::ChannelCode,
    ids::{ProductId, VariantId},
    money::Currency,
    storage::StorageError,
};

/// A variant, and what its code says.
#[derive(Debug, Clone, PartialEq)]
pub struct Scanned {
    /// The variant.
    pub variant: Variant,
    /// What the code says.
    pub reading: Reading,
}

/// What somebody calls a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariantName {
    /// The merchant's own number.
    Sku(String),
    /// A code as it was scanned or typed.
    Code(String),
}

impl CatalogService {
    /// The variant of a code as it was scanned or typed: a GTIN, an element string of GS1, an in-store code, a SKU.
    /// Prices without a currency are in `local`.
    ///
    /// # Errors
    /// [`ScanError`].
    pub async fn variant_by_scan(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        code: &str,
        local: Currency,
    ) -> Result<Scanned, ScanError> {
        let scan = read(code, &self.in_store, local, self.clock.now().date_naive())?;
        let variants = self.variants_of_readings(actor, channel, &scan.readings).await?;
        scan.choose(&variants)
    }

    /// The variants of names, in their order. Takes as many statements for many as for one.
    ///
    /// # Errors
    /// [`StorageError`]; a name that is none has its own [`ScanError`].
    pub async fn variants_by_name(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        names: &[VariantName],
        local: Currency,
    ) -> Result<Vec<Result<Scanned, ScanError>>, StorageError> {
        let today = self.clock.now().date_naive();
        let scan_of = |name: &VariantName| match name {
            VariantName::Code(code) => read(code, &self.in_store, local, today),
            VariantName::Sku(sku) => Ok(Scan::of_sku(sku.parse().ok())),
        };
        let scans: Vec<Result<Scan, ScanError>> = names.iter().map(scan_of).collect();
        let readings: Vec<Reading> = scans.iter().flatten().flat_map(|it| it.readings.iter().cloned()).collect();
        let variants = self.variants_of_readings(actor, channel, &readings).await?;
        Ok(scans.into_iter().map(|scan| scan?.choose(&variants)).collect())
    }

    /// The variants that any of `readings` can name and that `actor` may see, by id.
    async fn variants_of_readings(
        &self,
        actor: &Actor,
        channel: &ChannelCode,
        readings: &[Reading],
    ) -> Result<Vec<Variant>, StorageError> {
        let barcodes: BTreeSet<String> = readings.iter().flat_map(|it| it.barcodes.iter().cloned()).collect();
        let skus: BTreeSet<Sku> = readings.iter().flat_map(|it| it.skus.iter().cloned()).collect();
        let mut variants = self.queries.variants_by_barcode(&barcodes.into_iter().collect::<Vec<_>>()).await?;
        variants.extend(self.queries.variants_by_sku(&skus.into_iter().collect::<Vec<_>>()).await?);
        variants.sort_by_key(|it| it.id);
        variants.dedup_by_key(|it: &mut Variant| -> VariantId { it.id });
        let ids: Vec<ProductId> = variants.iter().map(|it| it.product_id).collect();
        let visible = self.by_ids(actor, channel, &ids).await?;
        variants.retain(|it| visible.iter().any(|product| product.id == it.product_id));
        Ok(variants)
    }
}

impl Scanned {
    /// How many pieces a cart gets by it: as many as the pack has, of which the code may tell.
    ///
    /// # Errors
    /// [`ScanError::Measured`]: a cart charges what the variant costs, and not what a label says.
    pub fn pieces(&self) -> Result<u32, ScanError> {
        match &self.reading {
            Reading { price: Some(_), .. } => Err(ScanError::Measured { what: Measure::Price }),
            Reading { net_weight_grams: Some(_), .. } => Err(ScanError::Measured { what: Measure::Weight }),
            Reading { quantity, .. } => Ok(quantity.unwrap_or(1)),
        }
    }
}

impl Scan {
    /// The one of `variants` that has the code.
    fn choose(self, variants: &[Variant]) -> Result<Scanned, ScanError> {
        for reading in &self.readings {
            let mut found: Vec<&Variant> = variants.iter().filter(|it| reading.names(it)).collect();
            found.dedup_by_key(|it| it.id);
            match found.as_slice() {
                [] => {}
                [variant] => return Ok(Scanned { variant: (*variant).clone(), reading: reading.clone() }),
                several => {
                    return Err(ScanError::Ambiguous { count: several.len(), reading: Box::new(reading.clone()) });
                }
            }
        }
        // What a store prints itself is no number of anybody's, whatever it could be.
        let in_store = self.readings.iter().find(|it| it.kind == ScanKind::InStore);
        let reading = in_store.or_else(|| self.readings.first()).cloned().map(Box::new);
        Err(self.otherwise.unwrap_or(ScanError::NotFound { reading }))
    }
}

impl Reading {
    fn names(&self, variant: &Variant) -> bool {
        let is_barcode = variant.barcode.as_ref().is_some_and(|it| self.barcodes.contains(it));
        is_barcode || variant.sku.as_ref().is_some_and(|it| self.skus.contains(it))
    }
}
