//! Items as conditions look at them: what is asked of them leaves sets.

use super::tables::Tables;
use crate::condition::compile::{Registry, compile_for_element};
use crate::condition::{ConditionAt, Conditions, Host};
use crate::problem::{Pointer, Problem};
use crate::profile::Window;
use crate::rank::Items;
use crate::value::{Node, Pool, Span, Value};
use serde_json::Value as Json;

/// The items, as conditions look at them.
pub(super) struct ItemSets {
    pool: Pool,
    items: Vec<Node>,
}

impl ItemSets {
    pub(super) fn new(objects: Vec<Json>) -> Self {
        let mut pool = Pool::default();
        let items = objects.iter().map(|object| pool.push_json(object)).collect();
        Self { pool, items }
    }

    /// The items for which a condition holds.
    pub(super) fn matching(&self, condition: &Json, pointer: &Pointer, tables: &mut Tables) -> Items {
        let mut asked = ItemCondition { tables, conditions: Conditions::default(), constants: Pool::default() };
        let at = compile_for_element(condition, pointer, &mut asked);
        let ItemCondition { conditions, constants, .. } = asked;
        let mut matching = Items::default();
        matching.clear(self.items.len());
        for (number, item) in (0..=u16::MAX).zip(&self.items) {
            let item = self.pool.value(*item);
            let mut nobody = Nobody { constants: &constants };
            if conditions.holds_for(at, item, &constants, &mut nobody) {
                matching.insert(number);
            }
        }
        matching
    }
}

/// Compiles a condition apart from the program: nothing of it is in the file.
struct ItemCondition<'t> {
    tables: &'t mut Tables,
    conditions: Conditions,
    constants: Pool,
}

impl Registry for ItemCondition<'_> {
    fn input(&mut self, _: &[String]) -> u16 {
        u16::MAX
    }

    fn path(&self, _: u16) -> Vec<String> {
        Vec::new()
    }

    fn text(&mut self, text: &str) -> Span {
        self.constants.push_str(text)
    }

    fn constant(&mut self, json: &Json) -> Node {
        self.constants.push_json(json)
    }

    fn did(&mut self, _: &str, _: &str, _: Window, _: bool) -> u16 {
        u16::MAX
    }

    fn segment(&self, name: &str) -> Result<u16, Vec<String>> {
        self.tables.segment(name)
    }

    fn group(&self, name: &str) -> Result<Vec<Json>, Vec<String>> {
        self.tables.group(name)
    }

    fn conditions(&mut self) -> &mut Conditions {
        &mut self.conditions
    }

    fn report(&mut self, problem: Problem) {
        self.tables.problem(problem);
    }
}

/// Who asks about items when there is no visitor.
struct Nobody<'a> {
    constants: &'a Pool,
}

impl<'a> Host<'a> for Nobody<'a> {
    fn input(&mut self, _: u16) -> Value<'a> {
        self.constants.value(Node::Null)
    }

    fn segment(&mut self, _: u16) -> bool {
        false
    }

    fn tested(&mut self, _: ConditionAt, _: Value<'a>, _: bool) {}
}
