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

const RANKED: &str = r#"{
  "version": 1, "id": "shop",
  "catalog": {
    "items": "items.jsonl", "neighbours": "near.json",
    "content": { "vectors": "content.npy" }
  },
  "slots": { "related": {
    "default": "none", "variants": { "none": {}, "cards": { "html": "{{#items}}<p>{{title}}</p>{{/items}}" } },
    "rules": [{ "rank": { "show": "cards", "about": { "attribute": "item" } } }]
  } }
}"#;

/// Three rows of two floats, laid out as the documentation of NumPy's format says: two of ones, and another.
fn vectors(third: [f32; 2]) -> Vec<u8> {
    let header = format!("{:<117}\n", "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }");
    let numbers = [1.0, 0.0, 0.0, 1.0].into_iter().chain(third).flat_map(f32::to_le_bytes).collect::<Vec<_>>();
    [b"\x93NUMPY\x01\x00v\x00".as_slice(), header.as_bytes(), &numbers].concat()
}

#[test]
fn a_catalog_is_read_from_the_files_beside_the_bundle() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("shop")).unwrap();
    folder.write("shop/bundle.json", RANKED);
    folder.write(
        "shop/items.jsonl",
        "{\"id\": \"b\", \"title\": \"Boots\"}\n\n{\"id\": \"a\", \"title\": \"A < B\"}\n{\"id\": \"c\"}\n",
    );
    folder.write("shop/near.json", "{\"b\": {\"a\": 1}}");
    folder.write("shop/content.npy", vectors([0.6, 0.8]));
    let ran = folder.run(&["build", "shop/bundle.json", "-o", "out"]).expect(0);
    // Ones are whole steps; 0.6 and 0.8 of 0.8 are 1524 and 2032 steps of 2032, without rest.
    assert!(ran.stdout.contains("content 3 × 2 in 12 bits, 0.000% lost, 0.000% in the worst row"), "{}", ran.stdout);
    let engine = Engine::load(&folder.read("out")).unwrap();
    let html = |item: &str| {
        let context = Context::new(0.0).attributes(serde_json::json!({ "item": item }));
        engine.personalize(&context).slots["related"].content["html"].as_str().unwrap_or_default().to_owned()
    };
    // Near b are a, by neighbours, and c, by content: 1 and 0.6. Near a is c alone, by 0.8.
    assert_eq!(html("b"), "<p>A &lt; B</p><p></p>");
    assert_eq!(html("a"), "<p></p>");
}

#[test]
fn what_quantising_vectors_loses_is_said() {
    let folder = Folder::with("bundle.json", RANKED);
    folder.write("items.jsonl", "{\"id\": \"a\"}\n{\"id\": \"b\"}\n{\"id\": \"c\"}\n");
    folder.write("near.json", "{}");
    // A quarter of a step, which is rounded away: 0.25 / 2032 = 0.0123% of the row's length, and of all three 1 / √3 of that.
    folder.write("content.npy", vectors([1.0, 0.25 / 2032.0]));
    let ran = folder.run(&["build", "bundle.json", "-o", "out"]).expect(0);
    assert!(ran.stdout.contains("0.007% lost, 0.012% in the worst row"), "{}", ran.stdout);
}

#[test]
fn what_is_wrong_with_the_files_of_a_catalog_is_said() {
    let folder = Folder::with("bundle.json", RANKED);
    let ran = folder.run(&["check", "bundle.json"]).expect(1);
    assert!(ran.stderr.contains("there is no file \"items.jsonl\""), "{}", ran.stderr);
    folder.write("items.jsonl", "{\"id\": \"b\"}\n{\"id\": }\n");
    let ran = folder.run(&["check", "bundle.json"]).expect(1);
    assert!(ran.stderr.contains("\"items.jsonl\" cannot be read: line 2: "), "{}", ran.stderr);
    folder.write("content.npy", "1,2\n");
    let ran = folder.run(&["check", "bundle.json"]).expect(2);
    assert!(ran.stderr.contains("content.npy: this is no NumPy file"), "{}", ran.stderr);
    assert!(ran.stderr.contains("numpy.save"), "{}", ran.stderr);
}
