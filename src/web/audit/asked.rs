//! The question as the form asks it. Ids and dates may stand in an address; what names a patient never does.

use crate::audit::question::{Question, What};
use crate::domain::ids::AuditId;
use crate::domain::patient::Patient;
use crate::web::AppState;
use crate::web::error::{Error, Result};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::Deserialize;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub(super) patient: String,
    pub(super) referral: String,
    pub(super) who: String,
    pub(super) what: String,
    /// Days of the clinic, both included.
    pub(super) since: String,
    pub(super) until: String,
    /// The last row of the page before.
    pub(super) before: String,
}

/// Another question, one click away.
pub(super) struct Link {
    pub(super) href: String,
}

impl Link {
    pub(super) fn to(field: &str, value: &str) -> Self {
        Self {
            href: address(&[(field, value)]),
        }
    }
}

impl Asked {
    pub(super) fn question(&self, app: &AppState) -> Result<Question> {
        let patient = self.patient.trim();
        let patient = if patient.is_empty() {
            None
        } else {
            let asked = Patient::from_words(patient, app.clock.now().year());
            if !asked.can_be_found() {
                return Err(Error::invalid(
                    "Give the patient's birth date, a phone number, a record number or a member id; a name only beside one of these.",
                ));
            }
            Some(asked)
        };
        let referral = self.referral.trim();
        Ok(Question {
            patient,
            referral: if referral.is_empty() {
                None
            } else {
                let wrong = |_| Error::invalid("A referral's id begins with `ref_`; it stands at the top of its page.");
                Some(referral.parse().map_err(wrong)?)
            },
            who: (!self.who.is_empty()).then(|| self.who.clone()),
            what: What::of_word(&self.what).ok_or_else(|| Error::invalid("Choose the act from the list."))?,
            since: start(app, &self.since, 0)?,
            until: start(app, &self.until, 1)?,
        })
    }

    pub(super) fn before(&self) -> Result<Option<AuditId>> {
        if self.before.is_empty() {
            return Ok(None);
        }
        let wrong = |_| Error::malformed("`before` is not the end of a page of this list.");
        self.before.parse().map(Some).map_err(wrong)
    }

    /// Where the same question, but for the patient, is asked again.
    pub(super) fn address(&self) -> String {
        address(&[
            ("referral", self.referral.trim()),
            ("who", &self.who),
            ("what", &self.what),
            ("since", &self.since),
            ("until", &self.until),
            ("before", &self.before),
        ])
    }
}

fn address(fields: &[(&str, &str)]) -> String {
    let given = fields.iter().filter(|(_, value)| !value.is_empty());
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(given)
        .finish();
    if query.is_empty() {
        "/audit".to_owned()
    } else {
        format!("/audit?{query}")
    }
}

/// The first moment of a day of the clinic, `later` days on.
fn start(app: &AppState, day: &str, later: u64) -> Result<Option<DateTime<Utc>>> {
    if day.is_empty() {
        return Ok(None);
    }
    let day = day
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.checked_add_days(Days::new(later)))
        .filter(|day| (1970..9999).contains(&day.year()))
        .ok_or_else(|| Error::invalid("Choose the days from the calendar."))?;
    Ok(Some(app.config.desk.time_zone.start_of(day)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_names_a_patient() {
        let asked = Asked {
            patient: "Marchetti 8/14/1961".to_owned(),
            who: "usr_1".to_owned(),
            since: "2026-11-01".to_owned(),
            ..Asked::default()
        };
        assert_eq!(asked.address(), "/audit?who=usr_1&since=2026-11-01");
        assert_eq!(Asked::default().address(), "/audit");
        assert_eq!(Link::to("who", "door:front desk").href, "/audit?who=door%3Afront+desk");
    }
}
