//! Finding a partner's certificate by its address: DNS CERT for the address, then for its domain, then LDAP at the servers that
//! the domain names. Whatever is found is judged; what may not be used is passed over with its reason.

use super::known::Known;
use super::lacking;
use crate::app::App;
use crate::direct::address::Address;
use crate::direct::certificate::Certificate;
use crate::direct::discovery::cert_record::{CertRecord, CertRecordProblem};
use crate::direct::discovery::choice::{Choice, choose};
use crate::direct::discovery::names::{cert_names, ldap_filters, ldap_service};
use crate::direct::discovery::srv;
use crate::doors::outside::{Outside, OutsideError};
use crate::store;
use crate::store::found::FoundCertificate;

/// What an IPKIX record leads to.
const CERTIFICATE_BYTES_MAX: usize = 64 * 1024;
/// IPKIX records of a name that are followed: each place may let us wait.
const URLS_MAX: usize = 4;
/// Servers that are asked at most: each may let us wait.
const SERVERS_MAX: usize = 6;

/// Where a certificate was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    DnsAddress,
    DnsDomain,
    LdapServers,
    LdapAddress,
    LdapDomain,
}

impl Step {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DnsAddress => "dns_address",
            Self::DnsDomain => "dns_domain",
            Self::LdapServers => "ldap_servers",
            Self::LdapAddress => "ldap_address",
            Self::LdapDomain => "ldap_domain",
        }
    }
}

/// One step of a search, for people to follow.
#[derive(Debug)]
pub struct Looked {
    pub step: Step,
    /// The name or server that was asked.
    pub place: String,
    pub outcome: Outcome,
}

#[derive(Debug)]
pub enum Outcome {
    Failed(OutsideError),
    /// It has nothing of the kind.
    Nothing,
    /// Servers to ask, in this order.
    Servers(Vec<String>),
    Found {
        choice: Choice,
        /// Records that hold no certificate that could be looked at.
        unreadable: Vec<Unreadable>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error(transparent)]
    Record(CertRecordProblem),
    #[error("the certificate's URL: {0}")]
    Url(OutsideError),
}

/// A search from its first step to the last that was needed.
#[derive(Debug, Default)]
pub struct Search {
    pub steps: Vec<Looked>,
    pub found: Option<Certificate>,
}

impl Search {
    /// Whether it could go better later, since somebody did not answer.
    pub fn is_passing(&self) -> bool {
        self.steps.iter().any(|looked| match &looked.outcome {
            Outcome::Failed(error) => error.is_passing(),
            Outcome::Found { unreadable, choice } => {
                unreadable
                    .iter()
                    .any(|one| matches!(one, Unreadable::Url(error) if error.is_passing()))
                    || choice.passed_over.iter().any(|one| one.reason.is_passing())
            }
            Outcome::Nothing | Outcome::Servers(_) => false,
        })
    }
}

/// Looks for a certificate that `ours` may encrypt to when it writes to `theirs`, and keeps what it finds. No transaction is
/// open while others are asked.
pub async fn search(app: &App, ours: &Address, theirs: &Address) -> store::Result<Search> {
    let mut searching = match Outside::new(&app.config.direct.outside()) {
        Ok(outside) => Searching {
            app,
            ours,
            theirs,
            outside,
            search: Search::default(),
        },
        Err(error) => {
            let looked = Looked {
                step: Step::DnsAddress,
                place: theirs.domain().to_owned(),
                outcome: Outcome::Failed(error),
            };
            return Ok(Search {
                steps: vec![looked],
                found: None,
            });
        }
    };
    if !Box::pin(searching.by_dns()).await? {
        Box::pin(searching.by_ldap()).await?;
    }
    Ok(searching.search)
}

struct Searching<'a> {
    app: &'a App,
    ours: &'a Address,
    theirs: &'a Address,
    outside: Outside,
    search: Search,
}

impl Searching<'_> {
    async fn by_dns(&mut self) -> store::Result<bool> {
        for name in cert_names(self.theirs) {
            let step = if name.eq_ignore_ascii_case(self.theirs.domain()) {
                Step::DnsDomain
            } else {
                Step::DnsAddress
            };
            let records = match self.outside.certificates_of(&name).await {
                Ok(records) => records,
                Err(error) => {
                    self.note(step, name, Outcome::Failed(error));
                    continue;
                }
            };
            let (mut candidates, mut unreadable) = (Vec::new(), Vec::new());
            let mut followed = 0;
            for record in records {
                match record {
                    Ok(CertRecord::Certificate(der)) => candidates.push(der),
                    Ok(CertRecord::Url(_)) if followed == URLS_MAX => {}
                    Ok(CertRecord::Url(url)) => {
                        followed += 1;
                        match self.outside.fetch(&url, CERTIFICATE_BYTES_MAX).await {
                            Ok(bytes) => candidates.push(bytes),
                            Err(error) => unreadable.push(Unreadable::Url(error)),
                        }
                    }
                    Err(problem) => unreadable.push(Unreadable::Record(problem)),
                }
            }
            if self.settle(step, name, &candidates, unreadable).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn by_ldap(&mut self) -> store::Result<bool> {
        let service = ldap_service(self.theirs);
        let servers = match self.outside.servers_of(&service).await {
            Ok(servers) => srv::order(servers, |most| rand::random_range(0..=most)),
            Err(error) => {
                self.note(Step::LdapServers, service, Outcome::Failed(error));
                return Ok(false);
            }
        };
        let named: Vec<String> = servers.iter().map(place_of).collect();
        let outcome = if named.is_empty() {
            Outcome::Nothing
        } else {
            Outcome::Servers(named)
        };
        self.note(Step::LdapServers, service, outcome);
        for server in servers.iter().take(SERVERS_MAX) {
            for (step, filter) in [Step::LdapAddress, Step::LdapDomain]
                .into_iter()
                .zip(ldap_filters(self.theirs))
            {
                match self.outside.ask_directory(server, &filter).await {
                    Ok(candidates) => {
                        if self.settle(step, place_of(server), &candidates, Vec::new()).await? {
                            return Ok(true);
                        }
                    }
                    Err(error) => {
                        self.note(step, place_of(server), Outcome::Failed(error));
                        // The same server would let us wait once more.
                        break;
                    }
                }
            }
        }
        Ok(false)
    }

    fn note(&mut self, step: Step, place: String, outcome: Outcome) {
        self.search.steps.push(Looked { step, place, outcome });
    }

    /// Chooses among what a step found. Says whether the search is over.
    async fn settle(
        &mut self,
        step: Step,
        place: String,
        candidates: &[Vec<u8>],
        unreadable: Vec<Unreadable>,
    ) -> store::Result<bool> {
        if candidates.is_empty() && unreadable.is_empty() {
            self.note(step, place, Outcome::Nothing);
            return Ok(false);
        }
        let choice = judged(self.app, self.ours, self.theirs, candidates).await?;
        let found = choice.chosen.as_ref().map(|chosen| chosen.certificate.clone());
        if let Some(certificate) = &found {
            self.keep(step, &place, certificate).await?;
        }
        self.note(step, place, Outcome::Found { choice, unreadable });
        let is_over = found.is_some();
        self.search.found = found;
        Ok(is_over)
    }

    async fn keep(&self, step: Step, place: &str, certificate: &Certificate) -> store::Result<()> {
        let now = self.app.clock.now();
        let row = FoundCertificate {
            address: self.theirs.as_str().to_lowercase(),
            fingerprint: certificate.fingerprint(),
            certificate: certificate.to_der(),
            step: step.as_str().to_owned(),
            place: place.to_owned(),
            not_after: certificate.not_after().unwrap_or(now),
            found_at: now,
        };
        let mut tx = self.app.db.begin().await?;
        store::found::keep(&mut tx, &row).await?;
        tx.commit().await
    }
}

fn place_of(server: &srv::Server) -> String {
    format!("{}:{}", server.host.trim_end_matches('.'), server.port)
}

/// Judges candidates by what is here; where something was lacking, once more when it has come.
pub(super) async fn judged(
    app: &App,
    ours: &Address,
    theirs: &Address,
    candidates: &[Vec<u8>],
) -> store::Result<Choice> {
    let (choice, known) = judge(app, ours, theirs, candidates).await?;
    if lacking::fetch(app, &known).await? {
        return Ok(judge(app, ours, theirs, candidates).await?.0);
    }
    Ok(choice)
}

async fn judge(app: &App, ours: &Address, theirs: &Address, candidates: &[Vec<u8>]) -> store::Result<(Choice, Known)> {
    let mut tx = app.db.read().await?;
    let known = Known::load(app, &mut tx).await?;
    drop(tx);
    let each = candidates.iter().map(Vec::as_slice);
    let choice = choose(each, theirs, app.clock.now(), |certificate| {
        known.of_recipient(ours, certificate)
    });
    Ok((choice, known))
}
