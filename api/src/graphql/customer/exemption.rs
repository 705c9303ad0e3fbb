//! What frees customers from tax, on the wire.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use comptoir_domain::{channel::Country, codes::TaxCategory, customer, pricing::tax};

use super::{
    super::{
        context::{ContextExt as _, may_manage_customers},
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        scalar::{CountryCode, Date},
    },
    mutation::{CustomerPayload, changed},
};

/// A certificate that frees a customer from tax.
#[derive(SimpleObject, InputObject)]
#[graphql(input_name = "TaxExemptionInput")]
pub(super) struct TaxExemption {
    /// What it is known by: 1 to 255 characters.
    certificate: String,
    /// Where it is good.
    country: CountryCode,
    /// For what, as `taxCategory` of products; empty: for everything. At most 50.
    #[graphql(default)]
    categories: Vec<String>,
    /// The first day it is good; null: it always was.
    valid_from: Option<Date>,
    /// The first day it no longer is; null: it always will be.
    valid_until: Option<Date>,
}

impl From<&tax::TaxExemption> for TaxExemption {
    fn from(it: &tax::TaxExemption) -> Self {
        Self {
            certificate: it.certificate.clone(),
            country: CountryCode(it.country.code().to_owned()),
            categories: it.categories.iter().map(ToString::to_string).collect(),
            valid_from: it.from.map(Date),
            valid_until: it.until.map(Date),
        }
    }
}

impl TaxExemption {
    fn parse(self, at: &Path) -> Result<tax::TaxExemption, Refusal> {
        let invalid = |message: String, at| Refusal::from(UserError::input(ErrorCode::InvalidInput, message, at));
        let country = self.country.0.parse::<Country>();
        let category = |(index, it): (usize, String)| {
            it.parse::<TaxCategory>().map_err(|it| invalid(it.to_string(), at.clone().field("categories").index(index)))
        };
        Ok(tax::TaxExemption {
            certificate: self.certificate,
            country: country.map_err(|it| invalid(it.to_string(), at.clone().field("country")))?,
            categories: self.categories.into_iter().enumerate().map(category).collect::<Result<_, _>>()?,
            from: self.valid_from.map(|it| it.0),
            until: self.valid_until.map(|it| it.0),
        })
    }
}

/// What frees a customer from tax.
#[derive(InputObject)]
struct CustomerTaxExemptionsSetInput {
    /// Who.
    customer_id: ID,
    /// All of their certificates; at most 50.
    tax_exemptions: Vec<TaxExemption>,
}

/// Commands on what frees customers from tax.
#[derive(Default)]
pub(in crate::graphql) struct TaxExemptionMutation;

#[Object]
impl TaxExemptionMutation {
    /// Keeps the certificates that free a customer from tax; their carts are taxed by them at once. Needs `MANAGE_CUSTOMERS`.
    #[graphql(visible = "may_manage_customers")]
    async fn customer_tax_exemptions_set(
        &self,
        ctx: &Context<'_>,
        input: CustomerTaxExemptionsSetInput,
    ) -> Result<CustomerPayload> {
        changed(set(ctx, input).await)
    }
}

async fn set(ctx: &Context<'_>, input: CustomerTaxExemptionsSetInput) -> Result<customer::Customer, Refusal> {
    let request = ctx.request()?;
    let id = parse_id(&input.customer_id, Path::input("customerId"))?;
    let exemption = |(index, it): (usize, TaxExemption)| it.parse(&Path::input("taxExemptions").index(index));
    let exemptions = input.tax_exemptions.into_iter().enumerate().map(exemption).collect::<Result<_, _>>()?;
    let set = request.app.customers.set_tax_exemptions(&request.actor, id, exemptions).await;
    set.map_err(|it| it.refuse(Path::argument("input")))
}
