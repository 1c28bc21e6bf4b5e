//! Logs without PHI, and metrics.
//!
//! A log line is one JSON object. Only fields on the allow-list are written: a field that nobody thought about could
//! hold a name. Other crates' events keep their place but lose their text, since they may quote what they handled.

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt::{self, Write};
use std::sync::OnceLock;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields, MakeWriter};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, Scope};
use tracing_subscriber::{EnvFilter, Registry};

/// Fields that may be written. Ids, codes, counts and times; never what a person or a document said. `.id` and `_ms`
/// endings are allowed besides, as are the `error` chains of our own types, whose messages are free of PHI by rule.
const ALLOWED: &[&str] = &[
    "action",
    "address",
    "attempt",
    "attempts",
    "bytes",
    "channel",
    "check",
    "code",
    "column",
    "count",
    "crashes",
    "error",
    "error.cause",
    "error.kind",
    "event",
    "exit_code",
    "kind",
    "lane",
    "landlock",
    "level",
    "line",
    "method",
    "name",
    "outcome",
    "page",
    "pages",
    "problem",
    "reason",
    "role",
    "rolled_back",
    "route",
    "setting",
    "signal",
    "stage",
    "state",
    "status",
    "stopped",
    "subject",
    "table",
    "version",
];
const ALLOWED_ENDINGS: &[&str] = &[".id", ".name", ".code", ".state", "_ms", "_bytes", "_seconds"];

/// The `log` section of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `error`, `warn`, `info`, `debug` or `trace`, or a list as `info,referloop::jobs=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no log level: say error, warn, info, debug or trace")]
pub struct InvalidLevel(String);

/// Sends the process's events as JSON to standard error. Once a process; a second call changes nothing.
pub fn start_logs(config: &LogConfig) -> Result<(), InvalidLevel> {
    let subscriber = subscriber(config, std::io::stderr)?;
    let _ = tracing::subscriber::set_global_default(subscriber);
    Ok(())
}

/// The same into any writer, for tests that read the log.
pub fn subscriber<W>(config: &LogConfig, writer: W) -> Result<impl Subscriber + Send + Sync, InvalidLevel>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    // Other crates are told to be quiet unless named.
    let filter = EnvFilter::builder()
        .with_default_directive(LevelFilter::WARN.into())
        .parse(match config.level.parse::<Level>() {
            Ok(level) => format!("warn,referloop={level}"),
            Err(_) => config.level.clone(),
        })
        .map_err(|_| InvalidLevel(config.level.clone()))?;
    let layer = tracing_subscriber::fmt::layer()
        .fmt_fields(AllowedFields)
        .event_format(JsonLine)
        .with_writer(writer);
    Ok(Registry::default().with(filter).with(layer))
}

/// The process's metrics, recorded from the first call on.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Fails only where a recorder is there already; then this one stays empty, which a test would see.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

fn is_allowed(name: &str) -> bool {
    ALLOWED.contains(&name) || ALLOWED_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Collects allowed fields as JSON. The message is the event's own fixed text.
#[derive(Default)]
struct Collected {
    fields: Map<String, Value>,
    message: Option<String>,
    withheld: u64,
}

impl Collected {
    fn keep(&mut self, field: &Field, value: impl FnOnce() -> Value) {
        if field.name() == "message" {
            self.message = value().as_str().map(str::to_owned);
        } else if is_allowed(field.name()) {
            self.fields.insert(field.name().to_owned(), value());
        } else {
            self.withheld += 1;
        }
    }
}

impl Visit for Collected {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, || format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, || value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, || value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, || value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, || value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, || value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.keep(field, || chain(value).into());
    }
}

/// An error with its causes. Databases and disks see only sealed values, so that their words can't quote PHI.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}

/// Keeps a span's allowed fields until an event within it is written.
struct AllowedFields;

impl<'writer> FormatFields<'writer> for AllowedFields {
    fn format_fields<R: tracing_subscriber::field::RecordFields>(
        &self,
        mut writer: Writer<'writer>,
        fields: R,
    ) -> fmt::Result {
        let mut collected = Collected::default();
        fields.record(&mut collected);
        for (name, value) in &collected.fields {
            writeln!(writer, "{}", serde_json::json!([name, value]))?;
        }
        Ok(())
    }
}

struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, ctx: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let metadata = event.metadata();
        let mut collected = Collected::default();
        event.record(&mut collected);
        let mut line = Map::new();
        let mut time = String::new();
        SystemTime.format_time(&mut Writer::new(&mut time))?;
        line.insert("at".to_owned(), time.into());
        line.insert(
            "level".to_owned(),
            metadata.level().as_str().to_ascii_lowercase().into(),
        );
        line.insert("target".to_owned(), metadata.target().into());
        if is_ours(metadata) {
            line.insert("message".to_owned(), collected.message.unwrap_or_default().into());
            for span in ctx.event_scope().into_iter().flat_map(Scope::from_root) {
                if is_ours(span.metadata()) {
                    line.extend(span_fields::<N>(span.extensions().get()));
                }
            }
            line.extend(collected.fields);
            if collected.withheld > 0 {
                line.insert("withheld".to_owned(), collected.withheld.into());
            }
        } else {
            let place = format!("{}:{}", metadata.file().unwrap_or("?"), metadata.line().unwrap_or(0));
            line.insert("message".to_owned(), "another crate's event, text withheld".into());
            line.insert("place".to_owned(), place.into());
        }
        writeln!(writer, "{}", Value::Object(line))
    }
}

fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target() == "referloop" || metadata.target().starts_with("referloop::")
}

fn span_fields<N>(kept: Option<&FormattedFields<N>>) -> Vec<(String, Value)> {
    kept.map(|kept| {
        kept.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    })
    .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(level: &str, work: impl FnOnce()) -> Vec<Value> {
        let sink = Sink::default();
        let writer = sink.clone();
        let subscriber = subscriber(
            &LogConfig {
                level: level.to_owned(),
            },
            move || writer.clone(),
        )
        .unwrap();
        tracing::subscriber::with_default(subscriber, work);
        let bytes = sink.0.lock().unwrap().clone();
        String::from_utf8(bytes)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn only_allowed_fields_are_written() {
        let lines = logged("info", || {
            let span = tracing::info_span!("job", job.id = "job_1", patient = "Avery Testperson");
            let _inside = span.enter();
            tracing::info!(
                referral.id = "ref_1",
                duration_ms = 12,
                patient.name_text = "Avery",
                note = "x",
                "released"
            );
            tracing::debug!("not asked for");
        });
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!(line["message"], "released");
        assert_eq!(line["referral.id"], "ref_1");
        assert_eq!(line["job.id"], "job_1");
        assert_eq!(line["duration_ms"], 12);
        assert_eq!(line["withheld"], 2);
        assert!(!line.to_string().contains("Avery"), "{line}");
    }

    #[test]
    fn another_crates_text_is_withheld() {
        let lines = logged("info", || {
            tracing::warn!(target: "tower::buffer", statement = "Avery", "row of Avery Testperson");
            tracing::info!(target: "hyper", "not even at this level");
        });
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["target"], "tower::buffer");
        assert!(!lines[0].to_string().contains("Avery"), "{}", lines[0]);
    }

    #[test]
    fn a_level_or_a_list_is_understood() {
        assert_eq!(logged("debug", || tracing::debug!("seen")).len(), 1);
        assert_eq!(
            logged("info,referloop::telemetry=debug", || tracing::debug!("seen")).len(),
            1
        );
        assert!(subscriber(&LogConfig { level: "!!".to_owned() }, io::sink).is_err());
    }

    #[test]
    fn metrics_are_rendered() {
        let handle = metrics();
        metrics::counter!("referloop_test_total").increment(3);
        assert!(handle.render().contains("referloop_test_total 3"));
    }
}
