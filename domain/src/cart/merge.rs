//! Merging carts: what a guest put together joins what the customer had.

use super::{Cart, CartAuthor, CartError, CartLine, CartState, LineAttributes, Quantity};
use crate::{
    ids::{CartLineId, VariantId},
    promotion::{DiscountCode, ManualDiscount},
};

/// How two carts become one. Lines are the same where variant and attributes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MergeStrategy {
    /// Of the same line the larger quantity. Repeating it changes nothing, and which cart comes first does not matter.
    Max,
    /// Of the same line both quantities together.
    Sum,
    /// What the guest has, and no other lines; a guest who has nothing leaves the customer's cart as it is.
    GuestWins,
    /// Both carts stay, and the customer has both.
    KeepSeparate,
}

/// When carts meet. Somebody who is about to pay must not find more in the cart than they saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum MergeMoment {
    /// While looking around.
    #[default]
    Browsing,
    /// On the way to pay.
    Checkout,
}

/// Which strategy holds at which moment, where nobody asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MergePolicy {
    /// While looking around.
    pub browsing: MergeStrategy,
    /// On the way to pay.
    pub checkout: MergeStrategy,
}

impl Default for MergePolicy {
    fn default() -> Self {
        Self { browsing: MergeStrategy::Max, checkout: MergeStrategy::GuestWins }
    }
}

impl MergePolicy {
    /// The strategy of a moment.
    #[must_use]
    pub fn at(&self, moment: MergeMoment) -> MergeStrategy {
        match moment {
            MergeMoment::Browsing => self.browsing,
            MergeMoment::Checkout => self.checkout,
        }
    }
}

/// What became of the carts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeOutcome {
    /// The source went into the target, and points to it.
    Merged,
    /// There was no other cart, or it was theirs already: the source is the customer's.
    Adopted,
    /// Both stay; the source is the customer's now.
    KeptSeparate,
    /// The source went into this target before; nothing has changed.
    AlreadyMerged,
}

/// What merging did, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeReport {
    /// What became of the carts.
    pub outcome: MergeOutcome,
    /// How.
    pub strategy: MergeStrategy,
    /// Lines of the source that the target did not have.
    pub moved: Vec<MergedLine>,
    /// Lines that both had.
    pub combined: Vec<CombinedLine>,
    /// Lines that the source had saved for later and the target had not.
    pub moved_saved: Vec<MergedLine>,
    /// Lines that both had saved for later.
    pub combined_saved: Vec<CombinedLine>,
    /// What is in neither cart any more.
    pub dropped: Vec<DroppedLine>,
    /// Codes of the source that the target did not have.
    pub moved_codes: Vec<DiscountCode>,
    /// Codes of the source for which the target had no room.
    pub dropped_codes: Vec<DiscountCode>,
    /// What staff gave on the source by hand, which was for what it held.
    pub dropped_discounts: Vec<ManualDiscount>,
}

/// A line of the source that is in the target now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedLine {
    /// The line.
    pub line_id: CartLineId,
    /// What.
    pub variant_id: VariantId,
    /// What is wanted of it.
    pub attributes: LineAttributes,
    /// How many.
    pub quantity: u32,
}

/// A line that both carts had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CombinedLine {
    /// The line of the target, with what it has now.
    pub line: MergedLine,
    /// How many the source had.
    pub source_quantity: u32,
    /// How many the target had.
    pub target_quantity: u32,
}

/// What is in neither cart any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedLine {
    /// What.
    pub variant_id: VariantId,
    /// What was wanted of it.
    pub attributes: LineAttributes,
    /// How many.
    pub quantity: u32,
    /// Why.
    pub reason: DropReason,
}

/// Why something is in neither cart any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DropReason {
    /// The guest's cart takes the place of the customer's.
    Replaced,
    /// More than one line can hold.
    LineLimit,
    /// More than one cart can hold.
    CartLimit,
    /// It is not for sale any more, or has no price.
    NotForSale,
    /// There are not so many.
    InsufficientStock,
}

impl MergeReport {
    pub(super) fn new(outcome: MergeOutcome, strategy: MergeStrategy) -> Self {
        Self {
            outcome,
            strategy,
            moved: Vec::new(),
            combined: Vec::new(),
            moved_saved: Vec::new(),
            combined_saved: Vec::new(),
            dropped: Vec::new(),
            moved_codes: Vec::new(),
            dropped_codes: Vec::new(),
            dropped_discounts: Vec::new(),
        }
    }
}

impl MergedLine {
    pub(super) fn of(line: &CartLine) -> Self {
        let CartLine { id, variant_id, quantity, attributes, .. } = line;
        Self { line_id: *id, variant_id: *variant_id, attributes: attributes.clone(), quantity: quantity.get() }
    }
}

impl DroppedLine {
    pub(super) fn of(line: &CartLine, quantity: u32, reason: DropReason) -> Self {
        Self { variant_id: line.variant_id, attributes: line.attributes.clone(), quantity, reason }
    }
}

impl Cart {
    /// Takes over what `source` has, which is empty afterwards and points here. `strategy` is one that merges.
    ///
    /// What only one cart can have stays as it is here, and comes along where there is none: note, contact, addresses, delivery, payment and
    /// number for taxes. Where the guest wins, it is the other way round, and the guest's codes come first. `holder` is how who
    /// held the source first is known here, if at all.
    ///
    /// # Errors
    /// [`CartError::CurrencyMismatch`]; both carts are as they were, then.
    pub(super) fn take_over(
        &mut self,
        source: &mut Self,
        strategy: MergeStrategy,
        holder: Option<CartAuthor>,
    ) -> Result<MergeReport, CartError> {
        if self.currency != source.currency {
            return Err(CartError::CurrencyMismatch { from: source.currency, to: self.currency });
        }
        let mut report = MergeReport::new(MergeOutcome::Merged, strategy);
        let guest_wins = strategy == MergeStrategy::GuestWins && !source.lines.is_empty();
        let guest_codes = source.codes.clone();
        self.introduce(source, holder);
        let lines = std::mem::take(&mut source.lines);
        self.lines = merge_lines(std::mem::take(&mut self.lines), lines, strategy, &mut report);
        merge_saved(&mut self.saved, std::mem::take(&mut source.saved), strategy, &mut report);
        for code in std::mem::take(&mut source.codes) {
            if self.codes.contains(&code) {
                continue;
            }
            if self.codes.len() < Self::CODES_MAX {
                self.codes.push(code.clone());
                report.moved_codes.push(code);
            } else {
                report.dropped_codes.push(code);
            }
        }
        if guest_wins {
            self.codes.sort_by_key(|it| !guest_codes.contains(it));
        }
        take_one(&mut self.note, &mut source.note, guest_wins);
        take_one(&mut self.contact, &mut source.contact, guest_wins);
        take_one(&mut self.shipping_address, &mut source.shipping_address, guest_wins);
        take_one(&mut self.billing_address, &mut source.billing_address, guest_wins);
        take_one(&mut self.delivery, &mut source.delivery, guest_wins);
        take_one(&mut self.vat_number, &mut source.vat_number, guest_wins);
        take_one(&mut self.payment_means, &mut source.payment_means, guest_wins);
        // What staff gave was for that cart, and what was said to gifts, too.
        report.dropped_discounts = std::mem::take(&mut source.manual_discounts);
        source.gift_choices.clear();
        self.forget_stray_discounts();
        source.customer_id = self.customer_id.or(source.customer_id);
        source.state = CartState::Merged(self.id);
        Ok(report)
    }
}

/// Keeps one of both, and nothing in the other place.
fn take_one<T>(own: &mut Option<T>, other: &mut Option<T>, other_wins: bool) {
    let (own_one, other_one) = (own.take(), other.take());
    *own = if other_wins { other_one.or(own_one) } else { own_one.or(other_one) };
}

/// Adds what a guest saved for later to what a customer did.
fn merge_saved(saved: &mut Vec<CartLine>, source: Vec<CartLine>, strategy: MergeStrategy, report: &mut MergeReport) {
    for line in source {
        let (own, has_room) = (line.quantity.get(), saved.len() < Cart::SAVED_MAX);
        match saved.iter_mut().find(|it| it.is_as(&line)) {
            Some(twin) => {
                let there = twin.quantity.get();
                let wanted = together(there, own, strategy);
                if Quantity::MAX < wanted {
                    report.dropped.push(DroppedLine::of(&line, wanted - Quantity::MAX, DropReason::LineLimit));
                }
                twin.quantity = Quantity::parse(wanted.min(Quantity::MAX).into()).unwrap_or(twin.quantity);
                let line = MergedLine::of(twin);
                report.combined_saved.push(CombinedLine { line, source_quantity: own, target_quantity: there });
            }
            None if has_room => {
                report.moved_saved.push(MergedLine::of(&line));
                saved.push(line);
            }
            None => report.dropped.push(DroppedLine::of(&line, own, DropReason::CartLimit)),
        }
    }
}

/// How many of a line there are of which the customer has some and the guest, too.
fn together(customers: u32, guests: u32, strategy: MergeStrategy) -> u32 {
    match strategy {
        MergeStrategy::Max => customers.max(guests),
        MergeStrategy::Sum => customers + guests,
        MergeStrategy::GuestWins | MergeStrategy::KeepSeparate => guests,
    }
}

/// The lines of a customer's cart with those of a guest's. The customer's come first, in their order.
fn merge_lines(
    mut target: Vec<CartLine>,
    source: Vec<CartLine>,
    strategy: MergeStrategy,
    report: &mut MergeReport,
) -> Vec<CartLine> {
    if strategy == MergeStrategy::GuestWins && !source.is_empty() {
        let (kept, replaced) = target.into_iter().partition(|it| source.iter().any(|line| line.is_as(it)));
        target = kept;
        let dropped = replaced.iter().map(|it: &CartLine| DroppedLine::of(it, it.quantity.get(), DropReason::Replaced));
        report.dropped.extend(dropped);
    }
    let mut pieces: u32 = target.iter().map(|it| it.quantity.get()).sum();
    for line in source {
        let (own, count) = (line.quantity.get(), target.len());
        let Some(twin) = target.iter_mut().find(|it| it.is_as(&line)) else {
            if count < Cart::LINES_MAX && pieces + own <= Cart::PIECES_MAX {
                pieces += own;
                report.moved.push(MergedLine::of(&line));
                target.push(line);
            } else {
                report.dropped.push(DroppedLine::of(&line, own, DropReason::CartLimit));
            }
            continue;
        };
        let there = twin.quantity.get();
        let wanted = together(there, own, strategy);
        // What the cart has room for, and then what the line has.
        let room = there + Cart::PIECES_MAX.saturating_sub(pieces);
        let quantity = wanted.min(Quantity::MAX).min(room);
        if quantity < wanted {
            let reason = if Quantity::MAX < wanted { DropReason::LineLimit } else { DropReason::CartLimit };
            report.dropped.push(DroppedLine::of(&line, wanted - quantity, reason));
        }
        if let Ok(quantity) = Quantity::parse(quantity.into()) {
            if quantity != twin.quantity {
                (twin.quantity, twin.wanted) = (quantity, line.wanted);
                twin.seen_price = line.seen_price.or(twin.seen_price);
            }
            pieces = pieces - there + quantity.get();
        }
        let mut note = line.note;
        take_one(&mut twin.note, &mut note, strategy == MergeStrategy::GuestWins);
        report.combined.push(CombinedLine { line: MergedLine::of(twin), source_quantity: own, target_quantity: there });
    }
    target
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::{
        cart::{
            Note,
            tests::{cart, held, new_line, variant},
        },
        ids::{CartId, Id},
    };

    type Item = (u128, u32, &'static str);

    fn lines(from: u128, items: &[Item]) -> Vec<CartLine> {
        let line = |(place, (v, quantity, engraving)): (u128, &Item)| {
            let new = new_line(*v, i64::from(*quantity), engraving);
            let id = CartLineId::from_uuid(Uuid::from_u128(from + place));
            let quantity = Quantity::parse(new.quantity).unwrap();
            CartLine { attributes: new.attributes, ..CartLine::new(id, new.variant_id, quantity) }
        };
        (0..).zip(items).map(line).collect()
    }

    /// The account's cart after a guest's came to it, and what was said of it.
    fn merged(account: &[Item], guest: &[Item], strategy: MergeStrategy) -> (Cart, Cart, MergeReport) {
        let mut target = Cart { lines: lines(1_000, account), ..cart() };
        let id = CartId::from_uuid(Uuid::from_u128(9));
        let mut source = Cart { id, lines: lines(2_000, guest), ..cart() };
        let report = target.take_over(&mut source, strategy, None).unwrap();
        (target, source, report)
    }

    fn held_after(account: &[Item], guest: &[Item], strategy: MergeStrategy) -> Vec<(u128, &'static str, u32)> {
        let known = ["", "foo", "bar"];
        let (target, _, _) = merged(account, guest, strategy);
        let name = |it: &str| known.into_iter().find(|known| *known == it).unwrap();
        held(&target).into_iter().map(|(v, engraving, n)| (v.uuid().as_u128(), name(&engraving), n)).collect()
    }

    /// C-01: account A×1, guest A×3.
    #[test]
    fn the_same_line_of_both_follows_the_strategy() {
        for (strategy, quantity) in [(MergeStrategy::GuestWins, 3), (MergeStrategy::Max, 3), (MergeStrategy::Sum, 4)] {
            assert_eq!(held_after(&[(1, 1, "")], &[(1, 3, "")], strategy), [(1, "", quantity)], "{strategy:?}");
        }
        assert_eq!(held_after(&[(1, 5, "")], &[(1, 3, "")], MergeStrategy::Max), [(1, "", 5)]);
        assert_eq!(held_after(&[(1, 5, "")], &[(1, 3, "")], MergeStrategy::GuestWins), [(1, "", 3)]);
    }

    /// C-03: account A×1, guest B×1. C-04: the same variant with other attributes.
    #[test]
    fn lines_that_one_has_alone_stay_lines_of_their_own() {
        for strategy in [MergeStrategy::Max, MergeStrategy::Sum] {
            assert_eq!(held_after(&[(1, 1, "")], &[(2, 1, "")], strategy), [(1, "", 1), (2, "", 1)]);
            assert_eq!(held_after(&[(1, 1, "foo")], &[(1, 3, "bar")], strategy), [(1, "foo", 1), (1, "bar", 3)]);
        }
    }

    /// What only one cart can have is the account's, unless the guest wins; and so is what is said of a line, and the first code.
    #[test]
    fn what_one_cart_can_have_follows_the_strategy() {
        let code = |it: &str| it.parse::<DiscountCode>().unwrap();
        let note = |it: &str| Note::parse(it).unwrap();
        for (strategy, says, codes) in [
            (MergeStrategy::Max, "account", ["FIRST", "BOTH", "LAST"]),
            (MergeStrategy::GuestWins, "guest", ["BOTH", "LAST", "FIRST"]),
        ] {
            let of = |who: &str, codes: [&str; 2]| {
                let line = CartLine { note: note(who), ..lines(1_000, &[(1, 1, "")]).remove(0) };
                let codes = codes.map(code).to_vec();
                Cart { note: note(who), lines: vec![line], codes, ..cart() }
            };
            let mut target = of("account", ["FIRST", "BOTH"]);
            let id = CartId::from_uuid(Uuid::from_u128(9));
            let mut source = Cart { id, ..of("guest", ["BOTH", "LAST"]) };
            let report = target.take_over(&mut source, strategy, None).unwrap();
            assert_eq!((&target.note, &target.lines[0].note), (&note(says), &note(says)), "{strategy:?}");
            assert_eq!(
                (target.codes, report.moved_codes),
                (codes.map(code).to_vec(), vec![code("LAST")]),
                "{strategy:?}"
            );
            assert_eq!((source.note, source.codes), (None, Vec::new()), "{strategy:?}");
        }
    }

    /// C-05: the guest replaces: account {B×1, C×1}, guest {C×3}.
    #[test]
    fn a_guest_who_wins_replaces_what_was_there_and_nothing_else() {
        let (target, source, report) = merged(&[(2, 1, ""), (3, 1, "")], &[(3, 3, "")], MergeStrategy::GuestWins);
        assert_eq!(held(&target), [(variant(3), String::new(), 3)]);
        assert_eq!((source.state, source.lines), (CartState::Merged(target.id), vec![]));
        let dropped = DroppedLine {
            variant_id: variant(2),
            attributes: LineAttributes::default(),
            quantity: 1,
            reason: DropReason::Replaced,
        };
        assert_eq!((report.dropped, report.moved), (vec![dropped], vec![]));
        assert_eq!((report.combined[0].source_quantity, report.combined[0].target_quantity), (3, 1));
        // A guest who has nothing takes nothing away.
        assert_eq!(held_after(&[(2, 1, "")], &[], MergeStrategy::GuestWins), [(2, "", 1)]);
    }

    /// C-08: currencies differ.
    #[test]
    fn carts_of_two_currencies_stay_as_they_are() {
        let mut target = Cart { lines: lines(1_000, &[(1, 1, "")]), ..cart() };
        let currency = crate::money::Currency::USD;
        let mut source = Cart { lines: lines(2_000, &[(2, 1, "")]), currency, ..cart() };
        let before = (target.clone(), source.clone());
        let refused = target.take_over(&mut source, MergeStrategy::Max, None);
        assert!(matches!(refused, Err(CartError::CurrencyMismatch { from, .. }) if from == currency));
        assert_eq!((target, source), before);
    }

    #[test]
    fn what_has_no_room_is_told() {
        let (target, _, report) = merged(&[(1, 998, "")], &[(1, 5, "")], MergeStrategy::Sum);
        assert_eq!(held(&target)[0].2, 999);
        assert_eq!((report.dropped[0].quantity, report.dropped[0].reason), (4, DropReason::LineLimit));
        let many: Vec<Item> = (1..=250).map(|n| (n, 1, "")).collect();
        let (target, _, report) = merged(&many, &[(1, 2, ""), (251, 1, "")], MergeStrategy::Max);
        assert_eq!((target.lines.len(), held(&target)[0].2), (250, 2));
        assert_eq!(report.dropped[0].reason, DropReason::CartLimit);
    }

    #[test]
    fn codes_and_what_is_missing_come_along() {
        let mut target = Cart { codes: vec!["A".parse().unwrap()], ..cart() };
        let mut source = Cart {
            codes: vec!["A".parse().unwrap(), "B".parse().unwrap()],
            saved: lines(2_000, &[(1, 2, "")]),
            contact: Some(crate::cart::Contact { email: "ada@example.org".parse().unwrap() }),
            ..cart()
        };
        let report = target.take_over(&mut source, MergeStrategy::Max, None).unwrap();
        assert_eq!(report.moved_codes, ["B".parse().unwrap()]);
        assert_eq!((target.codes.len(), target.saved.len()), (2, 1));
        assert!(target.contact.is_some() && source.contact.is_none() && source.codes.is_empty());
    }

    fn items() -> impl Strategy<Value = Vec<Item>> {
        let key = (1u128..5, prop_oneof![Just(""), Just("foo"), Just("bar")]);
        proptest::collection::btree_map(key, 1u32..40, 0..8)
            .prop_map(|it| it.into_iter().map(|((v, engraving), n)| (v, n, engraving)).collect())
    }

    proptest! {
        /// The larger quantity of each line is in the cart, whichever cart comes first and however often.
        #[test]
        fn the_maximum_is_commutative_and_idempotent(one in items(), other in items()) {
            let by_line = |items: Vec<(u128, &'static str, u32)>| -> BTreeMap<_, _> {
                items.into_iter().map(|(v, engraving, n)| ((v, engraving), n)).collect()
            };
            let there = by_line(held_after(&one, &other, MergeStrategy::Max));
            prop_assert_eq!(&there, &by_line(held_after(&other, &one, MergeStrategy::Max)));
            let mut expected: BTreeMap<(u128, &'static str), u32> = BTreeMap::new();
            for (v, n, engraving) in one.iter().chain(&other) {
                let most = expected.entry((*v, *engraving)).or_default();
                *most = (*most).max(*n);
            }
            prop_assert_eq!(&there, &expected);
            let once: Vec<Item> = there.iter().map(|((v, engraving), n)| (*v, *n, *engraving)).collect();
            prop_assert_eq!(by_line(held_after(&once, &other, MergeStrategy::Max)), there);
        }

        /// Nothing is lost but what the report says.
        #[test]
        fn a_sum_is_all_of_both(one in items(), other in items()) {
            let (target, _, report) = merged(&one, &other, MergeStrategy::Sum);
            let all: u32 = one.iter().chain(&other).map(|it| it.1).sum();
            prop_assert_eq!(target.lines.iter().map(|it| it.quantity.get()).sum::<u32>(), all);
            prop_assert_eq!(report.moved.len() + report.combined.len(), other.len());
        }
    }
}
