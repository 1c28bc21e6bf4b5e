//! Whom our addresses trust: what people decided is kept ([`anchors`], [`bundles`]), what judging needs is fetched beforehand
//! ([`lacking`], [`refresh`]), and a partner's certificate is found by its address ([`search`]). [`own`] is the other side: how
//! partners follow from our certificate to an anchor of theirs.
//!
//! Judging itself is pure and looks at what is stored alone ([`known`]): no message waits for a server that its sender named
//! while it is judged.

pub mod anchors;
pub mod bundles;
pub mod known;
pub mod lacking;
pub mod own;
pub mod refresh;
pub mod search;

pub use known::Known;

use crate::app::App;
use crate::direct::certificate::CertificateProblem;
use crate::direct::trust::anchors::HoldsFor;
use crate::direct::trust::bundle::BundleProblem;
use crate::domain::permission::Denied;
use crate::doors::outside::OutsideError;
use crate::store;

/// Why whom we trust could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("{0} is none of our addresses or domains")]
    NotOurs(String),
    #[error("say for which of our addresses or domains: mail.direct_domain is not set")]
    ForWhom,
    #[error("the anchor can't be used: {0}")]
    Certificate(#[from] CertificateProblem),
    #[error("there is no such anchor that a person added")]
    NoAnchor,
    #[error("there is no such trust bundle")]
    NoBundle,
    #[error("this trust bundle is here already for {0}")]
    Known(String),
    #[error(transparent)]
    Bundle(#[from] BundleProblem),
    #[error(
        "the trust bundle came without https, and nothing says who must have signed it: anybody on the way could have changed it"
    )]
    Unprotected,
    #[error("the trust bundle is not signed by the certificate that it must be signed by")]
    Signer,
    #[error("the trust bundle could not be fetched: {0}")]
    Outside(#[from] OutsideError),
}

impl TrustError {
    /// A code for the store.
    fn code(&self) -> &'static str {
        match self {
            Self::Outside(error) => error.code(),
            Self::Signer => "wrong_signer",
            Self::Unprotected => "unprotected",
            Self::Bundle(BundleProblem::Signature) => "bad_signature",
            Self::Bundle(_) => "no_bundle",
            _ => "failed",
        }
    }
}

/// For whom something holds: a name of ours, or our Direct domain where nothing is said.
pub async fn holder(app: &App, named: Option<&HoldsFor>) -> Result<HoldsFor, TrustError> {
    let domain = &app.config.mail.direct_domain;
    let Some(named) = named else {
        return domain.parse().map_err(|_| TrustError::ForWhom);
    };
    let mut tx = app.db.read().await?;
    let identities = store::identities::list(&mut tx).await?;
    drop(tx);
    let key = named.key();
    let ours = |bound_to: &str| bound_to == key || bound_to == named.domain().to_lowercase();
    if named.domain().eq_ignore_ascii_case(domain) || identities.iter().any(|identity| ours(&identity.bound_to)) {
        Ok(named.clone())
    } else {
        Err(TrustError::NotOurs(key))
    }
}
