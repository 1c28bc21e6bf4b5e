//! `referloop read`: the words of documents, as other programs and people want them. Stores nothing and needs no database.

use super::extract::rules;
use super::kept::Kept;
use crate::config::{self, Config};
use crate::domain::page::{PageText, Rotation};
use crate::letters::{hocr, searchable};
use crate::pipeline::bind;
use crate::reading::{Pool, ReadDocument};
use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use futures_util::{StreamExt, stream};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Args)]
pub struct Read {
    /// PDF, TIFF, PNG or JPEG files, told apart by content. Only `--format json` takes more than one.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
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
    /// All that was found: for each page its words with boxes, confidences and lines, its check boxes and ruled lines. One
    /// JSON object a file, one line each; `extract` takes such a file in place of the documents.
    Json,
    /// The words with boxes and confidences as hOCR, which is XHTML.
    Hocr,
    /// The document's own pages, upright, with the words laid over them invisibly so that they can be searched and copied.
    Pdf,
}

/// 0 when every file was read; what kept a single one from being read is an error.
pub async fn run(config: &Config, arguments: Read, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let to_terminal = arguments.output.is_none() && std::io::stdout().is_terminal();
    if arguments.format == Format::Pdf && to_terminal {
        bail!("a PDF is no text for a terminal: name a file with `--output FILE`, or send it on with `>`");
    }
    let pool = config::reader(config.reading.clone(), &Arc::new(rules(config)?));
    let [file] = &arguments.files[..] else {
        if arguments.format != Format::Json {
            bail!("only `--format json` takes more than one file");
        }
        return match &arguments.output {
            Some(path) => {
                let made = std::fs::File::create(path);
                let made = made.with_context(|| format!("`{}` could not be written", path.display()))?;
                many(&pool, arguments.files, &mut std::io::BufWriter::new(made)).await
            }
            None => many(&pool, arguments.files, out).await,
        };
    };
    let name = file.display().to_string();
    let bytes = tokio::fs::read(file)
        .await
        .with_context(|| format!("`{name}` could not be opened"))?;
    let document = match pool.read(&bytes).await {
        Ok(document) => document,
        Err(error) => bail!("`{name}` was not read: {} ({error})", error.reason.explanation()),
    };
    let made = match arguments.format {
        Format::Text => text(&document).into_bytes(),
        Format::Json => Kept::from_document(file, document).line()?,
        Format::Hocr => {
            let pages: Vec<PageText> = document.pages.into_iter().map(|page| page.text).collect();
            hocr::render(&file_name(file), &pages).into_bytes()
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

/// A line for each file, in the order given. 1 when some were not read; their lines say why.
async fn many(pool: &Pool, files: Vec<PathBuf>, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    let lines = stream::iter(files).map(async |file| Kept::read(&file, pool).await);
    let mut lines = std::pin::pin!(lines.buffered(pool.permits()));
    let mut code = ExitCode::SUCCESS;
    while let Some(kept) = lines.next().await {
        if kept.error.is_some() {
            code = ExitCode::FAILURE;
        }
        out.write_all(&kept.line()?)?;
        out.flush()?;
    }
    Ok(code)
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

/// From the original's own pages; from the pictures of them where those can't be taken over.
async fn pdf(pool: &Pool, original: &[u8], document: &ReadDocument) -> anyhow::Result<Vec<u8>> {
    let pages: Vec<&PageText> = document.pages.iter().map(|page| &page.text).collect();
    if let Ok(pdf) = bind::searchable_pdf(pool, original, pages.len() as u32, &pages).await {
        return Ok(pdf);
    }
    let pictures = document.pages.iter().map(|page| searchable::SearchablePage {
        image_png: &page.image_png,
        words: &page.text.words,
        turn: Rotation::Upright,
    });
    Ok(searchable::render(&pictures.collect::<Vec<_>>())?)
}
