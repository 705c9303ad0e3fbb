//! Words with a mistyped letter or two, and words that begin with such.
//!
//! Tantivy's fuzzy query builds a table of some megabytes for each long word; this automaton computes its rows as it goes.

use tantivy::{
    query::{AutomatonWeight, EnableScoring, Query, Weight},
    schema::Field,
};
use tantivy_fst::Automaton;

use super::terms::LETTERS_MAX;

/// Finds the terms of a field that are a word with at most so many typos: a letter too many, too few, another, or two swapped.
#[derive(Debug, Clone)]
pub(super) struct TypoQuery {
    field: Field,
    typos: Typos,
}

impl TypoQuery {
    /// Terms of `field` within `max` typos of `word`; with `is_prefix`, terms that begin so.
    pub(super) fn new(field: Field, word: &str, max: u8, is_prefix: bool) -> Self {
        Self { field, typos: Typos::new(word, max, is_prefix) }
    }
}

impl Query for TypoQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::new(self.field, self.typos.clone())))
    }
}

/// Whether `term` is `word` with at most `max` typos, or, with `is_prefix`, begins so.
pub(in crate::search) fn is_like(word: &str, max: u8, is_prefix: bool, term: &str) -> bool {
    let typos = Typos::new(word, max, is_prefix);
    let mut state = typos.start();
    for byte in term.bytes() {
        if !typos.can_match(&state) {
            return false;
        }
        state = typos.accept(&state, byte);
    }
    typos.is_match(&state)
}

/// The optimal string alignment distance to a word, computed row by row with the letters of a term.
#[derive(Debug, Clone)]
pub(super) struct Typos {
    word: Vec<char>,
    max: u8,
    is_prefix: bool,
}

/// How many typos part what was read from each beginning of the word; the shortest beginning is empty.
type Row = [u8; LETTERS_MAX + 1];

/// How far a term is read.
#[derive(Clone)]
pub(super) struct Progress {
    row: Row,
    /// The row before, for swapped letters.
    before: Row,
    last: char,
    /// How many typos part what was read from the whole word.
    distance: u8,
    /// Bytes of a letter that is not whole yet.
    bytes: [u8; 4],
    bytes_len: usize,
    /// What was read begins with what was looked for.
    is_found: bool,
}

impl Typos {
    pub(super) fn new(word: &str, max: u8, is_prefix: bool) -> Self {
        Self { word: word.chars().take(LETTERS_MAX).collect(), max, is_prefix }
    }

    fn step(&self, from: &Progress, letter: char) -> Progress {
        let mut row: Row = [u8::MAX; LETTERS_MAX + 1];
        let mut cells = row.iter_mut();
        let mut left = from.row.first().map_or(u8::MAX, |it| it.saturating_add(1));
        cells.next().into_iter().for_each(|cell| *cell = left);
        let mut swap: Option<(char, u8)> = None;
        for (((expected, diagonal), (above, before)), cell) in
            self.word.iter().zip(from.row).zip(from.row.iter().skip(1).zip(from.before)).zip(cells)
        {
            let other = diagonal.saturating_add(u8::from(*expected != letter));
            let swapped = swap
                .filter(|(it, _)| *it == letter && *expected == from.last)
                .map_or(u8::MAX, |(_, it)| it.saturating_add(1));
            left = other.min(swapped).min(left.saturating_add(1)).min(above.saturating_add(1));
            *cell = left;
            swap = Some((*expected, before));
        }
        let is_found = from.is_found || self.is_prefix && left <= self.max;
        Progress { row, before: from.row, last: letter, distance: left, bytes: [0; 4], bytes_len: 0, is_found }
    }
}

impl Automaton for Typos {
    type State = Progress;

    fn start(&self) -> Progress {
        let mut row: Row = [u8::MAX; LETTERS_MAX + 1];
        row.iter_mut().zip(0..).take(self.word.len() + 1).for_each(|(cell, count)| *cell = count);
        let distance = u8::try_from(self.word.len()).unwrap_or(u8::MAX);
        Progress {
            row,
            before: [u8::MAX; LETTERS_MAX + 1],
            last: '\0',
            distance,
            bytes: [0; 4],
            bytes_len: 0,
            is_found: false,
        }
    }

    fn is_match(&self, state: &Progress) -> bool {
        state.is_found || state.bytes_len == 0 && state.distance <= self.max
    }

    fn can_match(&self, state: &Progress) -> bool {
        // Letters are swapped at the cost of one, from the row before.
        let is_near = |it: &u8| *it <= self.max;
        let is_near_swapped = |it: &u8| *it < self.max;
        state.is_found || state.row.iter().any(is_near) || state.before.iter().any(is_near_swapped)
    }

    fn will_always_match(&self, state: &Progress) -> bool {
        state.is_found
    }

    fn accept(&self, state: &Progress, byte: u8) -> Progress {
        if state.is_found {
            return state.clone();
        }
        let mut next = state.clone();
        next.bytes.iter_mut().skip(next.bytes_len).take(1).for_each(|it| *it = byte);
        next.bytes_len += 1;
        let letter =
            next.bytes.get(..next.bytes_len).and_then(|it| str::from_utf8(it).ok()).and_then(|it| it.chars().next());
        letter.map_or(next, |it| self.step(state, it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_are_letters_too_many_too_few_other_or_swapped() {
        for (word, term, distance) in [
            ("vase", "vase", 0),
            ("vsae", "vase", 1),
            ("avse", "vase", 1),
            ("vaes", "vase", 1),
            ("vasse", "vase", 1),
            ("vse", "vase", 1),
            ("base", "vase", 1),
            ("vases", "vase", 1),
            ("porselian", "porcelain", 2),
            ("ab", "ba", 1),
            ("ca", "abc", 3),
            ("чашка", "чакша", 1),
            ("чшака", "чашка", 1),
            ("", "ab", 2),
        ] {
            for max in 0..4 {
                assert_eq!(is_like(word, max, false, term), distance <= max, "{word} {term} {max}");
                assert_eq!(is_like(term, max, false, word), distance <= max, "{term} {word} {max}");
            }
        }
    }

    #[test]
    fn beginnings_have_typos_too() {
        assert!(is_like("cerma", 1, true, "ceramic"));
        assert!(is_like("ceram", 0, true, "ceramic"));
        assert!(is_like("чашк", 0, true, "чашками"));
        assert!(!is_like("zzram", 1, true, "ceramic"));
        assert!(!is_like("ceramics", 0, true, "ceramic"));
        assert!(!is_like("ceram", 1, false, "ceramic"));
    }

    #[test]
    fn endless_words_are_cut() {
        let word = "x".repeat(200);
        assert!(is_like(&word, 1, false, &word[..LETTERS_MAX]));
        assert!(!is_like(&word, 1, false, &word));
    }
}
