//! Which parts of a text match what was asked for, on either engine.

use comptoir_domain::{
    language::Language,
    search::{STOP_WORDS, TextFragment, words},
};

use super::tantivy::{
    query::typos_max,
    terms::{Analyzer, STEMMED},
    typo::is_found,
};

/// `text` in parts that match and parts that do not.
pub(super) fn highlight(text: &str, language: &Language, asked: &str) -> Vec<TextFragment> {
    let mut analyzer = Analyzer::new();
    let asked = Asked::of(asked, &mut analyzer);
    let mut fragments: Vec<TextFragment> = Vec::new();
    let mut push = |part: &str, is_match: bool| match fragments.last_mut() {
        _ if part.is_empty() => {}
        Some(last) if last.is_match == is_match => last.text.push_str(part),
        _ => fragments.push(TextFragment { text: part.to_owned(), is_match }),
    };
    let mut rest = text;
    while !rest.is_empty() {
        let start = rest.find(is_letter).unwrap_or(rest.len());
        let (between, word) = rest.split_at_checked(start).unwrap_or((rest, ""));
        push(between, false);
        let end = word.find(|it| !is_letter(it)).unwrap_or(word.len());
        let (word, after) = word.split_at_checked(end).unwrap_or((word, ""));
        push(word, asked.matches(word, language, &mut analyzer));
        rest = after;
    }
    fragments
}

fn is_letter(it: char) -> bool {
    it.is_alphanumeric() || ('\u{300}'..='\u{36F}').contains(&it)
}

/// A word that was asked for.
struct AskedWord {
    folded: String,
    /// Its stems in all languages that have them, behind the language.
    stems: Vec<String>,
    is_last: bool,
}

struct Asked(Vec<AskedWord>);

impl Asked {
    fn of(text: &str, analyzer: &mut Analyzer) -> Self {
        let words = words(text);
        let has_others = words.iter().any(|it| !STOP_WORDS.contains(&it.as_str()));
        let count = words.len();
        let word = |(idx, word): (usize, String)| AskedWord {
            folded: analyzer.fold(&word),
            stems: STEMMED.iter().flat_map(|(language, _)| analyzer.stems(language, &word)).collect(),
            is_last: idx + 1 == count,
        };
        let is_meant = |it: &(usize, String)| !has_others || !STOP_WORDS.contains(&it.1.as_str());
        Self(words.into_iter().enumerate().filter(is_meant).map(word).collect())
    }

    fn matches(&self, word: &str, language: &Language, analyzer: &mut Analyzer) -> bool {
        let Some(word) = words(word).pop() else { return false };
        let (folded, stems) = (analyzer.fold(&word), analyzer.stems(language.as_str(), &word));
        self.0.iter().any(|it| {
            it.folded == folded
                || it.stems.iter().any(|it| stems.contains(it))
                || it.is_last && folded.starts_with(&it.folded)
                || is_found(&it.folded, typos_max(&it.folded), it.is_last, &folded)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, language: &str, asked: &str) -> String {
        let fragments = highlight(text, &language.parse().unwrap(), asked);
        assert_eq!(fragments.iter().map(|it| it.text.as_str()).collect::<String>(), text, "nothing is lost");
        fragments.iter().map(|it| if it.is_match { format!("[{}]", it.text) } else { it.text.clone() }).collect()
    }

    #[test]
    fn words_match_as_they_are_found() {
        for (text, language, asked, expected) in [
            ("Stoneware mug", "en", "mugs", "Stoneware [mug]"),
            ("Oak table, and a table lamp", "en", "tables", "Oak [table], and a [table] lamp"),
            ("L’assiette d’Aubagne", "fr", "assiettes", "L’[assiette] d’Aubagne"),
            ("Théière en grès", "fr", "theiere", "[Théière] en grès"),
            ("Chevaux de bois", "fr", "cheval", "[Chevaux] de bois"),
            ("Ceramic bowl", "en", "cera", "[Ceramic] bowl"),
            ("Ceramic bowl", "en", "cera bowl", "Ceramic [bowl]"),
            ("Porcelain cup", "en", "porselain", "[Porcelain] cup"),
            ("Cup of the day", "en", "the cup", "[Cup] of the day"),
            ("cafe\u{301} noir", "fr", "café", "[cafe\u{301}] noir"),
            ("Cup", "en", "", "Cup"),
            ("", "en", "cup", ""),
            ("<b>cup</b> & more", "en", "cup b", "<[b]>[cup]</[b]> & more"),
        ] {
            assert_eq!(marked(text, language, asked), expected, "{asked}");
        }
    }
}
