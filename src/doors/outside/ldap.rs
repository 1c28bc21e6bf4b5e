//! Certificates in a partner's directory: asked without a name or a password, as the directories of Direct are.

use super::{Outside, OutsideError};
use crate::direct::discovery::srv::Server;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, ResultEntry, Scope, SearchEntry, SearchOptions};
use std::net::SocketAddr;
use std::time::Duration;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// For everything that one server is asked.
const TIMEOUT: Duration = Duration::from_secs(8);
const SECONDS_A_SEARCH: i32 = 5;
/// More entries or directories than this are no answer to a question about one address.
const ENTRIES_MAX: i32 = 20;
const BASES_MAX: usize = 8;
const CERTIFICATES_MAX: usize = 32;
const CERTIFICATE: &str = "userCertificate;binary";

const SIZE_LIMIT_EXCEEDED: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;

impl Outside {
    /// The certificates that a server's directories hold for a filter.
    pub async fn ask_directory(&self, server: &Server, filter: &str) -> Result<Vec<Vec<u8>>, OutsideError> {
        let address = *self
            .addresses(server.host.trim_end_matches('.'))
            .await?
            .first()
            .ok_or(OutsideError::NotPublic)?;
        let (address, filter) = (SocketAddr::new(address, server.port), filter.to_owned());
        // A task of its own: the crate panics over some malformed answers.
        let search = tokio::spawn(async move { tokio::time::timeout(TIMEOUT, search(address, &filter)).await });
        match search.await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(OutsideError::Unreachable),
            Err(_) => Err(OutsideError::Nonsense),
        }
    }
}

async fn search(address: SocketAddr, filter: &str) -> Result<Vec<Vec<u8>>, OutsideError> {
    let settings = LdapConnSettings::new().set_conn_timeout(CONNECT_TIMEOUT);
    let (connection, mut ldap) = LdapConnAsync::with_settings(settings, &format!("ldap://{address}"))
        .await
        .map_err(|_| OutsideError::Unreachable)?;
    let driver = tokio::spawn(connection.drive());
    let found = search_all(&mut ldap, filter).await;
    driver.abort();
    found
}

async fn search_all(ldap: &mut Ldap, filter: &str) -> Result<Vec<Vec<u8>>, OutsideError> {
    let mut certificates = Vec::new();
    for base in bases(ldap).await?.iter().take(BASES_MAX) {
        let entries = entries(ldap, base, Scope::Subtree, filter, &[CERTIFICATE, "userCertificate"]).await?;
        for entry in entries {
            let named = |name: &str| {
                name.split(';')
                    .next()
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("userCertificate"))
            };
            let values = entry.bin_attrs.into_iter().filter(|(name, _)| named(name));
            certificates.extend(values.flat_map(|(_, values)| values));
        }
    }
    certificates.truncate(CERTIFICATES_MAX);
    Ok(certificates)
}

/// Where the server's directories begin.
async fn bases(ldap: &mut Ldap) -> Result<Vec<String>, OutsideError> {
    let root = entries(ldap, "", Scope::Base, "(objectClass=*)", &["namingContexts"]).await?;
    let named = root.into_iter().flat_map(|entry| entry.attrs);
    let bases = named.filter(|(name, _)| name.eq_ignore_ascii_case("namingContexts"));
    Ok(bases.flat_map(|(_, values)| values).collect())
}

async fn entries(
    ldap: &mut Ldap,
    base: &str,
    scope: Scope,
    filter: &str,
    attributes: &[&str],
) -> Result<Vec<SearchEntry>, OutsideError> {
    let options = SearchOptions::new().sizelimit(ENTRIES_MAX).timelimit(SECONDS_A_SEARCH);
    let answer = ldap
        .with_search_options(options)
        .search(base, scope, filter, attributes)
        .await;
    let answer = answer.map_err(|_| OutsideError::Unreachable)?;
    match answer.1.rc {
        0 | SIZE_LIMIT_EXCEEDED => {
            let is_entry = |entry: &ResultEntry| !entry.is_ref() && !entry.is_intermediate();
            Ok(answer
                .0
                .into_iter()
                .filter(is_entry)
                .map(SearchEntry::construct)
                .collect())
        }
        NO_SUCH_OBJECT => Ok(Vec::new()),
        _ => Err(OutsideError::Unreachable),
    }
}
