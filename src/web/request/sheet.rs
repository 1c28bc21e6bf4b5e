//! The checklist as it was filled in.

use crate::domain::ids::ReferralId;
use crate::store::requests::Asked;
use crate::web::error::{Error, Result};
use crate::web::loaded::referral_id;

/// What was ticked and typed. A checklist sends one name many times.
pub struct Sheet {
    pub version: Option<u64>,
    pub asked: Asked,
    pub direct: bool,
    pub proof: String,
}

pub type Pairs = Vec<(String, String)>;

pub fn sheet(pairs: Pairs) -> Sheet {
    let mut sheet = Sheet {
        version: None,
        asked: Asked::default(),
        direct: false,
        proof: String::new(),
    };
    for (name, value) in pairs {
        let value = value.trim();
        match name.as_str() {
            "version" => sheet.version = value.parse().ok(),
            "item" if !value.is_empty() => sheet.asked.items.push(value.to_owned()),
            // One more a line.
            "more" => {
                let lines = value.lines().map(str::trim).filter(|line| !line.is_empty());
                sheet.asked.items.extend(lines.map(str::to_owned));
            }
            "note" if !value.is_empty() => sheet.asked.note = Some(value.to_owned()),
            "way" => sheet.direct = value == "direct",
            "proof" => value.clone_into(&mut sheet.proof),
            _ => {}
        }
    }
    sheet
}

/// What a change needs: the referral, and its version as the person saw it.
pub fn to_act_on(id: &str, pairs: Pairs) -> Result<(ReferralId, u64, Sheet)> {
    let id = referral_id(id)?;
    let sheet = sheet(pairs);
    let version = sheet.version.ok_or_else(Error::version_required)?;
    Ok((id, version, sheet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_is_what_is_asked() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sheet = sheet(vec![
            pair("version", "4"),
            pair("item", "ECG"),
            pair("item", "Date of birth"),
            pair("more", " Lab results \n\n"),
            pair("note", "  "),
            pair("way", "direct"),
        ]);
        assert_eq!(sheet.asked.items, ["ECG", "Date of birth", "Lab results"]);
        assert_eq!((sheet.version, sheet.asked.note, sheet.direct), (Some(4), None, true));
    }
}
