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
}
