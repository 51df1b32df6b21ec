//! `slotwise keygen`: a key to sign compiled bundles with.

use crate::args::KeygenArgs;
use crate::failure::Failure;
use crate::output::{BOLD, print, warn};
use crate::signing::{new_key, public_text, to_pem};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

pub(crate) fn run(args: &KeygenArgs) -> Result<ExitCode, Failure> {
    let output = &args.output;
    let name = output.display();
    let key = new_key()?;
    let pem = to_pem(&key)?;
    write_new(output, pem.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::new(format!("{name} is there already"))
            .help("name another file; a key that is lost cannot be made again"),
        _ => Failure::new(format!("cannot write {name}: {error}"))
            .help("check that the folder is there and can be written to"),
    })?;
    // Only the key on stdout, for whoever stores it.
    warn(&format!("The private key is in {BOLD}{name}{BOLD:#}: keep it secret. The public key, to verify with:\n"));
    print(&format!("{}\n", public_text(&key.verifying_key())))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a file that only its owner can read, and that was not there before.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
