//! What the gateway counts, in Prometheus' text format. All labels are of fixed sets, so that the memory is too.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use async_graphql::{Response, parser::types::OperationType};

use super::error::is_request_error;

/// How an operation came.
#[derive(Debug, Clone, Copy)]
pub(super) enum Transport {
    Http,
    EventStream,
    WebSocket,
}

const TRANSPORTS: [&str; 3] = ["http", "event_stream", "websocket"];

/// Kinds of operations; what was refused before its kind was known is of the last.
const KINDS: [&str; 4] = ["query", "mutation", "subscription", "unknown"];

/// How an operation went.
#[derive(Debug, Clone, Copy)]
pub(super) enum Outcome {
    /// It ran without errors; a subscription started.
    Ok,
    /// It ran, and its response has errors.
    Errors,
    /// It did not run.
    Refused,
}

const OUTCOMES: [&str; 3] = ["ok", "errors", "refused"];

impl Outcome {
    pub(super) fn of(response: &Response) -> Self {
        match response.errors.is_empty() {
            true => Self::Ok,
            false if is_request_error(response) => Self::Refused,
            false => Self::Errors,
        }
    }
}

/// Upper bounds of the durations that are told apart, in microseconds and as the text of their seconds.
const BUCKETS: [(u64, &str); 12] = [
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (25_000, "0.025"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (250_000, "0.25"),
    (500_000, "0.5"),
    (1_000_000, "1"),
    (2_500_000, "2.5"),
    (10_000_000, "10"),
];

/// Counters of one gateway.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By transport, kind and outcome.
    operations: [[[AtomicU64; OUTCOMES.len()]; KINDS.len()]; TRANSPORTS.len()],
    /// Of queries and mutations that ran, by kind.
    durations: [Histogram; 2],
    /// By [`Lasting`].
    open: [AtomicU64; 2],
}

/// What stays open after its first answer.
#[derive(Debug, Clone, Copy)]
pub(super) enum Lasting {
    Socket,
    EventStream,
}

#[derive(Debug, Default)]
struct Histogram {
    /// Durations up to each bound, and beyond the last.
    counts: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

/// Something that is counted as open until this is dropped.
pub(super) struct Open {
    metrics: Arc<Metrics>,
    what: Lasting,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.metrics.open_count(self.what).fetch_sub(1, Relaxed);
    }
}

impl Metrics {
    /// Counts an operation.
    pub(super) fn count(&self, transport: Transport, kind: Option<OperationType>, outcome: Outcome) {
        let counter = self.operations.get(transport as usize).and_then(|kinds| kinds.get(kind_index(kind)));
        if let Some(counter) = counter.and_then(|outcomes| outcomes.get(outcome as usize)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    /// Counts how long a query or mutation ran.
    pub(super) fn time(&self, kind: Option<OperationType>, duration: Duration) {
        let Some(histogram) = self.durations.get(kind_index(kind)) else { return };
        let micros = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|(bound, _)| micros <= *bound).unwrap_or(BUCKETS.len());
        if let Some(count) = histogram.counts.get(bucket) {
            count.fetch_add(1, Relaxed);
        }
        histogram.micros.fetch_add(micros, Relaxed);
    }

    /// Counts a socket or event stream as open.
    pub(super) fn open(self: Arc<Self>, what: Lasting) -> Open {
        self.open_count(what).fetch_add(1, Relaxed);
        Open { metrics: self, what }
    }

    fn open_count(&self, what: Lasting) -> &AtomicU64 {
        let [sockets, event_streams] = &self.open;
        match what {
            Lasting::Socket => sockets,
            Lasting::EventStream => event_streams,
        }
    }

    /// Writes all to `text`.
    pub fn write(&self, text: &mut String) {
        head(text, "comptoir_operations_total", "counter", "GraphQL operations by transport, type and outcome.");
        for (transport, kinds) in TRANSPORTS.iter().zip(&self.operations) {
            for (kind, outcomes) in KINDS.iter().zip(kinds) {
                for (outcome, count) in OUTCOMES.iter().zip(outcomes) {
                    let labels = format!("transport=\"{transport}\",type=\"{kind}\",outcome=\"{outcome}\"");
                    let _ = writeln!(text, "comptoir_operations_total{{{labels}}} {}", count.load(Relaxed));
                }
            }
        }
        let name = "comptoir_operation_duration_seconds";
        head(text, name, "histogram", "How long queries and mutations ran.");
        for (kind, histogram) in KINDS.iter().zip(&self.durations) {
            histogram.write(text, name, kind);
        }
        let open = |what| self.open_count(what).load(Relaxed);
        gauge(text, "comptoir_sockets_open", "WebSockets that are open.", open(Lasting::Socket));
        gauge(text, "comptoir_event_streams_open", "Event streams that are open.", open(Lasting::EventStream));
    }
}

impl Histogram {
    fn write(&self, text: &mut String, name: &str, kind: &str) {
        let mut total = 0;
        let bounds = BUCKETS.iter().map(|(_, bound)| *bound).chain(["+Inf"]);
        for (bound, count) in bounds.zip(&self.counts) {
            total += count.load(Relaxed);
            let _ = writeln!(text, "{name}_bucket{{type=\"{kind}\",le=\"{bound}\"}} {total}");
        }
        let seconds = Duration::from_micros(self.micros.load(Relaxed)).as_secs_f64();
        let _ = writeln!(text, "{name}_sum{{type=\"{kind}\"}} {seconds}\n{name}_count{{type=\"{kind}\"}} {total}");
    }
}

fn kind_index(kind: Option<OperationType>) -> usize {
    match kind {
        Some(OperationType::Query) => 0,
        Some(OperationType::Mutation) => 1,
        Some(OperationType::Subscription) => 2,
        None => 3,
    }
}

/// Begins a metric: its type, and what it is.
fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

/// Writes a counter, once for each label.
pub fn counters(text: &mut String, name: &str, help: &str, values: &[(String, u64)]) {
    head(text, name, "counter", help);
    for (label, value) in values {
        let _ = writeln!(text, "{name}{{{label}}} {value}");
    }
}

/// Writes a gauge without labels.
pub fn gauge(text: &mut String, name: &str, help: &str, value: u64) {
    head(text, name, "gauge", help);
    let _ = writeln!(text, "{name} {value}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_cumulative_and_its_bounds_are_inclusive() {
        let metrics = Metrics::default();
        for micros in [1_000, 1_001, 20_000_000] {
            metrics.time(Some(OperationType::Query), Duration::from_micros(micros));
        }
        metrics.time(None, Duration::from_secs(1));
        let mut text = String::new();
        metrics.write(&mut text);
        let value = |sample: &str| {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix(&format!("comptoir_operation_duration_seconds_{sample} ")));
            line.unwrap_or_else(|| panic!("no {sample}: {text}")).to_owned()
        };
        assert_eq!(value("bucket{type=\"query\",le=\"0.001\"}"), "1");
        assert_eq!(value("bucket{type=\"query\",le=\"0.0025\"}"), "2");
        assert_eq!(value("bucket{type=\"query\",le=\"10\"}"), "2");
        assert_eq!(value("bucket{type=\"query\",le=\"+Inf\"}"), "3");
        assert_eq!(value("count{type=\"query\"}"), "3");
        assert_eq!(value("sum{type=\"query\"}"), "20.002001");
        assert_eq!(value("count{type=\"mutation\"}"), "0");
    }
}
