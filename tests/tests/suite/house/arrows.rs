//! Which crate may know which, read from `cargo metadata`, and that each obeys the workspace's lints.

use std::process::Command;

use serde::Deserialize;
use tests::workspace;

use super::obey;

/// What each crate may depend on of our own, directly.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("commands", &["domain"]),
    ("projections", &["domain"]),
    ("infra", &["commands", "projections", "domain"]),
    ("gateway", &["commands", "projections", "infra", "domain"]),
    (
        "tests",
        &["gateway", "commands", "projections", "infra", "domain"],
    ),
];

/// What a crate must reach only through a port, or not at all.
const OUTSIDE_THE_PORTS: &[(&str, &[&str])] = &[
    (
        "domain",
        &["tokio", "sqlx", "axum", "async-nats", "postgres-es"],
    ),
    ("commands", &["sqlx", "axum", "async-nats", "postgres-es"]),
    (
        "projections",
        &["sqlx", "axum", "async-nats", "postgres-es"],
    ),
    ("gateway", &["sqlx", "async-nats", "postgres-es"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// `None` is an ordinary dependency.
    kind: Option<String>,
}

fn packages() -> Vec<Package> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(workspace::root())
        .output()
        .expect("cargo starts");
    let metadata: Metadata = serde_json::from_slice(&output.stdout).expect("cargo's metadata");
    metadata.packages
}

#[test]
fn crates_depend_in_one_direction() {
    let packages = packages();
    let ours: Vec<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let mut broken = Vec::new();
    for package in &packages {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package.name) else {
            broken.push(format!("the crate `{}` is not in ARROWS", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            if ours.contains(&name) && !allowed.contains(&name) {
                broken.push(format!("{} -> {name}", package.name));
            }
        }
    }
    obey(
        "Arrows go gateway -> commands, projections, infra -> domain. Move the code to the crate that \
         may know it, or let the upper crate own a port that the lower one implements:",
        &broken,
    );
}

#[test]
fn libraries_of_the_shell_stay_in_the_shell() {
    let mut broken = Vec::new();
    for package in packages() {
        let rule = OUTSIDE_THE_PORTS
            .iter()
            .find(|(name, _)| *name == package.name);
        let forbidden = rule.map_or(&[][..], |(_, forbidden)| forbidden);
        for dependency in &package.dependencies {
            let ordinary = dependency.kind.as_deref() != Some("dev");
            if ordinary && forbidden.contains(&dependency.name.as_str()) {
                broken.push(format!("{} uses {}", package.name, dependency.name));
            }
        }
    }
    obey(
        "Reach this through a port that `infra` implements, and drop the dependency:",
        &broken,
    );
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let broken: Vec<String> = ARROWS
        .iter()
        .filter(|(name, _)| {
            let path = workspace::root().join(name).join("Cargo.toml");
            let manifest: toml::Table = std::fs::read_to_string(path)
                .expect("a manifest")
                .parse()
                .expect("TOML");
            let lints = manifest
                .get("lints")
                .and_then(|lints| lints.get("workspace"));
            lints != Some(&toml::Value::Boolean(true))
        })
        .map(|(name, _)| format!("{name}/Cargo.toml"))
        .collect();
    obey("Add `[lints]` with `workspace = true` to:", &broken);
}
