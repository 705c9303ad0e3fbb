//! What is like a product. Pure.

use std::{cmp::Reverse, collections::BTreeSet};

use crate::{
    catalog::Product,
    ids::{CollectionId, ProductId},
};

/// What two products are worth to each other that share their type, their brand, and each collection, tag or attribute.
const TYPE: usize = 4;
const BRAND: usize = 2;
const COLLECTION: usize = 3;
const TAG: usize = 1;
const ATTRIBUTE: usize = 1;
/// How many shared collections, and how many tags and attributes each, count at most: a product with all tags is not like everything.
const COLLECTIONS_MAX: usize = 2;
const DETAILS_MAX: usize = 3;

/// The places of products in collections.
pub(super) type Places = [(ProductId, CollectionId, u32)];

/// `candidates` that are like `product`, the likest first, of equals the newest; without itself and without what shares nothing
/// with it but a brand or details.
pub(super) fn related(product: &Product, candidates: Vec<Product>, places: &Places) -> Vec<Product> {
    let own = collections_of(product.id, places);
    let others = candidates.into_iter().filter(|it| it.id != product.id);
    let mut found: Vec<(usize, Product)> = others
        .filter_map(|it| {
            let shared = collections_of(it.id, places).intersection(&own).count();
            likeness(product, &it, shared).map(|likeness| (likeness, it))
        })
        .collect();
    found.sort_by_key(|(likeness, it)| (Reverse(*likeness), Reverse(it.created_at), it.id));
    found.into_iter().map(|it| it.1).collect()
}

fn collections_of(product: ProductId, places: &Places) -> BTreeSet<CollectionId> {
    places.iter().filter(|it| it.0 == product).map(|it| it.1).collect()
}

fn likeness(product: &Product, other: &Product, collections: usize) -> Option<usize> {
    let is_same = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    let is_of_type = is_same(&product.product_type, &other.product_type);
    let tags = other.tags.iter().filter(|it| product.tags.contains(it)).count();
    let attributes = other.attributes.iter().filter(|it| product.attributes.contains(it)).count();
    let is_like = is_of_type || 0 < collections || 0 < tags;
    is_like.then(|| {
        usize::from(is_of_type) * TYPE
            + usize::from(is_same(&product.brand, &other.brand)) * BRAND
            + collections.min(COLLECTIONS_MAX) * COLLECTION
            + tags.min(DETAILS_MAX) * TAG
            + attributes.min(DETAILS_MAX) * ATTRIBUTE
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::{
        catalog::{ProductStatus, Publication},
        ids::Id,
        language::Translated,
    };

    fn id<I: Id>(number: u128) -> I {
        I::from_uuid(Uuid::from_u128(number))
    }

    fn product(number: u128, kind: &str, brand: &str, tags: &[&str]) -> Product {
        let created_at = DateTime::from_timestamp(i64::try_from(number).unwrap(), 0).unwrap();
        Product {
            id: id(number),
            slug: format!("p-{number}").parse().unwrap(),
            status: ProductStatus::Active,
            publication: Publication::default(),
            brand: (!brand.is_empty()).then(|| brand.to_owned()),
            product_type: (!kind.is_empty()).then(|| kind.to_owned()),
            tax_category: None,
            tags: tags.iter().map(|it| (*it).to_owned()).collect(),
            texts: Translated::default(),
            attributes: Vec::new(),
            options: Vec::new(),
            media: Vec::new(),
            created_at,
            updated_at: created_at,
            version: 1,
        }
    }

    fn order(of: &Product, candidates: Vec<Product>, places: &Places) -> Vec<u128> {
        related(of, candidates, places).iter().map(|it| it.id.uuid().as_u128()).collect()
    }

    #[test]
    fn a_type_counts_more_than_a_brand_and_both_more_than_either() {
        let mug = product(1, "Mugs", "Oven & Co", &["blue"]);
        let others = vec![
            mug.clone(),
            product(2, "Mugs", "Another", &[]),
            product(3, "Plates", "Oven & Co", &["blue"]),
            product(4, "Mugs", "Oven & Co", &[]),
            product(5, "Plates", "Oven & Co", &[]),
            product(6, "Mugs", "Another", &[]),
        ];
        // The brand alone is no likeness; of equals the newer comes first.
        assert_eq!(order(&mug, others, &[]), [4, 6, 2, 3]);
    }

    #[test]
    fn collections_count_twice_at_most() {
        let mug = product(1, "", "", &[]);
        let places: Vec<_> =
            [(1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2), (3, 3)].map(|(it, at)| (id(it), id(at), 0)).to_vec();
        assert_eq!(order(&mug, vec![product(2, "", "", &[]), product(3, "", "", &[])], &places), [3, 2]);
        let shared = places.iter().filter(|it| it.0 == id(3)).count();
        assert_eq!(likeness(&mug, &product(3, "", "", &[]), shared), Some(6));
    }

    #[test]
    fn two_products_without_a_type_are_not_of_the_same_one() {
        assert_eq!(order(&product(1, "", "", &[]), vec![product(2, "", "", &[])], &[]), []);
    }
}
