//! The one secret of an installation, which all keys are derived from.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    error::Unspecified,
    hkdf::{HKDF_SHA256, Salt},
    rand,
};
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

const LENGTH: usize = 32;
const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// 32 secret bytes. Whoever has them can make any token; whoever loses them makes all tokens invalid.
#[derive(Clone)]
pub struct MasterSecret([u8; LENGTH]);

/// Why there is no master secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// Not 32 bytes in hex or base64.
    #[error("the secret is not 32 bytes in hex or base64")]
    Malformed,
    /// No chance to be had.
    #[error("the system gave no random bytes")]
    Random,
    /// The file holds something else.
    #[error(
        "the secret file {path} is not 32 bytes in hex or base64: put it back from a backup, or delete it to void all tokens"
    )]
    MalformedFile {
        /// Which file.
        path: PathBuf,
    },
    /// The file could not be read or written.
    #[error("the secret file {path} cannot be used")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

impl MasterSecret {
    /// Reads 64 digits of hex, or base64 in its standard or URL-safe alphabet, padded or not; white space around is ignored.
    ///
    /// # Errors
    /// [`SecretError::Malformed`]; the text is not repeated.
    pub fn parse(text: &str) -> Result<Self, SecretError> {
        let text = text.trim();
        let bytes = hex::decode(text).or_else(|_| STANDARD.decode(text)).or_else(|_| URL_SAFE.decode(text));
        let bytes = bytes.map_err(|_| SecretError::Malformed)?;
        bytes.try_into().map(Self).map_err(|_| SecretError::Malformed)
    }

    /// The secret in the file at `path`; where there is none, a new one, which only the owner of the file may read.
    ///
    /// Of several processes that start at once, all get the same. The folder must exist.
    ///
    /// # Errors
    /// [`SecretError`]; a file that holds something else is left as it is.
    pub fn load_or_create(path: &Path) -> Result<Self, SecretError> {
        match fs::read_to_string(path) {
            Ok(text) => Self::of_file(&text, path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(source) => Err(SecretError::File { path: path.to_owned(), source }),
        }
    }

    fn of_file(text: &str, path: &Path) -> Result<Self, SecretError> {
        Self::parse(text).map_err(|_| SecretError::MalformedFile { path: path.to_owned() })
    }

    fn create(path: &Path) -> Result<Self, SecretError> {
        let failed = |source| SecretError::File { path: path.to_owned(), source };
        let bytes: [u8; LENGTH] = random()?;
        let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let draft = folder.join(format!(".{}.tmp", hex::encode(random::<8>()?)));
        // A link, unlike a rename, fails where another process was first.
        let linked = write_private(&draft, &hex::encode(bytes)).and_then(|()| fs::hard_link(&draft, path));
        let _ = fs::remove_file(&draft);
        match linked {
            Ok(()) => Ok(Self(bytes)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Self::of_file(&fs::read_to_string(path).map_err(failed)?, path)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// A key for `purpose` alone (HKDF-SHA-256, RFC 5869): keys of different purposes tell nothing about each other.
    pub(super) fn derive(&self, purpose: &str) -> Result<[u8; LENGTH], Unspecified> {
        let mut key = [0; LENGTH];
        let extracted = Salt::new(HKDF_SHA256, b"comptoir").extract(&self.0);
        extracted.expand(&[purpose.as_bytes()], HKDF_SHA256)?.fill(&mut key)?;
        Ok(key)
    }
}

impl fmt::Debug for MasterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterSecret(…)")
    }
}

fn random<const N: usize>() -> Result<[u8; N], SecretError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| SecretError::Random)?;
    Ok(bytes)
}

/// Writes a new file that only its owner may read, through to the disk.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{text}")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::PermissionsExt, thread};

    use super::*;

    #[test]
    fn hex_and_every_base64_give_the_same_bytes() {
        let bytes: [u8; LENGTH] = std::array::from_fn(|at| 0xff - at as u8);
        for text in [
            "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0",
            "FFFEFDFCFBFAF9F8F7F6F5F4F3F2F1F0EFEEEDECEBEAE9E8E7E6E5E4E3E2E1E0\n",
            "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=",
            "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA",
            "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA=",
            "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA",
        ] {
            assert_eq!(MasterSecret::parse(text).unwrap().0, bytes, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_and_not_repeated() {
        for text in ["", "hunter2", "00", &"0".repeat(63), &"0".repeat(66), &"é".repeat(32), &"A".repeat(42)] {
            let error = MasterSecret::parse(text).unwrap_err();
            assert!(matches!(error, SecretError::Malformed), "{text}");
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", MasterSecret([7; LENGTH])), "MasterSecret(…)");
    }

    #[test]
    fn a_file_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let made = MasterSecret::load_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(MasterSecret::load_or_create(&path).unwrap().0, made.0);
        assert_ne!(MasterSecret::load_or_create(&folder.path().join("other")).unwrap().0, made.0);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no draft is left behind");
    }

    #[test]
    fn those_who_start_at_once_share_one_secret() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        let starts: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                thread::spawn(move || MasterSecret::load_or_create(&path).unwrap().0)
            })
            .collect();
        let secrets: Vec<_> = starts.into_iter().map(|it| it.join().unwrap()).collect();
        assert!(secrets.iter().all(|it| *it == secrets[0]));
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "not a secret").unwrap();
        let error = MasterSecret::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains(&path.display().to_string()) && !error.contains("not a secret"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "not a secret");
        let error = MasterSecret::load_or_create(&folder.path().join("missing/secret")).unwrap_err();
        assert!(error.to_string().contains("missing/secret"), "{error}");
    }

    #[test]
    fn keys_differ_by_purpose_and_by_secret() {
        let secret = MasterSecret([7; LENGTH]);
        assert_eq!(secret.derive("a").unwrap(), secret.derive("a").unwrap());
        assert_ne!(secret.derive("a").unwrap(), secret.derive("b").unwrap());
        assert_ne!(secret.derive("a").unwrap(), MasterSecret([8; LENGTH]).derive("a").unwrap());
    }
}
