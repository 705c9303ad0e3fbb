//! Nesting of brackets in a document's text, without parsing it.

/// The deepest nesting of `(`, `[` and `{` outside strings, block strings and comments.
///
/// Never less than what the parser will recurse into: from an unterminated string on, every bracket counts, because the
/// grammar reads an unterminated `"""` as an empty string and what follows as tokens.
pub(super) fn bracket_depth(text: &str) -> usize {
    let mut depth = Depth::default();
    let mut rest = text.as_bytes();
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match byte {
            b'#' => rest = after_comment(tail),
            b'"' => match after_string(tail) {
                Some(after) => rest = after,
                None => {
                    tail.iter().for_each(|byte| depth.take(*byte));
                    break;
                }
            },
            other => depth.take(*other),
        }
    }
    depth.deepest
}

#[derive(Default)]
struct Depth {
    current: usize,
    deepest: usize,
}

impl Depth {
    fn take(&mut self, byte: u8) {
        match byte {
            b'(' | b'[' | b'{' => {
                self.current += 1;
                self.deepest = self.deepest.max(self.current);
            }
            b')' | b']' | b'}' => self.current = self.current.saturating_sub(1),
            _ => {}
        }
    }
}

fn after_comment(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(text.len());
    text.get(end..).unwrap_or_default()
}

/// What follows the string whose opening quote was read; `None` if the string does not end.
fn after_string(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'"', b'"', tail @ ..] => after_block_string(tail),
        _ => after_line_string(text),
    }
}

fn after_block_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        match text {
            [b'"', b'"', b'"', tail @ ..] => return Some(tail),
            [b'\\', b'"', b'"', b'"', tail @ ..] | [_, tail @ ..] => text = tail,
            [] => return None,
        }
    }
}

fn after_line_string(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        match text {
            [b'"', tail @ ..] => return Some(tail),
            [b'\n' | b'\r', ..] | [] => return None,
            [b'\\', _, tail @ ..] | [_, tail @ ..] => text = tail,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bracket_depth;

    #[test]
    fn brackets_of_every_kind_nest() {
        assert_eq!(bracket_depth("{ a(b: [{c: 1}]) }"), 4);
        assert_eq!(bracket_depth("{ a } { b }"), 1);
        assert_eq!(bracket_depth(&"[".repeat(2_000)), 2_000);
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        assert_eq!(bracket_depth(r#"{ a(b: "[[[{{{ \" ((( \\") }"#), 2);
        assert_eq!(bracket_depth("{ a # [[[[[[ \" \n b }"), 1);
        assert_eq!(bracket_depth("{ a # [[[[[[ \r b([ ]) }"), 3);
        assert_eq!(bracket_depth(r#"{ a(b: """ [[[[ \""" [[[[ " [[ """) }"#), 2);
        assert_eq!(bracket_depth(r#"{ a(b: "", c: [""]) }"#), 3);
    }

    #[test]
    fn a_hash_in_a_string_starts_no_comment() {
        assert_eq!(bracket_depth("{ a(b: \"#\", c: [[[0]]]) }"), 5);
    }

    #[test]
    fn an_unterminated_string_hides_nothing() {
        assert_eq!(bracket_depth("{a(b:[\"\"\"\" [[[[[[ ]]]]]]])}"), 9);
        assert_eq!(bracket_depth("{a(b:\" [[[[\n [[[[ "), 10);
    }
}
