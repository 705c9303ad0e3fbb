//! Where and when products are published, in their columns.

use comptoir_domain::{
    catalog::{Publication, Viewpoint},
    clock::{Timestamp, Window},
    storage::StorageError,
};
use sea_orm::{ColumnTrait, Condition};

use super::entity::product;

/// The channels as they are stored; none where it is published in all.
pub(super) fn channels_to_column(publication: &Publication) -> Option<String> {
    let codes: Vec<&str> = publication.channels.iter().map(|it| it.as_str()).collect();
    (!codes.is_empty()).then(|| format!(",{},", codes.join(",")))
}

pub(super) fn publication_from_columns(
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    channels: Option<String>,
) -> Result<Publication, StorageError> {
    let codes = channels.iter().flat_map(|it| it.split(',')).filter(|it| !it.is_empty());
    let channels = codes.map(str::parse).collect::<Result<_, _>>();
    let channels = channels.map_err(|it| StorageError::Corrupt(format!("product.channels: {it}")))?;
    Ok(Publication { window: Window { from, until }, channels })
}

/// What is published there and then.
pub(super) fn seen_from(from: &Viewpoint) -> Condition {
    use product::Column::{Channels, PublishedFrom, PublishedUntil};
    // Codes hold nothing that LIKE reads as a pattern.
    let in_channel = Channels.contains(format!(",{},", from.channel));
    Condition::all()
        .add(Condition::any().add(PublishedFrom.is_null()).add(PublishedFrom.lte(from.now)))
        .add(Condition::any().add(PublishedUntil.is_null()).add(PublishedUntil.gt(from.now)))
        .add(Condition::any().add(Channels.is_null()).add(in_channel))
}
