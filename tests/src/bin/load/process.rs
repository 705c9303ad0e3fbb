//! What a process has used, as Linux tells it.

use std::{fs, time::Duration};

/// How many ticks a second of processor time has: `USER_HZ`, which is 100 on every architecture that Linux runs on here.
const TICKS: u64 = 100;

/// A process by its id.
pub(crate) struct Process(pub(crate) u32);

impl Process {
    /// The processor time that it has used, in user and system mode (proc(5): fields 14 and 15 of `stat`).
    pub(crate) fn cpu(&self) -> Duration {
        let stat = self.read("stat");
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks: u64 = fields.split_whitespace().skip(11).take(2).map(|it| it.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 1_000 / TICKS)
    }

    /// The most memory that it had since [`Process::forget_peak`].
    pub(crate) fn peak_bytes(&self) -> u64 {
        self.status_bytes("VmHWM:")
    }

    /// The memory that it has.
    pub(crate) fn resident_bytes(&self) -> u64 {
        self.status_bytes("VmRSS:")
    }

    fn status_bytes(&self, name: &str) -> u64 {
        let status = self.read("status");
        let line = status.lines().find_map(|it| it.strip_prefix(name)).unwrap();
        line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap() * 1024
    }

    /// Begins to look for the peak anew (proc(5): `clear_refs`).
    pub(crate) fn forget_peak(&self) {
        let _ = fs::write(format!("/proc/{}/clear_refs", self.0), "5");
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.0)).unwrap()
    }
}
