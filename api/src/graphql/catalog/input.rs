//! Products as staff describes them.

use async_graphql::{ID, InputObject};
use comptoir_domain::{
    catalog::{self, ComponentDraft, OnHand, ProductDraft, SelectedOption, TextDraft, VariantDraft},
    clock::{Window, to_micros},
    codes::CodeError,
    language::Translated,
    money,
};

use super::{
    super::{
        channel::parse_channel,
        error::{ErrorCode, Path, Refusal, Refuse as _, UserError},
        id::parse_id,
        money::MoneyInput,
        scalar::{DateTime, LanguageTag},
    },
    object::{Attribute, ProductStatus, StockPolicy},
};

/// A product as it shall be: the one of this slug is changed, or created where there is none. What is left out stays as it is.
#[derive(InputObject)]
pub(super) struct ProductSaveInput {
    /// Its name in addresses.
    slug: String,
    /// Whether shoppers see it; a new product is `DRAFT` unless this says otherwise.
    status: Option<ProductStatus>,
    /// Replaces where and when shoppers see it, all of it; a new product is seen everywhere and always.
    publication: Option<ProductPublicationInput>,
    /// Who makes it.
    brand: Option<String>,
    /// What kind of thing it is.
    product_type: Option<String>,
    /// How it is taxed, such as `standard` or `reduced`.
    tax_category: Option<String>,
    /// Replaces the tags.
    tags: Option<Vec<String>>,
    /// Texts; other languages stay.
    texts: Option<Vec<ProductTextInput>>,
    /// Replaces the attributes.
    attributes: Option<Vec<Attribute>>,
    /// Replaces the options.
    options: Option<Vec<ProductOptionInput>>,
    /// Replaces the pictures.
    media: Option<Vec<MediaInput>>,
    /// The variants to create or change: found by SKU, otherwise by options. Others stay.
    variants: Option<Vec<VariantInput>>,
}

/// Where and when shoppers see a product that is active.
#[derive(InputObject)]
struct ProductPublicationInput {
    /// From this moment on; left out: it always was.
    published_from: Option<DateTime>,
    /// Until before this moment; left out: it has no end.
    published_until: Option<DateTime>,
    /// In the channels of these codes, at most 50; left out or empty: in all.
    channels: Option<Vec<String>>,
}

impl ProductPublicationInput {
    fn parse(self) -> Result<catalog::Publication, Refusal> {
        let at = Path::input("publication").field("channels");
        let codes = self.channels.into_iter().flatten().enumerate();
        let channels = codes.map(|(index, it)| parse_channel(it, at.clone().index(index)));
        let window = Window {
            from: self.published_from.map(|it| to_micros(it.0)),
            until: self.published_until.map(|it| to_micros(it.0)),
        };
        Ok(catalog::Publication { window, channels: channels.collect::<Result<_, _>>()? })
    }
}

/// A product's texts in one language.
#[derive(InputObject)]
struct ProductTextInput {
    /// The language.
    language: LanguageTag,
    /// What it is called.
    name: String,
    /// What it is, as HTML; left out: it stays as it is.
    description_html: Option<String>,
}

/// Something to choose.
#[derive(InputObject)]
struct ProductOptionInput {
    /// What is chosen, such as `Size`.
    name: String,
    /// Between what.
    values: Vec<String>,
}

/// A picture.
#[derive(InputObject)]
struct MediaInput {
    /// An absolute address, or a path on this server.
    url: String,
    /// What it shows, by language.
    alt: Option<Vec<LocalizedTextInput>>,
}

/// A text in one language.
#[derive(InputObject)]
pub(in crate::graphql) struct LocalizedTextInput {
    /// The language.
    pub(in crate::graphql) language: LanguageTag,
    /// The text.
    pub(in crate::graphql) text: String,
}

/// A variant as it shall be.
#[derive(InputObject)]
struct VariantInput {
    /// The merchant's own number.
    sku: Option<String>,
    /// The code on the pack.
    barcode: Option<String>,
    /// One value of each of the product's options.
    options: Option<Vec<SelectedOptionInput>>,
    /// What it weighs.
    weight_grams: Option<i64>,
    /// Whether it travels.
    requires_shipping: Option<bool>,
    /// What happens when the stock runs out.
    stock_policy: Option<StockPolicy>,
    /// Its own picture among the product's, from 0.
    media_index: Option<i64>,
    /// How many one customer may buy, over all their orders; 0: any number. Of a guest it is asked in each cart.
    maximum_per_customer: Option<i64>,
    /// Replaces what it is made of, at most 30, which makes it a bundle; empty: it is none any more.
    components: Option<Vec<ComponentInput>>,
    /// Its prices; those in other currencies stay.
    prices: Option<Vec<PriceInput>>,
}

/// What a bundle is made of.
#[derive(InputObject)]
struct ComponentInput {
    /// What; no bundle itself.
    variant_id: ID,
    /// How many in one bundle: 1 to 2,000.
    #[graphql(default = 1)]
    quantity: i64,
}

impl ComponentInput {
    fn parse(self, index: usize, at: &Path) -> Result<ComponentDraft, Refusal> {
        let at = at.clone().field("components").index(index);
        let variant_id = parse_id(&self.variant_id, at.field("variantId"))?;
        // What is no quantity at all is refused as too many or none are.
        Ok(ComponentDraft { variant_id, quantity: u32::try_from(self.quantity).unwrap_or_default() })
    }
}

/// A chosen value of one option.
#[derive(InputObject)]
struct SelectedOptionInput {
    /// What is chosen, such as `Size`.
    name: String,
    /// The choice, such as `Large`.
    value: String,
}

/// What one costs.
#[derive(InputObject)]
struct PriceInput {
    /// What one costs.
    amount: MoneyInput,
    /// What one cost before; above `amount`.
    compare_at: Option<MoneyInput>,
}

impl ProductSaveInput {
    /// The draft, or what is wrong with the input.
    pub(super) fn parse(self) -> Result<ProductDraft, Refusal> {
        let input = || Path::argument("input");
        let slug = self.slug.parse().map_err(|it: catalog::ProductError| it.refuse(input()))?;
        let tax_category = self.tax_category.map(|it| it.parse()).transpose().map_err(|it: CodeError| {
            Refusal::from(UserError::input(ErrorCode::InvalidInput, it.to_string(), Path::input("taxCategory")))
        })?;
        let mut texts = Vec::new();
        for (index, it) in self.texts.into_iter().flatten().enumerate() {
            let language = it.language.parse(Path::input("texts").index(index).field("language"))?;
            texts.push(TextDraft { language, name: it.name, description_html: it.description_html });
        }
        let mut variants = Vec::new();
        for (index, it) in self.variants.into_iter().flatten().enumerate() {
            variants.push(it.parse(&Path::input("variants").index(index))?);
        }
        let attributes = self.attributes.map(|it| it.into_iter().map(Into::into).collect());
        let options = self
            .options
            .map(|it| it.into_iter().map(|it| catalog::ProductOption { name: it.name, values: it.values }).collect());
        let media = self
            .media
            .map(|it| it.into_iter().enumerate().map(|(index, it)| it.parse(index)).collect::<Result<_, _>>());
        Ok(ProductDraft {
            slug,
            status: self.status.map(Into::into),
            publication: self.publication.map(ProductPublicationInput::parse).transpose()?,
            brand: self.brand,
            product_type: self.product_type,
            tax_category,
            tags: self.tags,
            texts,
            attributes,
            options,
            media: media.transpose()?,
            variants,
        })
    }
}

impl MediaInput {
    fn parse(self, index: usize) -> Result<catalog::Media, Refusal> {
        let at = Path::input("media").index(index).field("alt");
        Ok(catalog::Media { url: self.url, alt: parse_texts(self.alt.unwrap_or_default(), &at)? })
    }
}

/// Texts by language, at most one in each.
pub(in crate::graphql) fn parse_texts(
    texts: Vec<LocalizedTextInput>,
    at: &Path,
) -> Result<Translated<String>, Refusal> {
    let mut translated = Translated::default();
    for (index, it) in texts.into_iter().enumerate() {
        let at = at.clone().index(index).field("language");
        let language = it.language.parse(at.clone())?;
        if translated.get(&language).is_some() {
            let message = format!("there are two texts in the language `{language}`");
            return Err(UserError::input(ErrorCode::InvalidInput, message, at).into());
        }
        translated.insert(language, it.text);
    }
    Ok(translated)
}

impl VariantInput {
    fn parse(self, at: &Path) -> Result<VariantDraft, Refusal> {
        let sku = self.sku.map(|it| it.parse()).transpose();
        let sku = sku.map_err(|it: catalog::ProductError| it.refuse(at.clone()))?;
        let mut prices: Vec<(money::Money, Option<money::Money>)> = Vec::new();
        for (index, it) in self.prices.into_iter().flatten().enumerate() {
            let at = at.clone().field("prices").index(index);
            let compare_at = it.compare_at.map(|it| it.parse(at.clone().field("compareAt"))).transpose()?;
            prices.push((it.amount.parse(at.field("amount"))?, compare_at));
        }
        let natural = |value: Option<i64>, field: &str| match value.map(u32::try_from) {
            Some(Err(_)) => Err(Refusal::from(UserError::input(
                ErrorCode::InvalidInput,
                "this is 0 or more, and not as large as that",
                at.clone().field(field),
            ))),
            Some(Ok(value)) => Ok(Some(value)),
            None => Ok(None),
        };
        let options = self.options.into_iter().flatten();
        let components = |it: Vec<ComponentInput>| it.into_iter().enumerate().map(|(index, it)| it.parse(index, at));
        let components = self.components.map(|it| components(it).collect::<Result<_, _>>()).transpose()?;
        Ok(VariantDraft {
            sku,
            barcode: self.barcode,
            options: options.map(|it| SelectedOption { name: it.name, value: it.value }).collect(),
            weight_grams: natural(self.weight_grams, "weightGrams")?,
            requires_shipping: self.requires_shipping,
            stock_policy: self.stock_policy.map(Into::into),
            media_index: natural(self.media_index, "mediaIndex")?,
            max_per_customer: natural(self.maximum_per_customer, "maximumPerCustomer")?,
            components,
            prices,
            on_hand: Vec::<OnHand>::new(),
        })
    }
}
