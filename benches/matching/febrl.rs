//! The people of the FEBRL data sets: made up, with errors put in on purpose, and the truth in `rec_id`.

use anyhow::Context;
use chrono::NaiveDate;
use referloop::domain::matching::{Address, Name, Person};
use std::path::Path;

pub struct Record {
    /// Records with the same number are one person's.
    pub truth: u32,
    pub person: Person,
}

/// Everything but `soc_sec_id`: a fax seldom carries one, and it would decide nearly every pair alone.
pub fn load(file: &Path) -> anyhow::Result<Vec<Record>> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::Headers)
        .from_path(file)
        .with_context(|| format!("{}: run `infra/setup bench`, which brings it", file.display()))?;
    let columns = [
        "rec_id",
        "given_name",
        "surname",
        "street_number",
        "address_1",
        "address_2",
        "suburb",
        "state",
        "postcode",
        "date_of_birth",
    ];
    let headers = reader.headers()?.clone();
    let place = |name: &str| headers.iter().position(|header| header == name);
    let places: Vec<usize> = columns
        .iter()
        .map(|name| place(name).with_context(|| format!("{}: no column `{name}`", file.display())))
        .collect::<anyhow::Result<_>>()?;
    let mut records = Vec::new();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row)? {
        let cell = |at: usize| row.get(places[at]).unwrap_or_default().trim_ascii();
        records.push(Record {
            truth: truth(cell(0)).with_context(|| format!("{}: `rec_id` names nobody", file.display()))?,
            person: Person {
                name: Name::of(cell(1), "", cell(2)),
                address: Address::of(cell(3), cell(4), cell(5), cell(6), cell(7), cell(8)),
                // Some are no dates any more: "19551192".
                birth_date: date(cell(9)),
                ..Person::default()
            },
        });
    }
    Ok(records)
}

/// "rec-1496-dup-2" is a description of person 1496.
fn truth(rec_id: &str) -> Option<u32> {
    rec_id.split('-').nth(1)?.parse().ok()
}

fn date(text: &str) -> Option<NaiveDate> {
    let number: u32 = text.parse().ok()?;
    let year = i32::try_from(number / 10_000).ok()?;
    NaiveDate::from_ymd_opt(year, number / 100 % 100, number % 100)
}
