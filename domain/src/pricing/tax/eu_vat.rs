//! The rates of value added tax in the European Union that Comptoir comes with: `domain/data/eu-vat-rates.csv`.

use super::{RateFileError, TaxRate, read_tax_rates};

/// The rates of the 27 member states; the file says of which day, and from what source.
///
/// # Errors
/// [`RateFileError`], where the file is broken.
pub fn eu_vat_rates() -> Result<Vec<TaxRate>, RateFileError> {
    read_tax_rates(include_str!("../../../data/eu-vat-rates.csv"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::Country,
        money::Percentage,
        pricing::tax::{TaxTable, TaxZone},
    };

    /// The standard rate is at least 15 % (article 97 of Directive 2006/112/EC), a reduced one at least 5 % (article 98 (1)).
    #[test]
    fn every_member_state_has_rates_within_the_directive() {
        let rates = eu_vat_rates().unwrap();
        let day = "2026-04-28".parse().unwrap();
        let table = TaxTable::new(rates.clone());
        let percent = |text: &str| text.parse::<Percentage>().unwrap();
        let rate =
            |country, category: &str| table.rate(&category.parse().unwrap(), &TaxZone::country(country), day).unwrap();
        for country in Country::european_union() {
            assert!(percent("15") <= rate(country, "standard"), "{country}");
            let lower: Vec<_> = rates.iter().filter(|it| it.zone.country == country && it.until.is_none()).collect();
            for it in lower {
                let (least, most) = match it.category.as_str() {
                    "super-reduced" => ("0.1", "4.9999"),
                    "standard" => ("15", "27"),
                    _ => ("5", "19"),
                };
                assert!((percent(least)..=percent(most)).contains(&it.rate), "{it:?}");
                assert!(it.category.as_str() == "standard" || it.rate < rate(country, "standard"), "{it:?}");
            }
            if rates.iter().any(|it| it.zone.country == country && it.category.as_str() == "intermediate") {
                assert!(rate(country, "reduced") < rate(country, "intermediate"), "{country}");
            }
        }
        assert!(rates.iter().all(|it| it.zone.country.is_in_european_union() && !it.source.is_empty()));
    }
}
