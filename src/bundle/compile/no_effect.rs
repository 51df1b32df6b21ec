//! Warnings of weights and boosts that change no list.

use super::draft::narrow;
use super::tables::Tables;
use crate::bundle::ranking as wire;
use crate::problem::{Pointer, Problem};
use crate::rank::blend::{Blend, Signal};

/// Warns of a rule's weights, stack and boosts.
pub(super) fn warn_of_rank(wire: &wire::Rank, blend: &Blend, pointer: &Pointer, tables: &mut Tables) {
    warn_of_boosts(wire, blend, &pointer.child("boosts"), tables);
    if !is_zero(blend) {
        return;
    }
    match (&wire.weights, &wire.stack) {
        (Some(_), None) => {
            let outcome = match wire.about {
                // To choose at random is a way to learn what is good.
                wire::About::History if wire.explore > 0.0 => return,
                wire::About::History => "items come in the order of their ids",
                _ => "no item has anything to do with what the list is about",
            };
            let help = "give one of them a number, such as \"popularity\": 1, or leave \"weights\" out";
            let message = format!("all weights are 0, so {outcome}");
            tables.problem(Problem::warning(&pointer.child("weights"), message).help(help));
        }
        (None, Some(_)) => warn_of_stack(&pointer.child("stack"), tables),
        // Both of them are an error; with neither it is the catalog's stack, of which is told there.
        _ => {}
    }
}

/// Warns of the stack of a catalog.
pub(super) fn warn_of_learned(stack: &wire::Stack, pointer: &Pointer, tables: &mut Tables) {
    if is_zero(&Blend::standardised(stack.weights, stack.bias, stack.means, stack.deviations)) {
        warn_of_stack(pointer, tables);
    }
}

fn warn_of_stack(pointer: &Pointer, tables: &mut Tables) {
    let message = "no signal of the stack counts: of each, the weight or the deviation is 0";
    let help = "write deviations above 0 for what is to count, such as \"deviations\": [1, 1, 1, 1, 1, 1]";
    tables.problem(Problem::warning(pointer, message).help(help));
}

fn warn_of_boosts(wire: &wire::Rank, blend: &Blend, pointer: &Pointer, tables: &mut Tables) {
    let zero = wire.boosts.iter().enumerate().filter(|(_, boost)| narrow(boost.add) == 0.0);
    for (number, _) in zero {
        let help = "say how much: \"add\": 0.2";
        tables.problem(Problem::warning(&pointer.child(number).child("add"), "the boost adds 0").help(help));
    }
    if !wire.boosts.is_empty() && blend.weight(Signal::Boost) == 0.0 && !is_zero(blend) {
        let message = "boosts add nothing, because their weight is 0";
        let help = "give \"boost\" a weight, or in a stack the last weight and deviation, or leave the boosts out";
        tables.problem(Problem::warning(pointer, message).help(help));
    }
}

fn is_zero(blend: &Blend) -> bool {
    blend.weights.iter().all(|weight| *weight == 0.0)
}
