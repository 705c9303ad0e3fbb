//! Lines that are saved for later: they stay with the cart, and are neither counted, priced nor delivered.

use super::{Cart, CartLine, CartRefusal, Clamped, Quantity, Shelf, lines::Check};
use crate::ids::CartLineId;

impl Cart {
    /// Saves lines for later, with what one costs now. What is saved already joins them, with the higher of both prices; where so
    /// many together cost something else by the piece than before, with that.
    ///
    /// # Errors
    /// [`CartRefusal::UnknownLine`] or [`CartRefusal::SavedLine`] with its place in `lines`, [`CartRefusal::TooManySaved`].
    pub(super) fn save_for_later(&mut self, lines: &[CartLineId], shelf: &Shelf) -> Result<(), CartRefusal> {
        for (index, id) in lines.iter().enumerate() {
            let place = self.lines.iter().position(|line| line.id == *id);
            let line = self.lines.remove(place.ok_or(CartRefusal::UnknownLine { index })?);
            let seen_price = shelf.unit_price(line.variant_id, line.quantity);
            let line = CartLine { wanted: None, seen_price, ..line };
            match self.saved.iter_mut().find(|it| it.is_as(&line)) {
                Some(saved) => {
                    let together = Quantity::parse(i64::from(saved.quantity.get()) + i64::from(line.quantity.get()));
                    let together = together.map_err(|error| CartRefusal::SavedLine { index, error })?;
                    let [alone, joined] = [saved.quantity, together].map(|it| shelf.unit_price(line.variant_id, it));
                    let earlier = saved.seen_price.filter(|_| alone == joined);
                    saved.seen_price = earlier.into_iter().chain(joined).max_by_key(|it| it.minor());
                    saved.quantity = together;
                    saved.note = line.note.or(saved.note.take());
                }
                None => self.saved.push(line),
            }
        }
        if Self::SAVED_MAX < self.saved.len() {
            return Err(CartRefusal::TooManySaved { max: Self::SAVED_MAX });
        }
        Ok(())
    }

    /// Moves lines that were saved for later back, as if they were added.
    ///
    /// # Errors
    /// [`CartRefusal::UnknownLine`], [`CartRefusal::SavedLine`] with its place in `lines`, or a limit's.
    pub(super) fn move_to_cart(&mut self, lines: &[CartLineId], check: &Check) -> Result<Vec<Clamped>, CartRefusal> {
        let mut clamped = Vec::new();
        for (index, id) in lines.iter().enumerate() {
            let place = self.saved.iter().position(|line| line.id == *id);
            let line = self.saved.remove(place.ok_or(CartRefusal::UnknownLine { index })?);
            let there = self.line_of(line.variant_id, &line.attributes).map(|it| it.quantity);
            let refused = |error| CartRefusal::SavedLine { index, error };
            let wanted = Quantity::parse(there.map_or(0, |it| i64::from(it.get())) + i64::from(line.quantity.get()));
            let wanted = wanted.map_err(refused)?;
            let short = self.put(line.variant_id, &line.attributes, wanted, check);
            let short = short.map_err(refused)?;
            let mut id = line.id;
            // What there is none of stays where it was.
            if short.is_some_and(|it| it.line_id.is_none()) {
                self.saved.insert(place.unwrap_or_default(), line);
            } else if let Some(moved) = self.lines.iter_mut().find(|it| it.is_as(&line)) {
                match there {
                    Some(_) => id = moved.id,
                    None => moved.id = id,
                }
                moved.note = moved.note.take().or(line.note);
            }
            clamped.extend(short.map(|it| Clamped { line_id: Some(id), ..it }));
        }
        self.check_size()?;
        Ok(clamped)
    }
}
