//! Checkpoints in a bucket, one object each. The bucket's object lock keeps them from whoever may write there.

use super::checkpoint::CheckpointError;
use crate::vault::aws;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use std::time::Duration;

const OPERATION_TIMEOUT: Duration = Duration::from_secs(20);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(8);

pub struct CheckpointBucket {
    client: Client,
    bucket: String,
    prefix: String,
}

impl CheckpointBucket {
    pub async fn connect(bucket: &str, prefix: &str, path_style: bool) -> Self {
        let shared = aws::load(OPERATION_TIMEOUT, ATTEMPT_TIMEOUT).await;
        let settings = aws_sdk_s3::config::Builder::from(&shared).force_path_style(path_style);
        Self {
            client: Client::from_conf(settings.build()),
            bucket: bucket.to_owned(),
            prefix: if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix}/")
            },
        }
    }

    pub async fn keep(&self, name: &str, line: String) -> Result<(), CheckpointError> {
        self.client
            .put_object()
            .bucket(&self.bucket)
            .key(format!("{}{name}", self.prefix))
            .content_type("application/json")
            .body(ByteStream::from(line.into_bytes()))
            .send()
            .await
            .map_err(|error| failed("keep", &error))?;
        Ok(())
    }

    /// Of all checkpoints, without what stands before them.
    pub async fn names(&self) -> Result<Vec<String>, CheckpointError> {
        let request = self.client.list_objects_v2().bucket(&self.bucket).prefix(&self.prefix);
        let mut pages = request.into_paginator().send();
        let mut names = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| failed("read", &error))?;
            let keys = page.contents().iter().filter_map(|object| object.key());
            names.extend(keys.filter_map(|key| key.strip_prefix(&self.prefix)).map(str::to_owned));
        }
        Ok(names)
    }
}

fn failed<E: aws::Coded, R>(action: &'static str, error: &aws::SdkError<E, R>) -> CheckpointError {
    CheckpointError::Bucket {
        action,
        code: aws::code(error),
    }
}
