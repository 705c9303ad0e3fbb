//! Words in the other number, by the endings of English and French. Pure.

use std::collections::BTreeSet;

/// The shortest word that has another number.
const LETTERS_MIN: usize = 3;
/// How many forms a word has in one number, at most.
const FORMS_MAX: usize = 3;

/// `text`, normalised, in the plural and in the singular: its last word, its first, or all of them. Endings tell no more than what may be,
/// so that some of these are no words.
pub(super) fn other_numbers(text: &str) -> BTreeSet<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let last = words.len().saturating_sub(1);
    let choices: [&dyn Fn(usize) -> bool; 3] = [&|it| it == last, &|it| it == 0, &|_| true];
    let mut texts = BTreeSet::new();
    for forms in [plurals, singulars] {
        for (is_changed, form) in choices.iter().flat_map(|it| (0..FORMS_MAX).map(move |form| (it, form))) {
            let word = |(idx, word): (usize, &&str)| {
                let mut forms = if is_changed(idx) { forms(word) } else { Vec::new() };
                let form = form.min(forms.len().saturating_sub(1));
                if forms.is_empty() { (*word).to_owned() } else { forms.swap_remove(form) }
            };
            texts.insert(words.iter().enumerate().map(word).collect::<Vec<_>>().join(" "));
        }
    }
    texts.remove(text);
    texts
}

fn has_number(word: &str) -> bool {
    LETTERS_MIN <= word.chars().count() && word.chars().all(char::is_alphabetic)
}

/// `berry` is `berries`, `knife` is `knives`, `cheval` is `chevaux`.
fn plurals(word: &str) -> Vec<String> {
    if !has_number(word) {
        return Vec::new();
    }
    let with = |end: &str| format!("{word}{end}");
    let instead = |end: &str, other: &str| word.strip_suffix(end).map(|it| format!("{it}{other}"));
    if ends_in(word, &["s", "x", "z", "ch", "sh"]) {
        return vec![with("es")];
    }
    if ends_in(word, &["au", "eu", "ou"]) {
        return vec![with("x"), with("s")];
    }
    let is_after_vowel = ends_in(word, &["ay", "ey", "oy", "uy"]);
    let other = [("fe", "ves"), ("f", "ves"), ("al", "aux"), ("y", "ies")]
        .into_iter()
        .filter(|(end, _)| !(*end == "y" && is_after_vowel))
        .find_map(|(end, other)| instead(end, other));
    other.into_iter().chain([with("s")]).collect()
}

/// The other way round.
fn singulars(word: &str) -> Vec<String> {
    if !has_number(word) {
        return Vec::new();
    }
    let instead = |end: &str, others: &[&str]| {
        word.strip_suffix(end).map(|it| others.iter().map(|other| format!("{it}{other}")).collect::<Vec<_>>())
    };
    let endings: [(&str, &[&str]); 11] = [
        ("ies", &["y", "ie"]),
        ("ves", &["f", "fe", "ve"]),
        ("ches", &["ch", "che"]),
        ("shes", &["sh", "she"]),
        ("ses", &["s", "se"]),
        ("xes", &["x", "xe"]),
        ("zes", &["z", "ze"]),
        ("eaux", &["eau"]),
        ("aux", &["al", "au"]),
        ("eux", &["eu"]),
        ("oux", &["ou"]),
    ];
    let other = endings.iter().find_map(|(end, others)| instead(end, others));
    other.unwrap_or_else(|| {
        if ends_in(word, &["ss", "us", "is"]) { Vec::new() } else { instead("s", &[""]).unwrap_or_default() }
    })
}

fn ends_in(word: &str, ends: &[&str]) -> bool {
    ends.iter().any(|it| word.ends_with(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_has_the_other() {
        for (one, many) in [
            ("beaker", "beakers"),
            ("glass", "glasses"),
            ("box", "boxes"),
            ("dish", "dishes"),
            ("bench", "benches"),
            ("vase", "vases"),
            ("berry", "berries"),
            ("toy", "toys"),
            ("knife", "knives"),
            ("scarf", "scarves"),
            ("roof", "roofs"),
            ("glove", "gloves"),
            ("cheval", "chevaux"),
            ("gateau", "gateaux"),
            ("bijou", "bijoux"),
            ("canape", "canapes"),
            ("tea cup", "tea cups"),
            ("table basse", "tables basses"),
            ("pot a lait", "pots a lait"),
        ] {
            assert!(other_numbers(one).contains(many), "{one}: {:?}", other_numbers(one));
            assert!(other_numbers(many).contains(one), "{many}: {:?}", other_numbers(many));
        }
    }

    #[test]
    fn what_has_no_number_has_no_other() {
        for text in ["", "5", "xl", "b2b", "4 l"] {
            assert_eq!(other_numbers(text), BTreeSet::new(), "{text}");
        }
        assert!(!other_numbers("glass").contains("glas"));
        assert!(!other_numbers("cactus").contains("cactu"));
    }
}
