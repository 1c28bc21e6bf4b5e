//! Wraps a data key under a local master key: nonce 12 | AES-256-GCM of the key | tag 16, AAD = tenant | object id.

use super::{DataKey, OpenError, open_with_nonce, seal_with_random_nonce};
use zeroize::Zeroizing;

pub fn wrap(master: &DataKey, tenant: &str, object: &str, key: &DataKey) -> Vec<u8> {
    let mut wrapped = Vec::new();
    seal_with_random_nonce(master, &aad(tenant, object), key.as_bytes(), &mut wrapped);
    wrapped
}

pub fn unwrap(master: &DataKey, tenant: &str, object: &str, wrapped: &[u8]) -> Result<DataKey, OpenError> {
    let plain = Zeroizing::new(open_with_nonce(master, &aad(tenant, object), wrapped)?);
    let bytes = plain.as_slice().try_into().map_err(|_| OpenError::Format)?;
    Ok(DataKey::from_bytes(bytes))
}

/// A tenant's id has a fixed length, so that the two parts can't be cut differently.
fn aad(tenant: &str, object: &str) -> Vec<u8> {
    [tenant.as_bytes(), object.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrapped_key_opens_only_for_its_object() {
        let master = DataKey::from_bytes([7; 32]);
        let key = DataKey::random();
        let wrapped = wrap(&master, "ten_a", "obj_a", &key);
        assert_eq!(wrapped.len(), 60);
        assert_eq!(
            unwrap(&master, "ten_a", "obj_a", &wrapped).unwrap().as_bytes(),
            key.as_bytes()
        );
        assert!(unwrap(&master, "ten_a", "obj_b", &wrapped).is_err());
        assert!(unwrap(&master, "ten_b", "obj_a", &wrapped).is_err());
        assert!(unwrap(&DataKey::random(), "ten_a", "obj_a", &wrapped).is_err());
        assert!(unwrap(&master, "ten_a", "obj_a", &wrapped[1..]).is_err());
        assert!(unwrap(&master, "ten_a", "obj_a", b"").is_err());
        assert_ne!(wrapped, wrap(&master, "ten_a", "obj_a", &key));
    }

    /// Wrapped by Python's `cryptography`, see `tests/vectors/make.py`.
    #[test]
    fn an_independent_implementation_agrees() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../tests/vectors/wrap.json")).unwrap();
        for vector in vectors.as_array().unwrap() {
            let text = |name: &str| vector[name].as_str().unwrap();
            let bytes = |name: &str| hex::decode(text(name)).unwrap();
            let master = DataKey::from_bytes(bytes("master").try_into().unwrap());
            let key = unwrap(&master, text("tenant"), text("object"), &bytes("wrapped")).unwrap();
            assert_eq!(key.as_bytes().as_slice(), bytes("key"));
        }
    }
}
