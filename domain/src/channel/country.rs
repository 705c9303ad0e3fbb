//! Countries by their ISO 3166-1 code.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

/// The 249 officially assigned alpha-2 codes of ISO 3166-1.
const CODES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI \
    BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN \
    CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK \
    FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM \
    HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN \
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK \
    ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP \
    NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
    SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF \
    TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI \
    VN VU WF WS YE YT ZA ZM ZW";

/// The 27 member states of the European Union.
const EUROPEAN_UNION: &str = "\
    AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

/// A country: an officially assigned ISO 3166-1 alpha-2 code such as `FR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Country(&'static str);

/// The text is no country's code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ISO 3166-1 alpha-2 country code")]
pub struct CountryError(String);

impl Country {
    /// The code, in upper case.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0
    }

    /// Whether it is a member state of the European Union.
    #[must_use]
    pub fn is_in_european_union(self) -> bool {
        EUROPEAN_UNION.split_ascii_whitespace().any(|it| it == self.0)
    }

    /// The member states of the European Union, by their codes.
    pub fn european_union() -> impl Iterator<Item = Self> {
        EUROPEAN_UNION.split_ascii_whitespace().map(Self)
    }
}

impl FromStr for Country {
    type Err = CountryError;

    fn from_str(code: &str) -> Result<Self, CountryError> {
        let found = CODES.split_ascii_whitespace().find(|it| *it == code);
        found.map(Self).ok_or_else(|| CountryError(code.chars().take(16).collect()))
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assigned_codes_are_countries_and_nothing_else_is() {
        assert_eq!(CODES.split_ascii_whitespace().count(), 249);
        assert_eq!("FR".parse::<Country>().map(Country::code), Ok("FR"));
        assert_eq!(Country::european_union().filter(|it| it.code().parse() == Ok(*it)).count(), 27);
        assert!("GR".parse::<Country>().unwrap().is_in_european_union());
        assert!(!"GB".parse::<Country>().unwrap().is_in_european_union());
        for code in ["", "fr", "FRA", "XX", "EU", "F R", "UK"] {
            assert!(code.parse::<Country>().is_err(), "{code}");
        }
    }
}
