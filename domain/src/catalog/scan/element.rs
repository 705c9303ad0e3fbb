//! Element strings of GS1: application identifiers and their values, in each form that scanners and people give them.

use super::ScanError;

/// The separator of elements of variable length: FNC1 as scanners send it (section 7.8.3).
const SEPARATOR: char = '\u{1D}';
/// How software spells it where it cannot send it.
const SPELLED_SEPARATORS: [&str; 4] = ["<GS>", "{GS}", "<FNC1>", "{FNC1}"];

/// An application identifier and its value, such as `10` and `ABC123`.
pub(super) type Element = (String, String);

/// What a value looks like.
#[derive(Clone, Copy)]
enum Format {
    /// So many digits, without a separator after them.
    Digits(usize),
    /// At most so many digits.
    DigitsUpTo(usize),
    /// At most so many characters.
    TextUpTo(usize),
}

/// The elements of `code` where it is an element string or a GS1 Digital Link; `None` for all other codes.
///
/// # Errors
/// [`ScanError::Unreadable`].
pub(super) fn elements(code: &str) -> Option<Result<Vec<Element>, ScanError>> {
    if code.starts_with("http://") || code.starts_with("https://") {
        return Some(link(code));
    }
    let mut code = code.to_owned();
    for spelled in SPELLED_SEPARATORS {
        code = code.replace(spelled, "\u{1D}");
    }
    if code.starts_with('(') {
        return Some(bracketed(&code));
    }
    let is_digital = code.len() >= 16 && code.bytes().take(16).all(|it| it.is_ascii_digit());
    let is_element_string =
        code.contains(SEPARATOR) || is_digital && ["00", "01", "02"].iter().any(|it| code.starts_with(it));
    is_element_string.then(|| plain(&code))
}

/// Elements one after the other, as a barcode holds them. Also for codes that a scanner calls GS1's (section 5.4.3.7).
///
/// # Errors
/// [`ScanError::Unreadable`].
pub(super) fn plain(code: &str) -> Result<Vec<Element>, ScanError> {
    let mut elements = Vec::new();
    let mut rest = code.trim_start_matches(SEPARATOR);
    while !rest.is_empty() {
        let (length, format) = shape(rest).ok_or(UNKNOWN)?;
        let (identifier, after) = rest.split_at_checked(length).ok_or(CUT)?;
        let (value, after) = match format {
            Format::Digits(digits) => after.split_at_checked(digits).ok_or(CUT)?,
            Format::DigitsUpTo(_) | Format::TextUpTo(_) => after.split_once(SEPARATOR).unwrap_or((after, "")),
        };
        elements.push(element(identifier, value)?);
        rest = after.trim_start_matches(SEPARATOR);
    }
    Ok(elements)
}

/// Elements with brackets around their identifiers, as they are printed below a barcode (section 4.14).
fn bracketed(code: &str) -> Result<Vec<Element>, ScanError> {
    let mut elements = Vec::new();
    let mut rest = code;
    while let Some(open) = rest.strip_prefix('(') {
        let (identifier, after) = open.split_once(')').ok_or(CUT)?;
        // A value can hold a bracket, which is then no identifier of digits.
        let next = after.match_indices('(').find(|(at, _)| {
            let inner = after.get(at + 1..).and_then(|it| it.split_once(')')).map_or("", |it| it.0);
            (2..=4).contains(&inner.len()) && inner.bytes().all(|it| it.is_ascii_digit())
        });
        let (value, after) = after.split_at_checked(next.map_or(after.len(), |it| it.0)).ok_or(CUT)?;
        elements.push(element(identifier, value.trim_matches([' ', SEPARATOR]))?);
        rest = after;
    }
    Ok(elements)
}

/// A GS1 Digital Link: `https://id.gs1.org/01/09506000134352/10/ABC?17=271231`. The key may come after other parts of the path.
fn link(code: &str) -> Result<Vec<Element>, ScanError> {
    let address = code.split_once("://").map_or(code, |it| it.1);
    let address = address.split_once('#').map_or(address, |it| it.0);
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let parts: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
    let key = parts.iter().position(|it| *it == "01").ok_or(ScanError::NoProduct)?;
    let in_path = parts.get(key..).unwrap_or_default().chunks(2).filter_map(|it| Some((*it.first()?, *it.get(1)?)));
    let is_identifier = |it: &str| it.bytes().all(|it| it.is_ascii_digit()) && shape(it).is_some();
    let in_query = query.split(['&', ';']).filter_map(|it| it.split_once('=')).filter(|it| is_identifier(it.0));
    let decoded = |(identifier, value)| {
        let value = decode(value)?;
        // The zeros before a GTIN may be left out (GS1 Digital Link: URI Syntax, section 4.7.3).
        let value = if identifier == "01" { format!("{value:0>14}") } else { value };
        element(identifier, &value)
    };
    in_path.chain(in_query).map(decoded).collect()
}

/// Percent-encoded text, decoded (RFC 3986, section 2.1).
fn decode(text: &str) -> Result<String, ScanError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend(before.bytes());
        let byte = after.get(..2).and_then(|it| u8::from_str_radix(it, 16).ok()).ok_or(CUT)?;
        bytes.push(byte);
        rest = after.get(2..).unwrap_or_default();
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).map_err(|_| CUT)
}

const UNKNOWN: ScanError = ScanError::Unreadable { reason: "there is no such application identifier" };
const CUT: ScanError = ScanError::Unreadable { reason: "an element is not whole" };

fn element(identifier: &str, value: &str) -> Result<Element, ScanError> {
    let (length, format) = shape(identifier).ok_or(UNKNOWN)?;
    if length != identifier.len() || !identifier.bytes().all(|it| it.is_ascii_digit()) {
        return Err(UNKNOWN);
    }
    let is_digits = value.bytes().all(|it| it.is_ascii_digit());
    let is_text = value.bytes().all(|it| it.is_ascii_graphic());
    let is_right = match format {
        Format::Digits(digits) => is_digits && value.len() == digits,
        Format::DigitsUpTo(max) => is_digits && (1..=max).contains(&value.len()),
        Format::TextUpTo(max) => is_text && (1..=max).contains(&value.len()),
    };
    if is_right {
        Ok((identifier.to_owned(), value.to_owned()))
    } else {
        Err(ScanError::Unreadable { reason: "an element does not look as it must" })
    }
}

/// The length of the identifier at the beginning of `code`, and what its value looks like (section 3.2; lengths that need no separator: figure 7.8.5-2).
fn shape(code: &str) -> Option<(usize, Format)> {
    use Format::{Digits, DigitsUpTo, TextUpTo};
    let third = code.as_bytes().get(2).copied().unwrap_or_default();
    Some(match code.get(..2)? {
        "00" => (2, Digits(18)),
        "01" | "02" | "03" => (2, Digits(14)),
        "11" | "12" | "13" | "15" | "16" | "17" => (2, Digits(6)),
        "10" | "21" | "22" => (2, TextUpTo(20)),
        "20" => (2, Digits(2)),
        "23" => (3, TextUpTo(28)),
        "24" | "25" | "40" => (3, TextUpTo(30)),
        "30" | "37" => (2, DigitsUpTo(8)),
        "31" | "32" | "33" | "34" | "35" | "36" => (4, Digits(6)),
        "39" => match third {
            b'0' | b'2' => (4, DigitsUpTo(15)),
            b'1' | b'3' => (4, DigitsUpTo(18)),
            b'4' => (4, DigitsUpTo(4)),
            b'5' => (4, DigitsUpTo(6)),
            _ => return None,
        },
        "41" => (3, Digits(13)),
        "42" => (3, TextUpTo(20)),
        "71" => (3, TextUpTo(20)),
        "43" | "70" | "72" | "80" | "81" | "82" => (4, TextUpTo(90)),
        "90" => (2, TextUpTo(30)),
        "91" | "92" | "93" | "94" | "95" | "96" | "97" | "98" | "99" => (2, TextUpTo(90)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: &str) -> Vec<(String, String)> {
        elements(code).unwrap().unwrap()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(identifier, value)| ((*identifier).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn one_string_is_read_the_same_in_all_its_forms() {
        let expected = pairs(&[("01", "09521234543213"), ("10", "AB-1(2)"), ("17", "271231"), ("3103", "001750")]);
        for code in [
            "(01)09521234543213(10)AB-1(2)(17)271231(3103)001750",
            "(01) 09521234543213 (10) AB-1(2) (17) 271231 (3103) 001750",
            "010952123454321310AB-1(2)\u{1D}172712313103001750",
            "\u{1D}010952123454321310AB-1(2)\u{1D}172712313103001750\u{1D}",
            "010952123454321310AB-1(2)<GS>17271231<GS>3103001750",
            "https://id.gs1.org/01/09521234543213/10/AB-1%282%29?17=271231&3103=001750&linkType=gs1:pip",
            "https://shop.example/fr/01/9521234543213/10/AB-1(2)?17=271231;3103=001750#top",
        ] {
            assert_eq!(read(code), expected, "{code}");
        }
    }

    #[test]
    fn a_last_element_needs_no_separator() {
        assert_eq!(
            read("01095212345432131727123110X"),
            pairs(&[("01", "09521234543213"), ("17", "271231"), ("10", "X")])
        );
    }

    #[test]
    fn other_codes_are_no_element_strings() {
        for code in ["", "ABC", "9521234543213", "1095212345432131", "(", "ftp://x/01/1"] {
            assert!(elements(code).is_none_or(|it| it.is_err()), "{code}");
        }
        assert!(elements("9521234543213").is_none());
    }

    #[test]
    fn what_is_cut_or_unknown_is_refused() {
        for code in [
            "(01)0952123454321",
            "(01)09521234543213(17)27123",
            "(01)09521234543213(10)",
            "(01)09521234543213(10)ABCDEFGHIJKLMNOPQRSTU",
            "(01)09521234543213(9)X",
            "(01)09521234543213(05)X",
            "(01",
            "0109521234543213172712",
            "010952123454321310é",
            "https://id.gs1.org/01/0952123454321x",
            "https://id.gs1.org/01/09521234543213/10/%zz",
        ] {
            assert!(elements(code).unwrap().is_err(), "{code}");
        }
    }
}
