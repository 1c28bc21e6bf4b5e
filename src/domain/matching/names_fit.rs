//! How two names fit.

use super::criterion::Level;
use super::name::{Name, is_particle};
use super::nicknames;
use super::spelling::{is_same, likeness};

/// Levels of given, middle and family name.
pub fn levels(one: &Name, other: &Name) -> (Level, Level, Level) {
    let (given, family) = (given(one, other), family(one, other));
    if is_weak(given) && is_weak(family) && are_swapped(one, other) {
        return (Level::Swapped, Level::Missing, Level::Swapped);
    }
    (given, middle(one, other), family)
}

/// Whether another reading of the two names may be better.
fn is_weak(level: Level) -> bool {
    matches!(level, Level::Missing | Level::Similar | Level::Different)
}

fn given(one: &Name, other: &Name) -> Level {
    let (Some(first), Some(second)) = (&one.given, &other.given) else {
        return Level::Missing;
    };
    // "Baby Boy" is nobody's name.
    if one.is_newborn() || other.is_newborn() {
        return Level::Missing;
    }
    if is_same(first, second) {
        return Level::Exact;
    }
    if nicknames::may_be_one(first, second) {
        return Level::Nickname;
    }
    if first.len() == 1 || second.len() == 1 {
        return if first.chars().next() == second.chars().next() {
            Level::Initial
        } else {
            Level::Different
        };
    }
    if is_middle_of(first, other) || is_middle_of(second, one) {
        return Level::MiddleName;
    }
    alike(first, second)
}

fn is_middle_of(given: &str, other: &Name) -> bool {
    let middle = other.middle.as_deref().unwrap_or_default();
    middle.split(' ').any(|word| word == given)
}

fn middle(one: &Name, other: &Name) -> Level {
    let (Some(first), Some(second)) = (&one.middle, &other.middle) else {
        return Level::Missing;
    };
    if is_same(first, second) {
        return if first.chars().count() == 1 {
            Level::Initial
        } else {
            Level::Exact
        };
    }
    if first.chars().next() != second.chars().next() {
        return Level::Different;
    }
    let is_initial = |text: &str| text.chars().count() == 1;
    if is_initial(first) || is_initial(second) {
        return Level::Initial;
    }
    alike(first, second)
}

fn family(one: &Name, other: &Name) -> Level {
    let (Some(first), Some(second)) = (&one.family, &other.family) else {
        return Level::Missing;
    };
    if is_same(first, second) {
        return Level::Exact;
    }
    if share_a_part(one, other) {
        return Level::OnePart;
    }
    alike(first, second)
}

/// "Garcia Lopez" and "Garcia"; also where the first part was read as a middle name: "Ana Garcia Lopez".
fn share_a_part(one: &Name, other: &Name) -> bool {
    let has_more = |name: &Name| parts(name).nth(1).is_some() || maiden(name).is_some();
    (has_more(one) || has_more(other))
        && parts(one)
            .chain(maiden(one))
            .any(|part| parts(other).any(|other| other == part))
        || maiden(other).is_some_and(|maiden| parts(one).any(|part| part == maiden))
}

/// The parts of a family name that are names.
fn parts(name: &Name) -> impl Iterator<Item = &str> {
    let family = name.family.as_deref().unwrap_or_default();
    family.split(' ').filter(|word| word.len() > 1 && !is_particle(word))
}

/// The last middle name, which may be the first part of a family name.
fn maiden(name: &Name) -> Option<&str> {
    let last = name.middle.as_deref()?.rsplit(' ').next()?;
    (last.len() > 2).then_some(last)
}

fn are_swapped(one: &Name, other: &Name) -> bool {
    let cross = |given: &Option<String>, family: &Option<String>| {
        let (given, family) = (given.as_deref()?, family.as_deref()?);
        Some(if is_same(given, family) {
            1.0
        } else {
            likeness(given, family)
        })
    };
    let pair = (cross(&one.given, &other.family), cross(&other.given, &one.family));
    match pair {
        (Some(first), Some(second)) => first.min(second) >= 0.88 && first.max(second) >= 0.92,
        // One name alone, in the wrong place.
        (Some(only), None) | (None, Some(only)) => only >= 0.92,
        (None, None) => false,
    }
}

/// Jaro-Winkler in the steps that splink's models for names use.
pub fn alike(one: &str, other: &str) -> Level {
    match likeness(one, other) {
        at if at >= 0.92 => Level::Almost,
        at if at >= 0.88 => Level::Close,
        at if at >= 0.7 => Level::Similar,
        _ => Level::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, given: Level, family: Level) {
        let (one, other) = (Name::parse(one), Name::parse(other));
        let (there, back) = (levels(&one, &other), levels(&other, &one));
        assert_eq!(there, back, "{one:?} {other:?}");
        assert_eq!((there.0, there.2), (given, family), "{one:?} {other:?}");
    }

    #[test]
    fn names_fit_as_people_write_them() {
        check("Rosalind Marchetti", "MARCHETTI, ROSALIND", Level::Exact, Level::Exact);
        check("Bob Okonjo", "Robert Okonjo", Level::Nickname, Level::Exact);
        check("R Okonjo", "Robert Okonjo", Level::Initial, Level::Exact);
        check("Rosalynd Marcheti", "Rosalind Marchetti", Level::Almost, Level::Almost);
        check("Omar Okonjo", "Okonjo Omar", Level::Swapped, Level::Swapped);
        check("Omar Okonjo", "Hannah Okonjo", Level::Different, Level::Exact);
        check("James Okonjo", "Robert James Okonjo", Level::MiddleName, Level::Exact);
        check("Okonjo", "Omar Okonjo", Level::Missing, Level::Exact);
        check("Baby Boy Okonjo", "Omar Okonjo", Level::Missing, Level::Exact);
    }

    #[test]
    fn family_names_of_two_parts_fit_by_one() {
        check("Ana Garcia-Lopez", "Ana Garcia", Level::Exact, Level::OnePart);
        check("Ana Garcia Lopez", "Ana Garcia", Level::Exact, Level::OnePart);
        check("Ana Garcia Lopez", "Garcia Lopez, Ana", Level::Exact, Level::OnePart);
        check("Ana Garcia", "Ana Lopez", Level::Exact, Level::Different);
        check("Maria de la Cruz", "Maria de la Rosa", Level::Exact, Level::Similar);
        check("Jan Van Dyke", "Jan Vandyke", Level::Exact, Level::Exact);
    }

    #[test]
    fn middle_names_fit_by_their_initial() {
        let middle =
            |one: &str, other: &str| levels(&Name::of("Ana", one, "Okonjo"), &Name::of("Ana", other, "Okonjo")).1;
        assert_eq!(middle("T", "Teresa"), Level::Initial);
        assert_eq!(middle("Teresa", "teresa"), Level::Exact);
        assert_eq!(middle("M", "Teresa"), Level::Different);
        assert_eq!(middle("", "Teresa"), Level::Missing);
    }
}
