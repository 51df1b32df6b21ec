//! Files that tell how many of their bytes were read.

use crate::watch::Watch;
use std::io::{Read, Result};

/// What is read, and who is told.
pub(super) struct Counted<'w, R> {
    pub(super) of: R,
    pub(super) watch: &'w dyn Watch,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let bytes = self.of.read(into)?;
        self.watch.advance(bytes as u64);
        Ok(bytes)
    }
}
