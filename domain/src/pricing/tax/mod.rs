//! Taxes: what rate is due, why, and what it comes to.
//!
//! Two questions are kept apart. **What is due** is decided by [`TaxTable::treatment`] from a tax category, a
//! [`TaxContext`] (where from, where to, when, for whom) and the rates on file, or by a provider outside; the answer is a
//! [`TaxTreatment`]. **What it comes to** is reckoned by [`TaxTreatment::apply`] alone, with a named rounding, whoever
//! decided the rate: so the parts shown always sum to the total, and can be reckoned again from what was recorded.
//!
//! In both directions the tax is what is rounded, and the other side is the difference: `net + tax = gross` always.

mod eu_vat;
mod provider;
mod rate;
mod rate_file;
mod table;
mod taxed_money;
mod treatment;
mod vat_number;

pub use eu_vat::eu_vat_rates;
pub use provider::{
    CartTaxes, ProvidedTaxes, SomeTaxProvider, TaxProvider, TaxProviderError, TaxQuestion, TaxQuestionLine,
};
pub use rate::{TaxRate, TaxZone};
pub use rate_file::{RateFileError, read_tax_rates};
pub use table::{PriceEntry, TaxContext, TaxExemption, TaxTable};
pub use taxed_money::TaxedMoney;
pub use treatment::{TaxReason, TaxTreatment};
pub use vat_number::{VatNumber, VatNumberError};
