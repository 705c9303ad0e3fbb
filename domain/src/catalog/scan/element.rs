//! Element strings of GS1: application identifiers and their values, in each form that scanners and people give them.

use super::{ScanError, identifier};

/// The separator of elements of variable length: FNC1 as scanners send it (section 7.8.3).
const SEPARATOR: char = '\u{1D}';
/// How software spells it where it cannot send it.
const SPELLED_SEPARATORS: [&str; 4] = ["<GS>", "{GS}", "<FNC1>", "{FNC1}"];

/// An application identifier and its value, such as `10` and `ABC123`.
pub(super) type Element = (String, String);

/// The elements of `code` where it is an element string or a GS1 Digital Link; `None` for all other codes.
///
/// # Errors
/// [`ScanError::Unreadable`].
pub(super) fn elements(code: &str) -> Option<Result<Vec<Element>, ScanError>> {
    let has_scheme = |it: &&str| code.get(..it.len()).is_some_and(|start| start.eq_ignore_ascii_case(it));
    if ["http://", "https://"].iter().any(has_scheme) {
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
        let (length, _) = identifier::at(rest).ok_or(UNKNOWN)?;
        let (name, after) = rest.split_at_checked(length).ok_or(CUT)?;
        let (value, after) = match identifier::fixed_length(name) {
            Some(digits) => after.split_at_checked(digits).ok_or(CUT)?,
            None => after.split_once(SEPARATOR).unwrap_or((after, "")),
        };
        elements.push(element(name, value)?);
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
    let is_identifier = |it: &str| it.bytes().all(|it| it.is_ascii_digit()) && identifier::at(it).is_some();
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

fn element(name: &str, value: &str) -> Result<Element, ScanError> {
    let (length, shape) = identifier::at(name).ok_or(UNKNOWN)?;
    if length != name.len() {
        return Err(UNKNOWN);
    }
    shape.check(value)?;
    Ok((name.to_owned(), value.to_owned()))
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
    fn only_predefined_lengths_go_without_a_separator() {
        // Figure 7.8.5-2: 00-04, 11-19, 20, 31-36 and 41; also 7003 and 422, whose lengths never change, need one.
        let expected = [("414", "9521234543213"), ("20", "01"), ("3103", "001750"), ("17", "271231")];
        let code = "41495212345432132001310300175017271231010952123454321370032712311200\u{1D}422250\u{1D}10X";
        assert!(plain(&code.replace('\u{1D}', "")).is_err());
        let mut whole = pairs(&expected);
        whole.extend(pairs(&[("01", "09521234543213"), ("7003", "2712311200"), ("422", "250"), ("10", "X")]));
        assert_eq!(plain(code).unwrap(), whole);
    }

    #[test]
    fn the_order_of_elements_does_not_matter() {
        // Section 7.8.6.1: predefined lengths are to come first, and readers take any order.
        let read = |code: &str| {
            let mut elements = plain(code).unwrap();
            elements.sort();
            elements
        };
        assert_eq!(read("10AB\u{1D}17271231010952123454321321S"), read("01095212345432131727123110AB\u{1D}21S"));
    }

    #[test]
    fn each_key_has_its_check_digit() {
        // Section 7.9: SSCC, GTIN, GDTI, GCN, GSIN, GLN, GRAI, ITIP and GSRN.
        for (identifier, key) in [
            ("00", "376104250021234569"),
            ("01", "09521234543213"),
            ("03", "09521234543213"),
            ("253", "9521234543213"),
            ("255", "9521234543213"),
            ("402", "37610425002123456"),
            ("414", "9521234543213"),
            ("8003", "09521234543213"),
            ("8006", "09521234543213"),
            ("8018", "376104250021234569"),
        ] {
            let (rest, _) = key.split_at(key.len() - 1);
            let right = super::super::gtin::check_digit(rest);
            let behind = if identifier == "8006" { "0102" } else { "" };
            assert!(element(identifier, &format!("{rest}{right}{behind}")).is_ok(), "{identifier}");
            let wrong = element(identifier, &format!("{rest}{}{behind}", (right + 1) % 10));
            assert!(matches!(wrong, Err(ScanError::CheckDigit { expected, .. }) if expected == right), "{identifier}");
        }
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
            // 310n has at most five decimals, 394n three; 236, 418 and 8015 are nobody's (section 3.2).
            "(01)09521234543213(3106)001750",
            "(01)09521234543213(3944)0010",
            "(01)09521234543213(236)X",
            "(01)09521234543213(418)9521234543213",
            "(01)09521234543213(8015)X",
            // Lengths (section 3.2): four digits of a percentage, ten of an hour of expiry, six of a variation.
            "(01)09521234543213(3940)10",
            "(01)09521234543213(7003)271231",
            "(01)09521234543213(242)1234567",
            // Characters outside the set 82 (figure 7.11-1).
            "(01)09521234543213(10)A#B",
            // A variable element that no separator ends takes what follows, and is then too long.
            "0109521234543213371217271231",
            "https://id.gs1.org/01/0952123454321x",
            "https://id.gs1.org/01/09521234543213/10/%zz",
        ] {
            assert!(elements(code).unwrap().is_err(), "{code}");
        }
    }
}
