//! What a program is built in: interned constants, inputs, and the names that references resolve to.

use super::order::{longest_chain, sorted};
use super::{attribute_path, identity_consent, needs_time, needs_zone, request_member};
use crate::bundle::manifest::{Asked, ClusterNames, InputPath, Manifest, Question};
use crate::bundle::wire::Bundle;
use crate::condition::compile::Registry;
use crate::condition::{ConditionAt, Conditions};
use crate::decide::MAX_CHAIN;
use crate::derive;
use crate::problem::{Pointer, Problem};
use crate::profile::{CLUSTER, Feature, Window, kept_text};
use crate::program::{DerivedInput, Input, Program};
use crate::template::NOWHERE;
use crate::value::{Node, Span};
use indexmap::IndexMap;
use serde_json::Value as Json;
use std::collections::HashMap;

pub(super) struct Tables {
    pub(super) program: Program,
    pub(super) manifest: Manifest,
    pub(super) identity_consent: Option<u8>,
    pub(super) profile_consent: Option<u8>,
    pub(super) rank_consent: Option<u8>,
    /// Clusters of visitors, where the bundle has any.
    pub(super) clusters: Option<ClusterNames>,
    /// Segments in the order of their indices.
    pub(super) segment_names: Vec<String>,
    /// Experiments in the order of their indices.
    pub(super) experiment_names: Vec<String>,
    /// Conditions of rules and experiments, as they are written, and where they start.
    pub(super) conditions: HashMap<String, ConditionAt>,
    /// Paths that identify a visitor.
    identities: Vec<Vec<String>>,
    groups: IndexMap<String, Vec<Json>>,
    texts: HashMap<String, Span>,
    inputs: HashMap<InputPath, u16>,
    problems: Vec<Problem>,
}

impl Tables {
    pub(super) fn new(bundle: &Bundle) -> Self {
        let mut problems = Vec::new();
        let segments: IndexMap<&str, Vec<String>> =
            bundle.segments.iter().map(|(name, condition)| (name.as_str(), segments_of(&condition.0))).collect();
        let experiments: IndexMap<&str, Vec<String>> = bundle
            .experiments
            .iter()
            .map(|(name, experiment)| {
                (name.as_str(), experiment.requires.iter().filter_map(|required| required.experiment.clone()).collect())
            })
            .collect();
        let segment_names = ordered("segments", &segments, &mut problems);
        let experiment_names = ordered("experiments", &experiments, &mut problems);
        Self {
            program: Program::default(),
            manifest: Manifest::default(),
            identity_consent: None,
            profile_consent: None,
            rank_consent: None,
            clusters: None,
            segment_names,
            experiment_names,
            conditions: HashMap::new(),
            identities: vec![vec!["id".to_owned()]],
            groups: bundle.groups.clone(),
            texts: HashMap::new(),
            inputs: HashMap::new(),
            problems,
        }
    }

    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    pub(super) fn count_problems(&self) -> usize {
        self.problems.len()
    }

    pub(super) fn error(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.problem(Problem::error(pointer, message));
    }

    /// The index of a name, or a problem that says which names there are.
    pub(super) fn resolve<'n>(
        &mut self,
        kind: &str,
        name: &str,
        names: impl IntoIterator<Item = &'n str> + Clone,
        pointer: &Pointer,
    ) -> Option<u16> {
        let index =
            names.clone().into_iter().position(|known| known == name).and_then(|index| u16::try_from(index).ok());
        if index.is_none() {
            let known: Vec<&str> = names.into_iter().collect();
            let help = match crate::problem::nearest(name, known.iter().copied()) {
                Some(close) => format!("did you mean \"{close}\"?"),
                None if known.is_empty() => format!("there is no {kind} at all"),
                None => format!("there are {}", known.join(", ")),
            };
            self.problem(Problem::error(pointer, format!("there is no {kind} \"{name}\"")).help(help));
        }
        index
    }

    /// The input of a path, made when it is new.
    fn input_at(&mut self, path: InputPath, make: impl FnOnce(&mut Self) -> Input) -> u16 {
        if let Some(known) = self.inputs.get(&path) {
            return *known;
        }
        let input = make(self);
        let index = self.push_input(path.clone(), input);
        self.inputs.insert(path, index);
        index
    }

    fn push_input(&mut self, path: InputPath, input: Input) -> u16 {
        let Some(index) = u16::try_from(self.program.inputs.len()).ok().filter(|index| *index < NOWHERE) else {
            self.error(&Pointer::default(), "a bundle may read 65,533 different attributes");
            return 0;
        };
        self.program.inputs.push(input);
        self.manifest.inputs.push(path);
        index
    }

    /// The input that holds the arm of an experiment from an earlier visit.
    pub(super) fn sticky_input(&mut self, key: String, experiment: u16) -> u16 {
        self.input_at(InputPath::Sticky(key, experiment), |_| Input::Sticky)
    }

    /// An input for the list of a ranking: one of its own, since names can be alike, as those of a rule `1` and of the second one without an
    /// `id`, or of the slots `a` and `a.b`.
    pub(super) fn ranked_input(&mut self, name: &str) -> u16 {
        self.push_input(InputPath::Ranked(name.to_owned()), Input::Ranked)
    }

    /// The input of an attribute, by its path.
    pub(super) fn attribute(&mut self, path: &str) -> u16 {
        self.input(&path.split('.').map(str::to_owned).collect::<Vec<_>>())
    }

    /// Whether something reads the attribute at a path.
    pub(super) fn reads(&self, path: &str) -> bool {
        let is_it = |input: &InputPath| attribute_path(input).is_some_and(|steps| steps.join(".") == path);
        self.manifest.inputs.iter().any(is_it)
    }

    /// Takes note of a question to the profile, once.
    fn ask_profile(&mut self, input: u16, question: Question) {
        let questions = self.manifest.profile.get_or_insert_default();
        if questions.asked.iter().all(|asked| asked.input != input) {
            questions.asked.push(Asked { input, question });
        }
    }

    fn derived(&mut self, path: &str) -> Option<DerivedInput> {
        let (attribute, query) = derive::lookup(path)?;
        let source =
            derive::LIST.iter().find(|(_, listed, ..)| *listed == attribute).map(|(_, _, source, ..)| *source)?;
        let source = request_member(source)
            .map(|member| self.input_at(InputPath::Request(member.to_owned()), |_| Input::Request));
        Some(DerivedInput { attribute, source, query: query.map(|name| name.chars().map(u32::from).collect()) })
    }

    /// The input of an attribute that identifies the visitor, as it is named at a place. A path that leads nowhere would identify nobody.
    pub(super) fn identity_at(&mut self, attribute: &str, pointer: &Pointer) -> u16 {
        if attribute.split('.').any(str::is_empty) {
            let message = format!("\"{attribute}\" is no path of an attribute, so it identifies nobody");
            let help = "write names joined by single dots, such as account.id, or leave it out";
            self.problem(Problem::error(pointer, message).help(help));
        }
        self.identity_input(attribute)
    }

    /// The input of an attribute that identifies the visitor.
    pub(super) fn identity_input(&mut self, attribute: &str) -> u16 {
        let index = self.attribute(attribute);
        self.identities.push(self.path(index));
        index
    }

    /// Marks what identifies the visitor, what lies inside of it and what it lies inside of.
    fn mark_identities(&mut self) {
        for (input, path) in self.program.inputs.iter_mut().zip(&self.manifest.inputs) {
            if let (Input::Attribute { identity, .. }, Some(path)) = (input, attribute_path(path)) {
                *identity = self.identities.iter().any(|known| known.starts_with(path) || path.starts_with(known));
            }
        }
    }

    pub(super) fn finish(mut self, bundle: &Bundle) -> (Program, Manifest, Vec<Problem>) {
        self.mark_identities();
        self.program.identity_consent = self.identity_consent;
        self.manifest.id.clone_from(&bundle.id);
        self.manifest.revision = bundle.revision;
        self.manifest.needs_zone = needs_zone(&self.program);
        self.manifest.needs_time = needs_time(&self.program);
        self.manifest.identity_consent = identity_consent(&self.program, &self.manifest);
        if let Some(questions) = &mut self.manifest.profile {
            let purpose = self.profile_consent.and_then(|purpose| self.manifest.purposes.get(usize::from(purpose)));
            questions.consent = purpose.cloned();
        }
        self.manifest.rank_segments.clone_from(&self.program.rank_segments);
        self.manifest.segments = self.segment_names;
        (self.program, self.manifest, self.problems)
    }
}

impl Registry for Tables {
    fn input(&mut self, path: &[String]) -> u16 {
        let name = path.join(".");
        let input = self.input_at(InputPath::Attribute(path.to_vec()), |tables| Input::Attribute {
            identity: false,
            derived: tables.derived(&name),
        });
        if let Some(feature) = Feature::of(&name) {
            self.ask_profile(input, Question::Feature(feature.path().to_owned()));
        }
        if name == CLUSTER
            && let Some(clusters) = self.clusters.clone()
        {
            self.ask_profile(input, Question::Cluster(clusters));
        }
        input
    }

    fn did(&mut self, name: &str, event: &str, window: Window, each: bool) -> u16 {
        let event = kept_text(event).into_owned();
        let question = if each { Question::Each(event, window.into()) } else { Question::Count(event, window.into()) };
        // The same event in the same window is asked for in two ways.
        let name = if each { format!("each {name}") } else { name.to_owned() };
        let input = self.input_at(InputPath::Profile(name), |_| Input::Profile);
        self.ask_profile(input, question);
        input
    }

    fn path(&self, input: u16) -> Vec<String> {
        self.manifest.inputs.get(usize::from(input)).and_then(attribute_path).unwrap_or_default().to_vec()
    }

    fn text(&mut self, text: &str) -> Span {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let span = self.program.constants.push_str(text);
        self.texts.insert(text.to_owned(), span);
        span
    }

    fn constant(&mut self, json: &Json) -> Node {
        match json {
            Json::String(text) => Node::Text(self.text(text)),
            other => self.program.constants.push_json(other),
        }
    }

    fn segment(&self, name: &str) -> Result<u16, Vec<String>> {
        let index = self.segment_names.iter().position(|known| known == name);
        index.and_then(|index| u16::try_from(index).ok()).ok_or_else(|| self.segment_names.clone())
    }

    fn group(&self, name: &str) -> Result<Vec<Json>, Vec<String>> {
        self.groups.get(name).cloned().ok_or_else(|| self.groups.keys().cloned().collect())
    }

    fn conditions(&mut self) -> &mut Conditions {
        &mut self.program.conditions
    }

    fn report(&mut self, problem: Problem) {
        self.problem(problem);
    }
}

fn ordered(kind: &str, references: &IndexMap<&str, Vec<String>>, problems: &mut Vec<Problem>) -> Vec<String> {
    let pointer = Pointer::default().child(kind);
    let (order, cycles) = sorted(references);
    for cycle in &cycles {
        let message = "builds on itself, directly or through others";
        problems.push(Problem::error(&pointer.child(&cycle.name), message).help("break the circle of references"));
    }
    if cycles.is_empty() && longest_chain(references, &order) > MAX_CHAIN as usize {
        problems.push(Problem::error(&pointer, format!("{kind} build on each other more than {MAX_CHAIN} deep")));
    }
    order
}

/// The segments that a condition asks.
fn segments_of(condition: &Json) -> Vec<String> {
    match condition {
        Json::Object(members) => members
            .iter()
            .flat_map(|(key, value)| match value {
                Json::String(name) if key == "$segment" => vec![name.clone()],
                other => segments_of(other),
            })
            .collect(),
        Json::Array(items) => items.iter().flat_map(segments_of).collect(),
        _ => Vec::new(),
    }
}
