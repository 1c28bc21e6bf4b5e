//! What the `mail` section must hold before it is used; the section itself is defined by the door.

use super::{Config, ConfigError};
use crate::domain::mail_mode::MailMode;
use crate::doors::imap::Afterwards;

impl Config {
    /// Refuses a HISP that we could not prove to who we are, and a mailbox that nobody could sign in at.
    pub fn check_mail(&self) -> Result<(), ConfigError> {
        let mail = &self.mail;
        let imap = &mail.imap;
        if imap.is_on() && (imap.user.is_empty() || imap.password.is_none()) {
            return Err(ConfigError::value(
                "mail.imap.host",
                &"a mailbox needs `mail.imap.user` and `mail.imap.password`",
            ));
        }
        if imap.is_on() && imap.afterwards == Afterwards::Move && imap.moved_to == imap.folder {
            return Err(ConfigError::value(
                "mail.imap.moved_to",
                &"messages can't be moved to the folder that they are read from",
            ));
        }
        if imap.is_on() && mail.direct_address().is_none() {
            return Err(ConfigError::value(
                "mail.imap.host",
                &"a mailbox needs `mail.direct_domain`, our Direct domain, as `direct.clinic.example`: what lies in it is for its \
                  addresses",
            ));
        }
        if mail.mode == MailMode::Agent || !mail.can_send() {
            return Ok(());
        }
        if mail.smtp_user.is_none() || mail.smtp_password.is_none() {
            return Err(ConfigError::value(
                "mail.mode",
                &"behind a HISP messages are handed over by name and password: give `mail.smtp_user` and `mail.smtp_password`",
            ));
        }
        Ok(())
    }
}
