//! What was measured.

use std::time::Duration;

/// How long each operation took, and what all of them cost.
#[derive(Default)]
pub(crate) struct Sink {
    latencies: Vec<Duration>,
    time: Duration,
    cpu: Duration,
    peak_bytes: u64,
}

impl Sink {
    /// Takes note of one operation.
    pub(crate) fn push(&mut self, latency: Duration) {
        self.latencies.push(latency);
    }

    /// Takes over what another client measured.
    pub(crate) fn merge(&mut self, other: Self) {
        self.latencies.extend(other.latencies);
    }

    /// Takes note of what all operations together took.
    pub(crate) fn took(&mut self, time: Duration, cpu: Duration, peak_bytes: u64) {
        (self.time, self.cpu, self.peak_bytes) = (time, cpu, peak_bytes);
        self.latencies.sort_unstable();
    }

    /// A row of the table.
    pub(crate) fn row(&self, name: &str) -> String {
        let count = self.latencies.len();
        let at = |percent: usize| {
            let place = (count * percent / 100).min(count.saturating_sub(1));
            self.latencies.get(place).map_or(f64::NAN, |it| it.as_secs_f64() * 1_000.0)
        };
        format!(
            "{name:<16} {:>8.0} {:>9.2} {:>9.2} {:>9.2} {:>12.3} {:>9.1}",
            count as f64 / self.time.as_secs_f64(),
            at(50),
            at(95),
            at(99),
            self.cpu.as_secs_f64() * 1_000.0 / count as f64,
            self.peak_bytes as f64 / f64::from(1 << 20),
        )
    }
}
