//! The `brand` section: the clinic's own name, picture and colour on every page.

mod color;
mod logo;

use super::ConfigError;
use crate::crypto::mac::sha256;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

pub use color::BrandColor;
pub use logo::{Logo, LogoKind};

/// What pages are called where no clinic gave them a name.
pub const PRODUCT: &str = "Referloop";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BrandConfig {
    /// Stands where "Referloop" stood: in the rail, in titles, and where people sign in.
    pub name: String,
    /// An SVG or PNG file.
    pub logo: Option<PathBuf>,
    /// What buttons and links are painted with, as `#0a6478`.
    pub color: Option<BrandColor>,
}

/// The brand as it is served: read and checked once, at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    pub name: String,
    pub logo: Option<Logo>,
    /// A style sheet that paints over the product's own colours.
    pub style: Option<String>,
    /// Changes with the logo and the colour, so that a browser may keep them for a year.
    pub fingerprint: String,
}

impl Brand {
    /// The product's own look: for commands that show no page, so that a bad picture stops only what shows it.
    pub fn plain() -> Self {
        Self {
            name: PRODUCT.to_owned(),
            logo: None,
            style: None,
            fingerprint: String::new(),
        }
    }

    pub fn load(config: &BrandConfig) -> Result<Self, ConfigError> {
        let logo = config.logo.as_deref().map(Logo::read).transpose();
        let logo = logo.map_err(|error| ConfigError::value("brand.logo", &error))?;
        let style = config.color.map(BrandColor::style);
        let mut served = logo.as_ref().map(|logo| logo.bytes.clone()).unwrap_or_default();
        served.extend_from_slice(style.as_deref().unwrap_or_default().as_bytes());
        let name = match config.name.trim() {
            "" => PRODUCT,
            name => name,
        };
        Ok(Self {
            name: name.to_owned(),
            fingerprint: hex::encode(&sha256(&served)[..8]),
            logo,
            style,
        })
    }
}
