//! The command line as its users meet it: what they type, what they read, and the exit code.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that cannot go on fails, helpers included"
)]

mod build;
mod check;
mod explain;
mod init;
mod learn;
mod profile;
mod segment;
mod signing;
mod simulate;

use assert_cmd::Command;
use serde_json::Value as Json;
use std::path::PathBuf;
use tempfile::TempDir;

/// What a run printed, and its exit code.
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn json(&self) -> Json {
        serde_json::from_str(&self.stdout).expect("stdout is JSON")
    }

    /// Fails with all that was printed unless the code is this one.
    fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

fn ran(command: &mut Command) -> Ran {
    let output = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Ran { code: output.status.code().unwrap_or(-1), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// A folder of its own for one test, in which the commands run.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().expect("a temporary folder"))
    }

    /// A folder that holds one file.
    fn with(name: &str, content: &str) -> Self {
        let folder = Self::new();
        folder.write(name, content);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("the file can be written");
    }

    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("the file can be read")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).expect("the folder can be listed");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("slotwise").expect("the binary is built");
        command.current_dir(self.0.path()).args(arguments).env_remove("RAYON_NUM_THREADS");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        ran(&mut self.command(arguments))
    }

    fn run_with_stdin(&self, arguments: &[&str], stdin: impl Into<Vec<u8>>) -> Ran {
        ran(self.command(arguments).write_stdin(stdin))
    }
}

#[test]
fn wrong_usage_is_2_and_help_is_0() {
    let folder = Folder::new();
    for arguments in [&["chekc"][..], &[], &["check"], &["build", "bundle.json"], &["simulate", "b", "--visitors", "0"]]
    {
        folder.run(arguments).expect(2);
    }
    for command in ["init", "check", "build", "keygen", "verify", "explain", "simulate", "segment", "schema"] {
        let help = folder.run(&[command, "--help"]).expect(0).stdout;
        assert!(help.contains("Examples:") && help.contains("slotwise "), "{help}");
    }
    assert!(folder.run(&["--help"]).expect(0).stdout.contains("Exit codes:"));
    assert!(folder.run(&["--version"]).expect(0).stdout.starts_with("slotwise "));
}

#[test]
fn the_schema_describes_a_bundle() {
    let schema = Folder::new().run(&["schema"]).expect(0).json();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["required"], serde_json::json!(["version", "id", "slots"]));
    assert!(schema["properties"]["experiments"].is_object());
}

#[test]
fn what_is_no_terminal_gets_no_colours() {
    let folder = Folder::with("bundle.json", "{}");
    let ran = folder.run(&["check", "bundle.json"]).expect(1);
    assert!(!ran.stderr.contains('\u{1b}') && !ran.stdout.contains('\u{1b}'));
}
