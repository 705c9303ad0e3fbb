//! Password hashes: Argon2id, away from the async workers and a few at a time.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{self, PasswordHasher, PasswordVerifier, phc},
};
use async_trait::async_trait;
use comptoir_domain::{
    access::{PasswordHash, Passwords},
    storage::BoxError,
};
use tokio::sync::Semaphore;

/// 19 MiB, two passes, one lane: a recommendation of OWASP's Password Storage Cheat Sheet.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// How many hashes are worked on at once; more wait. Bounds memory, and leaves processors for the rest.
const AT_ONCE: usize = 2;
/// Checked where there is no hash, so that an unknown name takes as long as a wrong password. Nobody knows its password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$WO+0NC7uYjdnTB2FlQPJ1Q$jfNfO4VEBQdUTaVfVvgz9Px7FoBKThiQmgvL6bqHyzM";

/// Argon2id with OWASP's parameters.
#[derive(Debug, Clone)]
pub struct Argon2Passwords {
    permits: Arc<Semaphore>,
}

impl Default for Argon2Passwords {
    fn default() -> Self {
        Self { permits: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Argon2Passwords {
    /// Runs `work` on a thread that may block, once there is room.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, BoxError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await?;
        // The permit goes along: the work goes on where the caller does not wait for it any more.
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        Ok(task.await?)
    }
}

#[async_trait]
impl Passwords for Argon2Passwords {
    async fn hash(&self, password: &str) -> Result<PasswordHash, BoxError> {
        let password = password.to_owned();
        let hash = self.run(move || hash(password.as_bytes())).await??;
        Ok(PasswordHash::new(hash.to_string()))
    }

    async fn verify(&self, password: &str, hash: Option<&PasswordHash>) -> Result<bool, BoxError> {
        let password = password.to_owned();
        let expected = phc::PasswordHash::new(hash.map_or(NOBODY, PasswordHash::expose))?;
        let is_right = self.run(move || is_right(password.as_bytes(), &expected)).await??;
        Ok(is_right && hash.is_some())
    }
}

fn hash(password: &[u8]) -> password_hash::Result<phc::PasswordHash> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password(password)
}

/// Whether `password` gives `expected`, with the parameters that `expected` names.
fn is_right(password: &[u8], expected: &phc::PasswordHash) -> password_hash::Result<bool> {
    match Argon2::default().verify_password(password, expected) {
        Ok(()) => Ok(true),
        Err(password_hash::Error::PasswordInvalid) => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_alone() {
        let passwords = Argon2Passwords::default();
        let hash = passwords.hash("correct horse battery staple").await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.expose());
        assert!(passwords.verify("correct horse battery staple", Some(&hash)).await.unwrap());
        for wrong in ["", "correct horse battery stapl", "Correct horse battery staple"] {
            assert!(!passwords.verify(wrong, Some(&hash)).await.unwrap(), "{wrong}");
        }
        let again = passwords.hash("correct horse battery staple").await.unwrap();
        assert_ne!(hash, again, "each hash has a salt of its own");
    }

    #[tokio::test]
    async fn a_hash_from_elsewhere_is_checked_with_its_own_parameters() {
        // From the reference implementation's test.c: version 0x13, t = 2, m = 2^8, p = 1.
        let text = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let hash = PasswordHash::new(text.to_owned());
        assert!(Argon2Passwords::default().verify("password", Some(&hash)).await.unwrap());
        assert!(!Argon2Passwords::default().verify("passwort", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn without_a_hash_the_same_work_is_done_and_the_answer_is_no() {
        let nobody = phc::PasswordHash::new(NOBODY).unwrap();
        let usual = hash(b"x").unwrap();
        assert_eq!(nobody.algorithm, usual.algorithm);
        assert_eq!(nobody.params, usual.params);
        assert_eq!(nobody.hash.unwrap().len(), usual.hash.unwrap().len());
        assert!(!Argon2Passwords::default().verify("", None).await.unwrap());
    }

    #[tokio::test]
    async fn what_is_no_hash_is_an_error() {
        let hash = PasswordHash::new("sha1:5baa61e4".to_owned());
        assert!(Argon2Passwords::default().verify("password", Some(&hash)).await.is_err());
    }

    #[tokio::test]
    async fn many_at_once_all_get_their_answer() {
        let passwords = Argon2Passwords::default();
        let text = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let hash = PasswordHash::new(text.to_owned());
        let answers = futures_util::future::join_all((0..20).map(|_| passwords.verify("password", Some(&hash)))).await;
        assert!(answers.into_iter().all(Result::unwrap));
        assert_eq!(passwords.permits.available_permits(), AT_ONCE);
    }
}
