//! `referloop read`: a document's words, as other programs and people want them. Stores nothing and needs no database.

use crate::config::Config;
use crate::domain::page::PageText;
use crate::letters::{hocr, searchable};
use crate::pipeline::bind;
use crate::reading::{Pool, ReadDocument};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Read {
    /// A PDF, TIFF, PNG or JPEG file, told apart by content.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What to make of it.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
    /// Write to this file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The words in reading order, a line each line, a form feed between pages.
    Text,
    /// All that was found: for each page its words with boxes, confidences and lines, its check boxes and ruled lines.
    Json,
    /// The words with boxes and confidences as hOCR, which is XHTML.
    Hocr,
    /// The document's own pages, upright, with the words laid over them invisibly so that they can be searched and copied.
    Pdf,
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Answer<'a> {
    file: &'a str,
    media_type: &'static str,
    pages: Vec<&'a PageText>,
}

/// 0 when the file was read; what kept it from being read is an error.
pub async fn run(config: &Config, arguments: Read, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let to_terminal = arguments.output.is_none() && std::io::stdout().is_terminal();
    if arguments.format == Format::Pdf && to_terminal {
        bail!("a PDF is no text for a terminal: name a file with `--output FILE`, or send it on with `>`");
    }
    let name = arguments.file.display().to_string();
    let bytes = tokio::fs::read(&arguments.file)
        .await
        .with_context(|| format!("`{name}` could not be opened"))?;
    let pool = Pool::new(config.reading.clone());
    let document = match pool.read(&bytes).await {
        Ok(document) => document,
        Err(error) => bail!("`{name}` was not read: {} ({error})", error.reason.explanation()),
    };
    let made = match arguments.format {
        Format::Text => text(&document).into_bytes(),
        Format::Json => json(&name, &document)?,
        Format::Hocr => {
            let pages: Vec<PageText> = document.pages.into_iter().map(|page| page.text).collect();
            hocr::render(&file_name(&arguments.file), &pages).into_bytes()
        }
        Format::Pdf => pdf(&pool, &bytes, &document).await?,
    };
    match &arguments.output {
        Some(path) => tokio::fs::write(path, made)
            .await
            .with_context(|| format!("`{}` could not be written", path.display()))?,
        None => out.write_all(&made)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn text(document: &ReadDocument) -> String {
    let mut text = String::new();
    for (index, page) in document.pages.iter().enumerate() {
        if index > 0 {
            text.push('\u{c}');
        }
        for line in page.text.words.chunk_by(|a, b| a.line == b.line) {
            let words: Vec<&str> = line.iter().map(|word| word.text.as_str()).collect();
            text.push_str(&words.join(" "));
            text.push('\n');
        }
    }
    text
}

fn json(file: &str, document: &ReadDocument) -> anyhow::Result<Vec<u8>> {
    let answer = Answer {
        file,
        media_type: document.media_type.mime(),
        pages: document.pages.iter().map(|page| &page.text).collect(),
    };
    let mut json = serde_json::to_vec(&answer)?;
    json.push(b'\n');
    Ok(json)
}

/// From the original's own pages; from the pictures of them where those can't be taken over.
async fn pdf(pool: &Pool, original: &[u8], document: &ReadDocument) -> anyhow::Result<Vec<u8>> {
    let pages: Vec<&PageText> = document.pages.iter().map(|page| &page.text).collect();
    if let Ok(pdf) = bind::searchable_pdf(pool, original, pages.len() as u32, &pages).await {
        return Ok(pdf);
    }
    let pictures = document.pages.iter().map(|page| searchable::SearchablePage {
        image_png: &page.image_png,
        words: &page.text.words,
    });
    Ok(searchable::render(&pictures.collect::<Vec<_>>())?)
}
