//! The clinic's logo and colours, from our own address, so that the content security policy needs no exception.

use super::AppState;
use super::error::{Error, Result};
use crate::config::{Brand, LogoKind};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

const LOGO_SVG: &str = "logo.svg";
const LOGO_PNG: &str = "logo.png";
const STYLE: &str = "brand.css";

impl Brand {
    /// Where the logo is, if there is one.
    pub fn logo_href(&self) -> Option<String> {
        let name = match self.logo.as_ref()?.kind {
            LogoKind::Svg => LOGO_SVG,
            LogoKind::Png => LOGO_PNG,
        };
        Some(self.href(name))
    }

    /// Where the style sheet is, if there is a colour.
    pub fn style_href(&self) -> Option<String> {
        self.style.as_ref().map(|_| self.href(STYLE))
    }

    fn href(&self, name: &str) -> String {
        format!("/brand/{}/{name}", self.fingerprint)
    }
}

/// `/brand/{fingerprint}/{name}`. The fingerprint only names the version; an older one gets today's file.
pub async fn serve(State(app): State<AppState>, Path((fingerprint, name)): Path<(String, String)>) -> Result<Response> {
    let brand = &app.brand;
    let logo = |kind| brand.logo.as_ref().filter(|logo| logo.kind == kind);
    let (kind, bytes) = match name.as_str() {
        LOGO_SVG => ("image/svg+xml", logo(LogoKind::Svg).map(|logo| logo.bytes.clone())),
        LOGO_PNG => ("image/png", logo(LogoKind::Png).map(|logo| logo.bytes.clone())),
        STYLE => (
            "text/css; charset=utf-8",
            brand.style.as_ref().map(|style| style.clone().into_bytes()),
        ),
        _ => ("", None),
    };
    let bytes = bytes.ok_or_else(|| Error::not_found("file"))?;
    let keep = if fingerprint == brand.fingerprint {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], bytes).into_response())
}
