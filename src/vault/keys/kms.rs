//! Master keys in AWS KMS, or what speaks as it does. The service sees the installation's id as encryption context, and no
//! object's.

use super::pool::{KeyPool, SIZE};
use super::{KeyError, WrappedKey};
use crate::crypto::DataKey;
use crate::domain::ids::TenantId;
use crate::vault::aws;
use aws_config::SdkConfig;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

/// The name under which the tenant stands in the encryption context. It shows in the service's own log.
const CONTEXT: &str = "tenant";
/// A gateway that waits for its answer gives up after some seconds.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(4);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(2);
/// Between tries to make keys ahead while the service is away.
const TRY_AGAIN: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct KmsKeys {
    client: Client,
    /// As configured: id, ARN or alias.
    key: String,
    /// The ARN that the service answered with.
    arn: OnceLock<String>,
    pool: KeyPool,
}

impl KmsKeys {
    /// Reads the SDK's own variables: region, credentials, endpoint.
    pub async fn connect(key: &str) -> Result<Self, KeyError> {
        if let Some(variable) = aws::endpoint_in_the_clear(&["AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL"]) {
            return Err(KeyError::InTheClear { variable });
        }
        Ok(Self::new(&aws::load(OPERATION_TIMEOUT, ATTEMPT_TIMEOUT).await, key))
    }

    /// With an access that is set up already.
    pub fn new(shared: &SdkConfig, key: &str) -> Self {
        Self {
            client: Client::new(shared),
            key: key.to_owned(),
            arn: OnceLock::new(),
            pool: KeyPool::default(),
        }
    }

    /// One made ahead, or else a fresh one.
    pub async fn generate(&self, tenant: &TenantId) -> Result<(DataKey, WrappedKey), KeyError> {
        match self.pool.take(Instant::now()) {
            Some(ready) => Ok(ready),
            None => self.make(tenant).await,
        }
    }

    async fn make(&self, tenant: &TenantId) -> Result<(DataKey, WrappedKey), KeyError> {
        const ACTION: &str = "make a data key";
        let request = self.client.generate_data_key().key_id(&self.key);
        let request = request.key_spec(DataKeySpec::Aes256);
        let answer = request
            .encryption_context(CONTEXT, tenant.as_str())
            .send()
            .await
            .map_err(|error| failed(ACTION, &error))?;
        let key = opened(answer.plaintext).ok_or_else(|| incomplete(ACTION))?;
        let wrapped = wrapped(answer.ciphertext_blob, answer.key_id).ok_or_else(|| incomplete(ACTION))?;
        let _ = self.arn.set(wrapped.key_id.clone());
        Ok((key, wrapped))
    }

    pub async fn unwrap(&self, tenant: &TenantId, wrapped: &WrappedKey) -> Result<DataKey, KeyError> {
        const ACTION: &str = "unwrap a data key";
        let request = self.client.decrypt().key_id(&wrapped.key_id);
        let answer = request
            .ciphertext_blob(Blob::new(wrapped.bytes.clone()))
            .encryption_context(CONTEXT, tenant.as_str())
            .send()
            .await
            .map_err(|error| {
                let not_opened = error
                    .as_service_error()
                    .is_some_and(|error| error.is_invalid_ciphertext_exception() || error.is_incorrect_key_exception());
                if not_opened {
                    not_opened_by(&wrapped.key_id)
                } else {
                    failed(ACTION, &error)
                }
            })?;
        opened(answer.plaintext).ok_or_else(|| incomplete(ACTION))
    }

    /// A key that another holder unwrapped.
    pub async fn wrap(&self, tenant: &TenantId, key: &DataKey) -> Result<WrappedKey, KeyError> {
        const ACTION: &str = "wrap a data key";
        let request = self.client.encrypt().key_id(&self.key);
        let answer = request
            .plaintext(Blob::new(key.as_bytes().to_vec()))
            .encryption_context(CONTEXT, tenant.as_str())
            .send()
            .await
            .map_err(|error| failed(ACTION, &error))?;
        wrapped(answer.ciphertext_blob, answer.key_id).ok_or_else(|| incomplete(ACTION))
    }

    /// From one key of the service to another, inside it.
    pub async fn reencrypt(&self, tenant: &TenantId, before: &WrappedKey) -> Result<WrappedKey, KeyError> {
        const ACTION: &str = "wrap a data key anew";
        let request = self.client.re_encrypt().source_key_id(&before.key_id);
        let answer = request
            .ciphertext_blob(Blob::new(before.bytes.clone()))
            .destination_key_id(&self.key)
            .source_encryption_context(CONTEXT, tenant.as_str())
            .destination_encryption_context(CONTEXT, tenant.as_str())
            .send()
            .await
            .map_err(|error| {
                let not_opened = error
                    .as_service_error()
                    .is_some_and(|error| error.is_invalid_ciphertext_exception() || error.is_incorrect_key_exception());
                if not_opened {
                    not_opened_by(&before.key_id)
                } else {
                    failed(ACTION, &error)
                }
            })?;
        wrapped(answer.ciphertext_blob, answer.key_id).ok_or_else(|| incomplete(ACTION))
    }

    pub async fn current_id(&self, tenant: &TenantId) -> Result<String, KeyError> {
        match self.arn.get() {
            Some(arn) => Ok(arn.clone()),
            None => Ok(self.make(tenant).await?.1.key_id),
        }
    }

    pub fn ready(&self) -> usize {
        self.pool.len(Instant::now())
    }

    /// Keys that lie ready are enough: a fax can be sealed.
    pub async fn check(&self, tenant: &TenantId) -> Result<(), KeyError> {
        if self.pool.len(Instant::now()) == 0 {
            let (key, wrapped) = self.make(tenant).await?;
            self.pool.add(key, wrapped, Instant::now());
        }
        Ok(())
    }

    pub async fn keep_ready(&self, tenant: &TenantId, stop: &CancellationToken) {
        let mut away = false;
        while !stop.is_cancelled() {
            if self.pool.len(Instant::now()) >= SIZE {
                tokio::select! { () = self.pool.wants_more() => {}, () = stop.cancelled() => {} }
                continue;
            }
            match self.make(tenant).await {
                Ok((key, wrapped)) => {
                    if std::mem::take(&mut away) {
                        tracing::info!("the key service answers again");
                    }
                    self.pool.add(key, wrapped, Instant::now());
                }
                Err(error) => {
                    if !std::mem::replace(&mut away, true) {
                        tracing::error!(error.cause = %error, ready = self.pool.len(Instant::now()), "no data keys can be made ahead");
                    }
                    tokio::select! { () = tokio::time::sleep(TRY_AGAIN) => {}, () = stop.cancelled() => {} }
                }
            }
        }
    }
}

fn opened(plaintext: Option<Blob>) -> Option<DataKey> {
    let bytes = Zeroizing::new(plaintext?.into_inner());
    Some(DataKey::from_bytes(bytes.as_slice().try_into().ok()?))
}

fn wrapped(bytes: Option<Blob>, key_id: Option<String>) -> Option<WrappedKey> {
    Some(WrappedKey {
        bytes: bytes?.into_inner(),
        key_id: key_id.filter(|id| id.starts_with("arn:"))?,
    })
}

fn not_opened_by(key_id: &str) -> KeyError {
    KeyError::NotOpened {
        key_id: key_id.to_owned(),
        source: None,
    }
}

fn incomplete(action: &'static str) -> KeyError {
    KeyError::Service {
        action,
        code: "incomplete_answer".to_owned(),
    }
}

fn failed<E: aws::Coded, R>(action: &'static str, error: &aws::SdkError<E, R>) -> KeyError {
    KeyError::Service {
        action,
        code: aws::code(error),
    }
}
