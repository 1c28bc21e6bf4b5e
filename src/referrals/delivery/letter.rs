//! The note as a letter: made once and kept, the same for every retry and for the printer.

use super::{Matter, Outgoing};
use crate::app::App;
use crate::direct::address::Address;
use crate::domain::object::ObjectKind;
use crate::domain::referral::Referral;
use crate::jobs::JobError;
use crate::letters::{self, ConsultLetter, Party};
use crate::referrals::values::{Values, text};
use crate::store::{self, Tx};
use chrono::{DateTime, NaiveDate, Utc};

pub(super) async fn author_name(tx: &mut Tx, reference: &str) -> store::Result<String> {
    let Ok(id) = reference.parse() else {
        return Ok(String::new());
    };
    Ok(store::users::find(tx, &id)
        .await?
        .map(|user| user.name)
        .unwrap_or_default())
}

pub(super) async fn attached_note(app: &App, matter: &Matter) -> Result<Option<Vec<u8>>, JobError> {
    let Some(id) = matter.attachment() else { return Ok(None) };
    let mut tx = app.db.read().await?;
    let object = store::objects::find(&mut tx, id)
        .await?
        .ok_or_else(|| JobError::fail("no_object"))?;
    drop(tx);
    let bytes = app.vault.get(&object).await?;
    Ok(Some(bytes))
}

pub(super) async fn letter(app: &App, outgoing: &Outgoing) -> Result<Vec<u8>, JobError> {
    let mut tx = app.db.read().await?;
    let kept = match outgoing.matter.kept_letter() {
        Some(id) => store::objects::find(&mut tx, id).await?,
        None => None,
    };
    drop(tx);
    if let Some(object) = kept {
        return app.vault.get(&object).await.map_err(JobError::from);
    }
    let now = app.clock.now();
    let bytes = render(
        app,
        &outgoing.matter,
        &outgoing.referral,
        &outgoing.values,
        outgoing.referrer.as_ref(),
        &outgoing.author,
        now,
    )
    .map_err(|error| JobError::fail("letter").because(error))?;
    let object = app.vault.put(ObjectKind::Letter, &bytes, now).await?;
    let mut tx = app.db.begin().await?;
    store::objects::insert(&mut tx, &object).await?;
    outgoing.matter.keep_letter(&mut tx, &object.id).await?;
    tx.commit().await?;
    Ok(bytes)
}

/// A letter as it is sent and as it is printed; also one that is not kept yet.
pub async fn printed_letter(app: &App, matter: &Matter) -> anyhow::Result<Vec<u8>> {
    let mut tx = app.db.read().await?;
    let referral = store::referrals::find(&mut tx, matter.referral())
        .await?
        .ok_or_else(|| anyhow::anyhow!("the letter's referral is missing"))?;
    let values = store::fields::current(&mut tx, &referral.id).await?;
    let referrer = match &referral.referrer {
        Some(referrer) => store::directory::standing(&mut tx, &referrer.entry).await?,
        None => None,
    };
    let author = author_name(&mut tx, matter.author()).await?;
    drop(tx);
    Ok(render(
        app,
        matter,
        &referral,
        &values,
        referrer.as_ref(),
        &author,
        app.clock.now(),
    )?)
}

fn render(
    app: &App,
    matter: &Matter,
    referral: &Referral,
    values: &Values,
    referrer: Option<&store::directory::Entry>,
    author: &str,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, letters::LetterError> {
    let shown = |key| text(values, key).unwrap_or_default();
    let known = |value: Option<&Option<String>>| value.cloned().flatten().unwrap_or_default();
    let clinic = &app.config.clinic;
    let address: Vec<&str> = clinic.address.iter().map(String::as_str).collect();
    let own = app.config.mail.direct_address();
    let (name, organization) = (
        known(referrer.map(|r| &r.name)),
        known(referrer.map(|r| &r.organization)),
    );
    let direct = known(referrer.map(|r| &r.direct_address));
    letters::render(&ConsultLetter {
        heading: matter.heading(),
        clinic: Party {
            name: "",
            organization: &clinic.name,
            address: &address,
            phone: &clinic.phone,
            fax: &clinic.fax,
            direct_address: own.as_ref().map(Address::as_str).unwrap_or_default(),
        },
        referrer: Party {
            name: if name.is_empty() { shown("referrer.name") } else { &name },
            organization: if organization.is_empty() {
                shown("referrer.organization")
            } else {
                &organization
            },
            address: &[],
            phone: shown("referrer.phone"),
            fax: shown("referrer.fax"),
            direct_address: &direct,
        },
        date: now.date_naive(),
        referral_id: referral.id.as_str(),
        patient_name: shown("patient.name"),
        birth_date: NaiveDate::parse_from_str(shown("patient.birth_date"), "%Y-%m-%d").ok(),
        reason: shown("referral.reason"),
        text: &matter.text(),
        enclosure: if matter.attachment().is_some() {
            "Attached: attachment.pdf"
        } else {
            ""
        },
        signature: (!author.is_empty()).then_some(letters::Signature {
            name: author,
            credentials: "",
            signed_at: matter.created_at(),
        }),
    })
}
