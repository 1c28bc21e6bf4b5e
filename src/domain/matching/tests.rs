//! Whole comparisons: what becomes of pairs as they come in referrals.

use super::*;
use chrono::NaiveDate;
use proptest::prelude::*;

fn person(name: &str, birth_date: &str) -> Person {
    Person {
        name: Name::parse(name),
        birth_date: birth_date.parse().ok(),
        ..Person::default()
    }
}

fn at_home(name: &str, birth_date: &str) -> Person {
    Person {
        phones: vec!["+15035550118".into()],
        address: Address::parse("12 Main Street", "Portland", "OR", "97201"),
        ..person(name, birth_date)
    }
}

fn numbered(person: Person, number: &str) -> Person {
    Person {
        identifiers: vec![Identifier::record_number(number, Some("Example Clinic"))],
        ..person
    }
}

fn of_sex(person: Person, sex: Sex) -> Person {
    Person {
        sex: Some(sex),
        ..person
    }
}

fn compared(one: &Person, other: &Person) -> Comparison {
    compare(&Model::of_register(50_000), one, other)
}

fn check(one: &Person, other: &Person, class: Class, guards: &[Guard]) {
    let comparison = compared(one, other);
    assert_eq!(
        (comparison.class, comparison.guards.as_slice()),
        (class, guards),
        "{comparison:#?}"
    );
}

#[test]
fn one_patient_is_linked_through_the_usual_slips() {
    let known = at_home("Rosalind T Marchetti", "1961-08-14");
    for name in [
        "Rosalind Marchetti",
        "MARCHETTI, ROSALIND T",
        "Rosalynd Marchetti",
        "Roz Marchetti",
        "Marchetti Rosalind",
    ] {
        check(&known, &at_home(name, "1961-08-14"), Class::High, &[]);
    }
    check(&known, &at_home("Rosalind T Marchetti", "1961-08-15"), Class::High, &[]);
    check(&known, &person("Rosalind Marchetti", "1961-08-14"), Class::High, &[]);
    check(
        &known,
        &person("Omar Okonjo", "1984-11-25"),
        Class::Low,
        &[Guard::OtherName],
    );
    // A name alone is nobody.
    assert_eq!(compared(&known, &person("Rosalind Marchetti", "")).class, Class::Medium);
    assert_eq!(compared(&known, &Person::default()).class, Class::Low);
}

#[test]
fn twins_are_asked_about() {
    let known = at_home("Hannah Okonjo", "2015-03-02");
    check(
        &known,
        &at_home("Leah Okonjo", "2015-03-02"),
        Class::Medium,
        &[Guard::Twins],
    );
    // One letter apart, and both are names.
    let (brother, sister) = (
        at_home("Julian Okonjo", "2015-03-02"),
        at_home("Juliana Okonjo", "2015-03-02"),
    );
    check(&brother, &sister, Class::Medium, &[Guard::Twins]);
    let nameless = at_home("Okonjo", "2015-03-02");
    check(&known, &nameless, Class::Medium, &[Guard::NameIncomplete]);
}

#[test]
fn parent_and_child_of_one_name_are_asked_about() {
    let senior = numbered(at_home("Omar Okonjo Sr", "1961-08-14"), "482913");
    let junior = numbered(at_home("Omar Okonjo Jr", "1961-08-14"), "482913");
    check(&senior, &junior, Class::Medium, &[Guard::JuniorSenior]);
    let son = numbered(at_home("Omar Okonjo", "1990-02-27"), "482913");
    check(
        &numbered(at_home("Omar Okonjo", "1961-08-14"), "482913"),
        &son,
        Class::Medium,
        &[Guard::JuniorSenior],
    );
    // A suffix is often left out.
    check(
        &senior,
        &numbered(at_home("Omar Okonjo", "1961-08-14"), "482913"),
        Class::High,
        &[],
    );
}

#[test]
fn newborns_are_asked_about() {
    let one = at_home("Baby Girl Okonjo", "2026-03-02");
    check(&one, &one, Class::Medium, &[Guard::NewbornName, Guard::NameIncomplete]);
}

#[test]
fn the_first_of_january_needs_other_evidence() {
    let one = of_sex(person("Rosalind Marchetti", "1961-01-01"), Sex::Female);
    let comparison = compared(&one, &one);
    assert_eq!(
        (comparison.class, comparison.guards.as_slice()),
        (Class::Medium, [Guard::FirstOfJanuary].as_slice())
    );
    let home = at_home("Rosalind Marchetti", "1961-01-01");
    check(&home, &home, Class::High, &[]);
}

#[test]
fn numbers_and_sex_that_conflict_are_asked_about() {
    let known = numbered(at_home("Omar Okonjo", "1961-08-14"), "482913");
    let other = numbered(at_home("Omar Okonjo", "1961-08-14"), "771204");
    check(&known, &other, Class::Medium, &[Guard::ConflictingIdentifier]);
    let (woman, man) = (of_sex(known.clone(), Sex::Female), of_sex(known.clone(), Sex::Male));
    check(&woman, &man, Class::Medium, &[Guard::SexConflict]);
    let stranger = numbered(person("Hannah Marchetti", "1961-08-14"), "482913");
    check(&known, &stranger, Class::Medium, &[Guard::OtherName]);
}

#[test]
fn rules_decide_where_the_score_does_not() {
    let one = numbered(person("Omar Okonjo", "1961-08-14"), "482913");
    let comparison = compare(&Model::of_register(4_000_000_000), &one, &one);
    assert!(comparison.rules.contains(&Rule::RecordNumberAndBirthDate) && comparison.class == Class::High);
    let plain = person("Omar Okonjo", "1961-08-14");
    let comparison = compare(&Model::of_register(4_000_000_000), &plain, &plain);
    assert_eq!(
        (comparison.rules.as_slice(), comparison.class),
        ([Rule::NameAndBirthDate].as_slice(), Class::Medium)
    );
}

#[test]
fn a_household_is_not_a_person() {
    let one = at_home("Omar Okonjo", "1961-08-14");
    let comparison = compared(&one, &at_home("Hannah Okonjo", "1984-11-25"));
    assert_eq!(comparison.class, Class::Low, "{comparison:#?}");
    assert!(comparison.household_cut < 0.0);
}

#[test]
fn a_common_name_weighs_less() {
    let mut model = Model::of_register(50_000);
    let names = ["SMITH"; 90].into_iter().chain(["MARCHETTI", "OKONJO"]);
    model.frequencies = Frequencies::of(["JOHN"; 3], names);
    let weight = |name: &str| {
        let one = person(name, "1961-08-14");
        compare(&model, &one, &one).weight
    };
    assert!(weight("Ana Smith") + 3.0 < weight("Ana Marchetti"));
}

#[test]
fn the_evidence_explains_itself() {
    let comparison = compared(
        &person("Bob Okonjo", "1961-08-14"),
        &person("Robert Okonjo", "1967-08-14"),
    );
    let texts: Vec<String> = comparison.evidence.iter().map(CriterionEvidence::text).collect();
    assert_eq!(
        texts,
        [
            "given name: a usual short form, +5.0",
            "family name: the same, +8.0",
            "birth date: one sign differs, +2.9"
        ]
    );
}

#[test]
fn the_verdict_takes_the_one_that_is_sure() {
    let known = at_home("Omar Okonjo", "1961-08-14");
    let twin = at_home("Hakim Okonjo", "1961-08-14");
    let stranger = person("Ana Marchetti", "1984-11-25");
    let verdict = |candidates: &[&Person]| {
        let comparisons: Vec<Comparison> = candidates.iter().map(|other| compared(&known, other)).collect();
        Verdict::of(&comparisons)
    };
    assert_eq!(verdict(&[&stranger, &twin, &known]), Verdict::Link { candidate: 2 });
    assert_eq!(
        verdict(&[&stranger, &known, &known]),
        Verdict::Ask { candidates: vec![1, 2] }
    );
    assert_eq!(verdict(&[&stranger, &twin]), Verdict::Ask { candidates: vec![1] });
    assert_eq!(verdict(&[&stranger]), Verdict::New);
    assert_eq!(verdict(&[]), Verdict::New);
}

fn any_person() -> impl Strategy<Value = Person> {
    let name = "(Baby )?[A-E]{0,4}( [A-E]{1,3})?,? ?[A-E'é-]{0,5}( Jr| Sr| V)?";
    let date = proptest::option::of((1920..1930i32, 1..=2u32, 1..=2u32));
    let identifiers = prop::collection::vec(
        ("[0-9]{1,3}-?[0-9]{0,2}", proptest::option::of("[AB]"), any::<bool>()),
        0..3,
    );
    let phones = prop::collection::vec("\\+1503555010[0-3]", 0..3);
    let address = ("[1-3]{0,2} [A-C]{0,6}( Apt [1-3])?", "[A-C]{0,4}", "[1-3]{0,5}");
    (
        name,
        date,
        identifiers,
        phones,
        address,
        proptest::option::of(any::<bool>()),
    )
        .prop_map(
            |(name, date, identifiers, phones, (line, city, postal_code), sex)| Person {
                name: Name::parse(&name),
                birth_date: date.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day)),
                sex: sex.map(|is_female| if is_female { Sex::Female } else { Sex::Male }),
                phones,
                identifiers: identifiers
                    .iter()
                    .map(|(value, authority, is_record)| match is_record {
                        true => Identifier::record_number(value, authority.as_deref()),
                        false => Identifier::member_id(value, authority.as_deref()),
                    })
                    .collect(),
                address: Address::parse(&line, &city, "OR", &postal_code),
            },
        )
}

proptest! {
    #[test]
    fn a_comparison_is_the_same_both_ways(one in any_person(), other in any_person()) {
        let mut model = Model::of_register(50_000);
        model.frequencies = Frequencies::of(["A", "A", "B"], ["A", "AB", "C"]);
        let (there, back) = (compare(&model, &one, &other), compare(&model, &other, &one));
        prop_assert!((there.weight - back.weight).abs() < 1e-9);
        prop_assert_eq!(there, back);
    }

    #[test]
    fn a_weight_is_bounded_and_is_the_sum_of_what_is_shown(one in any_person(), other in any_person()) {
        let model = Model::of_register(50_000);
        let comparison = compare(&model, &one, &other);
        let shown: f64 = comparison.evidence.iter().map(|found| found.weight).sum();
        prop_assert!((comparison.weight - model.prior - shown - comparison.household_cut).abs() < 1e-9);
        prop_assert!(comparison.weight.abs() < 100.0);
        prop_assert!(comparison.guards.is_empty() || comparison.class < Class::High);
        // Nobody fits a description better than itself.
        prop_assert!(comparison.weight <= compare(&model, &one, &one).weight + 20.0);
    }

    #[test]
    fn nobody_has_many_keys_and_equals_share_all(one in any_person()) {
        let keys = blocking_keys(&one);
        prop_assert!(keys.len() <= KEYS_MAX);
        prop_assert_eq!(blocking_keys(&one.clone()), keys);
    }

    #[test]
    fn no_text_makes_it_panic(name in "\\PC{0,40}", line in "\\PC{0,40}", number in "\\PC{0,20}") {
        let one = Person {
            name: Name::parse(&name),
            address: Address::parse(&line, &name, &number, &number),
            identifiers: vec![Identifier::member_id(&number, Some(&name))],
            ..Person::default()
        };
        compare(&Model::of_register(1), &one, &at_home(&line, "1961-08-14"));
        blocking_keys(&one);
    }
}
