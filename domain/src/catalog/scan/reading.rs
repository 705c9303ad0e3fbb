//! From a scanned code to what it says, and to the codes that its variant can be stored with.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{
    Gtin, InStoreCode, ScanError, element,
    element::Element,
    values::{date, grams, price},
};
use crate::{
    catalog::Sku,
    money::{Currency, Money},
};

/// The most characters of a code: what a GS1 DataMatrix of the largest size holds is less (section 5.6).
const LENGTH_MAX: usize = 2_048;

/// What kind of code was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScanKind {
    /// A GTIN of 8, 12, 13 or 14 digits.
    Gtin,
    /// An element string of GS1: a GTIN and more.
    ElementString,
    /// A code that a store printed: an item, and its price, weight or count.
    InStore,
    /// The merchant's own number, or a code on the pack that is no GTIN.
    Own,
}

/// What a code says, taken one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What kind of code it is.
    pub kind: ScanKind,
    /// The trade item.
    pub gtin: Option<Gtin>,
    /// How many.
    pub quantity: Option<u32>,
    /// What it weighs net, in grams.
    pub net_weight_grams: Option<Decimal>,
    /// What it costs.
    pub price: Option<Money>,
    /// The batch or lot.
    pub batch: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The last day on which it may be used.
    pub expires_on: Option<NaiveDate>,
    /// The last day on which it is as good as promised.
    pub best_before: Option<NaiveDate>,
    /// The codes on the pack that its variant can have.
    pub(crate) barcodes: Vec<String>,
    /// The SKUs that its variant can have.
    pub(crate) skus: Vec<Sku>,
}

/// A code in all the ways it can be taken.
#[derive(Debug)]
pub(crate) struct Scan {
    /// The ways, the most likely first.
    pub(crate) readings: Vec<Reading>,
    /// What is wrong where no variant has it by any of them.
    pub(crate) otherwise: Option<ScanError>,
}

impl Scan {
    /// A SKU, which is nothing but that; none: a text that nothing can have as its SKU.
    pub(crate) fn of_sku(sku: Option<Sku>) -> Self {
        let readings = sku.map(|it| Reading { skus: vec![it], ..Reading::empty(ScanKind::Own) });
        Self { readings: readings.into_iter().collect(), otherwise: None }
    }
}

/// Reads `code`, as it was scanned or typed. Prices without a currency are in `local`.
///
/// A code is never only what it looks like: digits that are no GTIN can be the merchant's own number, and a code of a store's can be on a pack as it is.
///
/// # Errors
/// [`ScanError::Unreadable`], [`ScanError::CheckDigit`] and [`ScanError::NoProduct`].
pub(crate) fn read(code: &str, in_store: &[InStoreCode], local: Currency, today: NaiveDate) -> Result<Scan, ScanError> {
    let code = code.trim_matches(|it: char| it.is_whitespace() || it == '\0');
    if code.is_empty() || LENGTH_MAX < code.len() {
        return Err(ScanError::Unreadable { reason: "it has 1 to 2048 characters" });
    }
    let (symbology, code) = without_symbology(code);
    let elements = if symbology == Symbology::Gs1 { Some(element::plain(code)) } else { element::elements(code) };
    let own = own(code);
    match elements {
        Some(elements) => {
            let read = elements.and_then(|it| of_elements(&it, local, today));
            match read {
                Ok(reading) => Ok(Scan { readings: [reading].into_iter().chain(own).collect(), otherwise: None }),
                Err(error) => own.map(|it| Scan { readings: vec![it], otherwise: Some(error) }).ok_or(NO_CODE),
            }
        }
        None => of_digits(code, in_store, local, own),
    }
}

const NO_CODE: ScanError = ScanError::Unreadable { reason: "it holds what no code does" };

/// What a scanner said of the symbol before its content (ISO/IEC 15424).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Symbology {
    Gs1,
    Other,
}

fn without_symbology(code: &str) -> (Symbology, &str) {
    match code.strip_prefix(']').and_then(|it| it.split_at_checked(2)) {
        // GS1-128, DataBar, GS1 DataMatrix, GS1 QR Code and GS1 DotCode (section 5.1.3).
        Some(("C1" | "e0" | "d2" | "Q3" | "J1", rest)) => (Symbology::Gs1, rest),
        Some((_, rest)) => (Symbology::Other, rest),
        None => (Symbology::Other, code),
    }
}

/// A code as it is.
fn own(code: &str) -> Option<Reading> {
    let sku: Sku = code.parse().ok()?;
    Some(Reading { barcodes: vec![code.to_owned()], skus: vec![sku], ..Reading::empty(ScanKind::Own) })
}

fn of_digits(code: &str, in_store: &[InStoreCode], local: Currency, own: Option<Reading>) -> Result<Scan, ScanError> {
    // Spaces and hyphens stand between the digits that are printed below a barcode.
    let code: String = code.chars().filter(|it| !matches!(it, ' ' | '-')).collect();
    let is_gtin = matches!(code.len(), 8 | 12 | 13 | 14) && code.bytes().all(|it| it.is_ascii_digit());
    if !is_gtin {
        return own.map(|it| Scan { readings: vec![it], otherwise: None }).ok_or(NO_CODE);
    }
    let mut readings = Vec::new();
    let mut otherwise = None;
    match Gtin::parse(&code) {
        Ok(gtin) => {
            let padded = gtin.as_str().trim_start_matches('0');
            let digits = format!("{padded:0>13}");
            readings.push(Reading::of_gtin(ScanKind::Gtin, gtin));
            for pattern in in_store {
                match pattern.read(&digits) {
                    Ok(value) => readings.extend(value.map(|it| Reading::of_store(it, local))),
                    Err(error) => otherwise = Some(error),
                }
            }
        }
        Err(error) => otherwise = Some(error),
    }
    if code.len() == 8
        && let Some(gtin) = Gtin::parse_upc_e(&code)
    {
        readings.push(Reading::of_gtin(ScanKind::Gtin, gtin));
        otherwise = None;
    }
    readings.extend(own);
    Ok(Scan { readings, otherwise })
}

fn of_elements(elements: &[Element], local: Currency, today: NaiveDate) -> Result<Reading, ScanError> {
    let twice = |identifier: &str, value: &str| elements.iter().any(|it| it.0 == identifier && it.1 != value);
    if elements.iter().any(|(identifier, value)| twice(identifier, value)) {
        return Err(ScanError::Unreadable { reason: "it says the same thing twice" });
    }
    let value = |identifier: &str| elements.iter().find(|it| it.0 == identifier).map(|it| it.1.as_str());
    // `8006` is a piece of a trade item, behind whose GTIN are the piece's number and their count (section 3.9.6);
    // `02` and `37` are what a box holds, and how many (section 3.3.3).
    let piece = value("8006").and_then(|it| it.get(..14));
    let gtin = Gtin::parse(value("01").or(piece).or_else(|| value("02")).ok_or(ScanError::NoProduct)?)?;
    let quantity = value("30").or_else(|| value("37")).and_then(|it| it.parse().ok());
    let mut paid = None;
    for element in elements {
        paid = paid.or(price(element, local)?);
    }
    let day = |identifiers: &[&str]| {
        let digits = identifiers.iter().find_map(|it| value(it)).map(|it| it.get(..6).unwrap_or(it));
        digits.map(|it| date(it, today)).transpose()
    };
    Ok(Reading {
        quantity,
        net_weight_grams: elements.iter().find_map(grams),
        price: paid,
        batch: value("10").map(ToOwned::to_owned),
        serial: value("21").map(ToOwned::to_owned),
        expires_on: day(&["17", "7003"])?,
        best_before: day(&["15"])?,
        ..Reading::of_gtin(ScanKind::ElementString, gtin)
    })
}

impl Reading {
    fn empty(kind: ScanKind) -> Self {
        Self {
            kind,
            gtin: None,
            quantity: None,
            net_weight_grams: None,
            price: None,
            batch: None,
            serial: None,
            expires_on: None,
            best_before: None,
            barcodes: Vec::new(),
            skus: Vec::new(),
        }
    }

    fn of_gtin(kind: ScanKind, gtin: Gtin) -> Self {
        Self { barcodes: gtin.forms(), gtin: Some(gtin), ..Self::empty(kind) }
    }

    /// The item is found by its code without the value, or by its number as SKU.
    fn of_store(value: super::in_store::InStoreValue, local: Currency) -> Self {
        let forms = Gtin::parse(&value.base).map_or_else(|_| vec![value.base.clone()], |it| it.forms());
        let short = value.item.trim_start_matches('0');
        let mut skus: Vec<Sku> = [value.item.as_str(), short].into_iter().filter_map(|it| it.parse().ok()).collect();
        skus.dedup();
        Self {
            quantity: value.count,
            net_weight_grams: value.grams,
            price: value.price.map(|it| Money::new(it, local)),
            barcodes: forms,
            skus,
            ..Self::empty(ScanKind::InStore)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap()
    }

    fn patterns() -> Vec<InStoreCode> {
        ["02IIIIIPPPPPC", "28IIIIIWWWWWC"].iter().map(|it| it.parse().unwrap()).collect()
    }

    fn scan(code: &str) -> Scan {
        read(code, &patterns(), Currency::EUR, today()).unwrap()
    }

    fn kinds(code: &str) -> Vec<ScanKind> {
        scan(code).readings.iter().map(|it| it.kind).collect()
    }

    #[test]
    fn an_element_string_says_more_than_what_it_is() {
        let code = "]C1010952123454321310AB-1\u{1D}1727123115271130310300175021S1\u{1D}392212503\u{1D}302";
        let reading = scan(code).readings.remove(0);
        assert_eq!(reading.kind, ScanKind::ElementString);
        assert_eq!(reading.gtin.unwrap().as_str(), "09521234543213");
        assert_eq!(reading.barcodes, ["09521234543213", "9521234543213"]);
        assert_eq!((reading.batch.as_deref(), reading.serial.as_deref()), (Some("AB-1"), Some("S1")));
        assert_eq!(reading.net_weight_grams, Some(Decimal::from(1_750)));
        assert_eq!(reading.expires_on, NaiveDate::from_ymd_opt(2027, 12, 31));
        assert_eq!(reading.best_before, NaiveDate::from_ymd_opt(2027, 11, 30));
        assert_eq!(reading.price, Some(Money::new(12_503, Currency::EUR)));
        assert_eq!(reading.quantity, Some(2));
    }

    #[test]
    fn what_a_box_holds_is_counted() {
        let reading = scan("(00)376104250021234569(02)09521234543213(37)12").readings.remove(0);
        assert_eq!((reading.gtin.unwrap().as_str(), reading.quantity), ("09521234543213", Some(12)));
    }

    #[test]
    fn a_piece_names_its_trade_item() {
        let reading = scan("(8006)095212345432130102(21)S1").readings.remove(0);
        assert_eq!((reading.gtin.unwrap().as_str(), reading.serial.as_deref()), ("09521234543213", Some("S1")));
    }

    #[test]
    fn prices_and_weights_have_the_decimals_of_their_identifiers() {
        // Sections 3.6.2 and 3.6.6 to 3.6.9: the last digit of the identifier.
        let reading = scan("(01)99521234543216(3102)000125(3930)3921250").readings.remove(0);
        assert_eq!(reading.net_weight_grams, Some(Decimal::from(1_250)));
        assert_eq!(reading.price, Some(Money::new(1_250, Currency::JPY)));
        let reading = scan("(01)99521234543216(3922)1250").readings.remove(0);
        assert_eq!(reading.price, Some(Money::new(1_250, Currency::EUR)));
    }

    #[test]
    fn an_hour_of_expiry_is_its_day() {
        let reading = scan("(01)09521234543213(7003)2712311430").readings.remove(0);
        assert_eq!(reading.expires_on, NaiveDate::from_ymd_opt(2027, 12, 31));
    }

    #[test]
    fn digits_are_taken_in_each_way_they_can_be() {
        use ScanKind::{ElementString, Gtin, InStore, Own};
        assert_eq!(kinds("9521234543213"), [Gtin, Own]);
        assert_eq!(kinds("]E09521234543213"), [Gtin, Own]);
        assert_eq!(kinds("0212345012505"), [Gtin, InStore, Own]);
        assert_eq!(kinds("212345012505"), [Gtin, InStore, Own]);
        // Eight digits can be a GTIN-8 and a UPC-E at once.
        assert_eq!(kinds("01234565"), [Gtin, Gtin, Own]);
        assert_eq!(kinds("SMG-SA"), [Own]);
        assert_eq!(kinds("12345"), [Own]);
        // As they are printed below a barcode.
        for printed in ["9 521234 543213", "9521-2345-43213", "9521 2345 43213"] {
            assert_eq!(kinds(printed), [Gtin, Own], "{printed}");
        }
        assert_eq!(kinds("0109521234543213"), [ElementString, Own]);
        assert_eq!(kinds("https://id.gs1.org/01/09521234543213"), [ElementString, Own]);
        assert_eq!(kinds("HTTPS://ID.GS1.ORG/01/09521234543213"), [ElementString, Own]);
    }

    #[test]
    fn an_in_store_code_is_found_by_its_item() {
        let reading = scan("0212345012505").readings.remove(1);
        assert_eq!(reading.price, Some(Money::new(1_250, Currency::EUR)));
        assert_eq!(reading.barcodes, ["00212345000007", "0212345000007", "212345000007"]);
        assert_eq!(reading.skus, ["12345".parse().unwrap()]);
        assert_eq!(reading.gtin, None, "a number of the store's own is nobody else's");
    }

    #[test]
    fn what_is_wrong_is_kept_for_when_nothing_is_found() {
        let error = |code: &str| scan(code).otherwise.unwrap();
        assert!(matches!(error("9521234543214"), ScanError::CheckDigit { expected: 3, found: 4 }));
        assert!(matches!(error("(01)09521234543214"), ScanError::CheckDigit { expected: 3, found: 4 }));
        assert!(matches!(error("(00)376104250021234568"), ScanError::CheckDigit { expected: 9, found: 8 }));
        assert!(matches!(error("(00)376104250021234569"), ScanError::NoProduct));
        assert!(matches!(error("(01)09521234543213(17)271331"), ScanError::Unreadable { .. }));
        assert!(matches!(error("(01)09521234543213(10)A(10)B"), ScanError::Unreadable { .. }));
        for code in ["", "  ", "\u{1D}", &"1".repeat(3_000)] {
            assert!(read(code, &[], Currency::EUR, today()).is_err(), "{code:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_code_makes_it_stumble(code in "\\PC{0,60}|[0-9()\u{1D}\\]]{0,80}") {
            let _ = read(&code, &patterns(), Currency::EUR, today());
        }
    }
}
