//! Whom a set is for, and what its author is told.

use super::*;

fn set(names: &[&str], patients_under: Option<u32>) -> Specialty {
    Specialty {
        names: names.iter().map(|name| (*name).to_owned()).collect(),
        patients_under,
        label: None,
        tier: Tier {
            name: String::new(),
            label: String::new(),
            needs: Vec::new(),
        },
        attachments: Vec::new(),
    }
}

fn applies(set: &Specialty, values: &[(&str, &str)]) -> bool {
    let values: BTreeMap<FieldKey, FieldContent> = values
        .iter()
        .map(|(key, value)| (FieldKey::new(*key), FieldContent::Text((*value).to_owned())))
        .collect();
    set.applies(&|key: &FieldKey| values.get(key))
}

#[test]
fn a_set_is_chosen_by_specialty_or_age() {
    let heart = [("referral.specialty", "Cardiology")];
    assert!(applies(&set(&["Nephrology", "Cardiology"], None), &heart));
    assert!(!applies(&set(&["Nephrology"], None), &heart));
    assert!(!applies(&set(&[], None), &heart));
    let born = |day| [("patient.birth_date", day), ("referral.date", "2026-06-02")];
    assert!(applies(&set(&[], Some(18)), &born("2008-06-03")));
    assert!(!applies(&set(&[], Some(18)), &born("2008-06-02")));
    assert!(!applies(&set(&[], Some(18)), &[("patient.birth_date", "2019-06-02")]));
    assert!(!applies(&set(&["Cardiology"], Some(18)), &born("2019-06-02")));
}

#[test]
fn an_unknown_field_is_told_with_its_line() {
    let text = "schema = 1\nversion = 1\n[[specialty]]\nnames = [\"Cardiology\"]\nfields = [\"patient.shoe_size\"]\n";
    let files = BTreeMap::from([("specialties/heart.toml".to_owned(), text.to_owned())]);
    let catalogue = Catalogue { all: Vec::new() };
    let error = from_files(&files, &catalogue).unwrap_err().to_string();
    assert_eq!(
        error,
        "specialties/heart.toml:5: `patient.shoe_size` is not in the catalogue"
    );
}

#[test]
fn an_unknown_kind_of_page_is_told_with_its_line() {
    let text = "schema = 1\nversion = 1\n[[specialty]]\nnames = [\"Cardiology\"]\n[[specialty.attachment]]\nlabel = \"ECG\"\nneed = \"required\"\npages = [\"tracing\"]\n";
    let files = BTreeMap::from([("specialties/heart.toml".to_owned(), text.to_owned())]);
    let error = from_files(&files, &Catalogue { all: Vec::new() })
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("specialties/heart.toml") && error.contains("line 8"),
        "{error}"
    );
    assert!(error.contains("tracing"), "{error}");
}
