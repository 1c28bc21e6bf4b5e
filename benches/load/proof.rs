//! Afterwards: is all there that was acknowledged, byte by byte?

use super::client::{Answer, Told, checksum, fax_id};
use super::installation::Installation;
use referloop::crypto::mac::sha256;
use referloop::store::{objects, transmissions};

#[derive(Debug, Default)]
pub struct Proof {
    /// Acknowledged, and found with its bytes.
    pub held: usize,
    /// Fax ids.
    pub lost: Vec<String>,
    /// How many were read to their end when the service was stopped.
    pub done: i64,
}

pub async fn check(installation: &Installation, door: &str, answers: &[Answer]) -> anyhow::Result<Proof> {
    let app = installation.open().await?;
    let mut proof = Proof::default();
    for answer in answers.iter().filter(|answer| answer.told == Told::Accepted) {
        let mut tx = app.db.read().await?;
        let found = transmissions::find_by_fax_id(&mut tx, door, &fax_id(answer.number)).await?;
        let object = match &found {
            Some(found) => objects::find(&mut tx, &found.object).await?,
            None => None,
        };
        drop(tx);
        let bytes = match &object {
            Some(object) => app.vault.get(object).await.unwrap_or_default(),
            None => Vec::new(),
        };
        if hex::encode(sha256(&bytes)) == checksum(answer.number)? {
            proof.held += 1;
        } else {
            proof.lost.push(fax_id(answer.number));
        }
    }
    let mut tx = app.db.read().await?;
    proof.done = transmissions::count_done(&mut tx).await?;
    Ok(proof)
}
