//! `slotwise init`: a small bundle that works, a page for it, and what to do next.

use crate::args::InitArgs;
use crate::failure::Failure;
use crate::output::{BOLD, GOOD, print};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// The files and what they hold.
const FILES: [(&str, &str); 3] = [
    ("bundle.json", include_str!("../../templates/bundle.json")),
    ("index.html", include_str!("../../templates/index.html")),
    ("README.md", include_str!("../../templates/README.md")),
];

pub(crate) fn run(args: &InitArgs) -> Result<ExitCode, Failure> {
    let directory = args.directory.as_path();
    let there: Vec<String> = FILES
        .iter()
        .map(|(name, _)| directory.join(name))
        .filter(|path| path.symlink_metadata().is_ok())
        .map(|path| path.display().to_string())
        .collect();
    if !there.is_empty() && !args.force {
        let help = "name another folder, or overwrite with --force; nothing was written";
        return Err(Failure::new(format!("already there: {}", there.join(", "))).help(help));
    }
    fs::create_dir_all(directory).map_err(|error| cannot("make", directory, &error))?;
    for (name, content) in FILES {
        let path = directory.join(name);
        fs::write(&path, content).map_err(|error| cannot("write", &path, &error))?;
    }
    print(&next_steps(directory))?;
    Ok(ExitCode::SUCCESS)
}

fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot {what} {}: {error}", path.display())).help("check the path and its permissions")
}

fn next_steps(directory: &Path) -> String {
    let names = FILES.map(|(name, _)| name).join(", ");
    let enter = if directory == Path::new(".") { String::new() } else { format!("  cd {}\n", directory.display()) };
    format!(
        "{GOOD}✓{GOOD:#} {BOLD}{}{BOLD:#}: {names}\n\nNext:\n{enter}  slotwise check bundle.json\n  slotwise explain bundle.json\n\
         \nREADME.md there tells the rest.\n",
        directory.display()
    )
}
