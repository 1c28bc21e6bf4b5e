//! How a message to a partner is encrypted.

use serde::{Deserialize, Serialize};

/// How the key of a message is handed to the holder of an RSA certificate. One of elliptic curves is agreed with instead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum KeyTransport {
    /// RSA PKCS#1 v1.5, which every partner's software reads.
    #[default]
    RsaV15,
    /// RSA OAEP with SHA-256: the default of newer Java software, unknown to NSS and .NET Framework.
    RsaOaep,
}

/// What the content is encrypted with, CBC both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Cipher {
    Aes128,
    #[default]
    Aes256,
}
