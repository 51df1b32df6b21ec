//! `slotwise segment`.

use super::Folder;
use serde_json::Value as Json;
use std::fmt::Write;

/// Nine buyers, three of each kind; one who only looked, one line that is none, and one that comes twice.
fn log() -> String {
    let mut log = "visitor,name,value,time\n".to_owned();
    for visitor in 1..=3 {
        let _ = writeln!(log, "once{visitor},purchase,1{visitor},2025-08-0{visitor}");
        for month in 0..3 {
            let _ = writeln!(log, "now-and-then{visitor},purchase,5{visitor},2025-1{month}-0{visitor}");
        }
        for day in 10..20 {
            let _ = writeln!(log, "often{visitor},purchase,10{visitor},2026-02-{day}T1{visitor}:00:00Z");
        }
    }
    log + "looker,view_item,,2026-02-20\nodd,purchase,much,2026-02-20\nlooker,view_item,,2026-02-20\n"
}

#[test]
fn buyers_are_grouped_and_bundles_ask_for_the_groups() {
    let folder = Folder::with("log.csv", &log());
    let ran = folder.run(&["segment", "--events", "log.csv", "-o", "made/clusters", "--clusters", "3"]).expect(0);
    for part in [
        "9 visitors from 43 events, of 45 rows",
        "1 told again",
        "1 visitors of whom",
        "1 not used: the value is no number",
    ] {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    for part in ["champions", "average", "lapsed", "10 times (more often than 66 %)", "inertia "] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    const BUNDLE: &str = r#"{
        "version": 1, "id": "shop", "clusters": "made/clusters/clusters.json",
        "slots": { "hero": { "default": "base", "variants": { "base": {}, "thanks": {} },
                             "rules": [{ "when": { "profile.cluster": "champions" }, "show": "thanks" }] } }
    }"#;
    folder.write("bundle.json", BUNDLE);
    folder.run(&["check", "bundle.json", "--deny-warnings"]).expect(0);
    folder.write("bundle.json", BUNDLE.replace("champions", "champion"));
    let warned = folder.run(&["check", "bundle.json", "--deny-warnings"]).expect(1);
    assert!(warned.stderr.contains("did you mean \"champions\"?"), "{}", warned.stderr);
}

#[test]
fn all_that_is_asked_for_is_written() {
    let folder = Folder::with("log.csv", &log());
    let arguments = ["segment", "--events", "log.csv", "-o", "out", "--method", "hierarchical", "--json"];
    let more = ["--write-features", "features.csv", "--report", "report.html", "--rejected", "rejected.tsv"];
    let card = folder.run(&[&arguments[..], &more].concat()).expect(0).json();
    let tried: Vec<&String> = card["silhouettes"].as_object().unwrap().keys().collect();
    assert_eq!(tried, ["2", "3", "4", "5", "6", "7", "8", "9"]);
    assert_eq!((&card["method"], &card["visitors"], &card["without"]), (&"hierarchical".into(), &9.into(), &1.into()));
    assert_eq!(serde_json::from_slice::<Json>(&folder.read("out/card.json")).unwrap(), card);
    let text = |name| String::from_utf8(folder.read(name)).unwrap();
    let features = text("features.csv");
    let begins = "visitor,rfm.recency,rfm.frequency,rfm.monetary,cluster\nonce1,203,1,11,";
    assert!(features.starts_with(begins), "{features}");
    assert_eq!(features.lines().count(), 10);
    let rejected = text("rejected.tsv");
    assert!(rejected.contains("log.csv:44\tthe value is no number"), "{rejected}");
    let page = text("report.html");
    assert_eq!(page.matches("<svg role=\"img\"").count(), 2);
    assert_eq!(page.matches("http").count(), page.matches("xmlns=\"http://www.w3.org/").count());
}

#[test]
fn what_cannot_be_grouped_leaves_the_folder_alone() {
    let folder = Folder::with("log.csv", &log());
    folder.run(&["segment", "--events", "log.csv", "-o", "out", "--clusters", "3"]).expect(0);
    let before = folder.read("out/clusters.json");
    for (arguments, part) in [
        (&["--clusters", "10"][..], "10 clusters need as many visitors who differ, and there are 9"),
        (&["--features", "leftCart"], "leftCart is the same for all 10 visitors"),
        (&["--features", "age"], "\"age\" is no feature of visitors"),
        (&["--method", "dbscan", "--clusters", "3"], "DBSCAN counts its clusters itself"),
        (&["--tolerance", "1"], "--tolerance is for DBSCAN alone"),
        (&["--method", "dbscan", "--tolerance", "100"], "DBSCAN finds 1 clusters within 100"),
    ] {
        let ran = folder.run(&[&["segment", "--events", "log.csv", "-o", "out"], arguments].concat()).expect(2);
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    assert_eq!(folder.read("out/clusters.json"), before);
    let ran = folder.run(&["segment", "--events", "log.csv", "-o", "."]).expect(2);
    assert!(ran.stderr.contains("holds something else than clusters"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["log.csv", "out"]);
}
