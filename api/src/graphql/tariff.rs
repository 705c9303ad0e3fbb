//! What the fields of this schema cost, by name.

use crate::http::Tariff;

/// The tariff of [`schema`](super::schema).
pub const TARIFF: Tariff = Tariff { base, items, attempt };

/// Commands write, and some do far more: they hash passwords, ask a payment provider, or read a file.
fn base(field: &str) -> usize {
    match field {
        "collectionDelete" | "collectionSave" | "searchFeedback" | "searchRuleDelete" | "searchRuleSave"
        | "synonymSetDelete" | "synonymSetSave" => 10,
        "collectionProductsAdd" | "collectionProductsRemove" | "collectionProductsSet" => 50,
        "accessTokenRefresh"
        | "cartAddressesSet"
        | "cartCodeApply"
        | "cartCodeRemove"
        | "cartContactSet"
        | "cartCreate"
        | "cartDeliverySelect"
        | "cartDiscountAdd"
        | "cartDiscountRemove"
        | "cartGiftChoose"
        | "cartLinesAdd"
        | "cartLinesMoveToCart"
        | "cartLinesRemove"
        | "cartLinesSaveForLater"
        | "cartLinesSet"
        | "cartLinesUpdate"
        | "cartNoteSet"
        | "cartPaymentSelect"
        | "customerUpdate"
        | "channelSave"
        | "deliveryMethodSave"
        | "discountCodeDelete"
        | "discountCodePause"
        | "discountCodeResume"
        | "discountCodeUpdate"
        | "marketSave"
        | "promotionDelete"
        | "promotionDuplicate"
        | "promotionGroupDelete"
        | "promotionGroupSave"
        | "promotionPause"
        | "promotionResume"
        | "promotionSchedule"
        | "locationSave"
        | "orderCancel"
        | "orderFulfill"
        | "orderMarkPaid"
        | "productViewRecord"
        | "recentlyViewedClear"
        | "signOut"
        | "staffDiscountLimitSet" => 10,
        "inventoryAdjust" | "orderPlace" | "pricesSet" | "productSave" | "promotionCreate" | "promotionUpdate" => 50,
        "customerPasswordChange" | "customerSignIn" | "customerSignUp" | "staffCreate" | "staffSignIn" => 100,
        // They tell of all types there are.
        "_service" | "__type" => 100,
        "__schema" => 1_000,
        "discountCodesCreate" | "productsImport" => 1_000,
        "frequentlyBoughtTogether"
        | "promotionPreview"
        | "relatedProducts"
        | "search"
        | "searchPreview"
        | "searchReport"
        | "searchSuggestions" => 10,
        "discountCodes" => 5,
        "recentlyViewed" => 2,
        // The shop's whole list is read for a page of it.
        "collections" | "promotionGroups" | "searchRules" | "synonymSets" => 5,
        "variantByScan" => 5,
        _ => 1,
    }
}

/// How long lists mostly are, where no page size says how long they may be.
fn items(field: &str) -> Option<usize> {
    match field {
        "options" | "selectedOptions" => Some(3),
        "allocations" | "codes" | "discounts" | "gaps" | "gifts" | "manualDiscounts" | "needs"
        | "pointsMultipliers" | "taxSummary" => Some(3),
        "media" | "notices" | "prices" | "problems" | "savedLines" | "userErrors" | "warnings" => Some(5),
        // Mostly one or two: things done, currencies.
        "actions" | "amounts" | "from" => Some(2),
        "slots" => Some(3),
        "tiers" => Some(5),
        "attributes" | "facets" | "values" => Some(10),
        "boosts" | "correctedWords" | "numbers" | "unknown" => Some(3),
        "brands" | "conditions" | "frequentlyBoughtTogether" | "name" | "description" | "productTypes" => Some(5),
        "hits" | "promotions" | "recentlyViewed" | "relatedProducts" | "searchReport" => Some(20),
        "nearestOffers" => Some(3),
        // Lists whose page size is left out, and what carts and orders hold.
        "collections" | "deliveryOptions" | "lines" | "locations" | "products" => Some(20),
        // They answer what the command named.
        "issues" | "results" | "variants" => Some(20),
        _ => None,
    }
}

/// Passwords are tried for an e-mail address, or for who signed in. Refresh tokens cannot be guessed.
fn attempt(field: &str) -> Option<&'static [&'static str]> {
    match field {
        "customerSignIn" | "customerSignUp" | "staffSignIn" => Some(&["input", "email"]),
        "customerPasswordChange" => Some(&["input"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    };

    use super::{super::sdl, *};

    /// The types that have fields, as the schema's text has them.
    fn objects() -> Vec<TypeDefinition> {
        let document = parse_schema(sdl()).unwrap();
        let types = document.definitions.into_iter().filter_map(|it| match it {
            TypeSystemDefinition::Type(definition) => Some(definition.node),
            _ => None,
        });
        types.filter(|it| !fields(it).is_empty()).collect()
    }

    fn fields(definition: &TypeDefinition) -> &[async_graphql::Positioned<FieldDefinition>] {
        match &definition.kind {
            TypeKind::Object(object) => &object.fields,
            TypeKind::Interface(interface) => &interface.fields,
            _ => &[],
        }
    }

    #[test]
    fn every_list_of_objects_has_a_length() {
        let objects = objects();
        let names: Vec<_> = objects.iter().map(|it| it.name.node.as_str()).collect();
        let mut unknown = Vec::new();
        for object in &objects {
            for field in fields(object) {
                let name = field.node.name.node.as_str();
                let is_list = match &field.node.ty.node.base {
                    BaseType::List(of) => matches!(&of.base, BaseType::Named(it) if names.contains(&it.as_str())),
                    BaseType::Named(_) => false,
                };
                if is_list && !matches!(name, "nodes" | "edges") && items(name).is_none() {
                    unknown.push(format!("{}.{name}", object.name.node));
                }
            }
        }
        assert!(names.contains(&"Cart"), "the schema is not whole");
        assert!(unknown.is_empty(), "lists without an entry in the tariff: {unknown:?}");
    }

    #[test]
    fn every_command_costs_more_than_a_field() {
        let objects = objects();
        let mutation = objects.iter().find(|it| it.name.node == "Mutation").unwrap();
        let cheap: Vec<_> =
            fields(mutation).iter().map(|it| it.node.name.node.as_str()).filter(|it| base(it) < 10).collect();
        assert!(cheap.is_empty(), "commands without an entry in the tariff: {cheap:?}");
    }
}
