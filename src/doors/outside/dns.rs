//! What the DNS says: certificates (RFC 4398), servers (RFC 2782), and addresses.

use super::{Outside, OutsideError};
use crate::direct::discovery::cert_record::{CertRecord, CertRecordProblem};
use crate::direct::discovery::srv::Server;
use hickory_resolver::TokioResolver;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

const TIMEOUT: Duration = Duration::from_secs(3);
/// A search has several questions, and who sends tries again later.
const ATTEMPTS: usize = 1;
/// A name could hold thousands.
const RECORDS_MAX: usize = 32;

/// Certificates take more than the 512 bytes of plain DNS, so that EDNS is asked for; what is larger still comes by TCP.
pub(super) fn resolver(servers: &[SocketAddr]) -> Result<TokioResolver, OutsideError> {
    let mut builder = if servers.is_empty() {
        TokioResolver::builder_tokio().map_err(|_| OutsideError::Dns)?
    } else {
        let servers = servers.iter().map(|server| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = server.port();
                connection
            });
            NameServerConfig::new(server.ip(), true, connections.into())
        });
        let config = ResolverConfig::from_parts(None, Vec::new(), servers.collect());
        TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
    };
    let options = builder.options_mut();
    options.timeout = TIMEOUT;
    options.attempts = ATTEMPTS;
    options.edns0 = true;
    options.try_tcp_on_error = true;
    builder.build().map_err(|_| OutsideError::Dns)
}

impl Outside {
    /// The CERT records of a name. One that can't be read stands for itself, so that a person sees it.
    pub async fn certificates_of(
        &self,
        name: &str,
    ) -> Result<Vec<Result<CertRecord, CertRecordProblem>>, OutsideError> {
        let records = self.look_up(name, RecordType::CERT).await?;
        let read = records.into_iter().filter_map(|data| match data {
            RData::CERT(cert) => Some(CertRecord::new(cert.cert_type.into(), &cert.cert_data)),
            _ => None,
        });
        Ok(read.take(RECORDS_MAX).collect())
    }

    /// The servers of a service, as the DNS tells them: not in order.
    pub async fn servers_of(&self, service: &str) -> Result<Vec<Server>, OutsideError> {
        let records = self.look_up(service, RecordType::SRV).await?;
        let servers = records.into_iter().filter_map(|data| match data {
            RData::SRV(srv) => Some(Server {
                priority: srv.priority,
                weight: srv.weight,
                port: srv.port,
                host: srv.target.to_ascii(),
            }),
            _ => None,
        });
        Ok(servers.take(RECORDS_MAX).collect())
    }

    pub(super) async fn resolve(&self, host: &str) -> Result<Vec<IpAddr>, OutsideError> {
        let name = absolute(host).ok_or(OutsideError::Name)?;
        let found = Box::pin(self.resolver.lookup_ip(name)).await;
        let found = found.map_err(|error| match failure(&error) {
            Some(failure) => failure,
            None => OutsideError::Name,
        })?;
        Ok(found.iter().collect())
    }

    /// None for a name that has no such records.
    async fn look_up(&self, name: &str, kind: RecordType) -> Result<Vec<RData>, OutsideError> {
        let Some(name) = absolute(name) else {
            return Ok(Vec::new());
        };
        match Box::pin(self.resolver.lookup(name, kind)).await {
            Ok(found) => Ok(found.answers().iter().map(|record| record.data.clone()).collect()),
            Err(error) => failure(&error).map_or(Ok(Vec::new()), Err),
        }
    }
}

/// Never a name below one of our own search domains.
fn absolute(name: &str) -> Option<Name> {
    let mut name = Name::from_ascii(name).ok()?;
    name.set_fqdn(true);
    Some(name)
}

/// None where the answer is that there is nothing.
fn failure(error: &NetError) -> Option<OutsideError> {
    (!error.is_no_records_found()).then_some(OutsideError::Dns)
}
