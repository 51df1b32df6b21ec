//! `slotwise build`.

use super::Folder;
use slotwise::{Context, Engine};

const BUNDLE: &str = r#"{
  "version": 1, "id": "shop",
  "experiments": { "e": { "variants": { "a": 0.5, "b": 0.5 } } },
  "slots": {
    "one": { "default": "a", "variants": { "a": {}, "b": {} }, "rules": [{ "when": { "x": 1 }, "show": "b" }, { "experiment": "e" }] },
    "two": { "default": "a", "variants": { "a": { "value": 5 } } }
  }
}"#;

#[test]
fn what_is_built_loads_and_decides() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let ran = folder.run(&["build", "bundle.json", "-o", "bundle.slotwise"]).expect(0);
    assert!(ran.stdout.contains("slots 2, rules 2, experiments 1"), "{}", ran.stdout);
    let bytes = folder.read("bundle.slotwise");
    assert!(ran.stdout.contains(&format!("{} bytes, ", bytes.len())), "{}", ran.stdout);
    let engine = Engine::load(&bytes).unwrap();
    let result = engine.personalize(&Context::new(0.0).attributes(serde_json::json!({ "x": 1 })));
    assert_eq!(result.slots["one"].variant, "b");
    assert_eq!(result.slots["two"].content["value"], 5);
    assert_eq!(folder.names(), ["bundle.json", "bundle.slotwise"]);
}

#[test]
fn the_gzip_size_is_what_gzip_would_make() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let ran = folder.run(&["build", "bundle.json", "-o", "out"]).expect(0);
    let size: usize =
        ran.stdout.split(", ").nth(1).unwrap().split(' ').next().unwrap().replace(',', "").parse().unwrap();
    let size_of_file = folder.read("out").len();
    // A gzip stream has 18 bytes around it, and never grows its content by more than a few bytes.
    assert!(size > 18 && size <= size_of_file + 23, "{size} of {size_of_file}");
}

#[test]
fn errors_leave_the_old_file_alone() {
    let folder = Folder::with("bundle.json", &BUNDLE.replace("\"show\": \"b\"", "\"show\": \"c\""));
    folder.write("bundle.slotwise", "old");
    let ran = folder.run(&["build", "bundle.json", "-o", "bundle.slotwise"]).expect(1);
    assert!(ran.stderr.contains("[bundle.json:5:"), "{}", ran.stderr);
    assert_eq!(folder.read("bundle.slotwise"), b"old");
    assert_eq!(folder.names(), ["bundle.json", "bundle.slotwise"]);
}

#[test]
fn a_new_file_takes_the_place_of_the_old() {
    let folder = Folder::with("bundle.json", BUNDLE);
    folder.write("bundle.slotwise", "old");
    folder.run_with_stdin(&["build", "-", "-o", "bundle.slotwise"], BUNDLE).expect(0);
    assert!(Engine::load(&folder.read("bundle.slotwise")).is_ok());
    assert_eq!(folder.names(), ["bundle.json", "bundle.slotwise"]);
}

#[test]
fn places_that_cannot_be_written_to() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let ran = folder.run(&["build", "bundle.json", "-o", "nowhere/bundle.slotwise"]).expect(2);
    assert!(ran.stderr.contains("cannot write nowhere/bundle.slotwise"), "{}", ran.stderr);
    std::fs::create_dir(folder.path("folder")).unwrap();
    folder.run(&["build", "bundle.json", "-o", "folder"]).expect(2);
    let ran = folder.run(&["build", "bundle.json", "-o", "./bundle.json"]).expect(2);
    assert!(ran.stderr.contains("is the bundle itself"), "{}", ran.stderr);
    assert_eq!(folder.read("bundle.json"), BUNDLE.as_bytes());
    assert_eq!(folder.names(), ["bundle.json", "folder"]);
}

#[cfg(unix)]
#[test]
fn others_may_read_what_was_built() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with("bundle.json", BUNDLE);
    folder.run(&["build", "bundle.json", "-o", "real.slotwise"]).expect(0);
    let mode = |name: &str| std::fs::metadata(folder.path(name)).unwrap().permissions().mode();
    // As for any new file: what the umask leaves of rw-rw-rw-.
    assert_eq!(mode("real.slotwise"), mode("bundle.json"));
    // A link stays one, and a device stays what it is.
    symlink("real.slotwise", folder.path("link.slotwise")).unwrap();
    folder.run(&["build", "bundle.json", "-o", "link.slotwise"]).expect(0);
    assert!(std::fs::symlink_metadata(folder.path("link.slotwise")).unwrap().is_symlink());
    folder.run(&["build", "bundle.json", "-o", "/dev/null"]).expect(0);
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
}
