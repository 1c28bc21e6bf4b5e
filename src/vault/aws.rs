//! What the clients of S3 and KMS share: how they are set up, and what a failure is called.

use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

pub use aws_sdk_s3::error::ProvideErrorMetadata as Coded;
pub use aws_sdk_s3::error::SdkError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// A service's codes are words; what is longer is none of them.
const CODE_MAX: usize = 60;

/// Region, credentials and endpoints by the SDK's own variables and files. A failed attempt is repeated as the SDK does, as long
/// as the whole operation may take.
pub async fn load(operation: Duration, attempt: Duration) -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(attempt)
        .operation_timeout(operation)
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .timeout_config(timeouts)
        .load()
        .await
}

/// The first of these variables that is set, if what it names would be reached without TLS and not on this machine.
pub fn endpoint_in_the_clear(variables: &[&'static str]) -> Option<&'static str> {
    let set = variables
        .iter()
        .find_map(|variable| Some((*variable, std::env::var(variable).ok()?)));
    set.filter(|(_, url)| is_in_the_clear(url))
        .map(|(variable, _)| variable)
}

fn is_in_the_clear(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or(rest);
    let is_here = authority
        .parse::<SocketAddr>()
        .is_ok_and(|address| address.ip().is_loopback())
        || authority.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        || authority == "localhost"
        || authority.starts_with("localhost:");
    !is_here
}

/// A short code for logs and job rows: the service's own where it answered, else what kept it from it.
pub fn code<E: Coded, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::TimeoutError(_) => "no_answer_in_time".to_owned(),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => "no_answer_in_time".to_owned(),
        SdkError::DispatchFailure(_) => "not_reached".to_owned(),
        SdkError::ConstructionFailure(_) => "not_configured".to_owned(),
        SdkError::ServiceError(answer) => word(answer.err().code()),
        _ => "answer_not_understood".to_owned(),
    }
}

fn word(code: Option<&str>) -> String {
    let plain = |code: &&str| code.len() <= CODE_MAX && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    code.filter(plain).unwrap_or("answer_not_understood").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_without_tls() {
        for url in [
            "https://kms.example",
            "http://127.0.0.1:5555",
            "http://[::1]:5555/",
            "http://localhost",
            "http://localhost:1",
        ] {
            assert!(!is_in_the_clear(url), "{url}");
        }
        for url in [
            "http://kms.example",
            "http://10.0.0.5:5555",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
        ] {
            assert!(is_in_the_clear(url), "{url}");
        }
    }
}
