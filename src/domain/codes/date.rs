//! Dates as people write them on referrals.

use super::Malformed;
use chrono::{Datelike, NaiveDate};

/// What the first of two plain numbers means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    #[default]
    MonthFirst,
    DayFirst,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads `3/14/1962`, `3-14-62`, `1962-03-14`, `19620314`, `March 14, 1962`, `14 Mar 1962`, `14-MAR-1962`.
///
/// A two-digit year is the latest one that is not after `latest_year`.
pub fn parse_date(text: &str, order: DateOrder, latest_year: i32) -> Result<NaiveDate, Malformed> {
    let malformed = |detail: &str| Malformed::new("not_a_date", detail);
    let parts = parts(text);
    let date = match parts.as_slice() {
        [Part::Number(8, number)] => from_numbers(number / 10_000, number / 100 % 100, number % 100),
        [Part::Number(4, year), Part::Number(_, month), Part::Number(_, day)] => from_numbers(*year, *month, *day),
        [
            Part::Number(1..=2, a),
            Part::Number(1..=2, b),
            Part::Number(width, year),
        ] => {
            let year = full_year(*width, *year, latest_year).ok_or_else(|| malformed("no such year"))?;
            match order {
                DateOrder::MonthFirst => from_numbers(year, *a, *b),
                DateOrder::DayFirst => from_numbers(year, *b, *a),
            }
        }
        [Part::Month(month), Part::Number(1..=2, day), Part::Number(width, year)]
        | [Part::Number(1..=2, day), Part::Month(month), Part::Number(width, year)] => {
            let year = full_year(*width, *year, latest_year).ok_or_else(|| malformed("no such year"))?;
            from_numbers(year, *month, *day)
        }
        [] => return Err(malformed("no numbers")),
        _ => return Err(malformed("not in the form of a date")),
    };
    date.filter(|date| (1850..=2199).contains(&date.year()))
        .ok_or_else(|| malformed("no such day"))
}

enum Part {
    /// How many digits, and the number.
    Number(usize, u32),
    Month(u32),
    Word,
}

fn parts(text: &str) -> Vec<Part> {
    let lower = text.trim().to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .filter_map(|part| {
            let number = part.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
            if let Ok(value) = number.parse::<u32>() {
                return Some(Part::Number(number.len(), value));
            }
            let month = MONTHS
                .iter()
                .position(|month| part.starts_with(month) && is_month(part));
            match month {
                Some(at) => Some(Part::Month(at as u32 + 1)),
                None if WEEKDAYS.iter().any(|day| part.starts_with(day)) || part == "of" => None,
                None => Some(Part::Word),
            }
        })
        .collect()
}

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn is_month(word: &str) -> bool {
    const FULL: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    word.len() == 3 || word == "sept" || FULL.contains(&word)
}

fn full_year(width: usize, year: u32, latest_year: i32) -> Option<u32> {
    let latest = u32::try_from(latest_year).ok()?;
    match width {
        4 => Some(year),
        2 => {
            let this_century = latest / 100 * 100 + year;
            if this_century > latest {
                this_century.checked_sub(100)
            } else {
                Some(this_century)
            }
        }
        _ => None,
    }
}

fn from_numbers(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The day of a patient's birth: not after the day it was written down, and at most 120 years before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BirthDate(NaiveDate);

impl BirthDate {
    /// `latest` is a day on which the patient was surely alive: today, or the referral's date.
    pub fn parse(text: &str, order: DateOrder, latest: NaiveDate) -> Result<Self, Malformed> {
        Self::new(parse_date(text, order, latest.year())?, latest)
    }

    pub fn new(date: NaiveDate, latest: NaiveDate) -> Result<Self, Malformed> {
        if date > latest {
            return Err(Malformed::new("birth_date_in_future", "after the day of the referral"));
        }
        if latest.year() - date.year() > 120 {
            return Err(Malformed::new(
                "birth_date_too_old",
                "more than 120 years before the referral",
            ));
        }
        Ok(Self(date))
    }

    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// Whole years on a day.
    pub fn age_on(self, day: NaiveDate) -> i32 {
        let before_birthday = (day.month(), day.day()) < (self.0.month(), self.0.day());
        day.year() - self.0.year() - i32::from(before_birthday)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Option<&str>) {
        let got = parse_date(input, DateOrder::MonthFirst, 2026)
            .ok()
            .map(|date| date.to_string());
        assert_eq!(got.as_deref(), expect, "{input}");
    }

    #[test]
    fn reads_the_usual_forms() {
        check("3/14/1962", Some("1962-03-14"));
        check("03-14-62", Some("1962-03-14"));
        check("3.14.62", Some("1962-03-14"));
        check("1962-03-14", Some("1962-03-14"));
        check("19620314", Some("1962-03-14"));
        check("March 14, 1962", Some("1962-03-14"));
        check("Wednesday, Mar. 14th 1962", Some("1962-03-14"));
        check("14 Mar 1962", Some("1962-03-14"));
        check("14-MAR-1962", Some("1962-03-14"));
        check("Sept 1, 2025", Some("2025-09-01"));
        check("2/30/1962", None);
        check("14/03/1962", None);
        check("3/14", None);
        check("Marcia 14 1962", None);
        check("3/14/1062", None);
        check("", None);
    }

    #[test]
    fn two_digit_years_are_never_in_the_future() {
        check("1/2/26", Some("2026-01-02"));
        check("1/2/27", Some("1927-01-02"));
    }

    #[test]
    fn day_first_where_the_form_says_so() {
        let date = parse_date("14/03/1962", DateOrder::DayFirst, 2026).unwrap();
        assert_eq!(date.to_string(), "1962-03-14");
    }

    #[test]
    fn a_birth_date_lies_within_a_lifetime() {
        let day = NaiveDate::from_ymd_opt(2026, 5, 1).unwrap();
        let problem = |text| BirthDate::parse(text, DateOrder::MonthFirst, day).map_err(|e| e.problem);
        assert_eq!(problem("5/2/2026"), Err("birth_date_in_future"));
        assert_eq!(problem("5/2/1900"), Err("birth_date_too_old"));
        assert_eq!(problem("5/2/1980").map(|birth| birth.age_on(day)), Ok(45));
    }
}
