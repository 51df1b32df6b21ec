//! What `cache.key` and `cache.maxAge` promise.

use super::bundles::bundle;
use super::contexts::{attributes, context};
use super::{cases, engine, output};
use proptest::collection::vec;
use proptest::prelude::*;
use slotwise::Context;
use std::collections::HashMap;

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn equal_keys_mean_equal_output(bundle in bundle(true), base in context(), others in vec(attributes(), 12)) {
        let engine = engine(&bundle);
        let mut seen = HashMap::new();
        for attributes in others {
            // One thing changed each: the key is often the same, and then so must be everything else.
            let mut context = base.clone();
            context.attributes = attributes;
            let output = output(&engine, &context);
            let key = engine.personalize(&context).cache.key;
            let first = seen.entry(key.clone()).or_insert_with(|| output.clone());
            prop_assert_eq!(&*first, &output, "{}", key);
        }
    }

    #[test]
    fn time_alone_changes_nothing_before_max_age(
        bundle in bundle(true), context in context(), part in 0.0..1.0_f64, later_offset in -840..=840,
    ) {
        let engine = engine(&bundle);
        let first = engine.personalize(&context);
        let held = f64::from(first.cache.max_age) * 1000.0;
        let expected = output(&engine, &context);
        for after in [held * part, held - 1.0, held / 2.0] {
            let mut later = context.clone();
            later.now += after;
            // A now that is too large for the difference to show is no later moment.
            if after < 0.0 || later.now - context.now >= held {
                continue;
            }
            if context.utc_offset_until.is_some_and(|until| later.now >= until) {
                later.utc_offset = later_offset;
                later.utc_offset_until = None;
            }
            prop_assert_eq!(&expected, &output(&engine, &later), "{} ms of {} later", after, held);
            prop_assert_eq!(&first.cache.key, &engine.personalize(&later).cache.key);
        }
    }

    #[test]
    fn what_was_not_read_does_not_matter(bundle in bundle(true), context in context(), other in attributes()) {
        let engine = engine(&bundle);
        let result = engine.personalize(&context);
        prop_assume!(context.attributes.is_object() && other.is_object());
        // What the result names as read stays as it is, everything else becomes another visitor's.
        let mut attributes = other;
        for name in result.cache.varies.iter().filter_map(|path| path.split('.').next()) {
            let attributes = attributes.as_object_mut().unwrap();
            match context.attributes.get(name) {
                Some(value) => attributes.insert(name.to_owned(), value.clone()),
                None => attributes.remove(name),
            };
        }
        let changed = Context { attributes, ..context.clone() };
        prop_assert_eq!(result, engine.personalize(&changed));
    }
}
