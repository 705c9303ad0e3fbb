//! Reads rates of tax from a file.
//!
//! A line is `country,region,category,rate,from,until,source`; region, from and until may be empty. Lines that begin with
//! `#` and the line of the column names are left out. No cell has a comma in it.

use super::{TaxRate, TaxZone};

/// The line of the column names.
const HEADER: &str = "country,region,category,rate,from,until,source";

/// A line that is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {column}: {reason}")]
pub struct RateFileError {
    /// Which line, from 1.
    pub line: usize,
    /// Which column.
    pub column: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

/// Reads all rates of a file, or none.
///
/// # Errors
/// [`RateFileError`] for the first line that is not a rate.
pub fn read_tax_rates(text: &str) -> Result<Vec<TaxRate>, RateFileError> {
    let lines = (1..).zip(text.lines().map(str::trim));
    let rates = lines.filter(|(_, it)| !it.is_empty() && !it.starts_with('#') && *it != HEADER);
    rates.map(|(line, text)| read_line(line, text)).collect()
}

fn read_line(line: usize, text: &str) -> Result<TaxRate, RateFileError> {
    let error = |column, reason: String| RateFileError { line, column, reason };
    let cells: Vec<&str> = text.split(',').collect();
    let &[country, region, category, rate, from, until, source] = cells.as_slice() else {
        return Err(error("line", format!("has {} cells, not 7", cells.len())));
    };
    let date = |column, text: &str| {
        let date = (!text.is_empty()).then(|| text.parse()).transpose();
        date.map_err(|_| error(column, format!("`{text}` is not a date such as 2026-01-01")))
    };
    let rate = TaxRate {
        zone: TaxZone {
            country: country.parse().map_err(|it| error("country", format!("{it}")))?,
            region: (!region.is_empty()).then(|| region.to_owned()),
        },
        category: category.parse().map_err(|it| error("category", format!("{it}")))?,
        rate: rate.parse().map_err(|it| error("rate", format!("{it}")))?,
        from: date("from", from)?,
        until: date("until", until)?,
        source: source.to_owned(),
    };
    match (rate.from, rate.until) {
        (Some(from), Some(until)) if until <= from => Err(error("until", "it would end before it begins".to_owned())),
        _ => Ok(rate),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_rate_is_named() {
        let good = "FR,Corse,standard,20,2026-01-01,,a law";
        assert_eq!(read_tax_rates(&format!("# rates\n{HEADER}\n\n{good}\n")).unwrap().len(), 1);
        for (bad, column) in [
            ("XX,,standard,20,,,x", "country"),
            ("FR,,Standard,20,,,x", "category"),
            ("FR,,standard,-1,,,x", "rate"),
            ("FR,,standard,20 %,,,x", "rate"),
            ("FR,,standard,20,1 May,,x", "from"),
            ("FR,,standard,20,,2026-13-01,x", "until"),
            ("FR,,standard,20,2026-01-01,2026-01-01,x", "until"),
            ("FR,standard,20", "line"),
        ] {
            let error = read_tax_rates(&format!("{good}\n{bad}")).unwrap_err();
            assert_eq!((error.line, error.column), (2, column), "{bad}");
        }
    }
}
