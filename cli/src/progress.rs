//! How long work goes on, for whoever watches a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use slotwise_learn::fit::Watch;
use std::sync::Mutex;

/// A bar for each stage, with the time that is left.
pub(crate) struct Progress {
    bar: Mutex<ProgressBar>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self { bar: Mutex::new(ProgressBar::hidden()) }
    }

    fn with_bar(&self, change: impl FnOnce(&mut ProgressBar)) {
        if let Ok(mut bar) = self.bar.lock() {
            change(&mut bar);
        }
    }
}

impl Watch for Progress {
    fn stage(&self, name: &str, steps: u64) {
        let style = ProgressStyle::with_template("{msg:24} {bar:30} {pos}/{len}, {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar());
        let next = ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::stderr()).with_style(style);
        next.set_message(name.to_owned());
        next.tick();
        self.with_bar(|bar| {
            bar.finish_and_clear();
            *bar = next;
        });
    }

    fn step(&self) {
        self.with_bar(|bar| bar.inc(1));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.with_bar(|bar| bar.finish_and_clear());
    }
}
