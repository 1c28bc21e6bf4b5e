//! The delivery certificate: what is kept of a delivery, on paper.

use super::Matter;
use crate::app::App;
use crate::direct::address::Address;
use crate::domain::delivery::{Channel, DeliveryState, Effect, Form};
use crate::domain::ids::{DeliveryId, ReferralId};
use crate::letters::Party;
use crate::letters::certificate::{DeliveryCertificate, ReportLine, render, time};
use crate::store;
use crate::store::deliveries::Delivery;
use crate::store::delivery_reports::DeliveryReport;

/// A delivery's certificate as it stands now, with its referral; `None` where there is no such delivery.
pub async fn certificate(app: &App, id: &DeliveryId) -> anyhow::Result<Option<(ReferralId, Vec<u8>)>> {
    let mut tx = app.db.read().await?;
    let Some(delivery) = store::deliveries::find(&mut tx, id).await? else {
        return Ok(None);
    };
    let reports = store::delivery_reports::of_delivery(&mut tx, id).await?;
    let matter = Matter::load(&mut tx, &delivery.purpose).await?;
    drop(tx);
    let clinic = &app.config.clinic;
    let address: Vec<&str> = clinic.address.iter().map(String::as_str).collect();
    let own = app.config.mail.direct_address();
    let reports: Vec<ReportLine> = reports.into_iter().map(line).collect();
    let pdf = render(&DeliveryCertificate {
        clinic: Party {
            organization: &clinic.name,
            address: &address,
            phone: &clinic.phone,
            fax: &clinic.fax,
            direct_address: own.as_ref().map(Address::as_str).unwrap_or_default(),
            ..Party::default()
        },
        title: title(&delivery),
        referral_id: delivery.referral.as_str(),
        what: matter.map_or("Letter", |matter| matter.heading().title()),
        outcome: &outcome(&delivery),
        facts: &facts(&delivery, own.as_ref()),
        reports: &reports,
        printed_at: app.clock.now(),
    })?;
    Ok(Some((delivery.referral, pdf)))
}

/// What did not arrive is not certified, but can be printed all the same.
fn title(delivery: &Delivery) -> &'static str {
    if has_arrived(delivery) {
        "Delivery certificate"
    } else {
        "Record of a delivery"
    }
}

fn has_arrived(delivery: &Delivery) -> bool {
    match delivery.state {
        DeliveryState::Dispatched | DeliveryState::DeliveredByHand => true,
        // The final word of a partner that sends no more.
        DeliveryState::Processed => delivery.ended_at.is_some(),
        DeliveryState::Queued | DeliveryState::Submitted | DeliveryState::Failed | DeliveryState::Uncertain => false,
    }
}

fn outcome(delivery: &Delivery) -> String {
    let code = delivery.error.as_deref().unwrap_or("no reason known").replace('_', " ");
    match delivery.state {
        DeliveryState::Queued => "Waits to be sent.".to_owned(),
        DeliveryState::Submitted => "Sent. The recipient's system has not confirmed it yet.".to_owned(),
        DeliveryState::Processed if delivery.ended_at.is_some() => {
            "Received and verified by the recipient's system, which confirms no more than that.".to_owned()
        }
        DeliveryState::Processed => "Received by the recipient's system; not at its destination yet.".to_owned(),
        DeliveryState::Dispatched => "Delivered to its destination, as the recipient's system confirmed.".to_owned(),
        DeliveryState::DeliveredByHand => "Delivered by hand.".to_owned(),
        DeliveryState::Failed => format!("Did not arrive: {code}."),
        DeliveryState::Uncertain => format!("Nobody can say whether it arrived: {code}."),
    }
}

fn facts(delivery: &Delivery, from: Option<&Address>) -> Vec<(&'static str, String)> {
    let at = |at: Option<_>| at.map(time).unwrap_or_default();
    let handed = |of: fn(&store::deliveries::HandedOver) -> &String| delivery.handed_over.as_ref().map(of).cloned();
    let by_direct = delivery.channel == Channel::Direct;
    vec![
        ("Delivery", delivery.id.to_string()),
        ("By", if by_direct { "Direct secure mail" } else { "Hand" }.to_owned()),
        (
            "From",
            from.filter(|_| by_direct).map(ToString::to_string).unwrap_or_default(),
        ),
        ("To", delivery.address.clone().unwrap_or_default()),
        ("Message-ID", delivery.message_id.clone().unwrap_or_default()),
        ("Form", delivery.form.map(form).unwrap_or_default().to_owned()),
        ("Written", time(delivery.created_at)),
        ("Sent", at(delivery.submitted_at)),
        ("Received", at(delivery.processed_at)),
        ("Delivered", at(delivery.dispatched_at)),
        ("Ended", at(delivery.ended_at)),
        (
            "Proof",
            delivery.proof.clone().filter(|_| !by_direct).unwrap_or_default(),
        ),
        ("Message digest", handed(|handed| &handed.digest).unwrap_or_default()),
        (
            "Encrypted to",
            handed(|handed| &handed.encrypted_to).unwrap_or_default(),
        ),
        ("Signed by", handed(|handed| &handed.signed_by).unwrap_or_default()),
    ]
}

fn form(form: Form) -> &'static str {
    match form {
        Form::Pdf => "PDF",
        Form::CcdaUnstructured => "C-CDA Unstructured Document",
        Form::CcdaConsultation => "C-CDA Consultation Note",
        Form::Xdm => "XDM package",
    }
}

fn line(report: DeliveryReport) -> ReportLine {
    let did = match report.effect {
        Effect::Counted => "",
        Effect::Repeated => " (again)",
        Effect::Late => " (late)",
        Effect::Noted => " (noted)",
    };
    ReportLine {
        at: report.received_at,
        event: format!("{}{did}", report.said.word),
        sender: report.said.sender,
        message_id: report.said.message_id,
        signer: report.said.signer,
    }
}
