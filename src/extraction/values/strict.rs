//! The canonical form of a clean text, as a person types it or as the lenient readers leave it.

use super::name;
use crate::domain::codes::{
    BirthDate, DateOrder, DirectAddress, FaxNumber, Icd10, Malformed, Npi, PhoneNumber, PostalCode, ProcedureCode,
    UsState, parse_date,
};
use crate::domain::fields::FieldContent;
use crate::extraction::catalogue::ValueType;
use crate::extraction::vocabulary::Vocabularies;
use chrono::{Datelike, NaiveDate};

/// `today` bounds birth dates and tells the century of two-digit years; without it, years need four digits.
pub(in crate::extraction) fn canonical(
    kind: ValueType,
    text: &str,
    vocabularies: &Vocabularies,
    today: Option<NaiveDate>,
) -> Result<FieldContent, Malformed> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Malformed {
            problem: "empty",
            detail: "no text".to_owned(),
        });
    }
    let latest_year = today.map_or(0, |day| day.year());
    let closed = |problem| match vocabularies.whole(kind, text) {
        Some((value, 1.0)) => Ok(value.to_owned()),
        _ => Err(Malformed {
            problem,
            detail: "not one of the known values".to_owned(),
        }),
    };
    let value = match kind {
        ValueType::PersonName => full_name(text)?,
        ValueType::BirthDate => match today {
            Some(day) => BirthDate::parse(text, DateOrder::MonthFirst, day)?.date().to_string(),
            None => parse_date(text, DateOrder::MonthFirst, latest_year)?.to_string(),
        },
        ValueType::Date => parse_date(text, DateOrder::MonthFirst, latest_year)?.to_string(),
        ValueType::Phone => PhoneNumber::parse(text)?.into(),
        ValueType::Fax => FaxNumber::parse(text)?.into(),
        ValueType::Email | ValueType::DirectAddress => DirectAddress::parse(text)?.into(),
        ValueType::State => UsState::parse(text)?.into(),
        ValueType::PostalCode => PostalCode::parse(text)?.into(),
        ValueType::Npi => Npi::parse(text)?.into(),
        ValueType::Sex => closed("not_a_sex")?,
        ValueType::Urgency => closed("not_an_urgency")?,
        ValueType::Service => closed("not_a_service")?,
        // These lists are open: what is not in them stands as it is.
        ValueType::Specialty | ValueType::Language => closed("").unwrap_or_else(|_| text.to_owned()),
        ValueType::Diagnoses => return codes(text, |code| Ok(Icd10::parse(code)?.into())),
        ValueType::Procedures => return codes(text, |code| Ok(ProcedureCode::parse(code)?.into())),
        ValueType::Identifier | ValueType::Authorization => identifier(text)?,
        ValueType::Address
        | ValueType::NamePart
        | ValueType::CityStateZip
        | ValueType::City
        | ValueType::Organization
        | ValueType::Text => text.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    Ok(FieldContent::Text(value))
}

fn full_name(text: &str) -> Result<String, Malformed> {
    let malformed = |detail: &str| Malformed {
        problem: "not_a_name",
        detail: detail.to_owned(),
    };
    if text.chars().any(|c| c.is_ascii_digit()) {
        return Err(malformed("digits in the name"));
    }
    name::full_name(text).ok_or_else(|| malformed("needs a given and a family name"))
}

fn identifier(text: &str) -> Result<String, Malformed> {
    let malformed = |detail: &str| Malformed {
        problem: "not_an_identifier",
        detail: detail.to_owned(),
    };
    if text.chars().count() > 40 {
        return Err(malformed("longer than 40 characters"));
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(malformed("neither letters nor digits"));
    }
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn codes(text: &str, parse: impl Fn(&str) -> Result<String, Malformed>) -> Result<FieldContent, Malformed> {
    let mut list: Vec<String> = Vec::new();
    for code in text
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|code| !code.is_empty())
    {
        let code = parse(code)?;
        if !list.contains(&code) {
            list.push(code);
        }
    }
    Ok(FieldContent::List(list))
}
