//! The demo shop that the repository ships: its places, deliveries, products and pictures, inside the binary.

use std::collections::BTreeMap;

use comptoir_domain::{
    catalog::{
        Attribute, CollectionDraft, Media, OnHand, ProductDraft, ProductOption, ProductStatus, SelectedOption, Slug,
        TextDraft, VariantDraft,
    },
    channel::{
        Address, AddressFields, Channel, ChannelKind, Coordinates, Country, DeliveryKind, DeliveryMethod,
        DeliveryMethodCode, LocationCode, LocationDraft, LocationKind, Market,
    },
    codes::ChannelCode,
    inventory::HoldPolicy,
    language::{Language, Translated},
    money::{Money, parse_currency},
    storage::BoxError,
};
use include_dir::{Dir, include_dir};
use serde::Deserialize;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

/// Where the demo's pictures are served.
pub const MEDIA_PATH: &str = "/media/demo/";

/// All that the demo shop has.
pub struct DemoShop {
    /// A warehouse and three stores.
    pub locations: Vec<LocationDraft>,
    /// To whom it sells.
    pub markets: Vec<Market>,
    /// Where it sells; each with the code of the store it stands in.
    pub channels: Vec<(Channel, Option<LocationCode>)>,
    /// How orders reach their buyers.
    pub delivery_methods: Vec<DeliveryMethod>,
    /// What it sells.
    pub products: Vec<ProductDraft>,
    /// How it puts that together: collections, and the slugs of their products in order.
    pub collections: Vec<(CollectionDraft, Vec<Slug>)>,
}

/// A picture of the demo, as SVG, by its file name.
#[must_use]
pub fn picture(file: &str) -> Option<&'static [u8]> {
    FILES.get_file(format!("images/{file}")).map(include_dir::File::contents)
}

impl DemoShop {
    /// Reads the demo.
    ///
    /// # Errors
    /// A file that is not as it must be; the tests read them all.
    pub fn load() -> Result<Self, BoxError> {
        let shop: ShopFile =
            serde_json::from_slice(FILES.get_file("shop.json").ok_or("shop.json is missing")?.contents())?;
        let mut products = Vec::new();
        for file in FILES.get_dir("products").ok_or("products are missing")?.files() {
            let found: Vec<ProductFile> = serde_json::from_slice(file.contents())?;
            products.extend(found);
        }
        Ok(Self {
            locations: shop.locations.into_iter().map(LocationFile::draft).collect::<Result<_, _>>()?,
            markets: shop.markets,
            channels: shop.channels.into_iter().map(ChannelFile::channel).collect(),
            delivery_methods: shop.delivery_methods,
            collections: shop.collections.into_iter().map(CollectionFile::draft).collect(),
            products: products.into_iter().map(ProductFile::draft).collect::<Result<_, _>>()?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShopFile {
    locations: Vec<LocationFile>,
    markets: Vec<Market>,
    channels: Vec<ChannelFile>,
    collections: Vec<CollectionFile>,
    #[serde(deserialize_with = "delivery_methods")]
    delivery_methods: Vec<DeliveryMethod>,
}

#[derive(Deserialize)]
struct LocationFile {
    code: LocationCode,
    kind: LocationKind,
    name: String,
    address: AddressFile,
    latitude: f64,
    longitude: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChannelFile {
    code: ChannelCode,
    kind: ChannelKind,
    name: String,
    location: Option<LocationCode>,
    #[serde(default)]
    is_default: bool,
}

impl ChannelFile {
    fn channel(self) -> (Channel, Option<LocationCode>) {
        let Self { code, kind, name, location, is_default } = self;
        (
            Channel {
                code,
                kind,
                name,
                location_id: None,
                market: None,
                is_default,
                hold_policy: HoldPolicy::None,
                hold_minutes: Channel::HOLD_MINUTES,
            },
            location,
        )
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddressFile {
    line1: String,
    line2: Option<String>,
    postal_code: String,
    city: String,
    country: String,
}

#[derive(Deserialize)]
struct CollectionFile {
    slug: Slug,
    name: BTreeMap<Language, String>,
    description: BTreeMap<Language, String>,
    products: Vec<Slug>,
}

#[derive(Deserialize)]
struct DeliveryMethodFile {
    code: DeliveryMethodCode,
    kind: DeliveryKind,
    name: Translated<String>,
    countries: Vec<Country>,
    prices: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProductFile {
    slug: Slug,
    product_type: String,
    brand: String,
    tags: Vec<String>,
    name: BTreeMap<Language, String>,
    description: BTreeMap<Language, String>,
    attributes: BTreeMap<String, String>,
    options: Vec<ProductOption>,
    image: ImageFile,
    variants: Vec<VariantFile>,
}

#[derive(Deserialize)]
struct ImageFile {
    file: String,
    alt: Translated<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VariantFile {
    sku: comptoir_domain::catalog::Sku,
    barcode: String,
    options: Vec<String>,
    prices: BTreeMap<String, String>,
    #[serde(default)]
    compare_at: BTreeMap<String, String>,
    weight_grams: u32,
    stock: BTreeMap<LocationCode, i32>,
}

impl LocationFile {
    fn draft(self) -> Result<LocationDraft, BoxError> {
        let address = Address::parse(AddressFields {
            name: self.name.clone(),
            line1: self.address.line1,
            line2: self.address.line2,
            postal_code: Some(self.address.postal_code),
            city: self.address.city,
            country: self.address.country,
            ..AddressFields::default()
        })?;
        let coordinates = Coordinates::from_degrees(self.latitude, self.longitude).ok_or("there is no such place")?;
        let (address, coordinates) = (Some(address), Some(coordinates));
        Ok(LocationDraft { code: self.code, kind: self.kind, name: self.name, address, coordinates })
    }
}

impl CollectionFile {
    fn draft(self) -> (CollectionDraft, Vec<Slug>) {
        let mut descriptions = self.description;
        let text = |(language, name): (Language, String)| {
            let description_html = descriptions.remove(&language);
            TextDraft { language, name, description_html }
        };
        let texts = self.name.into_iter().map(text).collect();
        (CollectionDraft { slug: self.slug, texts, is_published: Some(true) }, self.products)
    }
}

impl ProductFile {
    fn draft(self) -> Result<ProductDraft, BoxError> {
        let mut descriptions = self.description;
        let text = |(language, name): (Language, String)| {
            let description_html = descriptions.remove(&language);
            TextDraft { language, name, description_html }
        };
        let texts = self.name.into_iter().map(text).collect();
        let names: Vec<String> = self.options.iter().map(|it| it.name.clone()).collect();
        Ok(ProductDraft {
            slug: self.slug,
            status: Some(ProductStatus::Active),
            publication: None,
            brand: Some(self.brand),
            product_type: Some(self.product_type),
            tax_category: None,
            tags: Some(self.tags),
            texts,
            attributes: Some(self.attributes.into_iter().map(|(key, value)| Attribute { key, value }).collect()),
            options: Some(self.options),
            media: Some(vec![Media { url: format!("{MEDIA_PATH}{}", self.image.file), alt: self.image.alt }]),
            variants: self.variants.into_iter().map(|it| it.draft(&names)).collect::<Result<_, _>>()?,
        })
    }
}

impl VariantFile {
    fn draft(self, option_names: &[String]) -> Result<VariantDraft, BoxError> {
        let choice = |(name, value): (&String, String)| SelectedOption { name: name.clone(), value };
        let mut prices = Vec::new();
        for (code, amount) in &self.prices {
            let former = self.compare_at.get(code).map(|it| money(code, it)).transpose()?;
            prices.push((money(code, amount)?, former));
        }
        Ok(VariantDraft {
            sku: Some(self.sku),
            barcode: Some(self.barcode),
            options: option_names.iter().zip(self.options).map(choice).collect(),
            weight_grams: Some(self.weight_grams),
            requires_shipping: Some(true),
            stock_policy: None,
            media_index: None,
            max_per_customer: None,
            components: None,
            prices,
            on_hand: self.stock.into_iter().map(|(location, quantity)| OnHand { location, quantity }).collect(),
        })
    }
}

fn money(code: &str, amount: &str) -> Result<Money, BoxError> {
    Ok(Money::from_decimal(amount.parse()?, parse_currency(code)?)?)
}

fn delivery_methods<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<DeliveryMethod>, D::Error> {
    let files = Vec::<DeliveryMethodFile>::deserialize(deserializer)?;
    let method = |it: DeliveryMethodFile| {
        let prices = it.prices.iter().map(|(code, amount)| money(code, amount)).collect::<Result<_, _>>()?;
        Ok(DeliveryMethod { code: it.code, kind: it.kind, name: it.name, countries: it.countries, prices })
    };
    files.into_iter().map(method).collect::<Result<_, BoxError>>().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_can_be_saved_as_it_is() {
        let shop = DemoShop::load().unwrap();
        assert!(60 <= shop.products.len());
        let stores = shop.locations.iter().filter(|it| it.kind == LocationKind::Store).count();
        assert_eq!((shop.locations.len(), stores), (4, 3));
        shop.markets.iter().for_each(|it| it.check(&shop.markets).unwrap());
        let codes: Vec<_> = shop.locations.iter().map(|it| &it.code).collect();
        assert!(shop.channels.iter().filter_map(|it| it.1.as_ref()).all(|it| codes.contains(&it)));
        shop.delivery_methods.iter().for_each(|it| it.check().unwrap());
        for (collection, products) in &shop.collections {
            assert_eq!(collection.texts.len(), 2, "{}", collection.slug);
            assert!(
                products.iter().all(|it| shop.products.iter().any(|product| product.slug == *it)),
                "{}",
                collection.slug
            );
        }
        for product in &shop.products {
            product.check().unwrap();
            let url = &product.media.as_ref().unwrap()[0].url;
            assert!(picture(url.strip_prefix(MEDIA_PATH).unwrap()).is_some(), "{url}");
            assert_eq!(product.texts.len(), 2, "{}", product.slug);
            assert!(product.variants.iter().all(|it| it.prices.len() == 2), "{}", product.slug);
        }
    }

    #[test]
    fn a_path_outside_of_the_pictures_finds_nothing() {
        for file in ["", "../shop.json", "no-such-thing.svg", "/etc/passwd"] {
            assert!(picture(file).is_none(), "{file}");
        }
    }
}
