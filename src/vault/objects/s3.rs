//! Objects in a bucket: S3, or what speaks as it does.

use super::{ObjectError, S3Config, same_or_conflict};
use crate::crypto::mac::sha256;
use crate::domain::ids::ObjectId;
use crate::vault::aws;
use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumMode, CompletedMultipartUpload, CompletedPart, ServerSideEncryption,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use std::time::Duration;

/// What is larger goes in parts, so that a break-off costs one of them.
const SINGLE_MAX: usize = 16 << 20;
/// S3 takes no part under 5 MiB but the last.
const PART_BYTES: usize = 8 << 20;
/// A gateway waits some seconds for its answer. A large document takes as long in parts, each with its own time.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(12);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(6);

#[derive(Debug)]
pub struct S3Objects {
    client: Client,
    bucket: String,
    prefix: String,
    sse_kms_key: Option<String>,
}

impl S3Objects {
    pub async fn connect(bucket: &str, prefix: &str, config: &S3Config) -> Self {
        let shared = aws::load(OPERATION_TIMEOUT, ATTEMPT_TIMEOUT).await;
        Self::new(&shared, bucket, prefix, config)
    }

    /// With an access that is set up already.
    pub fn new(shared: &SdkConfig, bucket: &str, prefix: &str, config: &S3Config) -> Self {
        let settings = aws_sdk_s3::config::Builder::from(shared)
            .force_path_style(config.path_style)
            .build();
        Self {
            client: Client::from_conf(settings),
            bucket: bucket.to_owned(),
            prefix: prefix.to_owned(),
            sse_kms_key: config.sse_kms_key.clone(),
        }
    }

    fn name(&self, id: &ObjectId) -> String {
        if self.prefix.is_empty() {
            id.to_string()
        } else {
            format!("{}/{id}", self.prefix)
        }
    }

    fn encryption(&self) -> Option<ServerSideEncryption> {
        self.sse_kms_key.as_ref().map(|_| ServerSideEncryption::AwsKms)
    }

    /// Nothing is ever written over: the second to come under a name is held against the first.
    pub async fn put(&self, id: &ObjectId, stored: Bytes) -> Result<(), ObjectError> {
        let written = if stored.len() > SINGLE_MAX {
            self.put_parts(id, &stored).await
        } else {
            self.put_whole(id, &stored).await
        };
        match written {
            Err(ObjectError::Bucket { code, .. }) if code == "PreconditionFailed" => {
                same_or_conflict(id, &self.get(id).await?, &stored)
            }
            other => other,
        }
    }

    async fn put_whole(&self, id: &ObjectId, stored: &Bytes) -> Result<(), ObjectError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(self.name(id))
            .if_none_match("*")
            .checksum_sha256(checksum(stored))
            .set_server_side_encryption(self.encryption())
            .set_ssekms_key_id(self.sse_kms_key.clone())
            .body(ByteStream::from(stored.clone()))
            .send()
            .await
            .map_err(|error| failed("write", &error))?;
        Ok(())
    }

    async fn put_parts(&self, id: &ObjectId, stored: &Bytes) -> Result<(), ObjectError> {
        let created = self
            .client
            .create_multipart_upload()
            .bucket(&self.bucket)
            .key(self.name(id))
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .set_server_side_encryption(self.encryption())
            .set_ssekms_key_id(self.sse_kms_key.clone())
            .send()
            .await
            .map_err(|error| failed("begin", &error))?;
        let upload = created.upload_id.ok_or_else(|| incomplete("begin"))?;
        let written = self.send_parts(id, stored, &upload).await;
        if written.is_err() {
            // Parts that nobody completes would be paid for; a rule of the bucket clears what is left even so.
            let abort = self.client.abort_multipart_upload().bucket(&self.bucket);
            let _ = abort.key(self.name(id)).upload_id(&upload).send().await;
        }
        written
    }

    async fn send_parts(&self, id: &ObjectId, stored: &Bytes, upload: &str) -> Result<(), ObjectError> {
        let mut completed = CompletedMultipartUpload::builder();
        for (at, begin) in (0..stored.len()).step_by(PART_BYTES).enumerate() {
            let part = stored.slice(begin..(begin + PART_BYTES).min(stored.len()));
            let number = at as i32 + 1;
            let checksum = checksum(&part);
            let sent = self
                .client
                .upload_part()
                .bucket(&self.bucket)
                .key(self.name(id))
                .upload_id(upload)
                .part_number(number)
                .checksum_sha256(&checksum)
                .body(ByteStream::from(part))
                .send()
                .await
                .map_err(|error| failed("write a part", &error))?;
            let part = CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag);
            completed = completed.parts(part.checksum_sha256(checksum).build());
        }
        self.client
            .complete_multipart_upload()
            .bucket(&self.bucket)
            .key(self.name(id))
            .upload_id(upload)
            .if_none_match("*")
            .multipart_upload(completed.build())
            .send()
            .await
            .map_err(|error| failed("complete", &error))?;
        Ok(())
    }

    pub async fn get(&self, id: &ObjectId) -> Result<Vec<u8>, ObjectError> {
        let request = self.client.get_object().bucket(&self.bucket).key(self.name(id));
        let answer = request
            .checksum_mode(ChecksumMode::Enabled)
            .send()
            .await
            .map_err(|error| {
                let missing = error.as_service_error().is_some_and(GetObjectError::is_no_such_key);
                if missing {
                    ObjectError::Missing(id.clone())
                } else {
                    failed("read", &error)
                }
            })?;
        let body = answer.body.collect().await.map_err(|error| {
            tracing::warn!(error.cause = %error, "an object's body broke off");
            incomplete("read")
        })?;
        Ok(body.into_bytes().into())
    }

    pub async fn delete(&self, id: &ObjectId) -> Result<(), ObjectError> {
        let request = self.client.delete_object().bucket(&self.bucket).key(self.name(id));
        request.send().await.map_err(|error| failed("delete", &error))?;
        Ok(())
    }

    pub async fn list(&self) -> Result<Vec<ObjectId>, ObjectError> {
        let before = if self.prefix.is_empty() {
            String::new()
        } else {
            format!("{}/", self.prefix)
        };
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(&before);
        let mut pages = request.into_paginator().send();
        let mut ids = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed("list", &error))?;
            let names = page.contents().iter().filter_map(|object| object.key());
            // What is no object of ours was put there by somebody else.
            ids.extend(names.filter_map(|name| name.strip_prefix(&before)?.parse::<ObjectId>().ok()));
        }
        Ok(ids)
    }

    pub async fn check(&self) -> Result<(), ObjectError> {
        let request = self.client.head_bucket().bucket(&self.bucket);
        request.send().await.map_err(|error| failed("look", &error))?;
        Ok(())
    }
}

fn checksum(bytes: &[u8]) -> String {
    STANDARD.encode(sha256(bytes))
}

fn incomplete(action: &'static str) -> ObjectError {
    ObjectError::Bucket {
        action,
        code: "incomplete_answer".to_owned(),
    }
}

fn failed<E: aws::Coded, R>(action: &'static str, error: &aws::SdkError<E, R>) -> ObjectError {
    ObjectError::Bucket {
        action,
        code: aws::code(error),
    }
}
