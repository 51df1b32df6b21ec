//! `slotwise keygen`, `slotwise build --sign` and `slotwise verify`.

use super::Folder;
use slotwise::Engine;

const BUNDLE: &str = r#"{
  "version": 1, "id": "shop", "revision": 7,
  "slots": { "one": { "default": "a", "variants": { "a": { "value": 5 } } } }
}"#;

/// The keys of RFC 8410, sections 10.1 and 10.3.
const PRIVATE: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
-----END PRIVATE KEY-----
";
const PUBLIC: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----
";
const PUBLIC_BYTES: &str = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=";

/// A signature and the magic behind it.
const TRAILER: usize = 64 + 8;

/// A folder with a bundle, the RFC's keys, and the bundle signed and not.
fn signed() -> Folder {
    let folder = Folder::with("bundle.json", BUNDLE);
    folder.write("key.pem", PRIVATE);
    folder.write("public.pem", PUBLIC);
    folder.run(&["build", "bundle.json", "-o", "plain.slotwise"]).expect(0);
    folder.run(&["build", "bundle.json", "-o", "signed.slotwise", "--sign", "key.pem"]).expect(0);
    folder
}

#[test]
fn a_new_key_signs_and_what_it_printed_verifies() {
    let folder = Folder::with("bundle.json", BUNDLE);
    let ran = folder.run(&["keygen", "key.pem"]).expect(0);
    let key = ran.stdout.trim_end();
    assert_eq!(key.len(), 44, "{key}");
    assert!(ran.stderr.contains("keep it secret"), "{}", ran.stderr);
    let built = folder.run(&["build", "bundle.json", "-o", "out", "--sign", "key.pem"]).expect(0);
    assert!(built.stdout.contains(&format!("public key {key}")), "{}", built.stdout);
    let verified = folder.run(&["verify", "out", "--key", key]).expect(0);
    assert!(verified.stdout.contains("bundle shop, revision 7"), "{}", verified.stdout);
    folder.run_with_stdin(&["verify", "-", "--key", key], folder.read("out")).expect(0);
    // Another key is another key.
    let other = folder.run(&["keygen", "other.pem"]).expect(0).stdout;
    assert_ne!(other.trim_end(), key);
    folder.run(&["verify", "out", "--key", other.trim_end()]).expect(1);
}

#[test]
fn a_signed_file_is_the_unsigned_one_with_a_trailer() {
    let folder = signed();
    let (plain, signed) = (folder.read("plain.slotwise"), folder.read("signed.slotwise"));
    assert_eq!(signed.len(), plain.len() + TRAILER);
    assert_eq!(signed[..plain.len()], plain);
    let decided = |file: &[u8]| Engine::load(file).unwrap().personalize(&slotwise::Context::new(0.0));
    assert_eq!(decided(&signed), decided(&plain));
    folder.run(&["explain", "signed.slotwise"]).expect(0);
}

#[test]
fn keys_are_those_of_rfc_8410() {
    let folder = signed();
    let ran = folder.run(&["build", "bundle.json", "-o", "out", "--sign", "key.pem"]).expect(0);
    assert!(ran.stdout.contains(PUBLIC_BYTES), "{}", ran.stdout);
    for key in [PUBLIC_BYTES, "public.pem"] {
        folder.run(&["verify", "signed.slotwise", "--key", key]).expect(0);
    }
}

#[test]
fn what_is_not_signed_by_the_key_does_not_verify() {
    let folder = signed();
    let verify = |name: &str| folder.run(&["verify", name, "--key", PUBLIC_BYTES]).expect(1).stderr;
    assert!(verify("plain.slotwise").contains("is not signed; sign it with"), "{}", verify("plain.slotwise"));

    // The trailer of another file.
    folder.write("later.json", BUNDLE.replace("\"revision\": 7", "\"revision\": 8"));
    folder.run(&["build", "later.json", "-o", "later.slotwise"]).expect(0);
    let signed = folder.read("signed.slotwise");
    let trailer = &signed[signed.len() - TRAILER..];
    folder.write("replayed.slotwise", [&folder.read("later.slotwise"), trailer].concat());
    assert!(verify("replayed.slotwise").contains("not signed by this key, or was changed"));

    // A signature that is not one.
    for at in [signed.len() - TRAILER, signed.len() - 9] {
        let mut changed = signed.clone();
        changed[at] ^= 1;
        folder.write("changed.slotwise", changed);
        assert!(verify("changed.slotwise").contains("not signed by this key, or was changed"));
    }
    folder.write("damaged.slotwise", &signed[..signed.len() - 1]);
    assert!(verify("damaged.slotwise").contains("checksum"));
    folder.write("page.html", "<!doctype html>");
    assert!(verify("page.html").contains("not a compiled Slotwise bundle"));
}

#[test]
fn a_key_is_never_overwritten() {
    let folder = Folder::with("key.pem", PRIVATE);
    let ran = folder.run(&["keygen", "key.pem"]).expect(2);
    assert!(ran.stderr.contains("key.pem is there already"), "{}", ran.stderr);
    assert_eq!(folder.read("key.pem"), PRIVATE.as_bytes());
    let ran = folder.run(&["keygen", "nowhere/key.pem"]).expect(2);
    assert!(ran.stderr.contains("cannot write nowhere/key.pem"), "{}", ran.stderr);
    folder.write("bundle.json", BUNDLE);
    let ran = folder.run(&["build", "bundle.json", "-o", "key.pem", "--sign", "./key.pem"]).expect(2);
    assert!(ran.stderr.contains("is the key itself"), "{}", ran.stderr);
    assert_eq!(folder.read("key.pem"), PRIVATE.as_bytes());
}

#[test]
fn what_is_no_private_key_does_not_sign() {
    let folder = Folder::with("bundle.json", BUNDLE);
    // OpenSSL's `genpkey -algorithm x25519`: the same form, another algorithm (RFC 8410, section 3).
    let x25519 = PRIVATE.replace("MC4CAQAwBQYDK2Vw", "MC4CAQAwBQYDK2Vu");
    let labelled = |label: &str| PRIVATE.replace("PRIVATE KEY", label);
    let cut = PRIVATE.replace("+K06", "");
    let cases = [
        ("no key at all", "is no PEM file"),
        (PUBLIC, "holds a public key"),
        (&x25519, "none for Ed25519"),
        (&cut, "none for Ed25519"),
        (&labelled("ENCRYPTED PRIVATE KEY"), "is encrypted"),
        (&labelled("RSA PRIVATE KEY"), "a \"RSA PRIVATE KEY\""),
        (&labelled("OPENSSH PRIVATE KEY"), "a \"OPENSSH PRIVATE KEY\""),
    ];
    for (content, message) in cases {
        folder.write("key.pem", content);
        let ran = folder.run(&["build", "bundle.json", "-o", "out", "--sign", "key.pem"]).expect(2);
        assert!(ran.stderr.contains("key.pem") && ran.stderr.contains(message), "{}", ran.stderr);
        assert!(ran.stderr.contains("help:"), "{}", ran.stderr);
    }
    folder.write("key.pem", [0xff, 0xfe]);
    folder.run(&["build", "bundle.json", "-o", "out", "--sign", "key.pem"]).expect(2);
    let ran = folder.run(&["build", "bundle.json", "-o", "out", "--sign", "missing.pem"]).expect(2);
    assert!(ran.stderr.contains("cannot read the key missing.pem"), "{}", ran.stderr);
    assert_eq!(folder.names(), ["bundle.json", "key.pem"]);
}

#[test]
fn what_is_no_public_key_does_not_verify() {
    let folder = signed();
    let short = &PUBLIC_BYTES[4..];
    for (key, message) in [
        ("key.pem", "holds a private key"),
        ("bundle.json", "holds no Ed25519 public key"),
        (short, "is no public key, and no file"),
        ("", "is no public key, and no file"),
        // y = 2, of which RFC 8032 (section 5.1.3) finds no point.
        ("AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "no Ed25519 public key"),
    ] {
        let ran = folder.run(&["verify", "signed.slotwise", "--key", key]).expect(2);
        assert!(ran.stderr.contains(message), "{key}: {}", ran.stderr);
    }
}

#[cfg(unix)]
#[test]
fn keys_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with("bundle.json", BUNDLE);
    folder.run(&["keygen", "key.pem"]).expect(0);
    let permissions = |mode| std::fs::set_permissions(folder.path("key.pem"), PermissionsExt::from_mode(mode)).unwrap();
    let mode = std::fs::metadata(folder.path("key.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let built = || folder.run(&["build", "bundle.json", "-o", "out", "--sign", "key.pem"]).expect(0).stderr;
    assert_eq!(built(), "");
    for mode in [0o640, 0o604, 0o644] {
        permissions(mode);
        assert!(built().contains("chmod 600 key.pem"), "{mode:o}: {}", built());
    }
}
