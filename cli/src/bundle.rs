//! Bundles as they come: authored as JSON, or compiled.

use crate::diagnostics::{Finding, locate, syntax_error};
use crate::failure::Failure;
use crate::files;
use crate::source::{Source, name_of, read_bytes};
use slotwise::{Compiled, Engine};

/// The byte that a compiled bundle begins with, and no text does.
const COMPILED: u8 = 0x89;

/// Everything that is wrong with a bundle, and the compiled bundle when that is not too much.
pub(crate) struct Inspected {
    pub(crate) findings: Vec<Finding>,
    pub(crate) compiled: Option<Compiled>,
}

/// Checks and compiles an authored bundle, with the files that it mentions.
pub(crate) fn inspect(source: &Source) -> Result<Inspected, Failure> {
    let document = match serde_json::from_str(&source.text) {
        Ok(document) => document,
        Err(error) => return Ok(Inspected { findings: vec![syntax_error(source, &error)], compiled: None }),
    };
    let files = files::beside(&document, &source.folder)?;
    Ok(match slotwise::compile_with(document, &files) {
        Ok(mut compiled) => {
            let warnings = std::mem::take(&mut compiled.warnings);
            Inspected { findings: locate(source, warnings), compiled: Some(compiled) }
        }
        Err(problems) => Inspected { findings: locate(source, problems), compiled: None },
    })
}

/// Loads a bundle, whichever it is.
pub(crate) fn load(path: &str) -> Result<Engine, Failure> {
    let bytes = read_bytes(path)?;
    if bytes.first() == Some(&COMPILED) || path.ends_with(".slotwise") {
        return load_compiled(path, &bytes);
    }
    let source = Source::from_bytes(path, bytes)?;
    let Inspected { findings, compiled } = inspect(&source)?;
    match compiled {
        Some(compiled) => load_compiled(path, &compiled.bytes),
        None => Err(Failure::Bundle(Box::new(source), findings)),
    }
}

fn load_compiled(path: &str, bytes: &[u8]) -> Result<Engine, Failure> {
    Engine::load(bytes).map_err(|error| Failure::Unusable(format!("{}: {error}", name_of(path))))
}
