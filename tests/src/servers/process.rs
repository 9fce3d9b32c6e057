//! One server process with its folder, and a guard that ends both when the test process is gone.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc;

use crate::wait::until_blocking;

/// Blocks on a pipe that only the test process holds open: statics are not dropped and a killed
/// process drops nothing, but its pipes always close.
const GUARD: &str = r#"
read -r _
if pid=$(cat "$1" 2>/dev/null); then
    kill -"$2" "$pid" 2>/dev/null
    tries=0
    while [ "$tries" -lt 100 ] && grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null; do
        tries=$((tries + 1))
        sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null
fi
rm -rf "$3"
"#;

/// A child in a process group of its own, so that Ctrl-C reaches the tests first.
pub(crate) struct ServerProcess {
    name: &'static str,
    folder: PathBuf,
    /// What asks the server to stop at once and cleanly enough.
    stop_signal: &'static str,
    child: Option<Child>,
    guard: Child,
    pipe: Option<ChildStdin>,
}

impl ServerProcess {
    /// Guards `folder`, which is removed with the server; nothing runs yet.
    pub(crate) fn in_folder(
        name: &'static str,
        folder: PathBuf,
        stop_signal: &'static str,
    ) -> ServerProcess {
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "guard"])
            .arg(pid_file(&folder))
            .arg(stop_signal)
            .arg(&folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        let pipe = guard.stdin.take();
        ServerProcess {
            name,
            folder,
            stop_signal,
            child: None,
            guard,
            pipe,
        }
    }

    /// Starts the server, its output kept in a file of the folder, and hands back the child's pipes.
    pub(crate) fn start(&mut self, mut command: Command) -> &mut Child {
        assert!(self.child.is_none(), "{} already runs", self.name);
        let child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stderr(self.log_file())
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.name));
        std::fs::write(pid_file(&self.folder), child.id().to_string()).expect("a pid file");
        self.child.insert(child)
    }

    /// Starts a server that says in a line of its output when it can be used, and waits for that line.
    pub(crate) fn start_and_hear(&mut self, mut command: Command) -> String {
        command.stdout(Stdio::piped());
        let stdout = self.start(command).stdout.take().expect("a piped stdout");
        let (sender, lines) = mpsc::channel();
        // Reads on to the end, so that the server never blocks on a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _nobody_listens_any_more = sender.send(line);
            }
        });
        let heard = self.ready(|| lines.try_recv().ok());
        heard.unwrap_or_else(|| panic!("{} ended before it was ready:\n{}", self.name, self.log()))
    }

    /// Waits until `look` finds the server ready; `None` when it ended instead.
    pub(crate) fn ready<T>(&mut self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let what = format!("{} to be ready", self.name);
        let child = self.child.as_mut().expect("a started server");
        let found = until_blocking(&what, || match look() {
            Some(found) => Some(Some(found)),
            None => child.try_wait().expect("a child's state").map(|_| None),
        });
        if found.is_none() {
            self.forget();
        }
        found
    }

    /// Sends `signal` and waits for the end; `None` if nothing ran.
    pub(crate) fn end_with(&mut self, signal: &str) -> Option<ExitStatus> {
        let mut ended = None;
        if let Some(child) = &mut self.child {
            let script = "kill -\"$1\" \"$2\"";
            let _gone_already_is_fine = Command::new("sh")
                .args(["-c", script, "kill", signal, &child.id().to_string()])
                .stderr(Stdio::null())
                .status();
            let what = format!("{} to end after SIG{signal}", self.name);
            let status = until_blocking(&what, || child.try_wait().expect("a child's state"));
            ended = Some(status);
        }
        self.forget();
        ended
    }

    /// The process that runs.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// What the server wrote, for the message of a failed test.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("server.log")).unwrap_or_default()
    }

    pub(crate) fn log_file(&self) -> Stdio {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("server.log"))
            .expect("a log file in the server's folder");
        file.into()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    fn forget(&mut self) {
        let _absent_is_fine = std::fs::remove_file(pid_file(&self.folder));
        self.child = None;
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.end_with(self.stop_signal);
        drop(self.pipe.take());
        let _cleaned = self.guard.wait();
    }
}

fn pid_file(folder: &Path) -> PathBuf {
    folder.join("guarded.pid")
}
