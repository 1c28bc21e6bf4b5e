//! The `tls` section, and what is refused because others on the way could read along.

use super::{Config, ConfigError};
use crate::store::Db;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsConfig {
    /// PEM files of the certificate, with those that vouch for it, and of its key: with them the listeners speak TLS.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// A proxy that speaks TLS stands before `listen`, and nobody else reaches it.
    pub behind_proxy: bool,
    /// The way to the database on another machine is protected by something else than a certificate that we check.
    pub unverified_database: bool,
}

/// Certificate and key, or neither.
type Pair<'a> = Option<(&'a Path, &'a Path)>;

impl Config {
    /// Whether browsers come by TLS: to us, or to a proxy in front of us.
    pub fn is_https(&self) -> bool {
        self.tls.certificate.is_some() || self.desk.has_https_url()
    }

    /// For desk, API and doors.
    pub fn certificate(&self) -> Result<Pair<'_>, ConfigError> {
        pair("tls.key", self.tls.certificate.as_deref(), self.tls.key.as_deref())
    }

    /// For Direct messages: the mail listener's own, or else the one of the desk.
    pub fn mail_certificate(&self) -> Result<Pair<'_>, ConfigError> {
        let (certificate, key) = (&self.mail.listen_certificate, &self.mail.listen_key);
        Ok(pair("mail.listen_key", certificate.as_deref(), key.as_deref())?.or(self.certificate()?))
    }

    /// Refuses listeners that other machines reach without TLS.
    pub fn check_listeners(&self) -> Result<(), ConfigError> {
        let encrypted = self.certificate()?.is_some();
        let mail_encrypted = self.mail_certificate()?.is_some();
        if !self.listen.ip().is_loopback() && !encrypted {
            self.check_proxy()?;
        }
        let plain = (
            self.mail.listen,
            "mail.listen",
            "export REFERLOOP_MAIL__LISTEN=127.0.0.1:2525",
        );
        let implicit = (
            self.mail.listen_implicit,
            "mail.listen_implicit",
            "export REFERLOOP_MAIL__LISTEN_IMPLICIT=127.0.0.1:2465",
        );
        for (address, key, fix) in [plain, implicit] {
            if let Some(address) = address
                && !address.ip().is_loopback()
                && !mail_encrypted
            {
                return Err(ConfigError::Exposed {
                    key,
                    problem: format!(
                        "other machines reach {address}, and mail is taken from them only under a certificate that they can \
                         check: give `mail.listen_certificate` and `mail.listen_key`, or `tls.certificate` and `tls.key`"
                    ),
                    fix,
                });
            }
        }
        Ok(())
    }

    fn check_proxy(&self) -> Result<(), ConfigError> {
        let address = self.listen;
        if !self.tls.behind_proxy {
            return Err(ConfigError::Exposed {
                key: "listen",
                problem: format!(
                    "other machines reach {address}, and plain HTTP would show patients' data to anybody on the way: give \
                     `tls.certificate` and `tls.key`; or set `tls.behind_proxy` where a proxy with TLS stands before it, and \
                     `desk.public_url` to the proxy's https address; or listen on 127.0.0.1"
                ),
                fix: "export REFERLOOP_LISTEN=127.0.0.1:8080",
            });
        }
        if self.desk.has_https_url() {
            return Ok(());
        }
        Err(ConfigError::Exposed {
            key: "desk.public_url",
            problem: "`tls.behind_proxy` needs the proxy's address, beginning with https://: without it cookies would also go \
                      by plain HTTP"
                .to_owned(),
            fix: "export REFERLOOP_DESK__PUBLIC_URL=\"https://$(hostname -f)\"",
        })
    }

    /// Refuses a database on another machine that can't prove who it is.
    pub fn check_way_to_database(&self) -> Result<(), ConfigError> {
        let url = self.database_url()?;
        let is_private = Db::is_reached_privately(url.reveal());
        if self.tls.unverified_database || is_private.map_err(|error| ConfigError::value("database_url", &error))? {
            return Ok(());
        }
        Err(ConfigError::Exposed {
            key: "database_url",
            problem: "it leads to another machine, and without `sslmode=verify-full` anybody on the way could read along or pose \
                      as the database: add `sslmode=verify-full`, and `sslrootcert=FILE` for an authority of your own; where \
                      something else protects the way, a tunnel for instance, set `tls.unverified_database`"
                .to_owned(),
            fix: "export PGSSLMODE=verify-full",
        })
    }
}

fn pair<'a>(
    key_of_key: &'static str,
    certificate: Option<&'a Path>,
    key: Option<&'a Path>,
) -> Result<Pair<'a>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some((certificate, key))),
        (None, None) => Ok(None),
        _ => Err(ConfigError::value(
            key_of_key,
            &"a certificate and its key are given together",
        )),
    }
}
