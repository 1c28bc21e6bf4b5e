//! Whether everything in a message is about one patient. One is what Direct expects; where it is not so, nobody but a person can say
//! which file is whose.

use super::Clinical;
use chrono::NaiveDate;

/// What tells patients apart. Numbers don't: two systems number one patient twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The first one, in lower case, letters alone; may be empty.
    given: String,
    family: String,
    born: Option<NaiveDate>,
}

impl Known {
    pub fn new(given: &str, family: &str, born: Option<NaiveDate>) -> Self {
        let letters = |text: &str| {
            let letters = text.chars().filter(|c| c.is_alphabetic());
            letters.flat_map(char::to_lowercase).collect::<String>()
        };
        Self {
            given: letters(given.split_whitespace().next().unwrap_or_default()),
            family: letters(family),
            born,
        }
    }

    /// By a name as people write it, the family's last.
    pub fn named(name: &str, born: Option<NaiveDate>) -> Self {
        let name = name.split(',').next().unwrap_or_default().trim();
        let (given, family) = name.rsplit_once(' ').unwrap_or(("", name));
        Self::new(given, family, born)
    }

    /// Another birthday is another patient, and so is another first name: twins. Another family name may be a marriage.
    pub fn is_another_than(&self, other: &Self) -> bool {
        let differs = |mine: &str, theirs: &str| !mine.is_empty() && !theirs.is_empty() && mine != theirs;
        // "Rob" may be Robert.
        let is_short = self.given.starts_with(&other.given) || other.given.starts_with(&self.given);
        let given = differs(&self.given, &other.given) && !is_short;
        match (self.born, other.born) {
            (Some(mine), Some(theirs)) => mine != theirs || given,
            _ => given || differs(&self.family, &other.family),
        }
    }
}

impl Clinical {
    /// All that its messages and documents name.
    pub fn patients(&self) -> Vec<Known> {
        let of_messages = self.messages.iter().flat_map(|message| &message.value.patients);
        let of_messages = of_messages.map(|patient| {
            let name = patient.name.as_ref();
            let (given, family) = name.map_or(("", ""), |name| (name.given.as_str(), name.family.as_str()));
            Known::new(given, family, patient.birth_date)
        });
        let of_documents = self.documents.iter().flat_map(|document| &document.value.patients);
        let of_documents = of_documents.map(|patient| {
            let born = patient.birth_date.as_ref().map(|date| date.value);
            match patient.name.as_ref().map(|name| &name.value) {
                Some(name) if !name.family.is_empty() => Known::new(&name.given.join(" "), &name.family, born),
                Some(name) => Known::named(&name.text(), born),
                None => Known::new("", "", born),
            }
        });
        of_messages.chain(of_documents).collect()
    }

    /// Whether the list of a package names several patients, and nothing in it says that they are one.
    pub fn is_list_of_several(&self) -> bool {
        self.list_names_several && !self.has_data()
    }
}

/// Whether they are more than one.
pub fn are_several(known: &[Known]) -> bool {
    known
        .iter()
        .enumerate()
        .any(|(at, one)| known[..at].iter().any(|other| one.is_another_than(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_and_first_names_tell_patients_apart() {
        let day = |day| NaiveDate::from_ymd_opt(1961, 4, day);
        let one = Known::new("Rosa M", "Example", day(9));
        assert!(!one.is_another_than(&Known::new("ROSA", "EXAMPLE", day(9))));
        assert!(
            !one.is_another_than(&Known::named("Rosa Sample", day(9))),
            "married since"
        );
        assert!(one.is_another_than(&Known::named("Rosa Example", day(10))));
        assert!(one.is_another_than(&Known::named("Ana Example", day(9))), "twins");
        assert!(one.is_another_than(&Known::named("Rosa Sample", None)));
        assert!(!one.is_another_than(&Known::new("", "", None)));
        assert!(are_several(&[
            one.clone(),
            Known::new("", "", None),
            Known::named("Rosa Example", day(1))
        ]));
        assert!(!are_several(&[one]));
    }
}
