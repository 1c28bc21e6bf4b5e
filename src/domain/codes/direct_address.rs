//! Addresses for Direct secure mail. Only the form is checked; whether a domain is trusted is another matter.

use super::{Malformed, text_value};

/// The local part as written, the domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DirectAddress(String);
text_value!(DirectAddress);

impl DirectAddress {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let malformed = |detail: &str| Malformed::new("not_an_address", detail);
        let (local, domain) = text.trim().split_once('@').ok_or_else(|| malformed("no @"))?;
        let local_ok = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
        if local.is_empty() || local.starts_with('.') || local.ends_with('.') || !local.chars().all(local_ok) {
            return Err(malformed("the part before the @ is not well formed"));
        }
        let label_ok = |label: &str| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        };
        if !domain.contains('.') || !domain.split('.').all(label_ok) {
            return Err(malformed("the part after the @ is not a domain"));
        }
        Ok(Self(format!("{local}@{}", domain.to_ascii_lowercase())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: Option<&str>) {
        assert_eq!(
            DirectAddress::parse(input).ok().as_ref().map(DirectAddress::as_str),
            expect,
            "{input}"
        );
    }

    #[test]
    fn parses_by_form() {
        check("ann.lee@Direct.Clinic.example", Some("ann.lee@direct.clinic.example"));
        check(" a@b.example ", Some("a@b.example"));
        check("a@b", None);
        check("a b@c.example", None);
        check("a@@c.example", None);
        check("a@c..example", None);
        check("clinic.example", None);
    }
}
