//! The binary file.
//!
//! | bytes | content |
//! | --- | --- |
//! | 8 | magic: `89 53 4C 57 0D 0A 1A 0A`, which any text-mode transfer breaks |
//! | 2 | format version, little-endian |
//! | 2 | number of sections |
//! | 4 | Adler-32 (RFC 1950) of everything behind these 16 bytes |
//! | 12 each | section table: kind, offset from the start of the file, length (32 bits each, little-endian) |
//! | rest | the sections |
//!
//! Section 1 is the [`Program`] as [`crate::binary`] writes it, section 2 the manifest: names and content as JSON,
//! for the side that shows them. Section 3, where there is one, is the [`Catalog`], for the side that ranks. A reader passes over kinds that it does not know, so sections can be
//! added without a new format version. The checksum finds accidents; it is no signature.
//!
//! A signed file is such a file with a trailer behind it, which can be cut off again:
//!
//! | bytes | content |
//! | --- | --- |
//! | 64 | Ed25519 signature (RFC 8032) of everything before the trailer |
//! | 8 | magic: `89 53 49 47 0D 0A 1A 0A` |
//!
//! Reading passes over the trailer and verifies nothing: whoever hands the file over does, and has the key.

use crate::binary;
use crate::error::{Error, ErrorKind};
use crate::program::Program;
use crate::rank::Catalog;
use std::ops::Range;

const MAGIC: [u8; 8] = [0x89, b'S', b'L', b'W', 0x0D, 0x0A, 0x1A, 0x0A];

/// The format that this crate writes, and the newest that it reads.
pub const FORMAT_VERSION: u16 = 1;

const HEADER: usize = 16;
const TABLE_ROW: usize = 12;
const PROGRAM: u32 = 1;
const MANIFEST: u32 = 2;
const CATALOG: u32 = 3;

/// The last bytes of a signed file.
const SIGNED: [u8; 8] = [0x89, b'S', b'I', b'G', 0x0D, 0x0A, 0x1A, 0x0A];

/// How long a signature is.
pub const SIGNATURE: usize = 64;

/// The two parts of a signed file: what is signed, and the signature. `None` for a file that is not.
#[must_use]
pub fn signed(file: &[u8]) -> Option<(&[u8], &[u8; SIGNATURE])> {
    let (rest, magic) = file.split_last_chunk()?;
    if *magic == SIGNED { rest.split_last_chunk() } else { None }
}

/// A file with its signature.
#[cfg(feature = "compiler")]
#[must_use]
pub fn with_signature(file: &[u8], signature: &[u8; SIGNATURE]) -> Vec<u8> {
    [file, signature, &SIGNED].concat()
}

/// A file taken apart and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    /// What the runtime evaluates.
    pub program: Program,
    /// Where in the file the manifest lies.
    pub manifest: Range<usize>,
    /// The checksum of the content: two files with the same one hold the same bundle.
    pub checksum: u32,
}

/// Where in a file its parts lie.
struct Sections {
    program: Range<usize>,
    manifest: Range<usize>,
    catalog: Option<Range<usize>>,
    checksum: u32,
}

/// Reads a file, signed or not. Whether a signature is right is not asked.
///
/// # Errors
/// [`ErrorKind`] says what is wrong with the bytes; nothing is half-read.
pub fn decode(file: &[u8]) -> Result<Decoded, Error> {
    let Sections { program, manifest, checksum, .. } = sections(file)?;
    let program: Option<Program> = file.get(program).and_then(binary::from_bytes);
    let program = program.filter(Program::is_sound).ok_or(ErrorKind::Malformed)?;
    Ok(Decoded { program, manifest, checksum })
}

/// Reads the catalog of a file, signed or not; `None` when it has none.
///
/// # Errors
/// [`ErrorKind`] says what is wrong with the bytes.
pub fn decode_catalog(file: &[u8]) -> Result<Option<Catalog>, Error> {
    let Some(range) = sections(file)?.catalog else { return Ok(None) };
    let catalog: Option<Catalog> = file.get(range).and_then(binary::from_bytes);
    catalog.filter(Catalog::is_sound).map(Some).ok_or_else(|| ErrorKind::Malformed.into())
}

/// Finds the parts of a file, and checks that they have come as they were sent.
fn sections(file: &[u8]) -> Result<Sections, Error> {
    let file = signed(file).map_or(file, |(content, _)| content);
    let found = file.get(..MAGIC.len()).unwrap_or(file);
    if !MAGIC.starts_with(found) || found.is_empty() {
        return Err(ErrorKind::NotABundle.into());
    }
    let word = |at: usize| Some(u32::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let half = |at: usize| Some(u16::from_le_bytes(*file.get(at..)?.first_chunk()?));
    let truncated = || Error::from(ErrorKind::Truncated);
    if half(8).ok_or_else(truncated)? > FORMAT_VERSION {
        return Err(ErrorKind::TooNew.into());
    }
    let sections = usize::from(half(10).ok_or_else(truncated)?);
    let checksum = word(12).ok_or_else(truncated)?;
    let mut end = HEADER.saturating_add(sections.saturating_mul(TABLE_ROW));
    let (mut program, mut manifest, mut catalog) = (None, None, None);
    for row in (HEADER..end).step_by(TABLE_ROW) {
        let [kind, offset, len] = [0, 4, 8].map(|field: usize| word(row.saturating_add(field)));
        let (kind, offset) = (kind.ok_or_else(truncated)?, offset.ok_or_else(truncated)? as usize);
        let range = offset..offset.saturating_add(len.ok_or_else(truncated)? as usize);
        end = end.max(range.end);
        match kind {
            PROGRAM => program = Some(range),
            MANIFEST => manifest = Some(range),
            CATALOG => catalog = Some(range),
            _ => {}
        }
    }
    if file.len() < end {
        return Err(ErrorKind::Truncated.into());
    }
    if file.get(HEADER..).map(adler2::adler32_slice) != Some(checksum) {
        return Err(ErrorKind::Damaged.into());
    }
    let inside = |range: Option<Range<usize>>| range.filter(|range| file.get(range.clone()).is_some());
    let malformed = || Error::from(ErrorKind::Malformed);
    let (program, manifest) = (inside(program).ok_or_else(malformed)?, inside(manifest).ok_or_else(malformed)?);
    Ok(Sections { program, manifest, catalog: inside(catalog), checksum })
}

/// Writes a file.
///
/// # Errors
/// [`ErrorKind::Malformed`] when the program is too large for the format (4 GiB).
#[cfg(feature = "compiler")]
pub fn encode(program: &Program, manifest: &[u8], catalog: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    let malformed = |_| Error::from(ErrorKind::Malformed);
    let program = binary::to_bytes(program);
    let sections = [(PROGRAM, program.as_slice()), (MANIFEST, manifest)].into_iter();
    let sections: Vec<_> = sections.chain(catalog.map(|bytes| (CATALOG, bytes))).collect();
    let mut offset = HEADER.saturating_add(sections.len().saturating_mul(TABLE_ROW));
    let mut content = Vec::new();
    for (kind, bytes) in &sections {
        content.extend(kind.to_le_bytes());
        content.extend(u32::try_from(offset).map_err(malformed)?.to_le_bytes());
        content.extend(u32::try_from(bytes.len()).map_err(malformed)?.to_le_bytes());
        offset = offset.saturating_add(bytes.len());
    }
    sections.iter().for_each(|(_, bytes)| content.extend_from_slice(bytes));
    let mut file = MAGIC.to_vec();
    file.extend(FORMAT_VERSION.to_le_bytes());
    file.extend(u16::try_from(sections.len()).map_err(malformed)?.to_le_bytes());
    file.extend(adler2::adler32_slice(&content).to_le_bytes());
    file.extend(content);
    Ok(file)
}
