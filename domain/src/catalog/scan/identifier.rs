//! The application identifiers of GS1, and what their values look like (General Specifications, section 3.2).

use super::{ScanError, gtin};

/// What a value looks like: so many digits, and then more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    digits: usize,
    /// Whether the last of `digits` is their check digit (section 7.9).
    is_key: bool,
    more: More,
}

/// What follows the digits: at least and at most so many characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum More {
    Nothing,
    Digits(usize, usize),
    /// Of the character set 82 (figure 7.11-1).
    Text(usize, usize),
    /// Of the character set 39 (figure 7.11-2).
    Capitals(usize),
    /// As the identifier's own rules have it: a sign behind a temperature, base64 of a signature.
    Other(usize, usize),
}

use More::{Capitals, Digits, Nothing, Other, Text};

const fn digits(digits: usize) -> Shape {
    Shape { digits, is_key: false, more: Nothing }
}

const fn key(digits: usize) -> Shape {
    Shape { digits, is_key: true, more: Nothing }
}

const fn text(max: usize) -> Shape {
    Shape { more: Text(1, max), ..digits(0) }
}

const fn number(max: usize) -> Shape {
    Shape { more: Digits(1, max), ..digits(0) }
}

impl Shape {
    const fn and(self, more: More) -> Self {
        Self { more, ..self }
    }

    /// Whether `value` looks like this.
    ///
    /// # Errors
    /// [`ScanError::Unreadable`], [`ScanError::CheckDigit`].
    pub(super) fn check(self, value: &str) -> Result<(), ScanError> {
        let (first, rest) = value.split_at_checked(self.digits).ok_or(WRONG)?;
        let all = |is_allowed: fn(u8) -> bool| rest.bytes().all(is_allowed);
        let is_right = match self.more {
            Nothing => rest.is_empty(),
            Digits(min, max) => (min..=max).contains(&rest.len()) && all(|it| it.is_ascii_digit()),
            Text(min, max) => (min..=max).contains(&rest.len()) && all(is_of_82),
            Capitals(max) => (1..=max).contains(&rest.len()) && all(is_of_39),
            Other(min, max) => (min..=max).contains(&rest.len()) && all(|it| it.is_ascii_graphic()),
        };
        if !is_right || !first.bytes().all(|it| it.is_ascii_digit()) {
            return Err(WRONG);
        }
        if self.is_key { gtin::check(first) } else { Ok(()) }
    }
}

const WRONG: ScanError = ScanError::Unreadable { reason: "an element does not look as it must" };

fn is_of_82(letter: u8) -> bool {
    letter.is_ascii_graphic() && !b"#$@[\\]^`{|}~".contains(&letter)
}

fn is_of_39(letter: u8) -> bool {
    letter.is_ascii_digit() || letter.is_ascii_uppercase() || b"#-/".contains(&letter)
}

/// From which identifier to which, the highest digit that tells of decimals behind them, and the value.
const SHAPES: [(&str, &str, Option<u8>, Shape); 110] = [
    ("00", "00", None, key(18)),
    ("01", "03", None, key(14)),
    ("10", "10", None, text(20)),
    ("11", "13", None, digits(6)),
    ("15", "17", None, digits(6)),
    ("20", "20", None, digits(2)),
    ("21", "22", None, text(20)),
    ("235", "235", None, text(28)),
    ("240", "241", None, text(30)),
    ("242", "242", None, number(6)),
    ("243", "243", None, text(20)),
    ("250", "251", None, text(30)),
    ("253", "253", None, key(13).and(Text(0, 17))),
    ("254", "254", None, text(20)),
    ("255", "255", None, key(13).and(Digits(0, 12))),
    ("30", "30", None, number(8)),
    ("310", "316", Some(b'5'), digits(6)),
    ("320", "329", Some(b'5'), digits(6)),
    ("330", "337", Some(b'5'), digits(6)),
    ("340", "349", Some(b'5'), digits(6)),
    ("350", "357", Some(b'5'), digits(6)),
    ("360", "369", Some(b'5'), digits(6)),
    ("37", "37", None, number(8)),
    ("390", "390", Some(b'9'), number(15)),
    ("391", "391", Some(b'9'), digits(3).and(Digits(1, 15))),
    ("392", "392", Some(b'9'), number(15)),
    ("393", "393", Some(b'9'), digits(3).and(Digits(1, 15))),
    ("394", "394", Some(b'3'), digits(4)),
    ("395", "395", Some(b'5'), digits(6)),
    ("400", "401", None, text(30)),
    ("402", "402", None, key(17)),
    ("403", "403", None, text(30)),
    ("410", "417", None, key(13)),
    ("420", "420", None, text(20)),
    ("421", "421", None, digits(3).and(Text(1, 9))),
    ("422", "422", None, digits(3)),
    ("423", "423", None, digits(3).and(Digits(0, 12))),
    ("424", "424", None, digits(3)),
    ("425", "425", None, digits(3).and(Digits(0, 12))),
    ("426", "426", None, digits(3)),
    ("427", "427", None, text(3)),
    ("4300", "4301", None, text(35)),
    ("4302", "4306", None, text(70)),
    ("4307", "4307", None, digits(0).and(Text(2, 2))),
    ("4308", "4308", None, text(30)),
    ("4309", "4309", None, digits(20)),
    ("4310", "4311", None, text(35)),
    ("4312", "4316", None, text(70)),
    ("4317", "4317", None, digits(0).and(Text(2, 2))),
    ("4318", "4318", None, text(20)),
    ("4319", "4319", None, text(30)),
    ("4320", "4320", None, text(35)),
    ("4321", "4323", None, digits(1)),
    ("4324", "4325", None, digits(10)),
    ("4326", "4326", None, digits(6)),
    ("4330", "4333", None, digits(6).and(Other(0, 1))),
    ("7001", "7001", None, digits(13)),
    ("7002", "7002", None, text(30)),
    ("7003", "7003", None, digits(10)),
    ("7004", "7004", None, number(4)),
    ("7005", "7005", None, text(12)),
    ("7006", "7006", None, digits(6)),
    ("7007", "7007", None, digits(6).and(Digits(0, 6))),
    ("7008", "7008", None, text(3)),
    ("7009", "7009", None, text(10)),
    ("7010", "7010", None, text(2)),
    ("7011", "7011", None, digits(6).and(Digits(0, 4))),
    ("7020", "7022", None, text(20)),
    ("7023", "7023", None, text(30)),
    ("7030", "7039", None, digits(3).and(Text(1, 27))),
    ("7040", "7040", None, digits(1).and(Text(3, 3))),
    ("7041", "7041", None, text(4)),
    ("710", "716", None, text(20)),
    ("7230", "7239", None, digits(0).and(Text(3, 30))),
    ("7240", "7240", None, text(20)),
    ("7241", "7241", None, digits(2)),
    ("7242", "7242", None, text(25)),
    ("7250", "7250", None, digits(8)),
    ("7251", "7251", None, digits(12)),
    ("7252", "7252", None, digits(1)),
    ("7253", "7254", None, text(40)),
    ("7255", "7255", None, text(10)),
    ("7256", "7256", None, text(90)),
    ("7257", "7257", None, text(70)),
    ("7258", "7258", None, digits(0).and(Text(3, 3))),
    ("7259", "7259", None, text(40)),
    ("8001", "8001", None, digits(14)),
    ("8002", "8002", None, text(20)),
    ("8003", "8003", None, key(14).and(Text(0, 16))),
    ("8004", "8004", None, text(30)),
    ("8005", "8005", None, digits(6)),
    ("8006", "8006", None, key(14).and(Digits(4, 4))),
    ("8007", "8007", None, text(34)),
    ("8008", "8008", None, digits(8).and(Digits(0, 4))),
    ("8009", "8009", None, text(50)),
    ("8010", "8010", None, digits(0).and(Capitals(30))),
    ("8011", "8011", None, number(12)),
    ("8012", "8012", None, text(20)),
    ("8013", "8014", None, text(25)),
    ("8017", "8018", None, key(18)),
    ("8019", "8019", None, number(10)),
    ("8020", "8020", None, text(25)),
    ("8026", "8026", None, key(14).and(Digits(4, 4))),
    ("8030", "8030", None, digits(0).and(Other(1, 90))),
    ("8110", "8110", None, text(70)),
    ("8111", "8111", None, digits(4)),
    ("8112", "8112", None, text(70)),
    ("8200", "8200", None, text(70)),
    ("90", "90", None, text(30)),
    ("91", "99", None, text(90)),
];

/// The length of the identifier at the beginning of `code`, and what its value looks like; `None` where there is none that is assigned.
pub(super) fn at(code: &str) -> Option<(usize, Shape)> {
    SHAPES.iter().find_map(|(from, to, decimals, shape)| {
        let first = code.get(..from.len()).filter(|it| from <= it && it <= to)?;
        let Some(max) = decimals else { return Some((first.len(), *shape)) };
        let digit = code.as_bytes().get(from.len())?;
        (b'0'..=*max).contains(digit).then_some((first.len() + 1, *shape))
    })
}

/// How many digits the value of `identifier` has where no separator ends it (figure 7.8.5-2).
pub(super) fn fixed_length(identifier: &str) -> Option<usize> {
    Some(match identifier.get(..2)? {
        "00" => 18,
        "01" | "02" | "03" => 14,
        "11" | "12" | "13" | "15" | "16" | "17" => 6,
        "20" => 2,
        "31" | "32" | "33" | "34" | "35" | "36" => 6,
        "41" => 13,
        _ => return None,
    })
}
