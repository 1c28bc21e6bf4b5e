//! `referloop forms`: known forms, learned from a few corrected documents of one sender.

use super::extract::rules;
use super::kept::{self, Kept};
use crate::config::{self, Config};
use crate::domain::document::DocumentKind;
use crate::domain::fields::{FieldContent, FieldKey};
use crate::extraction::RuleSets;
use crate::extraction::forms::learning::{Example, Lesson, Trial};
use crate::extraction::forms::{self, Form, is_name};
use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

#[derive(Debug, Subcommand)]
pub enum FormsCommand {
    /// The known forms, with the fields that each has a place for.
    List,
    /// Propose a form from a few corrected documents of one sender, and write it if it reads better than the rules alone.
    ///
    /// Each document was read both ways, by a form learned from the others where there are three or more. Exit code 0 when
    /// the form was written, 1 when it is no better, with the reason.
    Learn(Learn),
}

#[derive(Debug, Args)]
pub struct Learn {
    /// Documents of different patients on the same form, or words of them that `read --format json` kept.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The form's name: lower case letters, digits and dashes. It also names the file.
    #[arg(long, default_value = "learned-form", value_name = "NAME")]
    name: String,
    /// Where to write it; the configured `rules.forms`, else `forms` in this folder, unless given.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The folder of what each document shows, a file `<document's name>.json` each; beside the document unless given.
    #[arg(long, value_name = "FOLDER")]
    fields: Option<PathBuf>,
}

pub async fn run(config: &Config, command: FormsCommand, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    match command {
        FormsCommand::List => list(&rules(config)?, out),
        FormsCommand::Learn(arguments) => {
            let mut kept = Vec::new();
            let pool = config::reader(config.reading.clone(), &Arc::new(rules(config)?));
            for file in &arguments.files {
                kept.extend(kept::open(file, &pool).await);
            }
            learn(config, &arguments, kept, &mut rules(config)?, out)
        }
    }
}

fn list(rules: &RuleSets, out: &mut impl Write) -> anyhow::Result<ExitCode> {
    for form in rules.forms().all() {
        let (pages, anchors) = (form.pages(), form.anchors());
        writeln!(out, "{}: {pages} pages, {anchors} printed words", form.title())?;
        writeln!(out, "  {}", form.fields().join(", "))?;
    }
    writeln!(out, "{} forms", rules.forms().all().len())?;
    Ok(ExitCode::SUCCESS)
}

fn learn(
    config: &Config,
    arguments: &Learn,
    kept: Vec<Kept>,
    rules: &mut RuleSets,
    out: &mut impl Write,
) -> anyhow::Result<ExitCode> {
    if !is_name(&arguments.name) {
        bail!("`--name` takes lower case letters, digits and dashes, as `--name lakeside-referral`");
    }
    let examples = kept.into_iter().map(|kept| example(kept, arguments.fields.as_deref()));
    let examples: Vec<Example> = examples.collect::<anyhow::Result<_>>()?;
    let Lesson {
        form,
        trial,
        left_to_rules,
    } = match forms::learning::learn(&arguments.name, &examples, rules) {
        Ok(lesson) => lesson,
        Err(reason) => {
            writeln!(out, "no form was written: {reason}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    print(&trial, examples.len(), out)?;
    if !left_to_rules.is_empty() {
        let fields: Vec<String> = left_to_rules.into_iter().collect();
        writeln!(
            out,
            "left to the general rules, which read them better: {}",
            fields.join(", ")
        )?;
    }
    if let Some(reason) = refusal(&trial) {
        writeln!(out, "no form was written: {reason}")?;
        return Ok(ExitCode::FAILURE);
    }
    let folder = arguments.out.as_deref().or(config.rules.forms.as_deref());
    let path = write(&form, folder.unwrap_or(Path::new("forms")))?;
    writeln!(
        out,
        "{} has places for {} fields; its printed words stand in it, so look them through for names before you pass it on",
        path.display(),
        form.fields().len()
    )?;
    Ok(ExitCode::SUCCESS)
}

/// Why a form is not worth having.
fn refusal(trial: &Trial) -> Option<String> {
    let (before, after) = trial.points();
    let worse: Vec<&str> = trial.worse().into_iter().map(FieldKey::as_str).collect();
    if !worse.is_empty() {
        return Some(format!("it reads {} worse, which is critical", worse.join(", ")));
    }
    (after <= before).then(|| {
        format!(
            "with it, right less wrong values come to {after}, without it to {before}; more or clearer documents may help"
        )
    })
}

fn print(trial: &Trial, examples: usize, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(
        out,
        "{:<32} {:>6} {:>8} {:>8} {:>8} {:>8}",
        "", "shown", "right", "", "wrong", ""
    )?;
    writeln!(
        out,
        "{:<32} {:>6} {:>8} {:>8} {:>8} {:>8}",
        "field", "", "before", "after", "before", "after"
    )?;
    for row in &trial.rows {
        let (before, after) = (row.before, row.after);
        writeln!(
            out,
            "{:<32} {:>6} {:>8} {:>8} {:>8} {:>8}",
            row.field.as_str(),
            row.shown,
            before.right,
            after.right,
            before.wrong,
            after.wrong
        )?;
    }
    let (before, after) = trial.points();
    writeln!(out, "right less wrong: {before} before, {after} after")?;
    writeln!(out, "{} of {examples} were recognised", trial.recognised)?;
    if !trial.left_out {
        writeln!(
            out,
            "with two documents the form was tried on what it was learned from: expect less of others, or give three"
        )?;
    }
    Ok(())
}

fn write(form: &Form, folder: &Path) -> anyhow::Result<PathBuf> {
    let path = folder.join(format!("{}.toml", form.name));
    if path.exists() {
        bail!(
            "`{}` is there already: remove it first, or give another `--name`",
            path.display()
        );
    }
    std::fs::create_dir_all(folder).with_context(|| format!("`{}` could not be made", folder.display()))?;
    std::fs::write(&path, form.to_toml()).with_context(|| format!("`{}` could not be written", path.display()))?;
    Ok(path)
}

/// What a document shows, as the corpus and people who correct write it.
#[derive(Debug, Deserialize)]
struct Truth {
    documents: Vec<TrueDocument>,
}

#[derive(Debug, Deserialize)]
struct TrueDocument {
    kind: DocumentKind,
    pages: (u32, u32),
    fields: BTreeMap<FieldKey, FieldContent>,
    /// Other values that count as right.
    #[serde(default)]
    accept: BTreeMap<FieldKey, Vec<FieldContent>>,
}

fn example(kept: Kept, folder: Option<&Path>) -> anyhow::Result<Example> {
    let file = PathBuf::from(&kept.file);
    if let Some(failure) = kept.error {
        bail!("`{}` was not read: {}", file.display(), failure.code.explanation());
    }
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let beside = file.parent().unwrap_or(Path::new("."));
    let path = folder.unwrap_or(beside).join(format!("{stem}.json"));
    let text = std::fs::read_to_string(&path).with_context(|| {
        let path = path.display();
        format!("`{path}`, which should say what the document shows, could not be opened: `--fields FOLDER` names another folder")
    })?;
    // The reader's own message would quote the text.
    let truth: Truth = serde_json::from_str(&text).map_err(|error| {
        let (path, line) = (path.display(), error.line());
        anyhow::anyhow!("`{path}`, line {line}: not as the truth of a corpus is written, see tests/corpus/README.md")
    })?;
    let referral = truth
        .documents
        .into_iter()
        .find(|document| document.kind == DocumentKind::Referral);
    let document = referral.with_context(|| format!("`{}` shows no referral", path.display()))?;
    let mut fields: BTreeMap<FieldKey, Vec<FieldContent>> = document
        .fields
        .into_iter()
        .map(|(key, value)| (key, vec![value]))
        .collect();
    for (key, more) in document.accept {
        fields.entry(key).or_default().extend(more);
    }
    Ok(Example {
        name: stem,
        pages: kept.pages,
        range: document.pages,
        fields,
    })
}
