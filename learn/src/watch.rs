//! How work goes on, for whoever waits for it.

/// Is told how reading and learning go on.
pub trait Watch: Sync {
    /// The files of a log begin to be read, so many bytes in all.
    fn reading(&self, bytes: u64);
    /// Something begins that takes so many steps.
    fn stage(&self, name: &str, steps: u64);
    /// So many of the bytes or steps are done.
    fn advance(&self, by: u64);
    /// A step is done.
    fn step(&self) {
        self.advance(1);
    }
}

/// Nobody is told.
#[derive(Clone, Copy, Debug)]
pub struct Unwatched;

impl Watch for Unwatched {
    fn reading(&self, _: u64) {}
    fn stage(&self, _: &str, _: u64) {}
    fn advance(&self, _: u64) {}
}
