//! One module a command.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod evaluate;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod keygen;
pub(crate) mod segment;
pub(crate) mod simulate;
pub(crate) mod train;
pub(crate) mod verify;
