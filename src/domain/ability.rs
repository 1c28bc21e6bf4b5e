//! What a partner's system can take, and what it confirms.

use super::delivery::Form;
pub use super::encryption::{Cipher, KeyTransport};
use serde::{Deserialize, Serialize};

/// By which notification a partner's system ends a delivery.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Confirms {
    #[default]
    Dispatched,
    /// It never says more than that it got the message.
    Processed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ability {
    pub form: Form,
    pub key_transport: KeyTransport,
    pub cipher: Cipher,
    pub confirms: Confirms,
}

/// What every partner can take.
impl Default for Ability {
    fn default() -> Self {
        Self {
            form: Form::Pdf,
            key_transport: KeyTransport::default(),
            cipher: Cipher::default(),
            confirms: Confirms::default(),
        }
    }
}

/// A choice with its word, for forms and commands, and what people read.
macro_rules! words {
    ($kind:ty { $($variant:ident = $word:literal, $label:literal;)+ }) => {
        impl $kind {
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)+ }
            }
        }
    };
}

words!(Form {
    Pdf = "pdf", "PDF";
    CcdaUnstructured = "ccda_unstructured", "C-CDA Unstructured Document around the PDF";
    CcdaConsultation = "ccda_consultation", "C-CDA Consultation Note, with the PDF beside it";
    Xdm = "xdm", "XDM package of both";
});

words!(KeyTransport {
    RsaV15 = "rsa_v15", "RSA PKCS#1 v1.5";
    RsaOaep = "rsa_oaep", "RSA OAEP with SHA-256";
});

words!(Cipher {
    Aes128 = "aes128", "AES-128";
    Aes256 = "aes256", "AES-256";
});

words!(Confirms {
    Dispatched = "dispatched", "dispatched";
    Processed = "processed", "processed, and no more";
});

#[cfg(test)]
mod tests {
    use super::*;

    /// The word in a form is the one in the database and in JSON.
    #[test]
    fn each_word_is_the_one_that_is_stored() {
        let stored = |value: serde_json::Value| value.as_str().unwrap().to_owned();
        for form in Form::ALL {
            assert_eq!(stored(serde_json::to_value(form).unwrap()), form.as_str());
        }
        for way in KeyTransport::ALL {
            assert_eq!(stored(serde_json::to_value(way).unwrap()), way.as_str());
        }
        for cipher in Cipher::ALL {
            assert_eq!(stored(serde_json::to_value(cipher).unwrap()), cipher.as_str());
        }
        for word in Confirms::ALL {
            assert_eq!(stored(serde_json::to_value(word).unwrap()), word.as_str());
        }
    }
}
