//! Words that were read once and kept, so that rules can be tried on a thousand documents in seconds: what
//! `read --format json` writes, and `extract` and `rules` take in place of the documents.

use crate::domain::page::PageText;
use crate::domain::transmission::QuarantineReason;
use crate::reading::{Pool, ReadDocument};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What was read from one file. Holds what stands on its pages: PHI.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    /// As it was named to `read`.
    pub file: String,
    /// Absent where nothing was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    media_type: Option<String>,
    pub pages: Vec<PageText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Failure>,
}

/// Why a file was not read.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failure {
    pub code: QuarantineReason,
    pub detail: String,
}

impl Kept {
    /// Reads a document; what can't be read tells why.
    pub async fn read(file: &Path, pool: &Pool) -> Self {
        match tokio::fs::read(file).await {
            Ok(bytes) => Self::of(file, &bytes, pool).await,
            Err(error) => Self::unopened(file, &error),
        }
    }

    pub(super) async fn of(file: &Path, bytes: &[u8], pool: &Pool) -> Self {
        match pool.read(bytes).await {
            Ok(document) => Self::from_document(file, document),
            Err(error) => Self::failed(file, error.reason, error.detail),
        }
    }

    pub fn from_document(file: &Path, document: ReadDocument) -> Self {
        Self {
            file: file.to_string_lossy().into_owned(),
            media_type: Some(document.media_type.mime().to_owned()),
            pages: document.pages.into_iter().map(|page| page.text).collect(),
            error: None,
        }
    }

    pub(super) fn failed(file: &Path, code: QuarantineReason, detail: String) -> Self {
        Self {
            file: file.to_string_lossy().into_owned(),
            media_type: None,
            pages: Vec::new(),
            error: Some(Failure { code, detail }),
        }
    }

    fn unopened(file: &Path, error: &std::io::Error) -> Self {
        let detail = format!("the file could not be opened: {error}");
        Self::failed(file, QuarantineReason::Unreadable, detail)
    }

    /// Its line of NDJSON, with the line's end.
    pub fn line(&self) -> anyhow::Result<Vec<u8>> {
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

/// What a file holds, read now or kept from an earlier reading; a file of kept words may hold many documents.
pub async fn open(file: &Path, pool: &Pool) -> Vec<Kept> {
    let bytes = match tokio::fs::read(file).await {
        Ok(bytes) => bytes,
        Err(error) => return vec![Kept::unopened(file, &error)],
    };
    if !bytes.starts_with(b"{\"file\":") {
        return vec![Kept::of(file, &bytes, pool).await];
    }
    let lines = serde_json::Deserializer::from_slice(&bytes).into_iter();
    let kept: Result<Vec<Kept>, _> = lines.collect();
    kept.unwrap_or_else(|error| {
        let detail = format!("holds no words as `read --format json` writes them: {error}");
        vec![Kept::failed(file, QuarantineReason::NotADocument, detail)]
    })
}

/// The pages of one document, or why it can't be read.
pub async fn pages(file: &Path, pool: &Pool) -> anyhow::Result<Result<Vec<PageText>, Failure>> {
    let mut all = open(file, pool).await;
    let Some(only) = all.pop().filter(|_| all.is_empty()) else {
        anyhow::bail!("`{}` holds words of more than one document", file.display());
    };
    Ok(only.error.map_or(Ok(only.pages), Err))
}
