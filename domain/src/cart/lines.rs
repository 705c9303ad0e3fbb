//! Commands on the lines of a cart. Each is done whole or refused.

use serde::{Deserialize, Serialize};

use super::{Cart, CartLine, CartRefusal, LineAttributes, LineError, Note, Quantity, Shelf};
use crate::{
    ids::{CartLineId, IdSource, VariantId},
    money::Currency,
};

/// A line to add, or of the list to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// What.
    pub variant_id: VariantId,
    /// How many, or how many more.
    pub quantity: i64,
    /// What is wanted of it.
    pub attributes: LineAttributes,
    /// What to write of it; a line that is there keeps its note where there is none.
    pub note: Option<Note>,
}

impl NewLine {
    /// So many of a variant, without attributes or a note.
    #[must_use]
    pub fn of(variant_id: VariantId, quantity: i64) -> Self {
        Self { variant_id, quantity, attributes: LineAttributes::default(), note: None }
    }
}

/// Which line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineRef {
    /// By its id.
    Id(CartLineId),
    /// By what it is, for clients that do not know its id yet.
    Item {
        /// What.
        variant_id: VariantId,
        /// What is wanted of it.
        attributes: LineAttributes,
    },
}

/// How a quantity changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuantityChange {
    /// It becomes this; 0 removes the line.
    To(i64),
    /// It grows by this, or shrinks where it is negative; at 0 the line goes.
    By(i64),
}

/// What to change of a line; `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChange {
    /// Which line.
    pub line: LineRef,
    /// How many.
    pub quantity: Option<QuantityChange>,
    /// What is wanted of it. Where the cart has such a line already, this one joins it.
    pub attributes: Option<LineAttributes>,
    /// What to write of it; `Some(None)` removes the note.
    pub note: Option<Option<Note>>,
}

impl LineChange {
    /// A line's new quantity.
    #[must_use]
    pub fn quantity(line: CartLineId, quantity: QuantityChange) -> Self {
        Self { line: LineRef::Id(line), quantity: Some(quantity), attributes: None, note: None }
    }
}

/// What to do where there is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnInsufficientStock {
    /// The command is refused.
    #[default]
    Reject,
    /// The line gets what there is, and the answer says so.
    Clamp,
}

/// A line that got less than was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clamped {
    /// Which line; none where there was nothing, and so there is no line.
    pub line_id: Option<CartLineId>,
    /// What.
    pub variant_id: VariantId,
    /// How many were wanted.
    pub requested: u32,
    /// How many the line has.
    pub available: u32,
}

/// What lines are checked against.
pub(super) struct Check<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) on_shortage: OnInsufficientStock,
    pub(super) ids: &'a dyn IdSource,
}

impl Check<'_> {
    /// How many a line may have of the `wanted`, beside what the other lines have; none: not one.
    fn admit(
        &self,
        variant: VariantId,
        currency: Currency,
        wanted: Quantity,
        beside: &[(VariantId, u32)],
    ) -> Result<Option<Quantity>, LineError> {
        match self.shelf.check(variant, currency, wanted, beside) {
            Ok(()) => Ok(Some(wanted)),
            Err(LineError::InsufficientStock { available, .. }) if self.on_shortage == OnInsufficientStock::Clamp => {
                Ok(Quantity::parse(available.into()).ok())
            }
            Err(error) => Err(error),
        }
    }
}

impl Cart {
    /// Adds lines; one that is there already gets more.
    ///
    /// # Errors
    /// [`CartRefusal`]: a line's with its place in `new`, or a limit's.
    pub(super) fn add_lines(&mut self, new: &[NewLine], check: &Check) -> Result<Vec<Clamped>, CartRefusal> {
        let mut clamped = Vec::new();
        for (index, it) in new.iter().enumerate() {
            let at = |error| CartRefusal::Line { index, error };
            let added = Quantity::parse(it.quantity).map_err(at)?;
            let before = self.line_of(it.variant_id, &it.attributes).map_or(0, |line| line.quantity.get());
            let total = Quantity::parse(i64::from(before) + i64::from(added.get())).map_err(at)?;
            remember(&mut clamped, self.put(it.variant_id, &it.attributes, total, check).map_err(at)?);
            self.write_note(it);
        }
        self.check_size()?;
        Ok(clamped)
    }

    /// Changes lines.
    ///
    /// # Errors
    /// [`CartRefusal::Line`] or [`CartRefusal::Delta`] with the place of the line in `changes`, or a limit's.
    pub(super) fn update_lines(&mut self, changes: &[LineChange], check: &Check) -> Result<Vec<Clamped>, CartRefusal> {
        let mut clamped = Vec::new();
        for (index, it) in netted(changes) {
            let refused = |error| match (error, it.quantity) {
                (LineError::NotFound, _) => CartRefusal::Line { index, error },
                (_, Some(QuantityChange::By(_))) => CartRefusal::Delta { index, error },
                _ => CartRefusal::Line { index, error },
            };
            remember(&mut clamped, self.update_line(&it, check).map_err(refused)?);
        }
        self.check_size()?;
        Ok(clamped)
    }

    fn update_line(&mut self, change: &LineChange, check: &Check) -> Result<Option<Clamped>, LineError> {
        let place = self.lines.iter().position(|it| it.is_what(&change.line));
        let Some((place, line)) = place.and_then(|it| Some((it, self.lines.get_mut(it)?))) else {
            return self.add_missing(change, check);
        };
        if let Some(note) = &change.note {
            line.note = note.clone();
        }
        let line = line.clone();
        let own = i64::from(line.quantity.get());
        let quantity = match change.quantity {
            None => own,
            Some(QuantityChange::To(quantity)) => quantity,
            Some(QuantityChange::By(delta)) => sum(own, delta)?,
        };
        if quantity == 0 {
            self.lines.remove(place);
            return Ok(None);
        }
        let quantity = Quantity::parse(quantity)?;
        let attributes = change.attributes.as_ref().unwrap_or(&line.attributes);
        let twin = self.line_of(line.variant_id, attributes).filter(|it| it.id != line.id).cloned();
        let Some(twin) = twin else {
            if let Some(line) = self.lines.get_mut(place) {
                line.attributes = attributes.clone();
            }
            let is_asked = change.quantity.is_some();
            return if is_asked { self.put(line.variant_id, attributes, quantity, check) } else { Ok(None) };
        };
        self.lines.remove(place);
        let total = Quantity::parse(i64::from(twin.quantity.get()) + i64::from(quantity.get()))?;
        let clamped = self.put(line.variant_id, attributes, total, check)?;
        if let Some(twin) = self.lines.iter_mut().find(|it| it.id == twin.id) {
            twin.note = twin.note.take().or(line.note);
        }
        Ok(clamped)
    }

    /// More of an item that is not there makes a line of it, as of one that others have just taken down to 0.
    fn add_missing(&mut self, change: &LineChange, check: &Check) -> Result<Option<Clamped>, LineError> {
        let (LineRef::Item { variant_id, attributes }, Some(QuantityChange::By(delta @ 1..))) =
            (&change.line, change.quantity)
        else {
            return Err(LineError::NotFound);
        };
        let attributes = change.attributes.as_ref().unwrap_or(attributes);
        let before = self.line_of(*variant_id, attributes).map_or(0, |it| it.quantity.get());
        let quantity = Quantity::parse(sum(before.into(), delta)?)?;
        let clamped = self.put(*variant_id, attributes, quantity, check)?;
        if let Some(note) = &change.note
            && let Some(line) = self.lines.iter_mut().find(|it| it.is(*variant_id, attributes))
        {
            line.note = note.clone();
        }
        Ok(clamped)
    }

    /// Removes lines, also those that are saved for later.
    ///
    /// # Errors
    /// [`CartRefusal::UnknownLine`] with its place in `lines`.
    pub(super) fn remove_lines(&mut self, lines: &[CartLineId]) -> Result<(), CartRefusal> {
        for (index, id) in lines.iter().enumerate() {
            let before = self.lines.len() + self.saved.len();
            self.lines.retain(|line| line.id != *id);
            self.saved.retain(|line| line.id != *id);
            if self.lines.len() + self.saved.len() == before {
                return Err(CartRefusal::UnknownLine { index });
            }
        }
        Ok(())
    }

    /// Makes these the lines, in this order. One that is there already stays the same line, with its note where none is told.
    ///
    /// # Errors
    /// As [`Cart::add_lines`].
    pub(super) fn set_lines(&mut self, new: &[NewLine], check: &Check) -> Result<Vec<Clamped>, CartRefusal> {
        let place_of = |line: &CartLine| new.iter().position(|it| line.is(it.variant_id, &it.attributes));
        self.lines.retain(|line| place_of(line).is_some());
        let mut clamped = Vec::new();
        for (index, it) in new.iter().enumerate() {
            let at = |error| CartRefusal::Line { index, error };
            // Of an item that is in the list twice, the sum is put where it comes first.
            let same = new
                .iter()
                .enumerate()
                .filter(|(_, other)| other.variant_id == it.variant_id && other.attributes == it.attributes);
            if same.clone().any(|(place, _)| place < index) {
                Quantity::parse(it.quantity).map_err(at)?;
                continue;
            }
            let mut total = 0;
            for (place, other) in same {
                let quantity = Quantity::parse(other.quantity);
                let quantity = quantity.map_err(|error| CartRefusal::Line { index: place, error })?;
                total += i64::from(quantity.get());
            }
            let total = Quantity::parse(total).map_err(at)?;
            remember(&mut clamped, self.put(it.variant_id, &it.attributes, total, check).map_err(at)?);
            self.write_note(it);
        }
        self.lines.sort_by_key(place_of);
        self.check_size()?;
        Ok(clamped)
    }

    /// The line of this variant with these attributes.
    #[must_use]
    pub fn line_of(&self, variant: VariantId, attributes: &LineAttributes) -> Option<&CartLine> {
        self.lines.iter().find(|it| it.is(variant, attributes))
    }

    /// Gives the line of this variant with these attributes the `wanted` quantity, or what there is. A line that was there can
    /// always shrink, where it is not to be clamped to less; one that gets nothing goes.
    pub(super) fn put(
        &mut self,
        variant: VariantId,
        attributes: &LineAttributes,
        wanted: Quantity,
        check: &Check,
    ) -> Result<Option<Clamped>, LineError> {
        let before = self.line_of(variant, attributes);
        let id = before.map_or_else(|| CartLineId::new(check.ids), |it| it.id);
        let is_shrinking = before.is_some_and(|it| wanted <= it.quantity);
        let others = self.lines.iter().filter(|it| !it.is(variant, attributes));
        let beside: Vec<_> = others.map(|it| (it.variant_id, it.quantity.get())).collect();
        let admitted = match check.admit(variant, self.currency, wanted, &beside) {
            Err(_) if is_shrinking => Some(wanted),
            admitted => admitted?,
        };
        let is_short = admitted != Some(wanted);
        let missing = is_short.then_some(wanted.get());
        match (admitted, self.lines.iter_mut().find(|it| it.id == id)) {
            (Some(quantity), Some(line)) => line.set_quantity(quantity, missing),
            (Some(quantity), None) => {
                let line = CartLine::new(id, variant, quantity);
                self.lines.push(CartLine { attributes: attributes.clone(), wanted: missing, ..line });
            }
            (None, _) => self.lines.retain(|it| it.id != id),
        }
        let available = admitted.map_or(0, Quantity::get);
        let line_id = admitted.map(|_| id);
        Ok(is_short.then_some(Clamped { line_id, variant_id: variant, requested: wanted.get(), available }))
    }

    fn write_note(&mut self, new: &NewLine) {
        let line = self.lines.iter_mut().find(|it| it.is(new.variant_id, &new.attributes));
        if let (Some(line), Some(note)) = (line, &new.note) {
            line.note = Some(note.clone());
        }
    }

    /// Insists that the cart holds no more lines and pieces than a cart can.
    pub(super) fn check_size(&self) -> Result<(), CartRefusal> {
        if Self::LINES_MAX < self.lines.len() {
            return Err(CartRefusal::TooManyLines { max: Self::LINES_MAX });
        }
        let pieces: u32 = self.lines.iter().map(|it| it.quantity.get()).sum();
        if Self::PIECES_MAX < pieces { Err(CartRefusal::TooManyPieces { max: Self::PIECES_MAX }) } else { Ok(()) }
    }
}

/// The changes with their places, where deltas of one line that follow each other are one: that it comes to 0 in between is nothing.
fn netted(changes: &[LineChange]) -> Vec<(usize, LineChange)> {
    let mut netted: Vec<(usize, LineChange)> = Vec::with_capacity(changes.len());
    for (index, change) in changes.iter().enumerate() {
        let mut change = change.clone();
        if let Some(QuantityChange::By(delta)) = change.quantity
            && let Some((_, earlier)) = netted.iter_mut().rev().find(|(_, it)| it.line == change.line)
            && let Some(QuantityChange::By(sum)) = &mut earlier.quantity
        {
            *sum = sum.saturating_add(delta);
            change.quantity = None;
            if change.attributes.is_none() && change.note.is_none() {
                continue;
            }
        }
        netted.push((index, change));
    }
    netted
}

/// What a line comes to; at 0 it goes.
///
/// # Errors
/// [`LineError::SumOutOfRange`].
fn sum(quantity: i64, delta: i64) -> Result<i64, LineError> {
    let sum = quantity.saturating_add(delta);
    let is_allowed = (0..=i64::from(Quantity::MAX)).contains(&sum);
    if is_allowed { Ok(sum) } else { Err(LineError::SumOutOfRange { min: 0, max: Quantity::MAX }) }
}

/// Keeps what is said of a line; of several remarks on one, the last holds.
fn remember(all: &mut Vec<Clamped>, clamped: Option<Clamped>) {
    if let Some(it) = clamped {
        all.retain(|other| other.line_id.is_none() || other.line_id != it.line_id);
        all.push(it);
    }
}
