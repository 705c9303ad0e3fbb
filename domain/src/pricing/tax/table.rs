//! The table of rates on file, and what it decides.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{TaxRate, TaxReason, TaxTreatment, TaxZone, VatNumber};
use crate::{channel::Country, codes::TaxCategory, money::Percentage};

/// The category whose rate others fall back on.
const STANDARD: &str = "standard";

/// How a market's prices are entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceEntry {
    /// Without tax.
    Net,
    /// With the tax of this zone. Where another rate is due, the amount without tax is kept.
    GrossOf(TaxZone),
    /// With whatever tax is due where the goods go: the price paid is the same everywhere. Where the buyer is exempt or
    /// owes the tax, the tax that would be due is taken off.
    GrossAtDestination,
}

/// Where from, where to, when and for whom something is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxContext {
    /// How prices are entered.
    pub entry: PriceEntry,
    /// Where it goes.
    pub destination: TaxZone,
    /// The day of the sale, where the shop is.
    pub day: NaiveDate,
    /// Where the seller is registered; none: not in the European Union.
    pub seller: Option<Country>,
    /// The buyer's number. Its form is known to be that of a member state; whether it was given to anybody, only the state's
    /// register can say.
    pub vat_number: Option<VatNumber>,
    /// The buyer's certificates.
    pub exemptions: Vec<TaxExemption>,
}

/// A certificate that frees a buyer from tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxExemption {
    /// What the certificate is known by.
    pub certificate: String,
    /// Where it is good.
    pub country: Country,
    /// For what; empty: for everything.
    pub categories: Vec<TaxCategory>,
    /// The first day it is good.
    pub from: Option<NaiveDate>,
    /// The first day it no longer is.
    pub until: Option<NaiveDate>,
}

impl TaxExemption {
    fn covers(&self, category: &TaxCategory, context: &TaxContext) -> bool {
        self.country == context.destination.country
            && (self.categories.is_empty() || self.categories.contains(category))
            && self.from.is_none_or(|it| it <= context.day)
            && self.until.is_none_or(|it| context.day < it)
    }
}

/// Rates by zone and category.
#[derive(Debug, Clone, Default)]
pub struct TaxTable {
    zones: HashMap<TaxZone, HashMap<TaxCategory, Vec<TaxRate>>>,
}

impl TaxTable {
    /// Takes rates; a later one takes the place of an earlier one of its zone, category and first day.
    #[must_use]
    pub fn new(rates: impl IntoIterator<Item = TaxRate>) -> Self {
        let mut table = Self::default();
        for rate in rates {
            let zone = table.zones.entry(rate.zone.clone()).or_default();
            let rates = zone.entry(rate.category.clone()).or_default();
            rates.retain(|it| it.from != rate.from);
            rates.push(rate);
        }
        table
    }

    /// All rates, by country, region, category and first day.
    #[must_use]
    pub fn rates(&self) -> Vec<TaxRate> {
        let mut rates: Vec<TaxRate> = self.zones.values().flat_map(HashMap::values).flatten().cloned().collect();
        let place = |it: &TaxRate| (it.zone.country.code().to_owned(), it.zone.region.clone(), it.category.to_string());
        rates.sort_by_cached_key(|it| (place(it), it.from));
        rates
    }

    /// The rate on file: of the region where it has rates of its own, else of the country; of the category where the zone
    /// has such a rate, else its standard rate. Of several that hold on `day`, the one that began last.
    #[must_use]
    pub fn rate(&self, category: &TaxCategory, zone: &TaxZone, day: NaiveDate) -> Option<Percentage> {
        let country = TaxZone::country(zone.country);
        let rates = self.zones.get(zone).or_else(|| self.zones.get(&country))?;
        let in_force = |category: &str| {
            let rates = rates.get(category)?.iter().filter(|it| it.holds_on(day));
            rates.max_by_key(|it| it.from).map(|it| it.rate)
        };
        in_force(category.as_str()).or_else(|| in_force(STANDARD))
    }

    /// How something of this category is taxed.
    ///
    /// A certificate comes before a reverse charge, and both before the rate on file. Where no rate is on file, no tax is
    /// due: the goods leave the zones in which the shop is registered.
    #[must_use]
    pub fn treatment(&self, category: &TaxCategory, context: &TaxContext) -> TaxTreatment {
        let on_file = self.rate(category, &context.destination, context.day);
        let included = match &context.entry {
            PriceEntry::Net => None,
            PriceEntry::GrossOf(zone) => Some(self.rate(category, zone, context.day).unwrap_or_default()),
            PriceEntry::GrossAtDestination => Some(on_file.unwrap_or_default()),
        };
        let exemption = context.exemptions.iter().find(|it| it.covers(category, context));
        let (rate, reason) = match (on_file, exemption, context.reverse_charge()) {
            (None, ..) => (Percentage::ZERO, TaxReason::OutOfScope),
            (_, Some(it), _) => (Percentage::ZERO, TaxReason::Exempt(it.certificate.clone())),
            (_, None, Some(number)) => (Percentage::ZERO, TaxReason::ReverseCharge(number.clone())),
            (Some(rate), None, None) => (rate, TaxReason::Rate),
        };
        TaxTreatment { category: category.clone(), rate, included, reason }
    }
}

impl TaxContext {
    /// The number under which the buyer owes the tax: goods go from one member state of the European Union to another,
    /// and the number is of a member state other than the seller's (article 138 (1) of Directive 2006/112/EC).
    fn reverse_charge(&self) -> Option<&VatNumber> {
        let seller = self.seller.filter(|it| it.is_in_european_union())?;
        let destination = self.destination.country;
        let number = self.vat_number.as_ref()?;
        let crosses = destination.is_in_european_union() && destination != seller && number.country() != seller;
        crosses.then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::tax::eu_vat_rates;

    fn country(code: &str) -> Country {
        code.parse().unwrap()
    }

    fn zone(code: &str) -> TaxZone {
        TaxZone::country(country(code))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn category(text: &str) -> TaxCategory {
        text.parse().unwrap()
    }

    fn to(destination: &str) -> TaxContext {
        TaxContext {
            entry: PriceEntry::GrossOf(zone("FR")),
            destination: zone(destination),
            day: day("2026-03-01"),
            seller: Some(country("FR")),
            vat_number: None,
            exemptions: Vec::new(),
        }
    }

    fn table() -> TaxTable {
        TaxTable::new(eu_vat_rates().unwrap())
    }

    fn rates(treatment: &TaxTreatment) -> (String, Option<String>) {
        (treatment.rate.to_string(), treatment.included.map(|it| it.to_string()))
    }

    #[test]
    fn the_rate_is_of_the_category_where_it_goes_and_on_that_day() {
        let rate = |code, name, on| table().rate(&category(name), &zone(code), day(on)).map(|it| it.to_string());
        assert_eq!(rate("FR", "reduced", "2026-03-01").as_deref(), Some("5.5 %"));
        assert_eq!(rate("EE", "standard", "2025-06-30").as_deref(), Some("22 %"));
        assert_eq!(rate("EE", "standard", "2025-07-01").as_deref(), Some("24 %"));
        assert_eq!(rate("RO", "intermediate", "2025-07-31").as_deref(), Some("9 %"));
        // Romania has one reduced rate since; what has no rate of its own has the standard one.
        assert_eq!(rate("RO", "intermediate", "2025-08-01").as_deref(), Some("21 %"));
        assert_eq!(rate("DK", "books", "2026-03-01").as_deref(), Some("25 %"));
        assert_eq!(rate("US", "standard", "2026-03-01"), None);
        assert_eq!(rate("FR", "standard", "2024-12-31"), None);
    }

    #[test]
    fn a_later_rate_takes_the_place_of_one_of_its_zone_category_and_first_day() {
        let rates = crate::pricing::tax::read_tax_rates(
            "FR,,reduced,5.5,2026-01-01,,a\nFR,,reduced,6,2026-01-01,,b\nFR,,reduced,7,2027-01-01,,c",
        );
        let table = TaxTable::new(rates.unwrap());
        assert_eq!(table.rates().iter().map(|it| it.source.as_str()).collect::<Vec<_>>(), ["b", "c"]);
        let rate = |on| table.rate(&category("reduced"), &zone("FR"), day(on)).unwrap().to_string();
        assert_eq!((rate("2026-12-31"), rate("2027-01-01")), ("6 %".to_owned(), "7 %".to_owned()));
    }

    #[test]
    fn a_region_with_rates_of_its_own_takes_none_of_the_countrys() {
        let madeira = TaxZone { region: Some("Madeira".to_owned()), ..zone("PT") };
        let own = TaxRate {
            zone: madeira.clone(),
            category: category("standard"),
            rate: "22".parse().unwrap(),
            from: None,
            until: None,
            source: "test".to_owned(),
        };
        let table = TaxTable::new([eu_vat_rates().unwrap(), vec![own]].concat());
        let rate = |zone: &TaxZone, name| table.rate(&category(name), zone, day("2026-03-01")).unwrap().to_string();
        assert_eq!(rate(&madeira, "reduced"), "22 %");
        assert_eq!(rate(&TaxZone { region: Some("Porto".to_owned()), ..zone("PT") }, "reduced"), "6 %");
    }

    #[test]
    fn entered_prices_contain_the_tax_of_their_zone_or_of_where_the_goods_go() {
        let standard = category("standard");
        let treat = |entry, code| table().treatment(&standard, &TaxContext { entry, ..to(code) });
        assert_eq!(rates(&treat(PriceEntry::GrossOf(zone("FR")), "DE")), ("19 %".into(), Some("20 %".into())));
        assert_eq!(rates(&treat(PriceEntry::GrossAtDestination, "DE")), ("19 %".into(), Some("19 %".into())));
        assert_eq!(rates(&treat(PriceEntry::Net, "DE")), ("19 %".into(), None));
        let exported = treat(PriceEntry::GrossOf(zone("FR")), "US");
        assert_eq!((rates(&exported), exported.reason), (("0 %".into(), Some("20 %".into())), TaxReason::OutOfScope));
        assert_eq!(rates(&treat(PriceEntry::GrossAtDestination, "US")), ("0 %".into(), Some("0 %".into())));
    }

    #[test]
    fn the_buyer_owes_the_tax_only_across_a_border_and_under_a_number_of_another_state() {
        let treat = |seller: &str, destination: &str, number: Option<&str>| {
            let context = TaxContext {
                seller: Some(country(seller)),
                vat_number: number.map(|it| it.parse().unwrap()),
                ..to(destination)
            };
            table().treatment(&category("standard"), &context).reason
        };
        let belgian = Some("BE0123456789");
        let french = Some("FR12345678901");
        assert!(matches!(treat("FR", "BE", belgian), TaxReason::ReverseCharge(_)));
        assert!(matches!(treat("FR", "DE", belgian), TaxReason::ReverseCharge(_)));
        for (seller, destination, number) in
            [("FR", "BE", None), ("FR", "BE", french), ("FR", "FR", belgian), ("CH", "BE", belgian)]
        {
            assert_eq!(treat(seller, destination, number), TaxReason::Rate, "{seller} {destination} {number:?}");
        }
        assert_eq!(treat("FR", "CH", belgian), TaxReason::OutOfScope);
    }

    #[test]
    fn a_certificate_frees_its_categories_in_its_country_while_it_is_good() {
        let certificate = TaxExemption {
            certificate: "DE-7".to_owned(),
            country: country("DE"),
            categories: vec![category("standard")],
            from: Some(day("2026-01-01")),
            until: Some(day("2027-01-01")),
        };
        let reason = |code, name, on| {
            let exemptions = vec![certificate.clone()];
            table().treatment(&category(name), &TaxContext { day: day(on), exemptions, ..to(code) }).reason
        };
        assert_eq!(reason("DE", "standard", "2026-12-31"), TaxReason::Exempt("DE-7".to_owned()));
        assert_eq!(reason("DE", "standard", "2027-01-01"), TaxReason::Rate);
        assert_eq!(reason("DE", "reduced", "2026-12-31"), TaxReason::Rate);
        assert_eq!(reason("FR", "standard", "2026-12-31"), TaxReason::Rate);
    }
}
