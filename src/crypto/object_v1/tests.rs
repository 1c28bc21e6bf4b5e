use super::*;

const HOME: Binding<'static> = Binding {
    tenant: "ten_a",
    object: "obj_a",
    version: 1,
    kind: "original",
};
/// The smallest and largest of each number of chunks.
const LENGTHS: &[usize] = &[
    0,
    1,
    CHUNK_BYTES - 1,
    CHUNK_BYTES,
    CHUNK_BYTES + 1,
    2 * CHUNK_BYTES,
    2 * CHUNK_BYTES + 1,
    3 * CHUNK_BYTES,
];

fn key() -> DataKey {
    DataKey::from_bytes([9; 32])
}

fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 7 % 251) as u8).collect()
}

/// Three chunks, the last one short.
fn three_chunks() -> Vec<u8> {
    seal(&key(), &HOME, &pattern(2 * CHUNK_BYTES + 1000))
}

fn chunk_start(number: usize) -> usize {
    HEADER_BYTES + number * (CHUNK_BYTES + TAG_BYTES)
}

#[track_caller]
fn refused(stored: &[u8], expect: &OpenError) {
    assert_eq!(open(&key(), &HOME, stored).as_ref().err(), Some(expect));
}

#[test]
fn what_was_sealed_opens() {
    for length in LENGTHS {
        let plain = pattern(*length);
        let stored = seal(&key(), &HOME, &plain);
        let chunks = length.div_ceil(CHUNK_BYTES).max(1);
        assert_eq!(stored.len(), HEADER_BYTES + length + chunks * TAG_BYTES);
        assert!(open(&key(), &HOME, &stored).unwrap() == plain, "{length} bytes");
    }
}

#[test]
fn the_same_bytes_never_look_the_same() {
    let plain = pattern(100);
    assert_ne!(seal(&key(), &HOME, &plain), seal(&key(), &HOME, &plain));
}

#[test]
fn another_key_or_binding_is_refused_before_decryption() {
    let stored = three_chunks();
    assert_eq!(
        open(&DataKey::from_bytes([8; 32]), &HOME, &stored),
        Err(OpenError::WrongKeyOrPlace)
    );
    for other in [
        Binding {
            tenant: "ten_b",
            ..HOME
        },
        Binding {
            object: "obj_b",
            ..HOME
        },
        Binding { version: 2, ..HOME },
        Binding { kind: "note", ..HOME },
        // The same letters, cut elsewhere.
        Binding {
            tenant: "ten_aob",
            object: "j_a",
            ..HOME
        },
    ] {
        assert_eq!(
            open(&key(), &other, &stored),
            Err(OpenError::WrongKeyOrPlace),
            "{other:?}"
        );
    }
}

#[test]
fn a_changed_byte_in_any_chunk_is_noticed() {
    let stored = three_chunks();
    for number in 0..3 {
        let end = stored.len().min(chunk_start(number + 1));
        for at in [chunk_start(number), chunk_start(number) + 500, end - TAG_BYTES, end - 1] {
            let mut changed = stored.clone();
            changed[at] ^= 0x80;
            refused(&changed, &OpenError::Damaged);
        }
    }
}

#[test]
fn every_byte_of_the_header_counts() {
    let stored = seal(&key(), &HOME, b"short");
    for at in 0..HEADER_BYTES {
        let mut changed = stored.clone();
        changed[at] ^= 1;
        let expect = if at < 9 {
            OpenError::Format
        } else {
            OpenError::WrongKeyOrPlace
        };
        refused(&changed, &expect);
    }
}

#[test]
fn a_cut_anywhere_is_noticed() {
    let stored = three_chunks();
    for number in 0..3 {
        // Before the chunk, within it, and within its tag.
        for at in [chunk_start(number), chunk_start(number) + 7, chunk_start(number) + 900] {
            refused(&stored[..at], &OpenError::Damaged);
        }
    }
    refused(&stored[..stored.len() - 1], &OpenError::Damaged);
    refused(&stored[..HEADER_BYTES - 1], &OpenError::Format);
    refused(b"", &OpenError::Format);
}

#[test]
fn something_appended_is_noticed() {
    for length in LENGTHS {
        let mut stored = seal(&key(), &HOME, &pattern(*length));
        stored.push(0);
        refused(&stored, &OpenError::Damaged);
        stored.extend_from_slice(&[0; TAG_BYTES - 1]);
        refused(&stored, &OpenError::Damaged);
    }
}

#[test]
fn chunks_left_out_swapped_or_repeated_are_noticed() {
    let stored = three_chunks();
    let (header, body) = stored.split_at(HEADER_BYTES);
    let chunk: Vec<&[u8]> = body.chunks(CHUNK_BYTES + TAG_BYTES).collect();
    for order in [
        &[1, 2][..],
        &[0, 2],
        &[0, 1],
        &[2],
        &[1, 0, 2],
        &[0, 0, 2],
        &[0, 1, 1, 2],
        &[0, 1, 2, 2],
    ] {
        let mut edited = header.to_vec();
        for number in order {
            edited.extend_from_slice(chunk[*number]);
        }
        refused(&edited, &OpenError::Damaged);
    }
}

#[test]
fn a_chunk_of_another_object_is_noticed() {
    let (stored, other) = (three_chunks(), three_chunks());
    for number in 0..3 {
        let range = chunk_start(number)..stored.len().min(chunk_start(number + 1));
        let mut mixed = stored.clone();
        mixed[range.clone()].copy_from_slice(&other[range]);
        refused(&mixed, &OpenError::Damaged);
    }
}

/// Sealed by Python's `cryptography`, see `tests/vectors/make.py`.
#[test]
fn an_independent_implementation_agrees() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/vectors/object_v1.json")).unwrap();
    for vector in vectors.as_array().unwrap() {
        let text = |name: &str| vector[name].as_str().unwrap();
        let bytes = |name: &str| hex::decode(text(name)).unwrap();
        let data_key = DataKey::from_bytes(bytes("key").try_into().unwrap());
        let binding = Binding {
            tenant: text("tenant"),
            object: text("object"),
            version: u32::try_from(vector["version"].as_u64().unwrap()).unwrap(),
            kind: text("kind"),
        };
        let plain = pattern(usize::try_from(vector["plain_bytes"].as_u64().unwrap()).unwrap());
        let salt = bytes("salt").try_into().unwrap();
        let stored = seal_with_salt(&data_key, &binding, &salt, &plain);
        assert_eq!(hex::encode(&stored[..HEADER_BYTES]), text("header"));
        assert_eq!(hex::encode(crate::crypto::mac::sha256(&stored)), text("stored_sha256"));
        assert!(open(&data_key, &binding, &stored).unwrap() == plain);
    }
}

mod tampering;
