//! How long models take to learn, for `tests/oracles/speed.py`, which runs the same in Python: prints seconds.
//!
//! ```text
//! fit_seconds als LOG.csv FACTORS ITERATIONS
//! fit_seconds ease LOG.csv
//! fit_seconds text ITEMS.jsonl DIMENSIONS
//! ```

#![allow(clippy::print_stdout, reason = "it is what this is for")]

use slotwise_learn::Failure;
use slotwise_learn::events::Events;
use slotwise_learn::interactions::Interactions;
use slotwise_learn::items::Items;
use slotwise_learn::log::Columns;
use slotwise_learn::models::content::{Content, Parameters as ContentParameters};
use slotwise_learn::models::ease::{Ease, Parameters as EaseParameters};
use slotwise_learn::models::factors::{Factors, Parameters as FactorParameters};
use slotwise_learn::watch::Unwatched;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().map_err(|_| Failure::new(format!("{text} is no number")));
    let begun;
    match arguments.as_slice() {
        ["als", log, factors, iterations] => {
            let interactions = interactions(log)?;
            let parameters = FactorParameters {
                factors: number(factors)?,
                iterations: number(iterations)?,
                ..FactorParameters::default()
            };
            begun = Instant::now();
            let _ = Factors::learn(&interactions, &parameters, 1, &|| ());
        }
        ["ease", log] => {
            let interactions = interactions(log)?;
            begun = Instant::now();
            Ease::learn(&interactions, &EaseParameters::default(), &|| ())?;
        }
        ["text", items, dimensions] => {
            let items = Items::read(Path::new(items))?;
            let texts = items.texts(&["text".to_owned()]);
            let parameters = ContentParameters {
                dimensions: number(dimensions)?,
                least_texts: 1,
                most_texts: 1.0,
                ..ContentParameters::default()
            };
            begun = Instant::now();
            Content::learn(&texts, &parameters, 1)?;
        }
        _ => {
            return Err(
                Failure::new("nothing to do").help("als LOG FACTORS ITERATIONS | ease LOG | text ITEMS DIMENSIONS")
            );
        }
    }
    println!("{}", begun.elapsed().as_secs_f64());
    Ok(())
}

fn interactions(log: &str) -> Result<Interactions, Failure> {
    let events = Events::read(&[Path::new(log)], &Columns::default(), None, &Unwatched)?;
    Ok(Interactions::new(events.all.iter(), events.visitors.len(), events.items.len()))
}
