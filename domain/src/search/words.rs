//! How texts are cut into words, the same for texts and for what shoppers type.

/// What French and Italian put before an apostrophe: `l'assiette` is the word `assiette`.
const ELIDED: &[&str] =
    &["c", "d", "dell", "j", "jusqu", "l", "lorsqu", "m", "n", "nell", "puisqu", "qu", "s", "t", "un"];

/// Words that say nothing of a product. A text is found without them where it has any other word.
pub const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "at", "au", "aux", "avec", "by", "dans", "de", "des", "du", "en", "et", "for", "from", "in",
    "is", "it", "la", "le", "les", "of", "on", "ou", "par", "pour", "que", "qui", "sans", "sur", "the", "to", "un",
    "une", "with", "without", "your", "à", "my", "où",
];

/// Words that lead to what is meant, in questions and sentences.
const LEADING_WORDS: &[&str] = &[
    "any", "buy", "can", "ce", "ces", "cette", "cherche", "comment", "do", "does", "est", "find", "her", "his", "how",
    "i", "je", "leur", "like", "looking", "ma", "me", "mes", "mon", "need", "notre", "nous", "our", "quel", "quelle",
    "quelles", "quels", "sa", "ses", "some", "son", "ta", "tes", "that", "their", "these", "this", "those", "ton",
    "veux", "votre", "vous", "want", "we", "what", "when", "where", "which", "who", "you",
];

/// Whether `word` says nothing of what is meant where others do: a stop word, an article that lost its apostrophe (`huile d olive`), or a word
/// of a question.
pub(super) fn is_filler(word: &str) -> bool {
    STOP_WORDS.contains(&word) || ELIDED.contains(&word) || LEADING_WORDS.contains(&word)
}

/// The words of `text` in lower case, in order: what is between signs and spaces, without elided articles, the English `'s` and combining accents.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
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

/// `text` as rules, logs and suggestions compare it: its words without accents, one space between them.
#[must_use]
pub fn normalised(text: &str) -> String {
    words(text).iter().map(|it| fold(it)).collect::<Vec<_>>().join(" ")
}

/// A lower-case word without the accents of the Latin languages of Europe.
#[must_use]
pub fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => folded.push('a'),
            'ç' | 'ć' | 'č' => folded.push('c'),
            'ď' | 'đ' | 'ð' => folded.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => folded.push('e'),
            'ğ' => folded.push('g'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => folded.push('i'),
            'ł' | 'ľ' => folded.push('l'),
            'ñ' | 'ń' | 'ň' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => folded.push('o'),
            'ř' => folded.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => folded.push('s'),
            'ť' | 'ţ' | 'ț' => folded.push('t'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ź' | 'ž' | 'ż' => folded.push('z'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ß' => folded.push_str("ss"),
            other => folded.push(other),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_the_same_is_written_the_same() {
        for text in ["Théière  d'École", "THEIERE ECOLE", "the\u{301}iere, l\u{2019}e\u{301}cole"] {
            assert_eq!(normalised(text), "theiere ecole", "{text}");
        }
        assert_eq!(normalised("Œufs & façades — Großer Käse"), "oeufs facades grosser kase");
    }

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
