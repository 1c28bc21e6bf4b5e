//! Whose certificate a message is sealed with, and whose key signs it.

use crate::direct::address::Address;
use crate::direct::certificate::{Certificate, Use};
use crate::direct::identity::Identity;
use crate::jobs::JobError;
use crate::store::{self, Tx};
use chrono::{DateTime, Utc};

/// The best certificate that we hold for an address: bound to the address itself, else to its domain.
pub async fn certificate_for(tx: &mut Tx, address: &str, now: DateTime<Utc>) -> store::Result<Option<Certificate>> {
    let Ok(address) = address.parse::<Address>() else {
        return Ok(None);
    };
    for bound_to in [address.as_str(), address.domain()] {
        let usable = usable(tx, bound_to, &address, now).await?;
        if usable.is_some() {
            return Ok(usable);
        }
    }
    Ok(None)
}

/// As [`certificate_for`], but one of a whole domain does not count: it says nothing of who reads an address.
pub async fn certificate_of(tx: &mut Tx, address: &str, now: DateTime<Utc>) -> store::Result<Option<Certificate>> {
    match address.parse::<Address>() {
        Ok(address) => usable(tx, address.as_str(), &address, now).await,
        Err(_) => Ok(None),
    }
}

async fn usable(
    tx: &mut Tx,
    bound_to: &str,
    address: &Address,
    now: DateTime<Utc>,
) -> store::Result<Option<Certificate>> {
    let found = store::partners::find_by_binding(tx, &bound_to.to_lowercase()).await?;
    Ok(found
        .iter()
        .filter_map(|row| Certificate::from_der(&row.der).ok())
        .find(|certificate| certificate.check(Use::Encrypting, now).is_ok() && certificate.binds(address)))
}

/// Our certificate with its key, for one of our own addresses.
pub async fn identity_for(tx: &mut Tx, address: &Address) -> Result<Option<Identity>, JobError> {
    for bound_to in [address.as_str(), address.domain()] {
        if let Some(row) = store::identities::find(tx, &bound_to.to_lowercase()).await? {
            let identity = Identity::new(&row.certificate, &row.private_key)
                .map_err(|error| JobError::fail("bad_identity").because(error))?;
            return Ok(Some(identity));
        }
    }
    Ok(None)
}
