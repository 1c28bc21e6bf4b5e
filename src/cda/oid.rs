//! Identifiers for what we write: made from names of ours, so that the same thing has the same one each time.

/// An OID under 2.25, which anybody may use with a UUID (ITU-T X.667 §8). The UUID is one of version 8 (RFC 9562 §5.8), made of
/// the name's digest.
pub fn derived(name: &str) -> String {
    let digest = openssl::sha::sha256(name.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes[6] = (bytes[6] & 0x0F) | 0x80;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    format!("2.25.{}", u128::from_be_bytes(bytes))
}

/// Whether a text may stand as the root of an identifier: an OID, or a UUID as it is written (CDA, data type `uid`).
pub fn is_uid(text: &str) -> bool {
    is_oid(text) || is_uuid(text)
}

/// Whether a text is an OID in dotted numbers (ITU-T X.660).
pub fn is_oid(text: &str) -> bool {
    let is_number = |arc: &str| {
        let digits = !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit());
        digits && (arc == "0" || !arc.starts_with('0'))
    };
    let mut arcs = text.split('.');
    let first = arcs.next().is_some_and(|arc| matches!(arc, "0" | "1" | "2"));
    first && text.contains('.') && text.len() <= 128 && arcs.all(is_number)
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups
            .iter()
            .all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_has_the_same_oid_and_no_other_has_it() {
        assert_eq!(derived("direct.clinic.example"), derived("direct.clinic.example"));
        assert_ne!(derived("direct.clinic.example"), derived("direct.clinic.example "));
        let number = derived("x");
        let number: u128 = number.strip_prefix("2.25.").unwrap().parse().unwrap();
        assert_eq!(((number >> 76) & 0xF, (number >> 62) & 0x3), (8, 2));
    }

    #[test]
    fn what_is_no_oid_is_no_root() {
        for root in [
            "2.999.2.7",
            "1.0.3",
            "0.9",
            "2.25.329800735698586629295641978511506172918",
        ] {
            assert!(is_oid(root) && is_uid(root), "{root}");
        }
        assert!(is_uid("6ba7b810-9dad-11d1-80b4-00c04fd430c8"));
        for other in [
            "",
            "2",
            "NORTHSIDE",
            "3.1",
            "2.999.",
            "2..1",
            "2.09",
            "2.999.2^ISO",
            "6ba7b810-9dad",
        ] {
            assert!(!is_uid(other), "{other}");
        }
    }
}
