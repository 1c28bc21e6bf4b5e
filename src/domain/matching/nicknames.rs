//! What people are called beside the name that they were given.

use std::collections::HashMap;
use std::sync::LazyLock;

static NAMES: LazyLock<HashMap<&'static str, Vec<u16>>> = LazyLock::new(|| {
    let mut names: HashMap<&str, Vec<u16>> = HashMap::new();
    let lines = include_str!("nicknames.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    for (number, line) in (0..).zip(lines) {
        for name in line.split(' ') {
            names.entry(name).or_default().push(number);
        }
    }
    names
});

/// Whether one person may bear both: "ROBERT" and "BOB", "BOB" and "ROB".
pub fn may_be_one(one: &str, other: &str) -> bool {
    let (Some(one), Some(other)) = (NAMES.get(one), NAMES.get(other)) else {
        return false;
    };
    one.iter().any(|line| other.contains(line))
}

/// Whether it is a given name that the table knows, and so no slip of another.
pub fn is_known(name: &str) -> bool {
    NAMES.contains_key(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nicknames_belong_to_a_name() {
        for (one, other) in [
            ("ROBERT", "BOB"),
            ("BOB", "ROB"),
            ("PEGGY", "MARGARET"),
            ("BILL", "WILLIAM"),
            ("LUPE", "GUADALUPE"),
        ] {
            assert!(may_be_one(one, other) && may_be_one(other, one), "{one} {other}");
        }
        assert!(!may_be_one("ROBERT", "WILLIAM") && !may_be_one("QXZ", "QXZ"));
    }

    #[test]
    fn the_table_holds_plain_capitals() {
        assert!(NAMES.len() > 1_000, "{}", NAMES.len());
        for name in NAMES.keys() {
            assert!(
                name.len() > 1 && name.bytes().all(|b| b.is_ascii_uppercase()),
                "{name:?}"
            );
        }
    }
}
