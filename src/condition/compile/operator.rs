//! One operator on one value.

use super::super::automaton::{self, Automaton, PatternError};
use super::super::near::Area;
use super::super::{Accept, Kind, Op, Set, Subject, Test, version};
use super::{COMBINATORS, Compiler, Registry, Scope, is_operator_object};
use crate::problem::{Pointer, Problem, nearest};
use crate::value::Span;
use serde_json::Value as Json;

const OPERATORS: [&str; 29] = [
    "$eq",
    "$ne",
    "$lt",
    "$lte",
    "$gt",
    "$gte",
    "$in",
    "$nin",
    "$ini",
    "$nini",
    "$all",
    "$alli",
    "$exists",
    "$type",
    "$size",
    "$elemMatch",
    "$regex",
    "$regexi",
    "$veq",
    "$vne",
    "$vgt",
    "$vgte",
    "$vlt",
    "$vlte",
    "$inGroup",
    "$notInGroup",
    "$not",
    "$near",
    "$glob",
];

/// Whether `name` is an operator on a value.
pub(super) fn is_operator(name: &str) -> bool {
    OPERATORS.contains(&name)
}

const LESS: Accept = Accept { less: true, equal: false, greater: false };
const LESS_OR_EQUAL: Accept = Accept { less: true, equal: true, greater: false };
const GREATER: Accept = Accept { less: false, equal: false, greater: true };
const GREATER_OR_EQUAL: Accept = Accept { less: false, equal: true, greater: true };
const EQUAL: Accept = Accept { less: false, equal: true, greater: false };
const UNEQUAL: Accept = Accept { less: true, equal: false, greater: true };

impl<R: Registry> Compiler<'_, R> {
    pub(super) fn operator(&mut self, name: &str, operand: &Json, subject: Subject, pointer: &Pointer) {
        match name {
            "$eq" => self.identical(operand, subject, pointer, false),
            "$ne" => self.identical(operand, subject, pointer, true),
            "$lt" => self.compare(LESS, operand, subject, pointer),
            "$lte" => self.compare(LESS_OR_EQUAL, operand, subject, pointer),
            "$gt" => self.compare(GREATER, operand, subject, pointer),
            "$gte" => self.compare(GREATER_OR_EQUAL, operand, subject, pointer),
            "$in" => self.member_of(operand, subject, pointer, false, false),
            "$nin" => self.member_of(operand, subject, pointer, false, true),
            "$ini" => self.member_of(operand, subject, pointer, true, false),
            "$nini" => self.member_of(operand, subject, pointer, true, true),
            "$inGroup" => self.in_group(operand, subject, pointer, false),
            "$notInGroup" => self.in_group(operand, subject, pointer, true),
            "$all" => self.all_elements(operand, subject, pointer, false),
            "$alli" => self.all_elements(operand, subject, pointer, true),
            "$exists" => match operand {
                Json::Bool(exists) => self.test(subject, Test::Exists, !exists),
                _ => self.error(pointer, "$exists takes true or false"),
            },
            "$type" => self.type_is(operand, subject, pointer),
            "$size" => self.group(
                |end| Op::Size { subject, end },
                |compiler| match operand {
                    Json::Number(_) | Json::Object(_) => {
                        compiler.value(operand, Subject::Element(Span::default()), pointer)
                    }
                    _ => compiler.error(pointer, "$size takes a number, or operators such as {\"$gte\": 2}"),
                },
            ),
            "$elemMatch" => self.elem_match(operand, subject, pointer),
            "$regex" => self.pattern(operand, subject, pointer, |source| automaton::regex(source, false)),
            "$regexi" => self.pattern(operand, subject, pointer, |source| automaton::regex(source, true)),
            "$glob" => self.glob(operand, subject, pointer),
            "$veq" => self.version(EQUAL, operand, subject, pointer),
            "$vne" => self.version(UNEQUAL, operand, subject, pointer),
            "$vlt" => self.version(LESS, operand, subject, pointer),
            "$vlte" => self.version(LESS_OR_EQUAL, operand, subject, pointer),
            "$vgt" => self.version(GREATER, operand, subject, pointer),
            "$vgte" => self.version(GREATER_OR_EQUAL, operand, subject, pointer),
            "$not" => self.group(|end| Op::Not { end }, |compiler| compiler.value(operand, subject, pointer)),
            "$near" => self.near(operand, subject, pointer),
            _ => self.unknown_operator(name, pointer),
        }
    }

    fn unknown_operator(&mut self, name: &str, pointer: &Pointer) {
        let help = if name == "$did" {
            "$did asks the profile, and stands beside paths: {\"$did\": {\"event\": \"view_item\", \"within\": \"10m\"}}".to_owned()
        } else if COMBINATORS.contains(&name) {
            format!(
                "{name} combines whole conditions: put it beside the paths, as {{\"{name}\": [{{\"path\": …}}, …]}}"
            )
        } else if let Some(close) = nearest(name, OPERATORS) {
            format!("did you mean {close}?")
        } else {
            format!("the operators are {}", OPERATORS.join(" "))
        };
        self.report(Problem::error(pointer, format!("{name} is not an operator on a value")).help(help));
    }

    /// Emits a test, negated when `negated`.
    fn test(&mut self, subject: Subject, test: Test, negated: bool) {
        let op = Op::Test { subject, test };
        if negated { self.group(|end| Op::Not { end }, |compiler| compiler.emit(op)) } else { self.emit(op) }
    }

    fn identical(&mut self, operand: &Json, subject: Subject, pointer: &Pointer, negated: bool) {
        if operand.is_array() || operand.is_object() {
            let message = "$eq and $ne compare single values; no list or object is ever identical to another";
            self.report(Problem::error(pointer, message).help("leave the operator out to compare the whole value"));
        }
        let node = self.registry.constant(operand);
        self.test(subject, Test::Is(node), negated);
    }

    fn compare(&mut self, accept: Accept, operand: &Json, subject: Subject, pointer: &Pointer) {
        if !operand.is_number() && !operand.is_string() {
            self.error(pointer, "expected a number or a text to compare with");
        }
        let node = self.registry.constant(operand);
        self.test(subject, Test::Compare(accept, node), false);
    }

    fn member_of(&mut self, operand: &Json, subject: Subject, pointer: &Pointer, fold: bool, negated: bool) {
        let Json::Array(members) = operand else {
            return self.error(pointer, "expected a list of values");
        };
        for (index, member) in members.iter().enumerate().filter(|(_, member)| member.is_array() || member.is_object())
        {
            let message = format!("{member} can never match: a list or an object is not identical to any other");
            self.report(Problem::error(&pointer.child(index), message).help("list single values"));
        }
        self.in_set(members, subject, pointer, fold, negated);
    }

    fn in_group(&mut self, operand: &Json, subject: Subject, pointer: &Pointer, negated: bool) {
        let Some(name) = operand.as_str() else {
            return self.error(pointer, "expected the name of a group");
        };
        match self.registry.group(name) {
            Ok(members) => self.in_set(&members, subject, pointer, false, negated),
            Err(known) => self.unknown_name(pointer, "group", name, &known),
        }
    }

    fn in_set(&mut self, members: &[Json], subject: Subject, pointer: &Pointer, fold: bool, negated: bool) {
        let mut set = Set::default();
        let mut texts: Vec<&str> = Vec::new();
        for member in members {
            match member {
                Json::String(text) => texts.push(text),
                Json::Number(number) => set.numbers.extend(number.as_f64()),
                Json::Bool(true) => set.has_true = true,
                Json::Bool(false) => set.has_false = true,
                Json::Null => set.has_null = true,
                Json::Array(_) | Json::Object(_) => {}
            }
        }
        // The order of UTF-16 code units, which for astral characters is not the order of strings.
        texts.sort_by(|left, right| left.encode_utf16().cmp(right.encode_utf16()));
        texts.dedup();
        set.numbers.sort_by(f64::total_cmp);
        set.numbers.dedup();
        if fold && !texts.is_empty() {
            set.folded = self.automaton(&texts.join(" | "), automaton::equals_ignore_case(&texts), pointer);
        }
        set.texts = texts.iter().map(|text| self.registry.text(text)).collect();
        let sets = &mut self.registry.conditions().sets;
        let index = u16::try_from(sets.len());
        sets.push(set);
        match index {
            Ok(index) => self.test(subject, Test::In(index), negated),
            Err(_) => self.error(pointer, "a bundle may hold 65,535 lists; share them as groups or segments"),
        }
    }

    fn all_elements(&mut self, operand: &Json, subject: Subject, pointer: &Pointer, fold: bool) {
        let Json::Array(members) = operand else {
            return self.error(pointer, "expected a list of values that must all be there");
        };
        self.group(
            |end| Op::All { end },
            |compiler| {
                compiler.emit(Op::Test { subject, test: Test::Type(Kind::Array) });
                for (index, member) in members.iter().enumerate() {
                    let pointer = pointer.child(index);
                    let element = Subject::Element(Span::default());
                    compiler.group(
                        |end| Op::Some { subject, skip_nullish: false, end },
                        |compiler| match member {
                            Json::String(text) if fold => {
                                let folded = automaton::equals_ignore_case(&[text]);
                                if let Some(automaton) = compiler.automaton(text, folded, &pointer) {
                                    compiler.emit(Op::Test { subject: element, test: Test::Pattern(automaton) });
                                }
                            }
                            _ => compiler.value(member, element, &pointer),
                        },
                    );
                }
            },
        );
    }

    fn type_is(&mut self, operand: &Json, subject: Subject, pointer: &Pointer) {
        let kind = match operand.as_str() {
            Some("null") => Kind::Null,
            Some("undefined") => Kind::Undefined,
            Some("boolean") => Kind::Boolean,
            Some("number") => Kind::Number,
            Some("string") => Kind::String,
            Some("array") => Kind::Array,
            Some("object") => Kind::Object,
            _ => {
                let help = "one of string, number, boolean, array, object, null, undefined";
                return self.report(Problem::error(pointer, "$type takes the name of a type").help(help));
            }
        };
        self.test(subject, Test::Type(kind), false);
    }

    fn elem_match(&mut self, operand: &Json, subject: Subject, pointer: &Pointer) {
        let Json::Object(members) = operand else {
            return self.error(pointer, "$elemMatch takes a condition on one element");
        };
        self.group(
            |end| Op::Some { subject, skip_nullish: true, end },
            |compiler| {
                if is_operator_object(members) {
                    compiler.value(operand, Subject::Element(Span::default()), pointer);
                } else {
                    compiler.condition(operand, pointer, Scope::Element);
                }
            },
        );
    }

    fn pattern(
        &mut self,
        operand: &Json,
        subject: Subject,
        pointer: &Pointer,
        compile: impl Fn(&str) -> Result<Automaton, PatternError>,
    ) {
        let Some(source) = operand.as_str() else {
            return self.error(pointer, "expected a regular expression as a text");
        };
        if let Some(automaton) = self.automaton(source, compile(source), pointer) {
            self.test(subject, Test::Pattern(automaton), false);
        }
    }

    fn glob(&mut self, operand: &Json, subject: Subject, pointer: &Pointer) {
        let patterns = match operand {
            Json::String(_) => std::slice::from_ref(operand),
            Json::Array(patterns) => patterns,
            _ => return self.error(pointer, "$glob takes a pattern such as \"/shop/**\", or a list of them"),
        };
        self.group(
            |end| Op::Any { end },
            |compiler| {
                for (index, pattern) in patterns.iter().enumerate() {
                    let pointer = if operand.is_array() { pointer.child(index) } else { pointer.clone() };
                    let Some(source) = pattern.as_str() else {
                        compiler.error(&pointer, "a pattern is a text such as \"/shop/**\"");
                        continue;
                    };
                    if let Some(automaton) = compiler.automaton(source, automaton::glob(source), &pointer) {
                        compiler.emit(Op::Test { subject, test: Test::Glob(automaton) });
                    }
                }
            },
        );
    }

    fn automaton(&mut self, source: &str, built: Result<Automaton, PatternError>, pointer: &Pointer) -> Option<u16> {
        let automaton = match built {
            Ok(automaton) => automaton,
            Err(error) => {
                let place = error.at.map_or(String::new(), |at| format!(" (at byte {at})"));
                self.error(pointer, format!("{}{place}", error.message));
                return None;
            }
        };
        let source = self.registry.text(source);
        let conditions = self.registry.conditions();
        let same =
            conditions.patterns.iter().zip(&conditions.automata).position(|known| known == (&source, &automaton));
        let index = same.unwrap_or_else(|| {
            conditions.patterns.push(source);
            conditions.automata.push(automaton);
            conditions.automata.len().saturating_sub(1)
        });
        let index = u16::try_from(index).ok();
        if index.is_none() {
            self.error(pointer, "a bundle may hold 65,535 patterns; share them as segments");
        }
        index
    }

    fn version(&mut self, accept: Accept, operand: &Json, subject: Subject, pointer: &Pointer) {
        let Some(text) = operand.as_str().filter(|text| !text.is_empty()) else {
            return self.error(pointer, "expected a version as a text, such as \"1.4.0\"");
        };
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut padded = Vec::new();
        version::pad(&units, &mut padded);
        let padded = self.registry.text(&String::from_utf16_lossy(&padded));
        self.test(subject, Test::Version(accept, padded), false);
    }

    fn near(&mut self, operand: &Json, subject: Subject, pointer: &Pointer) {
        let mut place = [0.0; 3];
        let names = ["latitude", "longitude", "km"];
        let limits = [90.0, 180.0, 20_040.0];
        let mut valid = operand.as_object().is_some_and(|members| members.len() == names.len());
        for ((value, name), limit) in place.iter_mut().zip(names).zip(limits) {
            let number = operand.get(name).and_then(Json::as_f64).filter(|number| number.abs() <= limit);
            valid &= number.is_some_and(|number| name != "km" || number > 0.0);
            *value = number.unwrap_or(0.0);
        }
        if !valid {
            let help = "latitude from -90 to 90, longitude from -180 to 180, km above 0 and at most 20040";
            let message = "$near takes {\"latitude\": …, \"longitude\": …, \"km\": …}";
            return self.report(Problem::error(pointer, message).help(help));
        }
        let [latitude, longitude, kilometres] = place;
        let area = Box::new(Area::new(latitude, longitude, kilometres));
        let latitude = self.member_subject(subject, "latitude");
        let longitude = self.member_subject(subject, "longitude");
        self.emit(Op::Near { latitude, longitude, area });
    }

    /// The subject that is a member of `subject`.
    fn member_subject(&mut self, subject: Subject, name: &str) -> Subject {
        match subject {
            Subject::Input(input) => {
                let mut path = self.registry.path(input);
                path.push(name.to_owned());
                Subject::Input(self.registry.input(&path))
            }
            Subject::Element(path) => {
                let name = self.registry.text(name);
                let table = &mut self.registry.conditions().names;
                let start = u32::try_from(table.len()).unwrap_or(u32::MAX);
                table.extend_from_within(path.range(1));
                table.push(name);
                Subject::Element(Span { start, len: path.len.saturating_add(1) })
            }
        }
    }
}
