//! Words with a mistyped letter or two, and words that begin with such.
//!
//! Tantivy's fuzzy query builds a table of some megabytes for each long word; this automaton computes its rows as it goes.

use tantivy::{
    query::{AutomatonWeight, EnableScoring, Query, Weight},
    schema::Field,
};
use tantivy_fst::Automaton;

use super::terms::LETTERS_MAX;

/// Finds the terms of a field that are a word with at most so many typos: a letter too many, too few, another, or two swapped. One in the
/// first letter counts as two, as people seldom mistype it, and other words differ in it.
#[derive(Debug, Clone)]
pub(super) struct TypoQuery {
    field: Field,
    typos: Typos,
}

impl TypoQuery {
    /// Terms of `field` within `max` typos of `word`; with `is_prefix`, terms that begin so.
    pub(super) fn new(field: Field, word: &str, max: u8, is_prefix: bool) -> Self {
        Self { field, typos: Typos::in_search(word, max, is_prefix) }
    }
}

impl Query for TypoQuery {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(AutomatonWeight::new(self.field, self.typos.clone())))
    }
}

/// Whether a search for `word` finds `term` with at most `max` typos, or, with `is_prefix`, its beginning.
pub(in crate::search) fn is_found(word: &str, max: u8, is_prefix: bool, term: &str) -> bool {
    Typos::in_search(word, max, is_prefix).accepts(term)
}

/// Whether `term` is `word` with at most `max` typos, wherever they are.
pub(in crate::search) fn is_near(word: &str, max: u8, term: &str) -> bool {
    Typos::anywhere(word, max).accepts(term)
}

/// The optimal string alignment distance to a word, computed row by row with the letters of a term.
#[derive(Debug, Clone)]
pub(super) struct Typos {
    word: Vec<char>,
    max: u8,
    is_prefix: bool,
    /// As how many typos one in the first letter counts.
    first: u8,
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

impl Progress {
    /// Whether no letter was read yet.
    fn is_start(&self) -> bool {
        self.last == '\0'
    }
}

impl Typos {
    fn in_search(word: &str, max: u8, is_prefix: bool) -> Self {
        Self { is_prefix, first: 2, ..Self::anywhere(word, max) }
    }

    /// All typos count the same, as they do for who asks what else was meant.
    pub(super) fn anywhere(word: &str, max: u8) -> Self {
        Self { word: word.chars().take(LETTERS_MAX).collect(), max, is_prefix: false, first: 1 }
    }

    fn accepts(&self, term: &str) -> bool {
        let mut state = self.start();
        for byte in term.bytes() {
            if !self.can_match(&state) {
                return false;
            }
            state = self.accept(&state, byte);
        }
        self.is_match(&state)
    }

    fn step(&self, from: &Progress, letter: char) -> Progress {
        let mut row: Row = [u8::MAX; LETTERS_MAX + 1];
        let mut cells = row.iter_mut();
        // What a wrong letter costs at the first of the word; all further ones cost 1.
        let mut first = self.first;
        let extra = if from.is_start() { first } else { 1 };
        let mut left = from.row.first().map_or(u8::MAX, |it| it.saturating_add(extra));
        cells.next().into_iter().for_each(|cell| *cell = left);
        let mut swap: Option<(char, u8)> = None;
        for (((expected, diagonal), (above, before)), cell) in
            self.word.iter().zip(from.row).zip(from.row.iter().skip(1).zip(from.before)).zip(cells)
        {
            let wrong = if from.is_start() { first } else { 1 };
            let other = if *expected == letter { diagonal } else { diagonal.saturating_add(wrong) };
            let swapped = swap.filter(|(it, _)| *it == letter && *expected == from.last).map_or(u8::MAX, |(_, it)| it);
            left = other.min(swapped).min(left.saturating_add(1)).min(above.saturating_add(1));
            *cell = left;
            swap = Some((*expected, before.saturating_add(first)));
            first = 1;
        }
        let is_found = from.is_found || self.is_prefix && left <= self.max;
        Progress { row, before: from.row, last: letter, distance: left, bytes: [0; 4], bytes_len: 0, is_found }
    }
}

impl Automaton for Typos {
    type State = Progress;

    fn start(&self) -> Progress {
        let mut row: Row = [u8::MAX; LETTERS_MAX + 1];
        let missing = [0].into_iter().chain(self.first..).take(self.word.len() + 1);
        row.iter_mut().zip(missing).for_each(|(cell, count)| *cell = count);
        let distance = row.get(self.word.len()).copied().unwrap_or(u8::MAX);
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
                assert_eq!(is_near(word, max, term), distance <= max, "{word} {term} {max}");
                assert_eq!(is_near(term, max, word), distance <= max, "{term} {word} {max}");
            }
        }
    }

    #[test]
    fn a_search_counts_the_first_letter_twice() {
        for (word, term, distance) in [
            ("vase", "vase", 0),
            ("vsae", "vase", 1),
            ("vvase", "vase", 1),
            ("base", "vase", 2),
            ("avse", "vase", 2),
            ("xvase", "vase", 2),
            ("ase", "vase", 2),
            ("bsse", "vase", 3),
            ("чашка", "башка", 2),
            ("lamp", "camp", 2),
        ] {
            for max in 0..4 {
                assert_eq!(is_found(word, max, false, term), distance <= max, "{word} {term} {max}");
                assert_eq!(is_found(term, max, false, word), distance <= max, "{term} {word} {max}");
            }
        }
    }

    #[test]
    fn beginnings_have_typos_too() {
        assert!(is_found("cerma", 1, true, "ceramic"));
        assert!(is_found("ceram", 0, true, "ceramic"));
        assert!(is_found("чашк", 0, true, "чашками"));
        assert!(!is_found("zzram", 1, true, "ceramic"));
        assert!(!is_found("ceramics", 0, true, "ceramic"));
        assert!(!is_found("ceram", 1, false, "ceramic"));
    }

    #[test]
    fn endless_words_are_cut() {
        let word = "x".repeat(200);
        assert!(is_found(&word, 1, false, &word[..LETTERS_MAX]));
        assert!(!is_found(&word, 1, false, &word));
    }
}
