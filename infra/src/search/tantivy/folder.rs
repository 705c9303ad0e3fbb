//! The folder of all generations, shared by processes.
//!
//! `CURRENT` names the generation that is searched, `LOCK` is held while generations come and go, and a generation that is
//! being built has its file `BUILDING` locked: whoever made it is gone when that lock is free.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{generation::Generation, schema::VERSION};

const CURRENT_FILE: &str = "CURRENT";
const LOCK_FILE: &str = "LOCK";
const BUILDING_FILE: &str = "BUILDING";

/// Why the folder gives no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum FolderError {
    /// A file could not be read or written.
    #[error("the search folder failed")]
    Io(#[from] io::Error),
    /// Tantivy failed.
    #[error("the search index failed")]
    Tantivy(#[from] tantivy::TantivyError),
    /// Nothing can be searched yet.
    #[error("the product index is not built yet")]
    NotBuilt,
}

/// The folder. Its calls block.
pub(super) struct Folder {
    root: PathBuf,
    /// The current generation, as far as this process knows.
    opened: Mutex<Option<Arc<Generation>>>,
}

/// A generation that this process is building; dropped without being promoted, it is removed by the next one to be made.
pub(super) struct Building {
    pub(super) generation: Arc<Generation>,
    pub(super) lock: File,
}

impl Folder {
    /// The folder at `root`, which is made where it is missing.
    pub(super) fn open(root: &Path) -> Result<Self, FolderError> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned(), opened: Mutex::new(None) })
    }

    /// The generation that is searched; none where there is none of this version.
    pub(super) fn current(&self) -> Result<Option<Arc<Generation>>, FolderError> {
        let mut name = self.current_name()?;
        loop {
            let generation = match &name {
                Some(it) if it.starts_with(&prefix()) => self.generation(it),
                _ => return Ok(None),
            };
            if let Ok(Some(_)) = generation {
                return generation;
            }
            // Another process may have put the next one in its place just now, and removed its files.
            let newer = self.current_name()?;
            if newer == name {
                return generation;
            }
            name = newer;
        }
    }

    /// Asks the current generation.
    pub(super) fn ask<T>(&self, question: impl Fn(&Generation) -> tantivy::Result<T>) -> Result<T, FolderError> {
        let mut generation = self.current()?.ok_or(FolderError::NotBuilt)?;
        loop {
            let error = match question(&generation) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            match self.current()? {
                Some(next) if next.name != generation.name => generation = next,
                _ => return Err(error.into()),
            }
        }
    }

    /// The generation `name`; none where its folder is gone.
    fn generation(&self, name: &str) -> Result<Option<Arc<Generation>>, FolderError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(it) = opened.as_ref().filter(|it| it.name == name) {
            return Ok(Some(Arc::clone(it)));
        }
        let folder = self.root.join(name);
        if !folder.is_dir() {
            return Ok(None);
        }
        let generation = Arc::new(Generation::open(name.to_owned(), folder)?);
        *opened = Some(Arc::clone(&generation));
        Ok(Some(generation))
    }

    /// A new generation, and the end of those whose makers are gone.
    pub(super) fn create(&self) -> Result<Building, FolderError> {
        fs::create_dir_all(&self.root)?;
        let _lock = self.lock()?;
        let current = self.current_name()?;
        for name in self.names()?.iter().filter(|it| current.as_ref() != Some(it)) {
            self.remove_abandoned(name)?;
        }
        let number = self.names()?.iter().filter_map(|it| number_of(it)).max().unwrap_or(0).saturating_add(1);
        let name = format!("{}{number}", prefix());
        let folder = self.root.join(&name);
        fs::create_dir(&folder)?;
        let lock = File::create(folder.join(BUILDING_FILE))?;
        lock.lock()?;
        Ok(Building { generation: Arc::new(Generation::create(name, folder)?), lock })
    }

    /// Makes the generation `name` the current one, and removes the one before.
    pub(super) fn promote(&self, name: &str) -> Result<(), FolderError> {
        let _lock = self.lock()?;
        let previous = self.current_name()?;
        let folder = self.root.join(name);
        if !folder.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the generation is gone").into());
        }
        Generation::open(name.to_owned(), folder.clone())?.merge()?;
        let next = self.root.join(format!("{CURRENT_FILE}.next"));
        let mut file = File::create(&next)?;
        file.write_all(name.as_bytes())?;
        file.sync_all()?;
        fs::rename(&next, self.root.join(CURRENT_FILE))?;
        // What follows only tidies up; the next `create` would do it too.
        let _ = File::open(&self.root).and_then(|it| it.sync_all());
        let _ = fs::remove_file(folder.join(BUILDING_FILE));
        if let Some(previous) = previous.filter(|it| it != name && number_of(it).is_some())
            && let Err(error) = fs::remove_dir_all(self.root.join(&previous))
        {
            tracing::warn!(generation = previous, error = %error, "an old product index could not be removed");
        }
        Ok(())
    }

    fn lock(&self) -> io::Result<File> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.root.join(LOCK_FILE))?;
        file.lock()?;
        Ok(file)
    }

    fn current_name(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.root.join(CURRENT_FILE)) {
            Ok(name) => Ok(Some(name.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The generations of all versions.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if number_of(&name).is_some() {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn remove_abandoned(&self, name: &str) -> io::Result<()> {
        let folder = self.root.join(name);
        let is_building = match File::open(folder.join(BUILDING_FILE)) {
            Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
            Err(_) => false,
        };
        if is_building { Ok(()) } else { fs::remove_dir_all(folder) }
    }
}

/// What the names of this version's generations begin with.
fn prefix() -> String {
    format!("v{VERSION}-")
}

/// The number in a generation's name: 7 of `v1-7`.
fn number_of(name: &str) -> Option<u64> {
    let (version, number) = name.strip_prefix('v')?.split_once('-')?;
    version.parse::<u32>().ok()?;
    number.parse().ok()
}
