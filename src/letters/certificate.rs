//! What proves that a letter arrived: whom it went to, when, what exactly went out, and who confirmed it. Names the referral,
//! never the patient, so that it may be shown to whoever asks for the proof.

use super::LetterError;
use super::consult::{Party, letterhead};
use super::page::{BODY, Flow, SMALL};
use super::typeset::{Faces, Weight};
use chrono::{DateTime, Utc};

#[derive(Clone, Debug)]
pub struct DeliveryCertificate<'a> {
    pub clinic: Party<'a>,
    pub title: &'a str,
    pub referral_id: &'a str,
    /// What was delivered, as "Consult note".
    pub what: &'a str,
    /// How it ended, in a sentence.
    pub outcome: &'a str,
    /// Label and value; those without a value are left out.
    pub facts: &'a [(&'a str, String)],
    /// What was reported, the oldest first.
    pub reports: &'a [ReportLine],
    pub printed_at: DateTime<Utc>,
}

/// One report of the partner's.
#[derive(Clone, Debug)]
pub struct ReportLine {
    pub at: DateTime<Utc>,
    /// As "dispatched", with what it did.
    pub event: String,
    pub sender: String,
    pub message_id: String,
    /// SHA-256 of the certificate that signed.
    pub signer: String,
}

pub fn render(certificate: &DeliveryCertificate<'_>) -> Result<Vec<u8>, LetterError> {
    let faces = Faces::load()?;
    let mut flow = Flow::new(&faces);
    letterhead(&mut flow, &certificate.clinic);
    flow.paragraph(certificate.title, 13.0, Weight::Bold, 0);
    flow.space(4.0);
    flow.labelled("What", certificate.what);
    flow.labelled("Referral", certificate.referral_id);
    flow.labelled("Outcome", certificate.outcome);
    flow.space(4.0);
    flow.rule();
    flow.space(8.0);
    for (label, value) in certificate.facts.iter().filter(|(_, value)| !value.is_empty()) {
        flow.labelled(label, value);
    }
    reports(&mut flow, certificate.reports);
    flow.space(10.0);
    flow.rule();
    flow.space(6.0);
    flow.paragraph(
        &format!(
            "Printed on {}. Fingerprints and digests are SHA-256. The message, the notifications and the letter are kept with \
             the referral.",
            time(certificate.printed_at)
        ),
        SMALL,
        Weight::Regular,
        80,
    );
    flow.finish(
        certificate.title,
        certificate.referral_id,
        certificate.printed_at.date_naive(),
    )
}

fn reports(flow: &mut Flow<'_>, reports: &[ReportLine]) {
    if reports.is_empty() {
        return;
    }
    flow.space(10.0);
    flow.paragraph("Reported by the recipient's system", BODY, Weight::Bold, 0);
    flow.space(4.0);
    for report in reports {
        flow.labelled(&report.event, &time(report.at));
        flow.labelled("", &format!("by {}, in message {}", report.sender, report.message_id));
        flow.labelled("", &format!("signed by {}", report.signer));
        flow.space(4.0);
    }
}

/// As it stands on a certificate: to the second, in UTC.
pub fn time(at: DateTime<Utc>) -> String {
    at.format("%m/%d/%Y %H:%M:%S UTC").to_string()
}
