//! A catalog that is the same in each run: 2,500 products of four variants each, as a product file.

use std::fmt::Write as _;

/// How many products there are.
pub(crate) const PRODUCTS: usize = 2_500;
/// How many variants each has.
const SIZES: [&str; 4] = ["S", "M", "L", "XL"];
/// How many variants there are.
pub(crate) const VARIANTS: usize = PRODUCTS * SIZES.len();

const KINDS: [&str; 10] =
    ["Shirt", "Jumper", "Jacket", "Scarf", "Apron", "Towel", "Blanket", "Cushion", "Curtain", "Tablecloth"];
const MATERIALS: [&str; 7] = ["linen", "cotton", "wool", "silk", "hemp", "cashmere", "velvet"];
const COLORS: [&str; 9] = ["white", "black", "red", "blue", "green", "ochre", "grey", "rose", "violet"];
const BRANDS: [&str; 12] = [
    "Lin & Loire",
    "Duval",
    "Atelier Nord",
    "Maison Bleue",
    "Comptoir",
    "Fils d'or",
    "Tissage",
    "Rive",
    "Vauban",
    "Mistral",
    "Cevennes",
    "Armor",
];

/// The product file, in Shopify's format.
pub(crate) fn csv() -> String {
    let mut text = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,\
                    Variant Inventory Qty,Variant Price,Image Src\n"
        .to_owned();
    for n in 0..PRODUCTS {
        let (kind, material, color) = (of(&KINDS, n), of(&MATERIALS, n / 3), of(&COLORS, n / 7));
        for (place, size) in SIZES.iter().enumerate() {
            let head = if place == 0 {
                format!(
                    "{color} {material} {kind},<p>A {kind} of {color} {material} for every day of the year.</p>,\"{}\",{kind},\"{material}, {color}\",TRUE,Size",
                    of(&BRANDS, n / 11),
                )
            } else {
                ",,,,,,Size".to_owned()
            };
            let (euros, cents) = (10 + n % 90, (n * 7 + place) % 100);
            let image = if place == 0 { format!("https://images.example.org/{n}.jpg") } else { String::new() };
            let _ = writeln!(text, "{},{head},{size},{},1000000,{euros}.{cents:02},{image}", handle(n), sku(n, place));
        }
    }
    text
}

/// The handle of the `n`-th product.
pub(crate) fn handle(n: usize) -> String {
    format!("product-{}", n % PRODUCTS)
}

/// The SKU of a variant.
pub(crate) fn sku(n: usize, place: usize) -> String {
    format!("P{}-{}", n % PRODUCTS, of(&SIZES, place))
}

/// Two words that some products are found by; the second has a typo.
pub(crate) fn words(n: usize) -> String {
    let kind = of(&KINDS, n).to_lowercase();
    format!("{} {}", of(&MATERIALS, n), kind.replacen('e', "a", 1))
}

fn of<'a>(words: &[&'a str], n: usize) -> &'a str {
    words[n % words.len()]
}
