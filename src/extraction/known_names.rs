//! Names that many people have: `rules/codes/names.txt.gz`. A name that stands there was hardly misread; one that does not may be
//! rare or misread, so that it only lacks what would speak for it.

use super::packed_lines::PackedLines;
use super::rules::Embedded;
use std::sync::LazyLock;

static NAMES: LazyLock<PackedLines> = LazyLock::new(|| {
    let packed = Embedded::get("codes/names.txt.gz").expect("the list is embedded");
    PackedLines::unpack(&packed.data).expect("the embedded list is tested")
});

/// The share of the words of a person's name that stand in the list, 0 to 1. Initials and words of two letters say nothing.
pub(super) fn share_known(name: &str) -> f64 {
    let plain = |word: &str| -> String {
        let letters = word.chars().filter(|c| c.is_alphabetic());
        letters.flat_map(char::to_uppercase).map(without_accent).collect()
    };
    let words: Vec<String> = name
        .split([' ', '-'])
        .map(plain)
        .filter(|word| word.chars().count() > 2)
        .collect();
    if words.is_empty() {
        return 0.0;
    }
    let known = words.iter().filter(|word| is_known(word)).count();
    known as f64 / words.len() as f64
}

fn without_accent(c: char) -> char {
    match c {
        'Á' | 'À' | 'Â' | 'Ä' | 'Ã' | 'Å' => 'A',
        'É' | 'È' | 'Ê' | 'Ë' => 'E',
        'Í' | 'Ì' | 'Î' | 'Ï' => 'I',
        'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' | 'Ø' => 'O',
        'Ú' | 'Ù' | 'Û' | 'Ü' => 'U',
        'Ñ' => 'N',
        'Ç' => 'C',
        other => other,
    }
}

fn is_known(name: &str) -> bool {
    NAMES.find(|line| line.cmp(name)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_people_are_known_and_misread_ones_are_not() {
        for known in ["Maria De La Cruz", "Sang-Ho O'Brien", "Beatriz H Baker", "José Nuñez"] {
            assert!(share_known(known) > 0.6, "{known}: {}", share_known(known));
        }
        assert!((share_known("Juliana M Birnbaum") - 1.0).abs() < 1e-9);
        assert!((share_known("Juliana M Bimbaurn") - 0.5).abs() < 1e-9);
        assert!(share_known("J. B.").abs() < 1e-9);
    }

    #[test]
    fn every_line_is_found() {
        for name in NAMES.lines().step_by(97) {
            assert!(is_known(name), "{name}");
        }
        assert!(!is_known("QXZW"));
    }
}
