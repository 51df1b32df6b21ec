//! `slotwise build`: a bundle as JSON into the file that the runtime loads.

use crate::args::BuildArgs;
use crate::bundle::{Inspected, inspect};
use crate::diagnostics::{count, render};
use crate::failure::Failure;
use crate::output::{BAD, BOLD, GOOD, grouped, print, warn};
use crate::signing::{is_open_to_others, public_text, read_private, sign};
use crate::source::{STDIN, Source};
use flate2::Compression;
use flate2::write::GzEncoder;
use slotwise::rank::quantise::Loss;
use slotwise::{Compiled, Quantisation};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(crate) fn run(args: &BuildArgs) -> Result<ExitCode, Failure> {
    let key = args.sign.as_deref().map(read_private).transpose()?;
    let source = Source::read(&args.bundle)?;
    let Inspected { findings, compiled } = inspect(&source)?;
    let Some(compiled) = compiled else { return Err(Failure::Bundle(Box::new(source), findings)) };
    if let Some(counted) = count(&findings) {
        warn(&format!("{}\n{}: {counted}\n", render(&source, &findings), source.name));
    }
    let output = &args.output;
    if args.sign.as_deref().is_some_and(|key| is_same_file(key, output)) {
        return Err(Failure::new(format!("{} is the key itself", output.display())).help("name another file with -o"));
    }
    if args.bundle != STDIN && is_same_file(Path::new(&args.bundle), output) {
        return Err(
            Failure::new(format!("{} is the bundle itself", output.display())).help("name another file with -o")
        );
    }
    let file = match &key {
        Some(key) => sign(&compiled.bytes, key),
        None => compiled.bytes.clone(),
    };
    write(output, &file).map_err(|error| {
        Failure::new(format!("cannot write {}: {error}", output.display()))
            .help("check that the folder is there and can be written to")
    })?;
    let mut summary = summary(output, &file, &compiled);
    if let Some(key) = &key {
        summary.push_str(&format!("  signed, public key {}\n", public_text(&key.verifying_key())));
    }
    if let Some(path) = args.sign.as_deref().filter(|path| is_open_to_others(path)) {
        let path = path.display();
        warn(&format!(
            "{BAD}!{BAD:#} other users of this machine can read {path}; keep it to yourself: chmod 600 {path}\n"
        ));
    }
    if is_device(output) {
        warn(&summary)
    } else {
        print(&summary)?
    }
    Ok(ExitCode::SUCCESS)
}

fn is_same_file(left: &Path, right: &Path) -> bool {
    matches!((left.canonicalize(), right.canonicalize()), (Ok(left), Ok(right)) if left == right)
}

/// Whether the path leads to something other than a file, such as a terminal or a pipe.
fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|target| !target.is_file())
}

/// Writes beside the file first and then puts the whole in its place. A device or a pipe is written to as it is.
fn write(output: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = output.canonicalize().unwrap_or_else(|_| output.to_path_buf());
    if is_device(&target) {
        return fs::OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let folder =
        target.parent().filter(|folder| !folder.as_os_str().is_empty()).map_or(PathBuf::from("."), Path::to_path_buf);
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.prefix(".slotwise-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(&target)?;
    Ok(())
}

fn summary(output: &Path, file: &[u8], compiled: &Compiled) -> String {
    let (program, manifest) = (&compiled.program, &compiled.manifest);
    let size = |bytes: usize| grouped(u64::try_from(bytes).unwrap_or(u64::MAX));
    format!(
        "{GOOD}✓{GOOD:#} {BOLD}{}{BOLD:#}: {} bytes, {} gzipped\n  slots {}, rules {}, experiments {}\n",
        output.display(),
        size(file.len()),
        size(gzip_size(file)),
        manifest.slots.len(),
        program.rules.len(),
        manifest.experiments.len(),
    ) + &quantised(compiled)
}

/// What became of vectors: what was lost, as shares of their length.
fn quantised(compiled: &Compiled) -> String {
    let line = |part: &Quantisation| {
        let Loss { overall, worst, .. } = part.loss;
        let [overall, worst] = [overall, worst].map(|share| share * 100.0);
        let Quantisation { part, rows, dimensions, is_kept, .. } = part;
        if !is_kept {
            return format!("  {part} {rows} × {dimensions} left out: they count nothing in any rule\n");
        }
        format!("  {part} {rows} × {dimensions} in 12 bits, {overall:.3}% lost, {worst:.3}% in the worst row\n")
    };
    compiled.quantised.iter().map(line).collect()
}

fn gzip_size(bytes: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_or(0, |packed| packed.len())
}
