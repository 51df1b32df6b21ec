//! `slotwise init`, and the whole way from there to a decision.

use super::Folder;
use slotwise::Engine;

#[test]
fn what_it_writes_passes_the_check_and_builds() {
    let folder = Folder::new();
    let ran = folder.run(&["init", "my/site"]).expect(0);
    assert!(ran.stdout.contains("cd my/site"), "{}", ran.stdout);
    let ran = folder.run(&["check", "my/site/bundle.json", "--deny-warnings"]).expect(0);
    assert_eq!(ran.stderr, "");
    folder.run(&["build", "my/site/bundle.json", "-o", "site.slotwise"]).expect(0);
    let engine = Engine::load(&folder.read("site.slotwise")).unwrap();

    let page = String::from_utf8(folder.read("my/site/index.html")).unwrap();
    for slot in &engine.manifest().slots {
        let as_element = page.contains(&format!("data-slot=\"{}\"", slot.name));
        let as_value = page.contains(&format!("session.slots.{}?.content.value", slot.name));
        assert!(as_element || as_value, "{} is not on the page", slot.name);
    }

    let context = r#"{ "attributes": { "plan": "pro", "geo": { "city": "Łódź" } }, "now": "2026-11-02T08:30:00Z" }"#;
    let told = folder.run(&["explain", "site.slotwise", "--context", context, "--json"]).expect(0).json();
    assert_eq!(told["slots"]["greeting"]["content"]["html"], "Good morning, Łódź!");
    assert_eq!(told["slots"]["offer"]["reason"], "consent_required");
    assert_eq!(told["slots"]["checkout"]["content"]["value"]["steps"], 1);
}

#[test]
fn the_commands_of_its_readme_work() {
    let folder = Folder::new();
    folder.run(&["init"]).expect(0);
    let readme = String::from_utf8(folder.read("README.md")).unwrap();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let commands: Vec<&str> = blocks.filter(|block| block.starts_with("slotwise ")).collect();
    assert_eq!(commands.len(), 4);
    for command in commands {
        let arguments = words(command);
        let arguments: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
        let ran = folder.run(&arguments).expect(0);
        if arguments[0] == "explain" {
            assert!(ran.stdout.contains("Good morning, Kraków!"), "{}", ran.stdout);
        }
    }
    assert_eq!(folder.names(), ["README.md", "bundle.json", "bundle.slotwise", "index.html"]);
}

/// Splits a line as a shell does that knows single quotes.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for char in command.trim().chars() {
        match char {
            '\'' => quoted = !quoted,
            char if char.is_whitespace() && !quoted => words.push(String::new()),
            char => words.last_mut().unwrap().push(char),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn nothing_is_overwritten_unless_it_is_forced() {
    let folder = Folder::with("README.md", "mine");
    let ran = folder.run(&["init", "."]).expect(2);
    assert!(ran.stderr.contains("already there: ./README.md") && ran.stderr.contains("--force"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["README.md"]);
    assert_eq!(folder.read("README.md"), b"mine");
    folder.run(&["init", "--force"]).expect(0);
    assert_ne!(folder.read("README.md"), b"mine");
    assert_eq!(folder.names(), ["README.md", "bundle.json", "index.html"]);
}

#[test]
fn places_that_cannot_be_written_to() {
    let folder = Folder::with("file", "");
    let ran = folder.run(&["init", "file"]).expect(2);
    assert!(ran.stderr.contains("cannot make file"), "{}", ran.stderr);
}
