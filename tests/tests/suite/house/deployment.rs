//! The deployment files, as far as they can be proved without a container engine.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use serde_yaml_ng::Value;
use tests::workspace;

use super::obey;

fn read(file: &str) -> String {
    std::fs::read_to_string(workspace::root().join(file))
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn services() -> Vec<(String, Value)> {
    let mut compose: Value = serde_yaml_ng::from_str(&read("docker-compose.yml")).expect("YAML");
    compose.apply_merge().expect("merge keys that merge");
    let services = compose["services"].as_mapping().expect("services").clone();
    let named =
        |(name, service): (Value, Value)| (name.as_str().expect("a name").to_owned(), service);
    services.into_iter().map(named).collect()
}

/// The variables of the compose file: everything between `${` and `}`.
fn variables() -> BTreeSet<String> {
    let compose = read("docker-compose.yml");
    let after = compose.split("${").skip(1);
    after
        .map(|rest| rest.split('}').next().expect("a closing brace").to_owned())
        .collect()
}

#[test]
fn compose_runs_the_grown_up_form() {
    let services = services();
    let command = |name: &str| {
        let (_, service) = services
            .iter()
            .find(|(found, _)| found == name)
            .expect(name);
        service["command"][0].as_str().map(ToOwned::to_owned)
    };
    assert_eq!(command("gateway").as_deref(), Some("serve"));
    assert_eq!(command("projector").as_deref(), Some("project"));
    assert_eq!(command("init").as_deref(), Some("init"));
    assert_eq!(command("postgres"), None);
    assert_eq!(command("nats").as_deref(), Some("--config"));
}

#[test]
fn compose_pins_its_images_and_checks_its_servers() {
    let mut broken = Vec::new();
    for (name, service) in services() {
        if service.get("build").is_some() {
            continue;
        }
        let image = service["image"].as_str().unwrap_or_default();
        let pinned = image.split_once(':').is_some_and(|(_, tag)| {
            tag.split(['.', '-'])
                .take(2)
                .all(|part| part.parse::<u32>().is_ok())
        });
        if !pinned {
            broken.push(format!("{name}: name major and minor version of {image:?}"));
        }
        if service.get("healthcheck").is_none() {
            broken.push(format!("{name}: give it a healthcheck"));
        }
    }
    obey(
        "docker-compose.yml must start the same servers everywhere:",
        &broken,
    );
}

#[test]
fn compose_has_no_secret_of_its_own() {
    let broken: Vec<String> = variables()
        .into_iter()
        .filter(|variable| !variable.contains(":?"))
        .collect();
    obey(
        "Write `${NAME:?what to do}`, so that a missing secret stops the start:",
        &broken,
    );
    let expected: BTreeSet<String> = variables()
        .iter()
        .map(|variable| variable.split(":?").next().expect("a name").to_owned())
        .collect();
    let example = read(".env.example");
    let listed: BTreeSet<String> = example
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            line.strip_suffix('=')
                .expect("a name without a value")
                .to_owned()
        })
        .collect();
    assert_eq!(
        listed, expected,
        ".env.example lists what docker-compose.yml asks for"
    );
}

#[test]
fn compose_mounts_files_that_exist() {
    let missing: Vec<String> = services()
        .iter()
        .flat_map(|(_, service)| {
            service["volumes"]
                .as_sequence()
                .cloned()
                .unwrap_or_default()
        })
        .filter_map(|volume| {
            Some(
                volume
                    .as_str()?
                    .strip_prefix("./")?
                    .split(':')
                    .next()?
                    .to_owned(),
            )
        })
        .filter(|file| !workspace::root().join(file).is_file())
        .collect();
    obey(
        "Docker makes an empty folder of what is missing; restore:",
        &missing,
    );
}

#[test]
fn nats_takes_its_configuration_and_flushes_before_it_acknowledges() {
    let configuration = read("infra/deploy/nats.conf");
    let flushes = |line: &&str| line.trim() == "sync_interval: always";
    assert_eq!(configuration.lines().filter(flushes).count(), 1);
    // Debian's server may be older than the one that knows this setting.
    let known: Vec<&str> = configuration
        .lines()
        .filter(|line| !flushes(line))
        .collect();
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), known.join("\n")).expect("a written configuration");
    let output = Command::new(tests::servers::nats_program())
        .env("NATS_RELAY_PASSWORD", "a1")
        .env("NATS_READER_PASSWORD", "b2")
        .arg("-t")
        .arg("--config")
        .arg(file.path())
        .output()
        .expect("nats-server starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn readiness_is_what_the_gateway_says() {
    assert!(is_ready("200 OK"));
    assert!(!is_ready("503 Service Unavailable"));
}

/// What `is-ready` makes of a server that answers this.
fn is_ready(status: &'static str) -> bool {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).expect("a whole request");
            request.extend(byte);
        }
        write!(stream, "HTTP/1.0 {status}\r\n\r\n").expect("an answer");
        String::from_utf8_lossy(&request).into_owned()
    });
    let script = workspace::root().join("infra/deploy/is-ready");
    let asked = Command::new(script)
        .arg(port.to_string())
        .status()
        .expect("bash starts");
    let request = answering.join().expect("the server");
    assert!(request.starts_with("GET /readyz HTTP/1.0\r\n"), "{request}");
    asked.success()
}

#[test]
fn the_unit_runs_without_privileges() {
    let unit = read("infra/deploy/sospeso.service");
    let missing: Vec<String> = [
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "StateDirectoryMode=0700",
        "SystemCallFilter=@system-service",
    ]
    .iter()
    .filter(|setting| !unit.lines().any(|line| line == **setting))
    .map(ToString::to_string)
    .collect();
    obey("Restore in infra/deploy/sospeso.service:", &missing);
}
