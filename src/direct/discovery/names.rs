//! The names under which a certificate for an address may be found.

use crate::direct::address::Address;

const LABEL_BYTES_MAX: usize = 63;
const NAME_BYTES_MAX: usize = 253;

/// The names to ask for CERT records: the address with a dot for its `@`, then its domain. An address that is no name of
/// the DNS is found by its domain alone.
pub fn cert_names(address: &Address) -> Vec<String> {
    let whole = format!("{}.{}", address.local(), address.domain());
    let fits = whole.len() <= NAME_BYTES_MAX && address.local().split('.').all(|label| label.len() <= LABEL_BYTES_MAX);
    let whole = fits.then_some(whole);
    whole.into_iter().chain([address.domain().to_owned()]).collect()
}

/// The name whose SRV records name the domain's LDAP servers.
pub fn ldap_service(address: &Address) -> String {
    format!("_ldap._tcp.{}", address.domain())
}

/// The LDAP filters in their order: the address, then its domain.
pub fn ldap_filters(address: &Address) -> [String; 2] {
    [address.as_str(), address.domain()].map(|name| format!("(mail={})", escaped(name)))
}

/// RFC 4515 §3. A local part may hold `*`, which would match every entry.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'*' => text.push_str("\\2a"),
            b'(' => text.push_str("\\28"),
            b')' => text.push_str("\\29"),
            b'\\' => text.push_str("\\5c"),
            0 => text.push_str("\\00"),
            // An address is ASCII.
            _ => text.push(char::from(byte)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn asks_for_the_address_and_then_for_its_domain() {
        let osei = address("dr.osei@direct.northside-family.example");
        assert_eq!(
            cert_names(&osei),
            [
                "dr.osei.direct.northside-family.example",
                "direct.northside-family.example"
            ]
        );
        assert_eq!(ldap_service(&osei), "_ldap._tcp.direct.northside-family.example");
        assert_eq!(
            ldap_filters(&osei),
            [
                "(mail=dr.osei@direct.northside-family.example)",
                "(mail=direct.northside-family.example)"
            ]
        );
    }

    #[test]
    fn an_address_that_is_no_name_is_asked_for_by_its_domain() {
        let long = format!("{}@direct.example", "a".repeat(64));
        assert_eq!(cert_names(&address(&long)), ["direct.example"]);
    }

    #[test]
    fn a_filter_never_matches_more_than_the_address() {
        assert_eq!(
            ldap_filters(&address("*@direct.example"))[0],
            "(mail=\\2a@direct.example)"
        );
    }
}
