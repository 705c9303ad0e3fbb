//! How texts are cut into words, the same for texts and for what shoppers type.

/// What French and Italian put before an apostrophe: `l'assiette` is the word `assiette`.
const ELIDED: &[&str] =
    &["c", "d", "dell", "j", "jusqu", "l", "lorsqu", "m", "n", "nell", "puisqu", "qu", "s", "t", "un"];

/// Words that say nothing of a product. A text is found without them where it has any other word.
pub(super) const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "at", "au", "aux", "avec", "by", "dans", "de", "des", "du", "en", "et", "for", "from", "in",
    "is", "it", "la", "le", "les", "of", "on", "ou", "par", "pour", "que", "qui", "sans", "sur", "the", "to", "un",
    "une", "with", "without", "your", "à", "my", "où",
];

/// The words of `text` in lower case, in order: what is between signs and spaces, without elided articles, the English `'s` and combining accents.
pub(super) fn words(text: &str) -> Vec<String> {
    let text: String = text.to_lowercase().chars().filter(|it| !is_combining(*it)).collect();
    let chunks = text.split(|it: char| !it.is_alphanumeric() && !is_apostrophe(it));
    chunks.flat_map(parts).map(ToOwned::to_owned).collect()
}

fn parts(chunk: &str) -> impl Iterator<Item = &str> {
    let last = chunk.split(is_apostrophe).count().saturating_sub(1);
    chunk.split(is_apostrophe).enumerate().filter_map(move |(idx, part)| {
        let is_elided = idx < last && ELIDED.contains(&part);
        let is_possessive = 0 < idx && idx == last && part == "s";
        (!part.is_empty() && !is_elided && !is_possessive).then_some(part)
    })
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '\u{02BC}')
}

/// The accents of decomposed letters (`e` and U+0301): the block of combining diacritical marks.
fn is_combining(letter: char) -> bool {
    ('\u{300}'..='\u{36F}').contains(&letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_spaces_of_all_kinds_part_words() {
        let cases: [(&str, &[&str]); 8] = [
            ("Oak table, 30\u{a0}cm", &["oak", "table", "30", "cm"]),
            ("BRT-S/NV", &["brt", "s", "nv"]),
            ("L\u{2019}assiette d'Aubagne", &["assiette", "aubagne"]),
            ("a potter's wheel; jusqu'à", &["a", "potter", "wheel", "à"]),
            ("cafe\u{301}", &["cafe"]),
            ("aujourd'hui", &["aujourd", "hui"]),
            ("  \u{202f}\t ", &[]),
            ("\u{1f525} ' \"-\\", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(words(text), expected, "{text}");
        }
    }
}
