//! From a log to a model folder, and from that to what the engine lists.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use serde_json::{Value as Json, json};
use slotwise_learn::evaluate::{ByScore, Ranks, cases};
use slotwise_learn::events::Events;
use slotwise_learn::fit::{Fitted, Material};
use slotwise_learn::folder;
use slotwise_learn::items::Items;
use slotwise_learn::log::Columns;
use slotwise_learn::models::content::{Content, Parameters as ContentParameters};
use slotwise_learn::parameters::Parameters;
use slotwise_learn::report::report;
use slotwise_learn::served::{Blend, PastOf, Served};
use slotwise_learn::split::By;
use slotwise_learn::study::{Question, Study};
use slotwise_learn::train::{KIND, Trained, train};
use slotwise_learn::watch::{Unwatched, Watch};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use tempfile::TempDir;

/// Sixty visitors of two tastes: one likes shoes and one likes books, twenty of each, the first of them more, and nobody both. Poles like shoes.
struct Site {
    events: Events,
    items: Items,
    material: Material,
}

fn parameters() -> Parameters {
    let mut parameters = Parameters::default();
    (parameters.als.factors, parameters.ease.regularization) = (8, 10.0);
    parameters
}

fn site(folder: &TempDir) -> Site {
    let items: Vec<Json> = (0..40)
        .map(|item| {
            let what = if item < 20 { "shoe leather walking" } else { "book paper reading" };
            json!({ "id": format!("i{item:02}"), "title": format!("{what} size{} colour{} maker{}", item % 7, item % 5, item % 3) })
        })
        .collect();
    let lines: Vec<String> = items.iter().map(Json::to_string).collect();
    let catalog = folder.path().join("items.jsonl");
    fs::write(&catalog, lines.join("\n")).unwrap();
    let mut log = String::from("visitor,item,name,time,country\n");
    let mut state = 1_u64;
    let mut draw = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) % 20
    };
    for visitor in 0..60_u64 {
        let taste = visitor % 2;
        for step in 0..12 {
            let item = draw().min(draw()) + 20 * taste;
            let time = 1_772_366_400 + step * 86_400 + visitor;
            let name = if step % 4 == 3 { "purchase" } else { "view_item" };
            log.push_str(&format!("v{visitor},i{item:02},{name},{time},{}\n", if taste == 0 { "PL" } else { "DE" }));
        }
    }
    let path = folder.path().join("log.csv");
    fs::write(&path, log).unwrap();
    let items = Items::read(&catalog).unwrap();
    let columns = Columns::new(&[], &["country".to_owned()]).unwrap();
    let events = Events::read(&[&path], &columns, Some(&items.ids), &Unwatched).unwrap();
    let texts = items.texts(&["title".to_owned()]);
    let content = Content::learn(&texts, &ContentParameters::default(), 1).unwrap();
    let material = Material { visitors: events.visitors.len(), items: items.ids.len(), content: Some(content) };
    Site { events, items, material }
}

impl Site {
    fn study(&self) -> Study<'_> {
        Study { events: &self.events, items: &self.items, material: &self.material, watch: &Unwatched }
    }

    fn trained(&self) -> Trained {
        let question = question(By::Time { validation: 0.2, test: 0.0 });
        train(&self.study(), &question).unwrap_or_else(|failure| panic!("{failure}"))
    }
}

fn question(by: By) -> Question {
    Question { by, length: 5, parameters: parameters(), search: 0, ratings: false, newcomers: false, seed: 1 }
}

fn bytes_of(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let name = |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap());
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| name(entry.unwrap())).collect();
    files.sort();
    files
}

#[test]
fn each_taste_gets_its_own() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let findings = site.study().answer(&question(By::Time { validation: 0.1, test: 0.2 })).unwrap();
    let ndcg = |name: &str, is_served: bool| {
        let row = findings.rows.iter().find(|row| row.name == name && row.is_served == is_served);
        row.unwrap_or_else(|| panic!("{name}")).metrics["ndcg"].mean
    };
    assert!(findings.visitors > 40, "{}", findings.visitors);
    // Some ten items of a taste are left, of which chance among all forty finds few.
    // Words tell tastes apart and nothing else.
    for (name, more) in [("knn", 0.05), ("ease", 0.05), ("als", 0.05), ("content", 0.02)] {
        let (reached, chance) = (ndcg(name, false), ndcg("random", false));
        assert!(reached > chance + more, "{name}: {reached}, by chance {chance}");
        if let Some(kept) = findings.kept.get(name) {
            assert!((kept - 1.0).abs() < 0.1, "{name}: {kept}");
        }
    }
    assert!(ndcg("blend", true) > ndcg("random", false) + 0.05);
    assert!(ndcg("blend, from the profile", true) > ndcg("random", false) + 0.05);
    let page = report(&findings).unwrap();
    for part in [
        "<th scope=\"row\">blend, served</th>",
        "<title>NDCG, with intervals</title>",
        "visitors, the 5 best of 40 items",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("src=") && !page.contains("NaN"), "it needs nothing else");
}

/// Stages, with the steps that they were said to take and those that they took.
#[derive(Default)]
struct Stages(Mutex<Vec<(String, u64, u64)>>);

impl Watch for Stages {
    fn reading(&self, _: u64) {
        panic!("nothing is read");
    }
    fn stage(&self, name: &str, steps: u64) {
        self.0.lock().unwrap().push((name.to_owned(), steps, 0));
    }
    fn advance(&self, by: u64) {
        self.0.lock().unwrap().last_mut().unwrap().2 += by;
    }
}

#[test]
fn every_fit_takes_the_steps_that_it_said() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let stages = Stages::default();
    let parameters = parameters();
    Fitted::new(&site.events.all, &site.material, &parameters, 1, &stages).unwrap();
    let items = site.material.items as u64;
    let iterations = parameters.als.iterations as u64;
    let expected = [("neighbours", items), ("EASE", 4), ("factors", iterations)];
    assert_eq!(stages.0.into_inner().unwrap(), expected.map(|(name, steps)| (name.to_owned(), steps, steps)));
}

/// What is served is what the model says: the same lists, but for a few neighbours in the ranking that quantisation puts the other way round.
#[test]
fn the_engine_serves_what_was_learned() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let (before, after) = site.events.all.split_at(500);
    let fitted = Fitted::new(before, &site.material, &parameters(), 1, &Unwatched).unwrap();
    let cases = cases(before, after, site.material.visitors, site.material.items, false);
    assert!(cases.len() > 40);
    let choice = site.study().choose(before, after, &question(By::LastOut)).unwrap();
    let learned = site.study().learned(&fitted, &choice);
    let members: Vec<Json> = site.items.members.iter().cloned().map(Json::Object).collect();
    let alone = |signal: &str| {
        let mut weights =
            json!({ "content": 0, "factors": 0, "neighbours": 0, "popularity": 0, "recency": 0, "boost": 0 });
        weights[signal] = json!(1);
        Served::new(&learned, &site.events, &members, &Blend::Weights(serde_json::from_value(weights).unwrap()))
            .unwrap()
    };
    let exact: [(&str, &dyn slotwise_learn::models::Recommender); 2] =
        [("factors", &fitted.als), ("content", site.material.content.as_ref().unwrap())];
    for (signal, recommender) in exact {
        let (served, exact) = (alone(signal), ByScore { recommender, items: 40 });
        let same = cases.iter().map(|case| {
            let (served, exact) = (served.rank(case, 5), exact.rank(case, 5));
            served.iter().filter(|item| exact.contains(item)).count()
        });
        let same: usize = same.sum();
        assert!(same * 100 >= cases.len() * 5 * 97, "{signal}: {same} of {}", cases.len() * 5);
    }
    // All of a past of eight items fits into a profile, so it says the same but for what has faded.
    let served = alone("factors").with_past_of(PastOf::Profile);
    let of_taste = |case: &slotwise_learn::evaluate::Case| {
        served.rank(case, 5).iter().filter(|item| (**item < 20) == (case.history[0].0 < 20)).count()
    };
    assert!(cases.iter().map(of_taste).sum::<usize>() * 100 >= cases.len() * 5 * 95);
}

#[test]
fn a_folder_is_the_same_for_the_same_seed_and_compiles() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    let trained = site.trained();
    let sizes = folder::write(&one, KIND, &trained.files(&site.items.ids).unwrap()).unwrap();
    let again = site.trained();
    folder::write(&other, KIND, &again.files(&site.items.ids).unwrap()).unwrap();
    assert_eq!(bytes_of(&one), bytes_of(&other));
    let names: Vec<&str> = sizes.iter().map(|(name, _)| name.as_str()).collect();
    let expected =
        ["card.json", "content.npy", "factors.npy", "model.json", "neighbours.json", "popularity.json", "rows.json"];
    assert_eq!(names, expected);

    let model: Json = serde_json::from_slice(&fs::read(one.join("model.json")).unwrap()).unwrap();
    assert_eq!(model["segments"], json!({ "country=PL": { "country": "PL" }, "country=DE": { "country": "DE" } }));
    let of_poles = model["popularity"]["segments"]["country=PL"].as_object().unwrap();
    assert!(of_poles.keys().all(|item| item.as_str() < "i20"), "{of_poles:?}");
    let card: Json = serde_json::from_slice(&fs::read(one.join("card.json")).unwrap()).unwrap();
    assert_eq!((&card["events"], &card["visitors"], &card["items"]), (&json!(720), &json!(60), &json!(40)));
    assert_eq!(card["from"], "2026-03-01T12:00:00Z");
    assert!(card["validated"]["blend"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_folder_is_replaced_whole_and_others_are_left_alone() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let files = site.trained().files(&site.items.ids).unwrap();
    let model = folder.path().join("model");
    folder::write(&model, KIND, &files).unwrap();
    fs::write(model.join("left-over.txt"), "from before").unwrap();
    folder::write(&model, KIND, &files).unwrap();
    assert!(!model.join("left-over.txt").exists());

    let photographs = folder.path().join("photographs");
    fs::create_dir(&photographs).unwrap();
    folder::check(&photographs, KIND).unwrap();
    fs::write(photographs.join("cat.png"), "").unwrap();
    let failure = folder::write(&photographs, KIND, &files).unwrap_err();
    assert!(failure.message.ends_with("holds something else than a model"), "{failure}");
    assert!(photographs.join("cat.png").exists());
    let hidden = |name: &str| name.starts_with(".slotwise-");
    let left = fs::read_dir(folder.path())
        .unwrap()
        .filter(|entry| hidden(&entry.as_ref().unwrap().file_name().to_string_lossy()));
    assert_eq!(left.count(), 0);
}

#[test]
fn a_search_finds_no_worse_parameters() {
    let folder = TempDir::new().unwrap();
    let site = site(&folder);
    let poor = {
        let mut parameters = parameters();
        (parameters.als.iterations, parameters.als.factors, parameters.knn.neighbours) = (1, 1, 1);
        Question { parameters, ..question(By::LastOut) }
    };
    let searched = site.study().answer(&Question { search: 5, ..poor.clone() }).unwrap();
    let given = site.study().answer(&poor).unwrap();
    for name in ["knn", "ease", "als"] {
        assert!(searched.searched[name] >= given.searched[name], "{name}: {searched:?}");
    }
    assert_eq!(searched.parameters, site.study().answer(&Question { search: 5, ..poor }).unwrap().parameters);
    assert_ne!(searched.parameters.als, given.parameters.als);
}

#[test]
fn what_is_wrong_with_items_is_said() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("items.jsonl");
    for (text, expected) in [
        ("{\"id\": \"a\"}\n{\"id\": \"a\"}", "\"a\" is the id of two items"),
        ("{\"id\": \"a\"}\n{\"id\": 1}", "item 2: it has no \"id\", which is a text"),
        ("[1]", "item 1: an item is an object"),
        ("{\"id\": \"a\"}\n{", ":2: EOF"),
    ] {
        fs::write(&path, text).unwrap();
        let failure = Items::read(&path).unwrap_err();
        assert!(failure.message.contains(expected), "{failure}");
    }
    fs::write(&path, "[{\"id\": \"b\", \"tags\": [\"x\", {\"y\": \"z\"}], \"n\": 1}, {\"id\": \"a\"}]").unwrap();
    let items = Items::read(&path).unwrap();
    assert_eq!(
        (items.ids.as_slice(), items.places.as_slice()),
        (["a".to_owned(), "b".to_owned()].as_slice(), [1, 0].as_slice())
    );
    assert_eq!(items.texts(&["tags".to_owned(), "n".to_owned()]), ["", "x\nz\n"]);
}
