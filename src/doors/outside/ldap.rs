//! Certificates in a partner's directory: asked without a name or a password, as the directories of Direct are.

use super::{Outside, OutsideError};
use crate::direct::discovery::srv::Server;
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, ResultEntry, Scope, SearchEntry, SearchOptions, StdStream};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, copy};
use tokio::net::{TcpStream, UnixStream};

/// For each of a server's addresses.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A server has one of IPv4 and one of IPv6, and one of the two may be out of our reach.
const ADDRESSES_MAX: usize = 3;
/// For everything that one server is asked.
const TIMEOUT: Duration = Duration::from_secs(8);
const SECONDS_A_SEARCH: i32 = 5;
/// More entries or directories than this are no answer to a question about one address.
const ENTRIES_MAX: i32 = 20;
const BASES_MAX: usize = 8;
const CERTIFICATES_MAX: usize = 32;
/// Of everything that one server answers. The crate keeps an answer in memory until it is whole, however long it says it is.
const BYTES_MAX: u64 = 1024 * 1024;
const CERTIFICATE: &str = "userCertificate;binary";

const SIZE_LIMIT_EXCEEDED: u32 = 4;
const NO_SUCH_OBJECT: u32 = 32;

impl Outside {
    /// The certificates that a server's directories hold for a filter.
    pub async fn ask_directory(&self, server: &Server, filter: &str) -> Result<Vec<Vec<u8>>, OutsideError> {
        let addresses = self.addresses(server.host.trim_end_matches('.')).await?;
        let addresses: Vec<SocketAddr> = addresses
            .into_iter()
            .take(ADDRESSES_MAX)
            .map(|address| SocketAddr::new(address, server.port))
            .collect();
        let filter = filter.to_owned();
        // A task of its own: the crate panics over some malformed answers.
        let search = tokio::spawn(async move { tokio::time::timeout(TIMEOUT, search(&addresses, &filter)).await });
        match search.await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(OutsideError::Unreachable),
            Err(_) => Err(OutsideError::Nonsense),
        }
    }
}

/// The first of a server's addresses that answers.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, OutsideError> {
    for address in addresses {
        if let Ok(Ok(server)) = tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await {
            return Ok(server);
        }
    }
    Err(OutsideError::Unreachable)
}

async fn search(addresses: &[SocketAddr], filter: &str) -> Result<Vec<Vec<u8>>, OutsideError> {
    let server = connect(addresses).await?;
    let (near, far) = UnixStream::pair().map_err(|_| OutsideError::Unreachable)?;
    let near = near.into_std().map_err(|_| OutsideError::Unreachable)?;
    let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(near));
    // The name is not looked at: the stream is here already.
    let (connection, mut ldap) = LdapConnAsync::with_settings(settings, "ldapi://bounded")
        .await
        .map_err(|_| OutsideError::Unreachable)?;
    let mut found = std::pin::pin!(search_all(&mut ldap, filter));
    // In one task: when the time is up, nothing goes on reading.
    let carried = async { tokio::join!(connection.drive(), relay(server, far)) };
    tokio::select! {
        found = &mut found => found,
        // The server closed, perhaps behind its last answer.
        _ = carried => found.await,
    }
}

/// Hands on what both sides say, and from the server no more than it may say.
async fn relay(server: TcpStream, client: UnixStream) {
    let (from_server, mut to_server) = server.into_split();
    let (mut from_client, mut to_client) = client.into_split();
    let mut answer = from_server.take(BYTES_MAX);
    tokio::select! {
        _ = copy(&mut answer, &mut to_client) => {}
        _ = copy(&mut from_client, &mut to_server) => {}
    }
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

#[cfg(test)]
mod tests {
    use super::super::OutsideSettings;
    use super::*;
    use tokio::io::AsyncWriteExt;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_server_is_reached_by_whichever_of_its_addresses_answers() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let open = listener.local_addr().unwrap();
        // Nobody listens there: the one port that the other address has is free at this one.
        let closed = SocketAddr::new("127.0.0.2".parse().unwrap(), open.port());
        assert_eq!(connect(&[closed, open]).await.unwrap().peer_addr().unwrap(), open);
        assert_eq!(connect(&[closed]).await.err(), Some(OutsideError::Unreachable));
    }

    /// It announces an answer of 2 GB, and sends as long as anybody listens.
    #[tokio::test]
    async fn an_endless_answer_is_cut_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Server {
            priority: 0,
            weight: 0,
            port: listener.local_addr().unwrap().port(),
            host: "127.0.0.1".to_owned(),
        };
        let flood = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut sent = 0_usize;
            let mut next: &[u8] = &[0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF];
            while stream.write_all(next).await.is_ok() {
                sent += next.len();
                next = &[0; 16 * 1024];
            }
            sent
        });
        let outside = Outside::new(&OutsideSettings {
            networks: vec!["127.0.0.0/8".parse().unwrap()],
            dns_servers: Vec::new(),
        });
        let answer = outside.unwrap().ask_directory(&server, "(mail=a@b.example)").await;
        assert_eq!(answer, Err(OutsideError::Unreachable));
        // What lay in the sockets' buffers counts as sent.
        assert!(flood.await.unwrap() < 64 * 1024 * 1024);
    }
}
