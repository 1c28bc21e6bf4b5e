//! How birth dates, addresses, phones and identifiers of two people fit.

use super::address::Address;
use super::criterion::Level;
use super::identifier::{Identifier, IdentifierKind};
use super::names_fit::alike;
use super::spelling::{is_one_off, is_same};
use chrono::{Datelike, NaiveDate};

pub fn birth_date(one: Option<NaiveDate>, other: Option<NaiveDate>) -> Level {
    let (Some(one), Some(other)) = (one, other) else {
        return Level::Missing;
    };
    if one == other {
        return if is_first_of_january(one) {
            Level::FirstOfJanuary
        } else {
            Level::Exact
        };
    }
    // A year is all that is known of one.
    if one.year() == other.year() && (is_first_of_january(one) || is_first_of_january(other)) {
        return Level::SameYear;
    }
    if one.year() == other.year() && (one.day(), one.month()) == (other.month(), other.day()) {
        return Level::Swapped;
    }
    if is_one_off(&digits(one), &digits(other)) {
        return Level::OneOff;
    }
    let is_same_day = (one.day(), one.month()) == (other.day(), other.month());
    if is_same_day || (one - other).num_days().abs() <= 31 {
        return Level::Near;
    }
    if one.year() == other.year() {
        Level::SameYear
    } else {
        Level::Different
    }
}

pub fn is_first_of_january(date: NaiveDate) -> bool {
    date.ordinal() == 1
}

fn digits(date: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

/// One number in common is enough: people have several.
pub fn phones(one: &[String], other: &[String]) -> Level {
    if one.is_empty() || other.is_empty() {
        return Level::Missing;
    }
    let is_shared = one.iter().any(|phone| other.contains(phone));
    if is_shared { Level::Exact } else { Level::Different }
}

/// Of equal words in whatever spelling: a street's name, a city.
pub fn words(one: Option<&str>, other: Option<&str>) -> Level {
    let (Some(one), Some(other)) = (one, other) else {
        return Level::Missing;
    };
    if is_same(one, other) {
        Level::Exact
    } else {
        alike(one, other)
    }
}

/// Levels of street and second line. Those who fill in forms let them change places.
pub fn address_lines(one: &Address, other: &Address) -> (Level, Level) {
    let compared = |one: &Option<String>, other: &Option<String>| words(one.as_deref(), other.as_deref());
    let street = compared(&one.street, &other.street);
    let second_line = compared(&one.second_line, &other.second_line);
    let fits = |level: &Level| matches!(level, Level::Exact | Level::Almost | Level::Close);
    if fits(&street) || fits(&second_line) {
        return (street, second_line);
    }
    let crossed = [
        compared(&one.street, &other.second_line),
        compared(&other.street, &one.second_line),
    ];
    let stands_alone = |level: &Level| fits(level) || *level == Level::Missing;
    if crossed.iter().any(fits) && crossed.iter().all(stands_alone) {
        return (Level::Swapped, Level::Missing);
    }
    (street, second_line)
}

/// Of signs that mean nothing by themselves: a street number, a postal code.
pub fn signs(one: Option<&str>, other: Option<&str>) -> Level {
    let (Some(one), Some(other)) = (one, other) else {
        return Level::Missing;
    };
    if is_same(one, other) {
        Level::Exact
    } else if is_one_off(one, other) {
        Level::OneOff
    } else {
        Level::Different
    }
}

/// The best that any two identifiers of a kind show. Numbers of different institutions say nothing.
pub fn identifiers(one: &[Identifier], other: &[Identifier], kind: IdentifierKind) -> Level {
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| (one, other)));
    let of_kind = pairs.filter(|(one, other)| one.kind == kind && other.kind == kind);
    let levels = of_kind.map(|(one, other)| identifier(one, other));
    levels.min_by_key(|level| rank(*level)).unwrap_or_default()
}

fn identifier(one: &Identifier, other: &Identifier) -> Level {
    if !one.may_be_of_same_authority(other) || one.value.is_empty() || other.value.is_empty() {
        return Level::Missing;
    }
    let is_known = one.is_of_same_authority(other);
    if one.value == other.value {
        return match (&one.dependent, &other.dependent) {
            (Some(first), Some(second)) if first != second => Level::OnePart,
            _ if is_known => Level::Exact,
            _ => Level::UnknownAuthority,
        };
    }
    if !is_known {
        return Level::Missing;
    }
    signs(Some(&one.value), Some(&other.value))
}

/// Which of several findings counts. A number that differs counts only where none fits.
fn rank(level: Level) -> u8 {
    match level {
        Level::Exact => 0,
        Level::UnknownAuthority => 1,
        Level::OnePart => 2,
        Level::OneOff => 3,
        Level::Different => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(one: &str, other: &str) -> Level {
        let parse = |text: &str| text.parse::<NaiveDate>().ok();
        let (there, back) = (
            birth_date(parse(one), parse(other)),
            birth_date(parse(other), parse(one)),
        );
        assert_eq!(there, back);
        there
    }

    #[test]
    fn birth_dates_fit_by_how_they_are_mistaken() {
        assert_eq!(dates("1961-08-14", "1961-08-14"), Level::Exact);
        assert_eq!(dates("1961-01-01", "1961-01-01"), Level::FirstOfJanuary);
        assert_eq!(dates("1961-01-01", "1961-08-14"), Level::SameYear);
        assert_eq!(dates("1961-08-03", "1961-03-08"), Level::Swapped);
        assert_eq!(dates("1961-08-14", "1967-08-14"), Level::OneOff);
        assert_eq!(dates("1961-08-14", "1961-08-41"), Level::Missing);
        assert_eq!(dates("1961-08-14", "1916-08-14"), Level::OneOff);
        assert_eq!(dates("1961-08-14", "1961-09-02"), Level::Near);
        assert_eq!(dates("1961-08-14", "1978-08-14"), Level::Near);
        assert_eq!(dates("1961-08-14", "1961-11-25"), Level::SameYear);
        assert_eq!(dates("1961-08-14", "1984-11-25"), Level::Different);
        assert_eq!(dates("1961-08-14", ""), Level::Missing);
    }

    #[test]
    fn the_lines_of_an_address_change_places() {
        let at = |street: &str, second_line: &str| Address::of("12", street, second_line, "", "", "");
        let lines = |one: &Address, other: &Address| {
            let (there, back) = (address_lines(one, other), address_lines(other, one));
            assert_eq!(there, back);
            there
        };
        let home = at("Main Street", "Rose Vale");
        assert_eq!(
            lines(&home, &at("Rosevale", "Main St")),
            (Level::Swapped, Level::Missing)
        );
        assert_eq!(lines(&home, &at("Rose Vale", "")), (Level::Swapped, Level::Missing));
        assert_eq!(
            lines(&home, &at("Mian Street", "Elm Court")),
            (Level::Almost, Level::Different)
        );
        assert_eq!(lines(&home, &at("", "")), (Level::Missing, Level::Missing));
    }

    #[test]
    fn identifiers_count_by_who_gave_them() {
        let number = |value: &str, authority: &str| vec![Identifier::record_number(value, Some(authority))];
        let level = |one: &[Identifier], other: &[Identifier]| identifiers(one, other, IdentifierKind::RecordNumber);
        assert_eq!(level(&number("482913", "A"), &number("0482913", "a")), Level::Exact);
        assert_eq!(
            level(&number("482913", "A"), &number("482913", "")),
            Level::UnknownAuthority
        );
        assert_eq!(level(&number("482913", "A"), &number("482913", "B")), Level::Missing);
        assert_eq!(level(&number("482913", "A"), &number("482931", "A")), Level::OneOff);
        assert_eq!(level(&number("482913", "A"), &number("771204", "A")), Level::Different);
        assert_eq!(level(&number("482913", "A"), &number("771204", "")), Level::Missing);
        assert_eq!(level(&number("482913", "A"), &[]), Level::Missing);
        let both = [number("1", "A"), number("482913", "B")].concat();
        assert_eq!(
            level(&both, &[number("2", "A"), number("482913", "B")].concat()),
            Level::Exact
        );
    }

    #[test]
    fn a_member_id_is_the_familys() {
        let card = |text: &str| vec![Identifier::member_id(text, Some("Example Health"))];
        let level = |one: &str, other: &str| identifiers(&card(one), &card(other), IdentifierKind::MemberId);
        assert_eq!(level("XQ4471880-01", "XQ4471880-01"), Level::Exact);
        assert_eq!(level("XQ4471880-01", "XQ4471880"), Level::Exact);
        assert_eq!(level("XQ4471880-01", "XQ4471880-02"), Level::OnePart);
    }
}
