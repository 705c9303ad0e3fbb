//! From words to the terms of the index: folded, and stemmed by language.

use std::collections::BTreeSet;

use tantivy::tokenizer::{AsciiFoldingFilter, Language as Stemmed, RawTokenizer, Stemmer, TextAnalyzer};

/// The languages whose words are stemmed; words of others are folded only.
pub(in crate::search) const STEMMED: [(&str, Stemmed); 2] = [("en", Stemmed::English), ("fr", Stemmed::French)];

/// What is behind the so many first letters of a word is not looked at.
pub(super) const LETTERS_MAX: usize = 40;

/// Makes terms of words.
pub(in crate::search) struct Analyzer {
    folding: TextAnalyzer,
    stemmers: Vec<(&'static str, TextAnalyzer)>,
}

impl Analyzer {
    /// An analyzer for all languages.
    pub(in crate::search) fn new() -> Self {
        let stemmer = |(language, algorithm)| {
            (language, TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(algorithm)).build())
        };
        Self {
            folding: TextAnalyzer::builder(RawTokenizer::default()).filter(AsciiFoldingFilter).build(),
            stemmers: STEMMED.into_iter().map(stemmer).collect(),
        }
    }

    /// `word` in lower case, without accents.
    pub(in crate::search) fn fold(&mut self, word: &str) -> String {
        let word: String = word.chars().take(LETTERS_MAX).collect();
        first_token(&mut self.folding, &word)
    }

    /// The stems of `word` in `language`, behind the language: `fr:assiet`.
    ///
    /// Rules of stemming ask for the accents that shoppers leave out, so the word is stemmed with them and without.
    pub(in crate::search) fn stems(&mut self, language: &str, word: &str) -> BTreeSet<String> {
        let folded = self.fold(word);
        let Some((_, stemmer)) = self.stemmers.iter_mut().find(|(it, _)| *it == language) else {
            return BTreeSet::from([format!("{language}:{folded}")]);
        };
        let (exact, plain) = (first_token(stemmer, word), first_token(stemmer, &folded));
        // `knives` and `scarves` are of `knife` and `scarf`, which no rule of the stemmer knows; `gloves` and `stoves` keep their own stem too.
        let with_f = folded.strip_suffix("ves").filter(|_| language == "en");
        let with_f = with_f.map(|it| ["f", "fe"].map(|end| first_token(stemmer, &format!("{it}{end}"))));
        let stems = [plain].into_iter().chain(with_f.into_iter().flatten()).collect::<Vec<_>>();
        stems.into_iter().chain([self.fold(&exact)]).map(|it| format!("{language}:{it}")).collect()
    }
}

fn first_token(analyzer: &mut TextAnalyzer, word: &str) -> String {
    let mut tokens = analyzer.token_stream(word);
    if tokens.advance() { tokens.token().text.clone() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_never_part_a_word_from_itself() {
        let mut analyzer = Analyzer::new();
        assert_eq!(analyzer.fold("chêne"), "chene");
        for (plain, accented) in [("chene", "chêne"), ("vernissees", "vernissées"), ("ceramique", "céramiques")] {
            let (left, right) = (analyzer.stems("fr", plain), analyzer.stems("fr", accented));
            assert!(!left.is_disjoint(&right), "{left:?} {right:?}");
        }
    }

    #[test]
    fn plurals_share_a_stem_where_the_language_is_known() {
        let mut analyzer = Analyzer::new();
        assert_eq!(analyzer.stems("en", "tables"), analyzer.stems("en", "table"));
        assert_eq!(analyzer.stems("fr", "chevaux"), analyzer.stems("fr", "cheval"));
        for (plural, one) in [("knives", "knife"), ("scarves", "scarf"), ("shelves", "shelf"), ("gloves", "glove")] {
            assert!(!analyzer.stems("en", plural).is_disjoint(&analyzer.stems("en", one)), "{plural}");
        }
        assert_ne!(analyzer.stems("de", "tische"), analyzer.stems("de", "tisch"));
    }
}
