//! A product's pictures while its rows are read.

use std::collections::HashMap;

use crate::{
    catalog::{Media, Product},
    language::{Language, Translated},
};

/// A picture as a row names it.
pub(super) struct Picture {
    pub(super) url: String,
    /// Its place among the pictures; those without one follow in the file's order.
    pub(super) position: Option<u32>,
    pub(super) alt: Option<String>,
    /// Whether it is known only as a variant's own; such pictures come last.
    pub(super) is_of_variant: bool,
}

/// The pictures, each address once.
#[derive(Default)]
pub(super) struct Pictures {
    all: Vec<Picture>,
    places: HashMap<String, usize>,
}

impl Pictures {
    /// Whether another picture of this address has room.
    pub(super) fn has_room_for(&self, url: &str) -> bool {
        self.all.len() < Product::MEDIA_MAX || self.places.contains_key(url)
    }

    /// Adds a picture, or what its row adds to one of the same address.
    pub(super) fn add(&mut self, picture: Picture) {
        let place = self.places.get(&picture.url).copied();
        match place.and_then(|it| self.all.get_mut(it)) {
            Some(known) => {
                known.position = known.position.or(picture.position);
                known.alt = known.alt.take().or(picture.alt);
                known.is_of_variant &= picture.is_of_variant;
            }
            None => {
                self.places.insert(picture.url.clone(), self.all.len());
                self.all.push(picture);
            }
        }
    }

    /// The pictures in their order, and the place of each by its address.
    pub(super) fn finish(mut self, language: &Language) -> (Vec<Media>, HashMap<String, u32>) {
        self.all.sort_by_key(|it| (it.is_of_variant, it.position.unwrap_or(u32::MAX)));
        let places = (0..).zip(&self.all).map(|(place, it)| (it.url.clone(), place)).collect();
        let alt = |it: Option<String>| it.map(|it| (language.clone(), it)).into_iter().collect::<Translated<String>>();
        let media = self.all.into_iter().map(|it| Media { url: it.url, alt: alt(it.alt) }).collect();
        (media, places)
    }
}
