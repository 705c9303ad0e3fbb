//! Tax rates on the wire.

use async_graphql::{
    Context, InputObject, Object, Result, SimpleObject,
    connection::{Connection, OpaqueCursor},
};
use comptoir_domain::pricing::tax;

use super::super::{
    context::{ContextExt as _, may_manage_settings},
    error::{Path, Refuse as _, UserError},
    page::{PageArguments, slice},
    scalar::{CountryCode, Date, Decimal},
};

/// A rate of tax: for what, where, and from which day on.
#[derive(SimpleObject)]
struct TaxRate {
    /// Where.
    country: CountryCode,
    /// A region that has rates of its own, by the name that addresses have; null: the rest of the country.
    region: Option<String>,
    /// For what: `standard`, or what products have as `taxCategory`.
    category: String,
    /// The rate in percent, such as `"5.5"`.
    rate: Decimal,
    /// The first day it holds; null: it always has.
    valid_from: Option<Date>,
    /// The first day it no longer holds; null: it does until a later one begins.
    valid_until: Option<Date>,
    /// Who says so.
    source: String,
}

impl From<&tax::TaxRate> for TaxRate {
    fn from(it: &tax::TaxRate) -> Self {
        Self {
            country: CountryCode(it.zone.country.code().to_owned()),
            region: it.zone.region.clone(),
            category: it.category.to_string(),
            rate: Decimal(it.rate.to_decimal().normalize().to_string()),
            valid_from: it.from.map(Date),
            valid_until: it.until.map(Date),
            source: it.source.clone(),
        }
    }
}

/// A file of tax rates.
#[derive(InputObject)]
struct TaxRatesImportInput {
    /// Lines of `country,region,category,rate,from,until,source`, at most 1000000 bytes: `FR,,reduced,5.5,2026-01-01,,Code
    /// général des impôts`. Region, from and until may be empty. Lines that begin with `#` are left out.
    csv: String,
}

/// The answer to `taxRatesImport`.
#[derive(SimpleObject)]
struct TaxRatesImportPayload {
    /// How many rates were imported; null where the command was refused.
    count: Option<u32>,
    /// Why the command was refused, with the first line at fault; empty: it was not.
    user_errors: Vec<UserError>,
}

/// Reads of tax rates.
#[derive(Default)]
pub(in crate::graphql) struct TaxRateQuery;

#[Object]
impl TaxRateQuery {
    /// The tax rates there are, those that come with Comptoir too, by country, region, category and day. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    #[expect(clippy::too_many_arguments, reason = "Relay's arguments")]
    async fn tax_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only of this country.")] country: Option<CountryCode>,
        #[graphql(desc = "How many from the beginning, or after `after`: 1 to 100, 20 by default.")] first: Option<i64>,
        #[graphql(desc = "A cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, or before `before`.")] last: Option<i64>,
        #[graphql(desc = "A cursor.")] before: Option<String>,
    ) -> Result<Connection<OpaqueCursor<usize>, TaxRate>> {
        let request = ctx.request()?;
        let rates = request.app.tax_rates.list(&request.actor).await;
        let rates = rates.map_err(|it| it.refuse(Path::default()).into_error())?;
        let is_asked = |it: &&tax::TaxRate| country.as_ref().is_none_or(|code| code.0 == it.zone.country.code());
        let rates = rates.iter().filter(is_asked).map(TaxRate::from).collect();
        slice(rates, PageArguments { first, after, last, before })
    }
}

/// Commands on tax rates.
#[derive(Default)]
pub(in crate::graphql) struct TaxRateMutation;

#[Object]
impl TaxRateMutation {
    /// Imports tax rates, all or none. Each takes the place of the one of its country, region, category and first day, those
    /// that come with Comptoir too. Needs `MANAGE_SETTINGS`.
    #[graphql(visible = "may_manage_settings")]
    async fn tax_rates_import(&self, ctx: &Context<'_>, input: TaxRatesImportInput) -> Result<TaxRatesImportPayload> {
        let request = ctx.request()?;
        Ok(match request.app.tax_rates.import(&request.actor, &input.csv).await {
            Ok(rates) => TaxRatesImportPayload {
                count: Some(u32::try_from(rates.len()).unwrap_or(u32::MAX)),
                user_errors: vec![],
            },
            Err(error) => {
                let refusal = error.refuse(Path::input("csv"));
                TaxRatesImportPayload { count: None, user_errors: refusal.into_user_errors()? }
            }
        })
    }
}
