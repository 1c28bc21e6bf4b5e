//! Names of practices and of people, as far as two of them may mean the same.

/// What a practice is in law, and articles.
const LEGAL_FORMS: [&str; 8] = ["llc", "pllc", "pc", "pa", "inc", "llp", "ltd", "the"];
/// What stands before and behind the names of people.
const TITLES: [&str; 16] = [
    "dr", "md", "do", "np", "pa", "pac", "rn", "fnp", "aprn", "dnp", "phd", "dpm", "mr", "mrs", "ms", "facc",
];
/// How alike family names are that may be one; two that are spelt differently on purpose are less alike.
const FAMILY_MIN: f64 = 0.92;
const GIVEN_MIN: f64 = 0.85;

/// A practice's name by its words: case, punctuation and what it is in law ("PLLC") make no difference.
pub fn practice_words(name: &str) -> Vec<String> {
    let text = name.to_lowercase().replace('&', " and ");
    words(&text, &LEGAL_FORMS)
}

pub fn same_practice(one: &str, other: &str) -> bool {
    practice_words(one) == practice_words(other)
}

/// A person's given and family name in small letters, without titles: of "Adeyemi, Helen MD" the same as of "Helen T. Adeyemi".
fn person(name: &str) -> Option<(String, String)> {
    let text = name.to_lowercase().replace(['.', '\''], "");
    let turned = match text.split_once(',') {
        Some((family, given)) if !words(given, &TITLES).is_empty() => format!("{given} {family}"),
        _ => text,
    };
    let mut words = words(&turned, &TITLES);
    let family = words.pop()?;
    Some((words.into_iter().next().unwrap_or_default(), family))
}

/// The first letter of the family name: those of similar names have the same.
pub fn first_letter(name: &str) -> Option<char> {
    person(name)?.1.chars().next()
}

/// Whether two people's names may be one person's, an initial for a given name included.
pub fn similar(one: &str, other: &str) -> bool {
    let (Some((given, family)), Some((other_given, other_family))) = (person(one), person(other)) else {
        return false;
    };
    let initial = |long: &str, short: &str| short.chars().count() <= 1 && long.starts_with(short);
    strsim::jaro_winkler(&family, &other_family) >= FAMILY_MIN
        && (initial(&given, &other_given)
            || initial(&other_given, &given)
            || strsim::jaro_winkler(&given, &other_given) >= GIVEN_MIN)
}

fn words(text: &str, without: &[&str]) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !without.contains(word))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_practice_is_the_same_by_its_words() {
        assert!(same_practice(
            "Northside Family Medicine, PLLC",
            "NORTHSIDE FAMILY MEDICINE"
        ));
        assert!(same_practice("Lee & Ortiz", "Lee and Ortiz"));
        assert!(!same_practice("Northside Family Medicine", "Northside Family Dental"));
    }

    #[test]
    fn a_person_is_similar_by_family_and_given_name() {
        for other in [
            "Dr. Helen Adeyemi",
            "ADEYEMI, HELEN MD",
            "H. Adeyemi",
            "Helen T Adeyemi, DO",
            "Helen Adeyemy",
        ] {
            assert!(similar("Helen Adeyemi", other), "{other}");
        }
        for other in ["Omar Adeyemi", "Helen Okonjo", "", "MD"] {
            assert!(!similar("Helen Adeyemi", other), "{other}");
        }
        assert_eq!(first_letter("Adeyemi, Helen MD"), Some('a'));
    }
}
