//! Words that were read once and kept, so that rules can be tried on a thousand documents in seconds: what
//! `read --format json` writes, and `extract` and `rules` take in place of the documents.

use crate::domain::page::PageText;
use crate::domain::transmission::QuarantineReason;
use crate::reading::ReadDocument;
use anyhow::Context;
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
    pub fn read(file: String, document: ReadDocument) -> Self {
        Self {
            file,
            media_type: Some(document.media_type.mime().to_owned()),
            pages: document.pages.into_iter().map(|page| page.text).collect(),
            error: None,
        }
    }

    pub fn failed(file: String, failure: Failure) -> Self {
        Self {
            file,
            media_type: None,
            pages: Vec::new(),
            error: Some(failure),
        }
    }

    /// Its line of NDJSON, with the line's end.
    pub fn line(&self) -> anyhow::Result<Vec<u8>> {
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

/// The kept words in a file, if it holds such; a document of any kind is `None`.
pub fn load(path: &Path, bytes: &[u8]) -> anyhow::Result<Option<Vec<Kept>>> {
    if !bytes.starts_with(b"{\"file\":") {
        return Ok(None);
    }
    let lines = serde_json::Deserializer::from_slice(bytes).into_iter();
    let kept: Result<Vec<Kept>, _> = lines.collect();
    kept.map(Some).with_context(|| {
        format!(
            "`{}` holds no words as `read --format json` writes them",
            path.display()
        )
    })
}
