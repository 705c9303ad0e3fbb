//! The use case of scanning.

use std::collections::BTreeSet;

use super::{
    CatalogService, Sku, Variant,
    scan::{Reading, Scan, ScanError, read},
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
        let Scan { readings, otherwise } = read(code, &self.in_store, local, self.clock.now().date_naive())?;
        let variants = self.variants_of_readings(actor, channel, &readings).await?;
        for reading in &readings {
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
        let reading = readings.into_iter().next().map(Box::new);
        Err(otherwise.unwrap_or(ScanError::NotFound { reading }))
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

impl Reading {
    fn names(&self, variant: &Variant) -> bool {
        let is_barcode = variant.barcode.as_ref().is_some_and(|it| self.barcodes.contains(it));
        is_barcode || variant.sku.as_ref().is_some_and(|it| self.skus.contains(it))
    }
}
