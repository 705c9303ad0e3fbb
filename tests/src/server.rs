//! A server process.

use std::{
    fs::{self, File},
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver},
    },
    thread,
    time::{Duration, Instant},
};

/// How long a server may take to say that it serves.
const START: Duration = Duration::from_secs(90);

/// A server that runs until this is dropped.
pub struct Server {
    child: Child,
    /// Where it is, without a path.
    pub url: String,
    printed: Arc<Mutex<String>>,
    log: PathBuf,
}

impl Server {
    /// Starts `command`, a `comptoir serve`, and waits until it says where it serves; it logs into `log`.
    ///
    /// # Panics
    /// If it ends or takes too long.
    pub(crate) fn start(mut command: Command, log: PathBuf) -> Self {
        let errors = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors).spawn().unwrap();
        let output = child.stdout.take().unwrap();
        let (sender, lines) = mpsc::channel();
        let printed = Arc::new(Mutex::new(String::new()));
        let all = printed.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                all.lock().unwrap().push_str(&format!("{line}\n"));
                // Nobody listens once it serves, but a full pipe would stop it.
                let _ = sender.send(line);
            }
        });
        let mut server = Self { child, url: String::new(), printed, log };
        server.wait_until_it_serves(&lines);
        server
    }

    fn wait_until_it_serves(&mut self, lines: &Receiver<String>) {
        let deadline = Instant::now() + START;
        while self.url.is_empty() {
            let left = deadline.saturating_duration_since(Instant::now());
            let line = lines.recv_timeout(left).unwrap_or_else(|it| panic!("no server: {it}\n{}", self.log()));
            if let Some(url) = line.trim().strip_prefix("API").and_then(|it| it.trim().strip_suffix("/graphql")) {
                self.url = url.to_owned();
            }
        }
    }

    /// Its process id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    ///
    /// # Panics
    /// Never.
    #[must_use]
    pub fn printed(&self) -> String {
        self.printed.lock().unwrap().clone()
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it at once, as `kill -9` does.
    ///
    /// # Panics
    /// If it cannot be ended.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a supervisor does, and waits until it has.
    ///
    /// # Panics
    /// If it fails.
    pub fn stop(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}\n{}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            eprintln!("the server's log:\n{}", self.log());
        }
    }
}
