//! What may not stand in Rust source, and where SQL may.

use std::path::{Path, PathBuf};

use super::{has_extension, obey, text, tree};

/// One line of code (comments left out) and where it stands.
struct Line {
    file: PathBuf,
    number: usize,
    code: String,
    in_tests: bool,
}

/// Rust code of the tree. Tests stand last in a file, so all from `#[cfg(test)]` on belongs to them.
fn rust() -> Vec<Line> {
    let mut lines = Vec::new();
    for file in tree()
        .into_iter()
        .filter(|file| has_extension(file, &["rs"]))
    {
        let text = text(&file).expect("Rust source is UTF-8");
        let mut in_tests = file.starts_with("tests") || file.iter().any(|part| part == "tests");
        for (index, line) in text.lines().enumerate() {
            in_tests |= line.trim() == "#[cfg(test)]";
            if !line.trim_start().starts_with("//") {
                let (file, code) = (file.clone(), line.to_owned());
                lines.push(Line {
                    file,
                    number: index + 1,
                    code,
                    in_tests,
                });
            }
        }
    }
    lines
}

fn places(broken: impl Fn(&Line) -> bool) -> Vec<String> {
    let lines = rust().into_iter().filter(broken);
    lines
        .map(|line| {
            format!(
                "{}:{}: {}",
                line.file.display(),
                line.number,
                line.code.trim()
            )
        })
        .collect()
}

// The words that are looked for are written in two parts, so that this file obeys its own rules.

#[test]
fn nothing_is_left_to_do() {
    let words = [concat!("todo", "!("), concat!("unimplemented", "!(")];
    let broken = places(|line| words.iter().any(|word| line.code.contains(word)));
    obey(
        "Finish it, or leave the whole act out until it is finished:",
        &broken,
    );
}

#[test]
fn no_test_is_switched_off() {
    let broken = places(|line| line.code.contains(concat!("#[igno", "re")));
    obey(
        "Mend the test or delete it; a test that is not run protects nothing:",
        &broken,
    );
}

#[test]
fn nothing_unwraps_outside_tests() {
    let broken = places(|line| !line.in_tests && line.code.contains(".unwrap()"));
    obey(
        "Return a refusal or an error, or `.expect(\"why this cannot happen\")`:",
        &broken,
    );
}

#[test]
fn every_exception_to_a_lint_has_its_reason() {
    let mut broken = Vec::new();
    let lines = rust();
    for (index, line) in lines.iter().enumerate() {
        let code = line.code.trim_start();
        let exception = ["#[expect(", "#![expect(", "#[allow(", "#![allow("];
        if !exception.iter().any(|start| code.starts_with(start)) {
            continue;
        }
        // rustfmt puts a long attribute on several lines, its end alone on the last.
        let attribute = lines[index..]
            .iter()
            .take_while(|next| next.file == line.file);
        let mut closed = false;
        let attribute: String = attribute
            .take_while(|next| {
                !std::mem::replace(&mut closed, next.code.trim_end().ends_with(")]"))
            })
            .map(|next| next.code.as_str())
            .collect();
        if !attribute.contains("reason =") {
            broken.push(format!("{}:{}", line.file.display(), line.number));
        }
    }
    obey(
        "Add `reason = \"…\"` to the attribute, or mend what the lint found:",
        &broken,
    );
}

#[test]
fn sql_stands_only_in_infra_and_projections() {
    const STATEMENTS: &[&str] = &[
        "SELECT ",
        "INSERT INTO ",
        "DELETE FROM ",
        "UPDATE ",
        "CREATE TABLE ",
        "ALTER TABLE ",
    ];
    let home = |file: &Path| {
        ["infra", "projections", "tests"]
            .iter()
            .any(|folder| file.starts_with(folder))
    };
    let broken = places(|line| {
        !home(&line.file)
            && STATEMENTS
                .iter()
                .any(|statement| line.code.contains(statement))
    });
    obey(
        "Ask through a port; the query belongs to `infra` or to its question in `projections`:",
        &broken,
    );
}

#[test]
fn only_the_wiring_names_infra() {
    let wiring = |file: &Path| {
        file == Path::new("gateway/src/wiring.rs") || file.starts_with("gateway/src/wiring")
    };
    let names_infra = |code: &str| {
        let starts_word = |start: usize| {
            !code[..start].ends_with(|before: char| before.is_alphanumeric() || before == '_')
        };
        code.match_indices("infra::")
            .any(|(start, _)| starts_word(start))
            || code.trim_start().starts_with("use infra")
    };
    let broken = places(|line| {
        line.file.starts_with("gateway") && !wiring(&line.file) && names_infra(&line.code)
    });
    obey(
        "Let gateway/src/wiring.rs build it and pass it in as the port it implements:",
        &broken,
    );
}
