//! Writes the inputs to begin with, one a file: `cargo run --example seeds -- TARGET FOLDER`.

use std::path::PathBuf;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(name), Some(folder)) = (arguments.next(), arguments.next().map(PathBuf::from)) else {
        return Err(std::io::Error::other("usage: seeds TARGET FOLDER"));
    };
    let Some(target) = slotwise_fuzz::TARGETS.into_iter().find(|target| target.name == name) else {
        return Err(std::io::Error::other(format!("there is no target \"{name}\"")));
    };
    std::fs::create_dir_all(&folder)?;
    (target.seeds)().into_iter().try_for_each(|(name, input)| std::fs::write(folder.join(name), input))
}
