//! A product while its rows are read.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    ImportSettings, ImportedProduct, LeftOut,
    columns::{Column, Columns, OPTIONS},
    issue::{Issues, shortened},
    picture::{Picture, Pictures},
    row::Row,
    variant::{ReadVariant, has_no_options, is_variant, read_picture, read_variant},
};
use crate::{
    catalog::{Product, ProductDraft, ProductError, ProductOption, ProductStatus, Sku, Slug, TextDraft, VariantDraft},
    language::Language,
};

/// What rows need of the whole file.
pub(super) struct FileContext<'s> {
    pub(super) settings: &'s ImportSettings,
    /// The line of each SKU so far.
    pub(super) sku_lines: HashMap<Sku, u64>,
}

/// A product, and what its rows so far added.
pub(super) struct ProductRows {
    /// Without options, pictures and variants until the end.
    draft: ProductDraft,
    text: TextDraft,
    option_names: [Option<String>; 3],
    pictures: Pictures,
    variants: Vec<(u64, ReadVariant)>,
    /// The line of each choice so far.
    choice_lines: HashMap<Vec<String>, u64>,
    first_line: u64,
    /// Rows with nothing wrong.
    good_lines: Vec<u64>,
    /// Rows with something wrong.
    bad_lines: Vec<u64>,
}

impl ProductRows {
    /// Reads the product's own cells of its first row. None: something is wrong with them.
    pub(super) fn start(row: &mut Row<'_>, language: &Language) -> Option<Self> {
        if !row.is_good() {
            return None;
        }
        let slug: Result<Slug, ProductError> = row.cell(Column::Handle).parse();
        let slug = slug.map_err(|err| row.refuse(Column::Handle, err.to_string())).ok();
        let text = read_text(row, language);
        let draft = ProductDraft {
            slug: slug?,
            status: read_status(row),
            publication: None,
            brand: row.text(Column::Vendor),
            product_type: row.text(Column::Type),
            tax_category: None,
            tags: row.has(Column::Tags).then(|| read_tags(row)),
            texts: Vec::new(),
            attributes: None,
            options: None,
            media: None,
            variants: Vec::new(),
        };
        let option_names = read_option_names(row);
        row.is_good().then(|| Self {
            draft,
            text,
            option_names,
            pictures: Pictures::default(),
            variants: Vec::new(),
            choice_lines: HashMap::new(),
            first_line: row.line(),
            good_lines: Vec::new(),
            bad_lines: Vec::new(),
        })
    }

    /// Adds the row's picture and variant. The picture is the product's and stays where only the variant is bad.
    pub(super) fn add(&mut self, row: &mut Row<'_>, file: &mut FileContext<'_>) {
        if row.is_good() {
            self.add_picture(row);
            if is_variant(row) {
                self.add_variant(row, file);
            } else if row.cell(Column::ImageSrc).is_empty() && row.line() != self.first_line {
                row.refuse_row("the row has neither a variant nor a picture");
            }
        }
        if row.is_good() {
            self.good_lines.push(row.line());
        } else {
            self.bad_lines.push(row.line());
        }
    }

    fn add_picture(&mut self, row: &mut Row<'_>) {
        let Some(picture) = read_picture(row) else { return };
        self.check_room(row, Column::ImageSrc, &picture.url);
        if row.is_good() {
            self.pictures.add(picture);
        }
    }

    fn check_room(&self, row: &mut Row<'_>, column: Column, url: &str) {
        if !self.pictures.has_room_for(url) {
            row.refuse(column, format!("a product has at most {} pictures", Product::MEDIA_MAX));
        }
    }

    fn add_variant(&mut self, row: &mut Row<'_>, file: &mut FileContext<'_>) {
        let Some(variant) = read_variant(row, &self.option_names, file.settings) else { return };
        let choice: Vec<String> = variant.draft.options.iter().map(|it| it.value.clone()).collect();
        if let Some(line) = self.choice_lines.get(&choice) {
            row.refuse(Column::Option1Value, format!("the variant of line {line} chooses the same"));
        }
        if let Some((sku, line)) = variant.draft.sku.as_ref().and_then(|it| file.sku_lines.get_key_value(it)) {
            row.refuse(Column::Sku, format!("`{}` is the SKU of line {line} already", shortened(sku.as_str())));
        }
        if self.variants.len() == Product::VARIANTS_MAX {
            row.refuse_row(format!("a product has at most {} variants", Product::VARIANTS_MAX));
        }
        if let Some(url) = &variant.image {
            self.check_room(row, Column::VariantImage, url);
        }
        if !row.is_good() {
            return;
        }
        self.choice_lines.insert(choice, row.line());
        file.sku_lines.extend(variant.draft.sku.clone().map(|it| (it, row.line())));
        if let Some(url) = variant.image.clone() {
            self.pictures.add(Picture { url, position: None, alt: None, is_of_variant: true });
        }
        self.variants.push((row.line(), variant));
    }

    /// The product as its rows describe it.
    ///
    /// # Errors
    /// No variant is left; the issues say so of each row that was good.
    pub(super) fn finish(
        self,
        columns: &Arc<Columns>,
        settings: &ImportSettings,
        issues: &mut Issues,
    ) -> Result<ImportedProduct, LeftOut> {
        if self.variants.is_empty() {
            return Err(self.leave_out(columns, issues));
        }
        let mut draft = self.draft;
        let (media, places) = self.pictures.finish(&settings.language);
        let mut lines = vec![self.first_line];
        for (line, ReadVariant { draft: variant, image }) in self.variants {
            let media_index = image.and_then(|it| places.get(&it).copied());
            draft.variants.push(VariantDraft { media_index, ..variant });
            lines.push(line);
        }
        draft.options =
            Some(self.option_names.into_iter().flatten().map(|it| option_of(it, &draft.variants)).collect());
        draft.media = (columns.has(Column::ImageSrc) || columns.has(Column::VariantImage)).then_some(media);
        draft.texts.push(self.text);
        Ok(ImportedProduct { draft, lines, rows: self.good_lines, columns: Arc::clone(columns) })
    }

    fn leave_out(self, columns: &Columns, issues: &mut Issues) -> LeftOut {
        let slug = self.draft.slug.as_str();
        for &line in &self.good_lines {
            match self.bad_lines.first() {
                Some(bad) => {
                    issues.add(line, None, Some(slug), format!("left out because of line {bad}: no variant is left"))
                }
                None if line == self.first_line => {
                    issues.add(line, columns.name(Column::Price), Some(slug), "the product has no row with a price");
                }
                None => issues.add(line, None, Some(slug), format!("left out because of line {}", self.first_line)),
            }
        }
        let mut lines = [self.good_lines, self.bad_lines].concat();
        lines.sort_unstable();
        LeftOut { handle: slug.to_owned(), lines }
    }
}

/// The option with the values that variants chose, in their order.
pub(super) fn option_of(name: String, variants: &[VariantDraft]) -> ProductOption {
    let chosen = variants.iter().flat_map(|it| &it.options).filter(|it| it.name == name).map(|it| &it.value);
    let mut seen = BTreeSet::new();
    let values = chosen.filter(|it| seen.insert(*it)).cloned().collect();
    ProductOption { name, values }
}

fn read_text(row: &mut Row<'_>, language: &Language) -> TextDraft {
    if row.cell(Column::Title).is_empty() {
        row.refuse(Column::Title, "the first row of a product needs its title");
    }
    let html = row.raw(Column::Body);
    let max = Product::DESCRIPTION_LENGTH_MAX;
    if max < html.chars().count() {
        row.refuse(Column::Body, format!("a description has at most {max} characters"));
    }
    TextDraft {
        language: language.clone(),
        name: row.text(Column::Title).unwrap_or_default(),
        description_html: row.has(Column::Body).then(|| html.to_owned()),
    }
}

/// `Status` decides; without one, whether it is published, where an empty cell means yes. Neither column: as it is.
fn read_status(row: &mut Row<'_>) -> Option<ProductStatus> {
    match row.cell(Column::Status).to_ascii_lowercase().as_str() {
        "active" => Some(ProductStatus::Active),
        "draft" => Some(ProductStatus::Draft),
        "archived" => Some(ProductStatus::Archived),
        "" => match row.flag(Column::Published) {
            Some(false) => Some(ProductStatus::Draft),
            _ => row.has(Column::Published).then_some(ProductStatus::Active),
        },
        it => {
            row.refuse(Column::Status, format!("`{}` is neither active, draft nor archived", shortened(it)));
            None
        }
    }
}

fn read_tags(row: &mut Row<'_>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let texts = row.cell(Column::Tags).split(',').map(str::trim).filter(|it| !it.is_empty());
    let tags: Vec<&str> = texts.filter(|it| seen.insert(*it)).collect();
    if Product::TAGS_MAX < tags.len() {
        row.refuse(Column::Tags, format!("a product has at most {} tags", Product::TAGS_MAX));
    }
    tags.into_iter().filter(|it| row.check_text(Column::Tags, it)).map(str::to_owned).collect()
}

fn read_option_names(row: &mut Row<'_>) -> [Option<String>; 3] {
    if has_no_options(row) {
        return [None, None, None];
    }
    let mut seen = BTreeSet::new();
    OPTIONS.map(|(column, _)| {
        let name = row.text(column)?;
        if !seen.insert(name.clone()) {
            row.refuse(column, format!("there are two options `{}`", shortened(&name)));
        }
        Some(name)
    })
}
