//! Every command of the README runs.

use std::path::Path;
use std::process::{Command, Stdio};

use tests::workspace;

/// The two commands that other tests run: the demo by `Demo::start`, and this very run.
const RUN_ELSEWHERE: [&str; 2] = ["cargo run --release -- demo", "./tests/run"];

fn commands() -> Vec<String> {
    let readme = std::fs::read_to_string(workspace::root().join("README.md")).expect("the README");
    let mut commands = Vec::new();
    let mut inside = false;
    for line in readme.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            command if inside => commands.push(command.to_owned()),
            _ => {}
        }
    }
    commands
}

#[test]
fn every_command_of_the_readme_runs() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let commands = commands();
    assert!(
        RUN_ELSEWHERE
            .iter()
            .all(|known| commands.iter().any(|command| command == known))
    );
    for command in commands
        .iter()
        .filter(|command| !RUN_ELSEWHERE.contains(&command.as_str()))
    {
        let arguments = command
            .strip_prefix("cargo run --release -- ")
            .unwrap_or_else(|| panic!("`{command}` is none of the program's verbs: test it here"));
        run(arguments, folder.path());
    }
}

/// Runs one command with the built program; a server is asked to end once it says that it listens.
fn run(arguments: &str, folder: &Path) {
    let arguments = arguments.replace("127.0.0.1:8080", "127.0.0.1:0");
    let line = format!("exec \"$SOSPESO\" {arguments}");
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(&line)
        .current_dir(folder)
        .env("SOSPESO", workspace::binary());
    for name in ["DATABASE_URL", "NATS_URL"] {
        command.env_remove(name);
    }
    if arguments.starts_with("serve") {
        serves(command, &line);
    } else {
        let output = command.output().expect("a shell");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {errors}");
    }
}

fn serves(mut command: Command, line: &str) {
    use std::io::{BufRead, BufReader};
    let mut server = command.stdout(Stdio::piped()).spawn().expect("a shell");
    let said = BufReader::new(server.stdout.take().expect("its output"))
        .lines()
        .next();
    let said = said.expect("a line").expect("text");
    assert!(said.contains("listens on http://"), "{line}: {said}");
    let ended = Command::new("kill").arg(server.id().to_string()).status();
    assert!(ended.expect("kill").success());
    assert!(server.wait().expect("an end").success(), "{line}");
}
