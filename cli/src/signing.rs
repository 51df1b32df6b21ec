//! Keys and signatures: Ed25519, in the files that OpenSSL writes.

use crate::failure::Failure;
use crate::output::one_line;
use base64ct::{Base64, Encoding};
use ed25519_dalek::pkcs8::spki::DecodePublicKey;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey, KeypairBytes, spki};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use slotwise::bundle::codec;
use spki::der::pem::LineEnding;
use spki::der::zeroize::Zeroizing;
use std::fs;
use std::path::Path;

/// How to come by a key.
const MAKE_ONE: &str = "make one with `slotwise keygen key.pem` or `openssl genpkey -algorithm ed25519 -out key.pem`";

/// A new private key.
pub(crate) fn new_key() -> Result<SigningKey, Failure> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut())
        .map_err(|error| Failure::new(format!("the system has no randomness for a key: {error}")))?;
    Ok(SigningKey::from_bytes(&seed))
}

/// A private key as PKCS#8 PEM. The public key is left out of it: OpenSSL cannot read the version that holds both.
pub(crate) fn to_pem(key: &SigningKey) -> Result<Zeroizing<String>, Failure> {
    let bytes = KeypairBytes { secret_key: key.to_bytes(), public_key: None };
    bytes
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| Failure::new(format!("the key cannot be written as PEM: {error}")))
}

/// Reads a private key.
pub(crate) fn read_private(path: &Path) -> Result<SigningKey, Failure> {
    let name = path.display();
    let text = Zeroizing::new(read_pem(path)?);
    let problem = match SigningKey::from_pkcs8_pem(&text) {
        Ok(key) => return Ok(key),
        Err(_) => match label(&text) {
            None => format!("{name} is no PEM file"),
            Some("PUBLIC KEY") => format!("{name} holds a public key, and only a private one can sign"),
            Some("ENCRYPTED PRIVATE KEY") => {
                let help = format!("decrypt it: openssl pkey -in {name} -out plain.pem");
                return Err(Failure::new(format!("{name} is encrypted")).help(help));
            }
            Some("PRIVATE KEY") => format!("{name} holds a private key, but none for Ed25519"),
            Some(label) => format!("{name} holds no private key as PKCS#8, but a \"{}\"", one_line(label, 40)),
        },
    };
    Err(Failure::new(problem).help(MAKE_ONE))
}

/// Reads a public key: base64 of its bytes, or the name of a PEM file.
pub(crate) fn read_public(key: &str) -> Result<VerifyingKey, Failure> {
    const KINDS: &str = "a public key is 44 characters of base64, as `slotwise keygen` prints it, or a file that \
                         `openssl pkey -in key.pem -pubout` writes";
    let mut bytes = [0; 32];
    if Base64::decode(key, &mut bytes).is_ok_and(|bytes| bytes.len() == 32) {
        return VerifyingKey::from_bytes(&bytes)
            .map_err(|_| Failure::new(format!("{key} is base64, but no Ed25519 public key")).help(KINDS));
    }
    let path = Path::new(key);
    if !path.exists() {
        return Err(Failure::new(format!("{} is no public key, and no file", one_line(key, 80))).help(KINDS));
    }
    let text = Zeroizing::new(read_pem(path)?);
    VerifyingKey::from_public_key_pem(&text).map_err(|_| match label(&text) {
        Some(label) if label.ends_with("PRIVATE KEY") => Failure::new(format!("{key} holds a private key"))
            .help(format!("make the public one: openssl pkey -in {key} -pubout -out public.pem")),
        _ => Failure::new(format!("{key} holds no Ed25519 public key as PEM")).help(KINDS),
    })
}

/// A public key as `load()` and the Worker take it.
pub(crate) fn public_text(key: &VerifyingKey) -> String {
    Base64::encode_string(key.as_bytes())
}

/// A compiled bundle, signed.
pub(crate) fn sign(file: &[u8], key: &SigningKey) -> Vec<u8> {
    codec::with_signature(file, &key.sign(file).to_bytes())
}

/// What is wrong with the signature of a file, if anything.
pub(crate) fn verify(file: &[u8], key: &VerifyingKey) -> Result<(), &'static str> {
    let (content, signature) =
        codec::signed(file).ok_or("is not signed; sign it with `slotwise build … --sign key.pem`")?;
    key.verify_strict(content, &Signature::from_bytes(signature)).map_err(|_| {
        "is not signed by this key, or was changed since; build it again with --sign and the private key that belongs to \
         this public one"
    })
}

/// Whether a file can be read by others than its owner.
#[cfg(unix)]
pub(crate) fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o044 != 0)
}

/// Whether a file can be read by others than its owner: not known here.
#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_path: &Path) -> bool {
    false
}

fn read_pem(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let bytes = fs::read(path)
        .map_err(|error| Failure::new(format!("cannot read the key {name}: {error}")).help("check the path"))?;
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("{name} is no PEM file")).help(MAKE_ONE))
}

/// What a PEM file says it holds.
fn label(pem: &str) -> Option<&str> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    rest.split_once("-----").map(|(label, _)| label)
}
