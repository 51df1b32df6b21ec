//! `slotwise verify`: whether a compiled bundle is signed by a key.

use crate::args::VerifyArgs;
use crate::failure::Failure;
use crate::output::{BOLD, GOOD, one_line, print};
use crate::signing::{read_public, verify};
use crate::source::{name_of, read_bytes};
use slotwise::Engine;
use std::process::ExitCode;

pub(crate) fn run(args: &VerifyArgs) -> Result<ExitCode, Failure> {
    let key = read_public(&args.key)?;
    let file = read_bytes(&args.bundle)?;
    let name = name_of(&args.bundle);
    // What is no bundle at all is better told as that than as not signed.
    let engine = Engine::load(&file).map_err(|error| Failure::Unusable(format!("{name}: {error}")))?;
    verify(&file, &key).map_err(|problem| Failure::Unusable(format!("{name} {problem}")))?;
    let manifest = engine.manifest();
    print(&format!(
        "{GOOD}✓{GOOD:#} {BOLD}{name}{BOLD:#} is signed by this key: bundle {}, revision {}\n",
        one_line(&manifest.id, 80),
        manifest.revision
    ))?;
    Ok(ExitCode::SUCCESS)
}
