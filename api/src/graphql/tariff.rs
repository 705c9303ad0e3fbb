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
        it if is_command(it) => 10,
        "cartSync" | "inventoryAdjust" | "orderPlace" | "pricesRemove" | "pricesSet" | "productSave"
        | "promotionCreate" | "promotionUpdate" => 50,
        "customerPasswordChange"
        | "customerSignIn"
        | "customerSignUp"
        | "staffCreate"
        | "staffPinSet"
        | "staffSignIn"
        | "staffStepUp" => 100,
        // They tell of all types there are.
        "_service" | "__type" => 100,
        "__schema" => 1_000,
        "discountCodesCreate" | "productsImport" | "taxRatesImport" => 1_000,
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
        "collections" | "customerGroups" | "promotionGroups" | "searchRules" | "synonymSets" | "taxRates" => 5,
        "history" | "referencePrice" => 3,
        "variantByScan" => 5,
        _ => 1,
    }
}

/// Whether a field is a command that does no more than write.
fn is_command(field: &str) -> bool {
    matches!(
        field,
        "accessTokenRefresh"
            | "cartAddressesSet"
            | "cartCodeApply"
            | "cartCodeRemove"
            | "cartContactSet"
            | "cartCopy"
            | "cartCreate"
            | "cartDeliverySelect"
            | "cartDiscountAdd"
            | "cartDiscountRemove"
            | "cartGiftChoose"
            | "cartHandoffAccept"
            | "cartHandoffCreate"
            | "cartHoldRenew"
            | "cartLinesAdd"
            | "cartLinesMoveToCart"
            | "cartLinesRemove"
            | "cartLinesSaveForLater"
            | "cartLinesSet"
            | "cartLinesUpdate"
            | "cartMerge"
            | "cartNoteSet"
            | "cartPaymentSelect"
            | "cartPurge"
            | "cartSecretRotate"
            | "cartVatNumberSet"
            | "channelSave"
            | "customerGroupDelete"
            | "customerGroupSave"
            | "customerGroupsSet"
            | "customerTaxExemptionsSet"
            | "customerUpdate"
            | "deliveryMethodSave"
            | "deviceEnrol"
            | "deviceEnrolmentCreate"
            | "deviceRevoke"
            | "discountCodeDelete"
            | "discountCodePause"
            | "discountCodeResume"
            | "discountCodeUpdate"
            | "kioskSessionEnd"
            | "locationSave"
            | "marketSave"
            | "orderCancel"
            | "orderFulfill"
            | "orderMarkPaid"
            | "orderReorder"
            | "priceListCreate"
            | "priceListDelete"
            | "priceListUpdate"
            | "productViewRecord"
            | "promotionDelete"
            | "promotionDuplicate"
            | "promotionGroupDelete"
            | "promotionGroupSave"
            | "promotionPause"
            | "promotionResume"
            | "promotionSchedule"
            | "recentlyViewedClear"
            | "signOut"
            | "staffDiscountLimitSet"
    )
}

/// How long lists mostly are, where no page size says how long they may be.
fn items(field: &str) -> Option<usize> {
    match field {
        "options" | "selectedOptions" => Some(3),
        "allocations" | "codes" | "discounts" | "droppedDiscounts" | "gaps" | "gifts" | "manualDiscounts" | "needs"
        | "pointsMultipliers" | "taxSummary" => Some(3),
        "components" | "history" | "media" | "notices" | "priceBreaks" | "prices" | "problems" | "qualifiers"
        | "savedLines" | "userErrors" | "warnings" => Some(5),
        // Mostly one or two: things done, currencies.
        "actions" | "amounts" | "from" => Some(2),
        "slots" => Some(3),
        "tiers" => Some(5),
        "attributes" | "facets" | "values" => Some(10),
        "boosts" | "categories" | "correctedWords" | "taxExemptions" | "numbers" | "unknown" => Some(3),
        "brands" | "conditions" | "groups" | "frequentlyBoughtTogether" | "name" | "description" | "productTypes" => {
            Some(5)
        }
        "hits" | "promotions" | "recentlyViewed" | "relatedProducts" | "searchReport" => Some(20),
        "nearestOffers" => Some(3),
        // Lists whose page size is left out, and what carts and orders hold.
        "collections" | "deliveryOptions" | "lines" | "locations" | "products" => Some(20),
        // They answer what the command named.
        "combinedLines" | "combinedSavedLines" | "droppedLines" | "issues" | "movedLines" | "movedSavedLines"
        | "results" | "variants" => Some(20),
        _ => None,
    }
}

/// Passwords are tried for an e-mail address, or for who signed in, and codes by whoever calls. Refresh tokens cannot be guessed.
fn attempt(field: &str) -> Option<&'static [&'static str]> {
    match field {
        "customerSignIn" | "customerSignUp" | "staffSignIn" | "staffStepUp" => Some(&["input", "email"]),
        "cartHandoffAccept" | "customerPasswordChange" | "deviceEnrol" | "staffPinSet" => Some(&["input"]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use comptoir_domain::access::OneTimeCode;

    use async_graphql::parser::{
        parse_schema,
        types::{BaseType, FieldDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    };

    use super::{super::sdl, *};
    use crate::http::Limits;

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

    /// With 1,000 live codes, one who tries as often as they may for an hour finds one with a chance of less than one in a
    /// million: 1,830 tries of 32^10 codes, 1,000 of which are right, are 1.6 in a billion. Some 600 addresses at once would
    /// come to one in a million.
    #[test]
    fn guessing_codes_is_hopeless() {
        let limits = Limits::default();
        assert!(0 < limits.attempts, "attempts are limited");
        for field in ["cartHandoffAccept", "deviceEnrol"] {
            assert!(attempt(field).is_some(), "{field} is not limited");
        }
        // A rested caller has a minute's worth at once.
        let tries_an_hour = f64::from(limits.attempts) * 61.0;
        let codes = (OneTimeCode::ALPHABET.len() as f64).powi(OneTimeCode::LENGTH as i32);
        let live_codes = 1_000.0;
        // The sum of the chances of all tries is an upper bound of the chance that any is right.
        let chance = tries_an_hour * live_codes / codes;
        assert!(chance < 1e-6, "{chance}");
        assert!((1.6e-9..1.7e-9).contains(&chance), "the figure in the documentation: {chance}");
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
