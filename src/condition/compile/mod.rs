//! Authored conditions into ops. Every mistake is reported; what is wrong compiles to something
//! harmless, so that the rest can be looked at in the same pass.

pub(crate) mod did;
mod operator;

use super::{ConditionAt, Conditions, MAX_NESTING, Op, Subject, Test};
use crate::problem::{Pointer, Problem, nearest};
use crate::profile::Window;
use crate::value::{Node, Span, number};
use serde_json::{Map, Value as Json};

/// What conditions share with the rest of the program that they are compiled into.
pub trait Registry {
    /// The index of the input that reads this path from the root of the context.
    fn input(&mut self, path: &[String]) -> u16;
    /// The path that an input reads.
    fn path(&self, input: u16) -> Vec<String>;
    /// The place of a text constant.
    fn text(&mut self, text: &str) -> Span;
    /// The place of a constant of any type.
    fn constant(&mut self, json: &Json) -> Node;
    /// The index of the input that says how often an event happened in a window, or each time that it did.
    fn did(&mut self, name: &str, event: &str, window: Window, each: bool) -> u16;
    /// The index of a segment, and the names there are for a suggestion.
    fn segment(&self, name: &str) -> Result<u16, Vec<String>>;
    /// The members of a group, and the names there are for a suggestion.
    fn group(&self, name: &str) -> Result<Vec<Json>, Vec<String>>;
    /// The tables that conditions are added to.
    fn conditions(&mut self) -> &mut Conditions;
    /// Takes note of a problem.
    fn report(&mut self, problem: Problem);
}

/// Compiles one condition and says where it starts.
pub fn compile(condition: &Json, pointer: &Pointer, registry: &mut impl Registry) -> ConditionAt {
    compile_in(Scope::Root, condition, pointer, registry)
}

/// Compiles a condition whose paths start at an element, such as an item of a catalog: see [`Conditions::holds_for`].
pub fn compile_for_element(condition: &Json, pointer: &Pointer, registry: &mut impl Registry) -> ConditionAt {
    compile_in(Scope::Element, condition, pointer, registry)
}

fn compile_in(scope: Scope, condition: &Json, pointer: &Pointer, registry: &mut impl Registry) -> ConditionAt {
    let start = position(registry.conditions());
    let mut compiler = Compiler { registry, depth: 0, place: pointer.clone(), is_too_deep: false };
    compiler.condition(condition, pointer, scope);
    start
}

fn position(conditions: &Conditions) -> ConditionAt {
    ConditionAt::try_from(conditions.ops.len()).unwrap_or(ConditionAt::MAX)
}

/// What paths in a condition start from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Root,
    Element,
}

struct Compiler<'r, R> {
    registry: &'r mut R,
    depth: usize,
    /// Where the condition lies that is being compiled.
    place: Pointer,
    /// Whether it was said that the condition is nested too deep.
    is_too_deep: bool,
}

/// The operators that combine whole conditions.
const COMBINATORS: [&str; 4] = ["$and", "$or", "$nor", "$not"];

impl<R: Registry> Compiler<'_, R> {
    /// A whole condition: combinators and paths, all of which must hold.
    fn condition(&mut self, condition: &Json, pointer: &Pointer, scope: Scope) {
        let Json::Object(members) = condition else {
            self.error(pointer, "a condition is an object such as {\"device.type\": \"mobile\"}");
            return self.emit(Op::Always(false));
        };
        self.together(members.len(), |compiler| {
            for (key, operand) in members {
                compiler.member(key, operand, &pointer.child(key), scope);
            }
        });
    }

    fn member(&mut self, key: &str, operand: &Json, pointer: &Pointer, scope: Scope) {
        match key {
            "$and" => self.list(operand, pointer, scope, |end| Op::All { end }),
            "$or" if operand.as_array().is_some_and(Vec::is_empty) => self.emit(Op::Always(true)),
            "$or" => self.list(operand, pointer, scope, |end| Op::Any { end }),
            "$nor" if operand.as_array().is_some_and(Vec::is_empty) => self.emit(Op::Always(false)),
            "$nor" => self.group(
                |end| Op::Not { end },
                |compiler| {
                    compiler.list(operand, pointer, scope, |end| Op::Any { end });
                },
            ),
            "$not" => self.group(|end| Op::Not { end }, |compiler| compiler.condition(operand, pointer, scope)),
            "$segment" => self.segment(operand, pointer, scope),
            "$did" => self.did(operand, pointer, scope),
            _ if key.starts_with('$') => {
                let known = COMBINATORS.into_iter().chain(["$segment", "$did"]);
                let help = match nearest(key, known) {
                    Some(name) => format!("did you mean {name}?"),
                    None if operator::is_operator(key) => {
                        format!("{key} tests one value: write {{\"some.path\": {{\"{key}\": …}}}}")
                    }
                    None => "here come paths, $and, $or, $nor, $not, $segment or $did".to_owned(),
                };
                self.report(Problem::error(pointer, format!("{key} does not combine conditions")).help(help));
            }
            _ => {
                let subject = self.subject(key, pointer, scope);
                self.value(operand, subject, pointer);
            }
        }
    }

    fn list(&mut self, operand: &Json, pointer: &Pointer, scope: Scope, op: fn(u32) -> Op) {
        let Json::Array(conditions) = operand else {
            self.error(pointer, "expected a list of conditions");
            return self.emit(Op::Always(false));
        };
        self.group(op, |compiler| {
            for (index, condition) in conditions.iter().enumerate() {
                compiler.condition(condition, &pointer.child(index), scope);
            }
        });
    }

    fn segment(&mut self, operand: &Json, pointer: &Pointer, scope: Scope) {
        let op = match operand.as_str().map(|name| (name, self.registry.segment(name))) {
            _ if scope == Scope::Element => {
                self.error(pointer, "a segment is about the visitor and cannot be asked of an element");
                None
            }
            Some((_, Ok(segment))) => Some(Op::Segment(segment)),
            Some((name, Err(known))) => {
                self.unknown_name(pointer, "segment", name, &known);
                None
            }
            None => {
                self.error(pointer, "$segment takes the name of a segment");
                None
            }
        };
        self.emit(op.unwrap_or(Op::Always(false)));
    }

    /// The condition on one value: a bare constant, or an object of operators that must all hold.
    fn value(&mut self, condition: &Json, subject: Subject, pointer: &Pointer) {
        let test = match condition {
            Json::String(text) => self.text_test(text),
            Json::Number(number) => Test::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::Bool(bool) => Test::Bool(*bool),
            Json::Null => Test::Null,
            Json::Object(members) if is_operator_object(members) => {
                return self.together(members.len(), |compiler| {
                    for (name, operand) in members {
                        compiler.operator(name, operand, subject, &pointer.child(name));
                    }
                });
            }
            Json::Object(members) if members.keys().any(|key| key.starts_with('$')) => {
                let message = "operators and plain members are mixed, which never matches as meant";
                let help = "use operators only, or compare parts of the value by their own paths";
                return self.report(Problem::error(pointer, message).help(help));
            }
            Json::Array(_) | Json::Object(_) => Test::Json(self.registry.constant(condition)),
        };
        self.emit(Op::Test { subject, test });
    }

    fn text_test(&mut self, text: &str) -> Test {
        let units: Vec<u16> = text.encode_utf16().collect();
        let number = number::parse(&units);
        let mut written = Vec::new();
        number::format(number, &mut written);
        Test::Text { text: self.registry.text(text), number: (written == units).then_some(number) }
    }

    fn subject(&mut self, path: &str, pointer: &Pointer, scope: Scope) -> Subject {
        let names: Vec<String> = path.split('.').map(str::to_owned).collect();
        if names.iter().any(String::is_empty) {
            self.error(pointer, "a path is names joined by single dots, such as geo.city");
        }
        self.subject_at(&names, scope)
    }

    fn subject_at(&mut self, names: &[String], scope: Scope) -> Subject {
        match scope {
            Scope::Root => Subject::Input(self.registry.input(names)),
            Scope::Element => {
                let names: Vec<Span> = names.iter().map(|name| self.registry.text(name)).collect();
                let table = &mut self.registry.conditions().names;
                let start = u32::try_from(table.len()).unwrap_or(u32::MAX);
                table.extend(&names);
                Subject::Element(Span { start, len: u32::try_from(names.len()).unwrap_or(0) })
            }
        }
    }

    /// Emits what `children` emits as one op: grouped only when it is not one already.
    fn together(&mut self, count: usize, children: impl FnOnce(&mut Self)) {
        if count == 1 { self.nested(children) } else { self.group(|end| Op::All { end }, children) }
    }

    fn group(&mut self, op: impl FnOnce(u32) -> Op, children: impl FnOnce(&mut Self)) {
        let at = self.registry.conditions().ops.len();
        self.emit(Op::Always(false));
        self.nested(children);
        let conditions = self.registry.conditions();
        let end = position(conditions);
        if let Some(place) = conditions.ops.get_mut(at) {
            *place = op(end);
        }
    }

    fn nested(&mut self, children: impl FnOnce(&mut Self)) {
        self.depth = self.depth.saturating_add(1);
        if self.depth <= MAX_NESTING {
            children(self);
        } else if !self.is_too_deep {
            self.is_too_deep = true;
            let message = format!("conditions are nested more than {MAX_NESTING} deep");
            self.report(Problem::error(&self.place.clone(), message).help("name the inner part as a segment"));
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn emit(&mut self, op: Op) {
        self.registry.conditions().ops.push(op);
    }

    fn report(&mut self, problem: Problem) {
        self.registry.report(problem);
    }

    fn error(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.report(Problem::error(pointer, message));
    }

    fn unknown_name(&mut self, pointer: &Pointer, kind: &str, name: &str, known: &[String]) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let help = match nearest(name, known.iter().copied()) {
            Some(close) => format!("did you mean \"{close}\"?"),
            None if known.is_empty() => format!("the bundle has no {kind}s"),
            None => format!("there are {}", known.join(", ")),
        };
        self.report(Problem::error(pointer, format!("there is no {kind} \"{name}\"")).help(help));
    }
}

/// Whether all keys are operators (and there is one): GrowthBook's own test.
fn is_operator_object(members: &Map<String, Json>) -> bool {
    !members.is_empty() && members.keys().all(|key| key.starts_with('$'))
}
