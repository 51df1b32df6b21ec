//! How long work goes on, for whoever watches a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use slotwise_learn::watch::Watch;
use std::sync::Mutex;
use std::time::Duration;

/// How often a bar shows that work goes on: a single step can take minutes.
const TICK: Duration = Duration::from_millis(200);

/// A bar for each stage, with the time that is left.
pub(crate) struct Progress {
    bar: Mutex<ProgressBar>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { bar: Mutex::new(ProgressBar::hidden()) }
    }

    /// Begins a bar. `counts` is indicatif's template for how much is done.
    fn begin(&self, name: &str, length: u64, counts: &str) {
        let style = ProgressStyle::with_template(&format!("{{spinner}} {{msg:24}} {{bar:30}} {counts}, {{eta}} left"))
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let next = ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr()).with_style(style);
        next.set_message(name.to_owned());
        next.enable_steady_tick(TICK);
        self.with_bar(|bar| {
            bar.finish_and_clear();
            *bar = next;
        });
    }

    fn with_bar(&self, change: impl FnOnce(&mut ProgressBar)) {
        if let Ok(mut bar) = self.bar.lock() {
            change(&mut bar);
        }
    }
}

impl Watch for Progress {
    fn reading(&self, bytes: u64) {
        self.begin("reading", bytes, "{bytes}/{total_bytes}");
    }

    fn stage(&self, name: &str, steps: u64) {
        self.begin(name, steps, "{pos}/{len}");
    }

    fn advance(&self, by: u64) {
        self.with_bar(|bar| bar.inc(by));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.with_bar(|bar| bar.finish_and_clear());
    }
}
