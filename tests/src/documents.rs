//! The documents that tests send: one per mutation, with all of its payload that matters.

use std::path::{Path, PathBuf};

const MONEY: &str = "{amount currency}";
const TOKENS: &str = "accessToken expiresAt refreshToken refreshExpiresAt";
const DEVICE: &str = "{id name state channel{code} location{code} createdAt enrolledAt revokedAt}";
const CUSTOMER: &str = "{id version email firstName lastName language allowsPersonalization}";

/// The root folder of the workspace.
///
/// # Panics
/// Never: a crate's folder has a parent.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// A cart's fields.
pub(crate) fn cart() -> String {
    let address = "{name line1 line2 postalCode city region country phone}";
    format!(
        "{{id version state mergedInto currency language email totalQuantity selectedDelivery createdAt updatedAt
           cost{{subtotal{MONEY} delivery{MONEY} total{MONEY}}}
           lines{{id quantity variant{{id sku}} attributes{{key value}} note cost{{unitPrice{MONEY} total{MONEY}}} problem{{code available}}}}
           savedLines{{id quantity variant{{id sku}} attributes{{key value}} savedPrice{MONEY} price{MONEY} priceDrop{{was{MONEY} now{MONEY}}}}} note
           notices{{code lineId ...on PriceChangedNotice{{was{MONEY} now{MONEY}}} ...on QuantityClampedNotice{{requested available}}}}
           problems{{code lineId discountCode available message ...on CartStockProblem{{requested}} ...on CartLimitProblem{{maximum bought wanted:requested}} ...on CartCodeProblem{{reason}}}}
           shippingAddress{address} billingAddress{address}
           deliveryOptions{{handle kind name price{MONEY} location{{code}}}}}}"
    )
}

/// An order's fields.
pub(crate) fn order() -> String {
    format!(
        "{{id number version status fulfillmentState paymentState cancelReason email currency
           cost{{subtotal{MONEY} delivery{MONEY} total{MONEY}}}
           payment{{id provider state declineReason amount{MONEY}}}
           delivery{{handle kind name location{{code}}}}
           lines{{sku name quantity cost{{unitPrice{MONEY} total{MONEY}}}}}}}"
    )
}

/// What merging carts answers, without its errors.
fn merge() -> String {
    let line = "variantId quantity attributes{key value}";
    format!(
        "cart{} report{{outcome strategy movedLines{{lineId {line}}} combinedLines{{lineId {line} sourceQuantity targetQuantity}}
           droppedLines{{{line} reason}} movedCodes droppedCodes}}",
        cart()
    )
}

/// The error fields of a payload.
fn user_errors() -> String {
    format!(
        "userErrors{{__typename code message path
           ...on CartCodeError{{discountCode}} ...on CartCurrencyError{{sourceCurrency targetCurrency}} ...on CartMergedError{{mergedInto}}
           ...on PurchaseLimitError{{limit:maximum bought wanted:requested}} ...on CartLineError{{lineId left:available}} ...on ContradictionError{{conflictsWith}}
           ...on DiscountLimitError{{requestedAmount{MONEY} maximumAmount{MONEY}}} ...on InsufficientStockError{{available requested}} ...on LimitError{{maximum}} ...on LockedError{{retryAt}}
           ...on PaymentDeclinedError{{reason}} ...on QuantityOutOfRangeError{{minimum quantityMaximum:maximum}}
           ...on TotalChangedError{{expected{MONEY} actual{MONEY}}} ...on VersionConflictError{{currentVersion}}}}"
    )
}

/// The name of the input type of the mutation `field`.
#[must_use]
pub fn input_type(field: &str) -> String {
    match field {
        "orderMarkPaid" | "orderFulfill" | "orderCancel" => "OrderCommandInput".to_owned(),
        "discountCodePause" | "discountCodeResume" | "discountCodeDelete" => "DiscountCodeCommandInput".to_owned(),
        "promotionPause" | "promotionResume" | "promotionDelete" => "PromotionCommandInput".to_owned(),
        _ => format!("{}{}Input", field[..1].to_uppercase(), &field[1..]),
    }
}

/// What a command on carts answers with.
fn cart_payload(field: &str) -> String {
    let warnings = "warnings{code lineId message ...on QuantityClampedNotice{variantId requested available}}";
    match field {
        "cartCreate" => format!("cart{} cartSecret isReplay {warnings}", cart()),
        "cartCopy" | "cartHandoffAccept" | "cartSecretRotate" => format!("cart{} cartSecret", cart()),
        "cartMerge" => merge(),
        "cartSync" => {
            format!("cart{} results{{id outcome version {} {warnings}}}", cart(), user_errors())
        }
        "cartHandoffCreate" => "handoff{code url mode expiresAt}".to_owned(),
        _ => format!("cart{} {warnings}", cart()),
    }
}

/// The document of the mutation `field`, with the variable `input`.
///
/// # Panics
/// For a mutation that is not known here.
#[must_use]
pub fn command(field: &str) -> String {
    let payload = match field {
        "orderReorder" => format!("cart{} cartSecret droppedLines{{variantId quantity reason}}", cart()),
        "orderPlace" => format!("order{} orderToken isReplay", order()),
        "orderMarkPaid" | "orderFulfill" | "orderCancel" => format!("order{} isReplay", order()),
        "inventoryAdjust" => "variants{id sku availability{quantity}} isReplay".to_owned(),
        "discountCodesCreate" => "codes".to_owned(),
        "discountCodeDelete" => "deletedCode".to_owned(),
        code if code.starts_with("discountCode") => {
            "discountCode{code promotionId usesMax customerUsesMax isPaused uses reservedUses}".to_owned()
        }
        "pricesSet" => format!("prices{{id amount{MONEY}}} variants{{id sku price{{amount{MONEY} compareAt{MONEY}}}}}"),
        "pricesRemove" => format!("variants{{id sku price{{amount{MONEY}}}}}"),
        "priceListDelete" => "deletedId".to_owned(),
        list if list.starts_with("priceList") => {
            "priceList{id version name type priority selection startsAt endsAt isPaused}".to_owned()
        }
        "productSave" => {
            format!("product{{id slug name status variants{{nodes{{id sku price{{amount{MONEY}}}}}}}}}")
        }
        "productsImport" => {
            "isStored furtherIssues issues{line column message slug} results{slug lines outcome product{id}}".to_owned()
        }
        "locationSave" => "location{id code kind name}".to_owned(),
        "deliveryMethodSave" => format!("deliveryMethod{{code kind name countries prices{MONEY}}}"),
        "channelSave" => "channel{code kind name location{code} market{code} isDefault}".to_owned(),
        "marketSave" => {
            "market{code name countries currency languages priceEntry priceEntryCountry priceDisplay isDefault}"
                .to_owned()
        }
        collection if collection.starts_with("collection") => {
            "collection{id slug name isPublished products{nodes{slug}}}".to_owned()
        }
        "searchRuleSave" => {
            "searchRule{code name priority query{text matching} actions{kind position product{slug} facet{key value} url}}".to_owned()
        }
        "synonymSetSave" => "synonymSet{code terms isOneWay}".to_owned(),
        "promotionDelete" | "promotionGroupDelete" => "deletedId".to_owned(),
        "promotionGroupSave" => "promotionGroup{id name mode priority parent{id}}".to_owned(),
        promotion if promotion.starts_with("promotion") => {
            "promotion{id version name state isPaused startsAt endsAt priority group{id} combination basis updatedAt}"
                .to_owned()
        }
        "searchRuleDelete" | "synonymSetDelete" => "deletedCode".to_owned(),
        "searchFeedback" | "productViewRecord" | "recentlyViewedClear" => String::new(),
        "deviceEnrolmentCreate" => format!("device{DEVICE} code expiresAt"),
        "deviceEnrol" => format!("device{DEVICE} deviceToken"),
        "deviceRevoke" => format!("device{DEVICE}"),
        "staffCreate" | "staffDiscountLimitSet" => {
            format!("staff{{id email permissions discountLimit{{percent amounts{MONEY}}}}}")
        }
        "staffPinSet" => "staff{id email}".to_owned(),
        "staffStepUp" => "staff{id email permissions} accessToken expiresAt".to_owned(),
        "staffSignIn" => format!("staff{{id email permissions}} {TOKENS}"),
        "accessTokenRefresh" => TOKENS.to_owned(),
        "customerSignUp" | "customerSignIn" => {
            format!("customer{CUSTOMER} {TOKENS} cartMerge{{{} {}}}", merge(), user_errors())
        }
        "customerGroupSave" => "customerGroup{id name}".to_owned(),
        "customerGroupDelete" => "deletedId".to_owned(),
        "taxRatesImport" => "count".to_owned(),
        "customerGroupsSet" | "customerTaxExemptionsSet" => format!("customer{CUSTOMER}"),
        "customerUpdate" | "customerPasswordChange" => format!("customer{CUSTOMER}"),
        "signOut" => "isSignedOut".to_owned(),
        cart if cart.starts_with("cart") => cart_payload(cart),
        other => panic!("no document for {other}"),
    };
    let errors = user_errors();
    format!("mutation($input: {}!) {{ {field}(input: $input) {{ {payload} {errors} }} }}", input_type(field))
}
