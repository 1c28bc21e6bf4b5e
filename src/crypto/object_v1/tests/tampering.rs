//! Every way we know to tamper with a stored object, by name. Each must be refused, and refused for the right reason: one
//! that opens, or that fails by chance, fails the test with its name.

use super::*;

const SIZE_FIELD: std::ops::Range<usize> = 5..9;
const SALT: std::ops::Range<usize> = 9..41;
const COMMITMENT: std::ops::Range<usize> = 41..73;

/// A stored object after it was tampered with, and what it is opened as.
struct Case {
    name: String,
    stored: Vec<u8>,
    key: DataKey,
    binding: Binding<'static>,
    expect: OpenError,
}

fn stored_case(name: impl Into<String>, stored: Vec<u8>, expect: OpenError) -> Case {
    Case {
        name: name.into(),
        stored,
        key: key(),
        binding: HOME,
        expect,
    }
}

fn changed(range: std::ops::Range<usize>, with: &[u8]) -> Vec<u8> {
    let mut stored = three_chunks();
    stored.splice(range, with.iter().copied());
    stored
}

fn header_cases() -> Vec<Case> {
    use OpenError::{Format, WrongKeyOrPlace};
    let other = three_chunks();
    let mut cases = vec![
        stored_case("magic of another format", changed(0..4, b"RLV2"), Format),
        stored_case("magic in lower case", changed(0..4, b"rlv1"), Format),
        stored_case("suite 0", changed(4..5, &[0]), Format),
        stored_case("suite 2", changed(4..5, &[2]), Format),
        stored_case("chunk size 0", changed(SIZE_FIELD, &[0; 4]), Format),
        stored_case(
            "chunk size halved",
            changed(SIZE_FIELD, &32_768_u32.to_be_bytes()),
            Format,
        ),
        stored_case(
            "chunk size doubled",
            changed(SIZE_FIELD, &131_072_u32.to_be_bytes()),
            Format,
        ),
        stored_case(
            "chunk size in the other byte order",
            changed(SIZE_FIELD, &65_536_u32.to_le_bytes()),
            Format,
        ),
        stored_case("salt of zeros", changed(SALT, &[0; 32]), WrongKeyOrPlace),
        stored_case("salt of another object", changed(SALT, &other[SALT]), WrongKeyOrPlace),
        stored_case("commitment of zeros", changed(COMMITMENT, &[0; 32]), WrongKeyOrPlace),
        stored_case(
            "commitment of another object",
            changed(COMMITMENT, &other[COMMITMENT]),
            WrongKeyOrPlace,
        ),
        stored_case("a byte before the header", changed(0..0, &[0]), Format),
    ];
    for at in [SALT.start, SALT.end - 1, COMMITMENT.start, COMMITMENT.end - 1] {
        let mut stored = three_chunks();
        stored[at] ^= 1;
        cases.push(stored_case(
            format!("a bit of header byte {at}"),
            stored,
            WrongKeyOrPlace,
        ));
    }
    // Salt and commitment together fit each other, so that only the chunks tell.
    let with_header_of_another = changed(0..HEADER_BYTES, &other[..HEADER_BYTES]);
    cases.push(stored_case(
        "the whole header of another object",
        with_header_of_another,
        OpenError::Damaged,
    ));
    cases
}

fn chunk_cases() -> Vec<Case> {
    let (stored, other) = (three_chunks(), three_chunks());
    let (header, body) = stored.split_at(HEADER_BYTES);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK_BYTES + TAG_BYTES).collect();
    let foreign: Vec<&[u8]> = other[HEADER_BYTES..].chunks(CHUNK_BYTES + TAG_BYTES).collect();
    let made =
        |name: &str, parts: &[&[u8]]| stored_case(name, [&[header], parts].concat().concat(), OpenError::Damaged);
    let [first, middle, last] = chunks[..] else {
        panic!("three chunks")
    };
    let mut cases = vec![
        made("no chunk at all", &[]),
        made("first chunk missing", &[middle, last]),
        made("middle chunk missing", &[first, last]),
        made("last chunk missing", &[first, middle]),
        made("only the first chunk", &[first]),
        made("only the last chunk", &[last]),
        made("first two swapped", &[middle, first, last]),
        made("last two swapped", &[first, last, middle]),
        made("first chunk twice", &[first, first, middle, last]),
        made("first in the place of the middle", &[first, first, last]),
        made("last chunk twice", &[first, middle, last, last]),
        made("first chunk of another object", &[foreign[0], middle, last]),
        made("middle chunk of another object", &[first, foreign[1], last]),
        made("last chunk of another object", &[first, middle, foreign[2]]),
        made("an empty tag behind the end", &[first, middle, last, &[0; TAG_BYTES]]),
        made("a byte behind the end", &[first, middle, last, &[0]]),
        made(
            "a chunk of zeros behind the end",
            &[first, middle, last, &[0; CHUNK_BYTES + TAG_BYTES]],
        ),
    ];
    for (which, chunk) in [("first", 0), ("middle", 1), ("last", 2)] {
        let (from, to) = (chunk_start(chunk), stored.len().min(chunk_start(chunk + 1)));
        for (place, at) in [
            ("first byte", from),
            ("a byte within", usize::midpoint(from, to)),
            ("tag", to - 1),
        ] {
            let mut stored = stored.clone();
            stored[at] ^= 1;
            cases.push(stored_case(
                format!("{which} chunk, {place}"),
                stored,
                OpenError::Damaged,
            ));
        }
        let without_tag = [&stored[..to - TAG_BYTES], &stored[to..]].concat();
        cases.push(stored_case(
            format!("{which} chunk without its tag"),
            without_tag,
            OpenError::Damaged,
        ));
        let cut = stored[..usize::midpoint(from, to)].to_vec();
        cases.push(stored_case(
            format!("cut within the {which} chunk"),
            cut,
            OpenError::Damaged,
        ));
    }
    cases
}

/// Sealed under our own keys, but as something that the format never writes.
fn forged_cases() -> Vec<Case> {
    let salt = [7; SALT_BYTES];
    let derived = Derived::new(&key(), &HOME, &salt);
    let header = seal_with_salt(&key(), &HOME, &salt, b"")[..HEADER_BYTES].to_vec();
    let sealer = Chunks::new(&derived, &header);
    let forged = |name: &str, chunks: &[(usize, bool, &[u8])]| {
        let mut stored = header.clone();
        for (number, last, plain) in chunks {
            sealer.seal(*number, *last, plain, &mut stored);
        }
        stored_case(name, stored, OpenError::Damaged)
    };
    let full = pattern(CHUNK_BYTES);
    vec![
        forged("the last chunk not marked last", &[(0, false, b"text")]),
        forged(
            "a full chunk marked last before the end",
            &[(0, true, &full), (1, true, b"text")],
        ),
        forged("numbers begin at 1", &[(1, true, b"text")]),
        forged("a number left out", &[(0, false, &full), (2, true, b"text")]),
        forged(
            "an empty last chunk behind a full one",
            &[(0, false, &full), (1, true, b"")],
        ),
    ]
}

fn place_cases() -> Vec<Case> {
    let stored = three_chunks();
    let opened_as = |name: &str, key: DataKey, binding: Binding<'static>| Case {
        name: name.to_owned(),
        stored: stored.clone(),
        key,
        binding,
        expect: OpenError::WrongKeyOrPlace,
    };
    let as_place = |name: &str, binding| opened_as(name, key(), binding);
    vec![
        opened_as("another data key", DataKey::from_bytes([8; 32]), HOME),
        as_place(
            "another tenant",
            Binding {
                tenant: "ten_b",
                ..HOME
            },
        ),
        as_place("no tenant", Binding { tenant: "", ..HOME }),
        as_place(
            "another object's id",
            Binding {
                object: "obj_b",
                ..HOME
            },
        ),
        as_place("a later version", Binding { version: 2, ..HOME }),
        as_place("version 0", Binding { version: 0, ..HOME }),
        as_place("another kind", Binding { kind: "letter", ..HOME }),
        as_place(
            "ids cut elsewhere",
            Binding {
                tenant: "ten_aob",
                object: "j_a",
                ..HOME
            },
        ),
    ]
}

fn empty_object_cases() -> Vec<Case> {
    let stored = seal(&key(), &HOME, b"");
    let other = seal(&key(), &HOME, b"");
    let mut flipped = stored.clone();
    flipped[HEADER_BYTES] ^= 1;
    let tag_of_another = [&stored[..HEADER_BYTES], &other[HEADER_BYTES..]].concat();
    let header_alone = stored[..HEADER_BYTES].to_vec();
    let twice = [stored.as_slice(), &stored[HEADER_BYTES..]].concat();
    vec![
        stored_case("an empty object without its chunk", header_alone, OpenError::Damaged),
        stored_case("an empty object's tag changed", flipped, OpenError::Damaged),
        stored_case("an empty object's tag from another", tag_of_another, OpenError::Damaged),
        stored_case("an empty object's chunk twice", twice, OpenError::Damaged),
        stored_case("nothing at all", Vec::new(), OpenError::Format),
        stored_case("zeros", vec![0; stored.len()], OpenError::Format),
    ]
}

#[test]
fn no_tampered_object_opens() {
    let all = [
        header_cases(),
        chunk_cases(),
        forged_cases(),
        place_cases(),
        empty_object_cases(),
    ];
    let mut names = std::collections::BTreeSet::new();
    for case in all.into_iter().flatten() {
        let outcome = open(&case.key, &case.binding, &case.stored);
        assert_eq!(outcome.err(), Some(case.expect), "{}", case.name);
        assert!(names.insert(case.name), "two cases of one name");
    }
    assert!(names.len() >= 60, "only {} ways to tamper were tried", names.len());
}
