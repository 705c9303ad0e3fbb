//! Whole files: how they are written, and what no file may be.

use super::*;

fn error(text: &[u8]) -> ImportFileError {
    read_shopify(text, &settings()).unwrap_err()
}

#[test]
fn what_is_no_product_file_is_refused() {
    assert_eq!(error(b""), ImportFileError::HeaderMissing);
    assert_eq!(error(b"\xef\xbb\xbf\r\n , \r\n"), ImportFileError::HeaderMissing);
    assert_eq!(
        error(b"Handle,Title,Variant Price\nmug,Mug,9\nbox,B\xe9b\xe9,9\n"),
        ImportFileError::NotUtf8 { line: 3 }
    );
    assert_eq!(error(b"Title,Variant Price\n"), ImportFileError::ColumnMissing { column: "Handle" });
    assert_eq!(error(b"Handle,Variant Price\n"), ImportFileError::ColumnMissing { column: "Title" });
    assert_eq!(error(b"Handle,Title\n"), ImportFileError::ColumnMissing { column: "Variant Price" });
    let text = b"Handle,Title,Variant Price\r\nmug,Mug,9\r\nbox,\"Box,9\r\npot,Pot,8\r\n";
    assert_eq!(error(text), ImportFileError::UnbalancedQuotes { line: 3 });
}

#[test]
fn a_file_has_a_bounded_number_of_rows() {
    let mut text = "Handle,Title,Variant Price\n".to_owned() + &"a\n".repeat(200_000);
    assert_eq!(read_text(&text).row_count, 200_000);
    text += "a\n";
    assert_eq!(error(text.as_bytes()), ImportFileError::TooManyRows { max: 200_000 });
}

#[test]
fn byte_order_mark_crlf_and_empty_lines_change_nothing_but_lines() {
    let plain = sheet(&[SHIRT, SHIRT_M, MUG]);
    let file = read_text(&plain);
    let other = read_text(&format!("\u{feff}{}\r\n\r\n,,\r\n  \r\n", plain.replace('\n', "\r\n")));
    assert_eq!(other, file);
}

#[test]
fn lines_stay_physical_after_quoted_line_breaks() {
    let text = "Handle,Title,\"Body\n(HTML)\",Variant Price\r\n\
                mug,Mug,\"<p>\r\n\r\nTea</p>\",9\r\n\r\nbox,Box,\"a\nb\",?\r\npot,Pot,,8\r\n";
    let file = read_text(text);
    let lines: Vec<&[u64]> = file.products.iter().map(|it| it.lines.as_slice()).collect();
    assert_eq!(lines, [[3, 3], [9, 9]]);
    assert_eq!(places(&file), [(7, "Variant Price")]);
}

#[test]
fn the_order_of_columns_and_unknown_ones_do_not_matter() {
    let file = read_text("Cost per item,Variant Price,Title,Google Shopping / MPN,Handle\n3,9.90,Mug,x,mug\n");
    assert_eq!(file.products[0].draft, one(&[MUG]));
    assert_eq!(file.issues, []);
}

#[test]
fn a_column_that_is_there_twice_is_read_once_and_reported() {
    let file = read_text("Handle,Title,Variant Price,Note,Note,variant price\nmug,Mug,9.90,a,b,8\n");
    assert_eq!(places(&file), [(1, "variant price")]);
    assert_eq!(file.products[0].draft, one(&[MUG]));
}

/// The names of Shopify's newer template: <https://help.shopify.com/en/manual/products/import-export/using-csv>.
#[test]
fn the_newer_names_of_columns_are_read() {
    let text = "Title,URL handle,Description,Vendor,Published on online store,Status,SKU,Barcode,Option1 name,Option1 value,\
                Price,Compare-at price,Inventory tracker,Inventory quantity,Continue selling when out of stock,\
                Weight value (grams),Requires shipping,Product image URL,Image position,Image alt text,Variant image URL\n\
                Mug,mug,<p>Tea</p>,Atelier,TRUE,Active,M-1,123,Size,Big,9.90,12,shopify,4,TRUE,300,TRUE,/a.jpg,1,Mug,/a.jpg\n";
    let older = [
        ("Body (HTML)", "<p>Tea</p>"),
        ("Vendor", "Atelier"),
        ("Status", "active"),
        ("Variant SKU", "M-1"),
        ("Variant Barcode", "123"),
        ("Option1 Name", "Size"),
        ("Option1 Value", "Big"),
        ("Variant Compare At Price", "12"),
        ("Variant Inventory Tracker", "shopify"),
        ("Variant Inventory Qty", "4"),
        ("Variant Inventory Policy", "continue"),
        ("Variant Grams", "300"),
        ("Variant Requires Shipping", "true"),
        ("Image Src", "/a.jpg"),
        ("Image Position", "1"),
        ("Image Alt Text", "Mug"),
        ("Variant Image", "/a.jpg"),
    ];
    assert_eq!(read_text(text).products[0].draft, one(&[&with(MUG, &older)]));
    assert_eq!(places(&read_text(&text.replace("9.90", "?"))), [(2, "Price")]);
}

/// The shapes of Shopify's three sample catalogs, with other products: quantities without a tracker, options named once,
/// picture rows, pictures without a position, variants that show each other's pictures.
#[test]
fn sample_catalogs_are_read_without_an_issue() {
    let header = "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
                  Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,\
                  Variant Inventory Policy,Variant Fulfillment Service,Variant Price,Variant Compare At Price,\
                  Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,\
                  Gift Card,SEO Title,Variant Image,Variant Weight Unit,Variant Tax Code\n";
    let rows = "plain-cap,Plain Cap,\"Cap, knitted. \",house,,men,true,Title,Default Title,,,,,,0,,1,deny,manual,50,,true,true,,https://p.example/cap.jpg,1,,false,,,kg,\n\
                wool-top,Wool Top,Warm,house,,women,true,Size,Small,,,,,,0,,1,deny,manual,60,,true,true,,https://p.example/top.jpg,1,,false,,,kg,\n\
                wool-top,,,,,,,,Medium,,,,,,0,,1,deny,manual,60,,true,true,,,,,,,,kg,\n\
                deep-chair,Deep Chair,<p>Soft</p>,Oak,Indoor,\"Chair, Wood\",true,Title,Default Title,,,,,,0,shopify,0,deny,manual,750,,true,true,,https://p.example/chair.jpg,,,false,,,kg,\n\
                cord,Cord,Two colours,Sea,Bracelet,Beads,true,Color,Blue,,,,,,28,,1,deny,manual,42.99,44.99,true,true,,https://p.example/1.jpg,1,,false,,https://p.example/2.jpg,oz,\n\
                cord,,,,,,,,Black,,,,,,0,,0,deny,manual,42.99,44.99,true,true,,https://p.example/2.jpg,2,,,,https://p.example/1.jpg,kg,\n\
                cord,,,,,,,,,,,,,,,,,,,,,,,,https://p.example/3.jpg,3,,,,,,\n";
    let file = read_text(&(header.to_owned() + rows));
    assert_eq!(file.issues, []);
    let counts: Vec<(usize, usize)> =
        file.products.iter().map(|it| (it.draft.variants.len(), it.draft.media.as_ref().unwrap().len())).collect();
    assert_eq!(counts, [(1, 1), (2, 1), (1, 1), (2, 3)]);
    let shown: Vec<Option<u32>> = file.products[3].draft.variants.iter().map(|it| it.media_index).collect();
    assert_eq!(shown, [Some(1), Some(0)]);
    let counted: Vec<i32> =
        file.products.iter().flat_map(|it| &it.draft.variants).map(|it| it.on_hand[0].quantity).collect();
    assert_eq!(counted, [1, 1, 1, 0, 1, 0]);
}
