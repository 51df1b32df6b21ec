//! Authored bundles: any JSON is refused with problems that say where they are, or gives a file that loads and decides.

use crate::explained::{decided, explained};
use crate::visitor;
use fastrand::Rng;
use serde_json::Value as Json;
use slotwise::binary::to_bytes;
use slotwise::{Compiled, Engine, Problem, Severity};

pub(crate) fn check(input: &[u8]) {
    let Ok(document) = serde_json::from_slice::<Json>(input) else { return };
    let compiled = compiled(&document);
    let problems = match &compiled {
        Ok((compiled, _)) => &compiled.warnings,
        Err(problems) => problems,
    };
    assert_eq!(&slotwise::check(document.clone()), problems, "check and compile say different things");
    if let Ok(compiled) = &compiled {
        let mut rng = Rng::with_seed(adler2::adler32_slice(input).into());
        for _ in 0..3 {
            decides(&document, compiled, &mut rng);
        }
    }
}

/// The compiled bundle, or all problems, after asserting what holds of files and problems.
pub(crate) fn compiled(document: &Json) -> Result<(Compiled, Engine), Vec<Problem>> {
    let is_error = |problem: &Problem| problem.severity == Severity::Error;
    let compiled = slotwise::compile(document.clone()).inspect_err(|problems| {
        assert!(problems.iter().any(is_error), "refused without an error");
        assert!(problems.is_sorted_by_key(|problem| !is_error(problem)), "errors come first");
        are_placed(problems, document);
    })?;
    assert!(!compiled.warnings.iter().any(is_error), "compiled in spite of an error");
    are_placed(&compiled.warnings, document);
    assert!(compiled.program.is_sound(), "what is compiled is sound");
    let engine = Engine::load(&compiled.bytes).expect("what is compiled loads");
    assert_eq!(to_bytes(engine.program()), to_bytes(&compiled.program), "the file holds another program");
    assert_eq!(engine.manifest(), &compiled.manifest, "the file holds other names");
    Ok((compiled, engine))
}

/// Every problem points at something that the document has.
fn are_placed(problems: &[Problem], document: &Json) {
    for problem in problems {
        assert!(document.pointer(problem.pointer.as_str()).is_some(), "there is nothing at {problem}");
        assert!(!problem.message.is_empty());
    }
}

fn decides(document: &Json, (compiled, engine): &(Compiled, Engine), rng: &mut Rng) {
    let context = visitor::context(engine.manifest(), rng);
    let result = engine.personalize(&context);
    let names: Vec<&str> = document["slots"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    assert_eq!(result.slots.keys().collect::<Vec<_>>(), names, "the slots are not those of the bundle");
    let frame = context.frame(&compiled.program, &compiled.manifest);
    let decisions = decided(&compiled.program, &frame);
    explained(&compiled.program, &compiled.manifest, &frame, &decisions);
    for (name, shown) in &result.slots {
        let slot = &document["slots"][name];
        assert!(slot["variants"].get(&shown.variant).is_some(), "{name} shows {shown:?}, which it does not have");
        if matches!(shown.source, "default" | "holdout") {
            assert_eq!(slot["default"], shown.variant.as_str(), "{name} shows {shown:?}, which is not its default");
        }
        if let Some(experiment) = &shown.experiment {
            let own = document["experiments"][experiment].get("consent");
            let purpose = own.or_else(|| document["consent"].get("experiments")).and_then(Json::as_str);
            let purpose = purpose.unwrap_or("personalization");
            let is_granted = purpose == "none" || context.consent.get(purpose) == Some(&true);
            assert!(is_granted, "{name} takes part without consent to {purpose}: {shown:?}");
        }
    }
    assert!(serde_json::to_string(&result).is_ok());
}
