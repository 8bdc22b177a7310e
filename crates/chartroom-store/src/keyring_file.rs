//! A keyring in its file.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chartroom_seal::{Cost, CryptoRng, Keyring, KeyringError, Passphrase};

/// The longest file that is read or written, in bytes. A keyring that is rotated every day is shorter for fifty years.
const LONGEST: u64 = 1 << 20;

/// A keyring and the file that it is kept in: what can be used is also on the disk.
///
/// A change takes the keyring away and gives it back only when it is safely in its file, so no patient's key is ever wrapped by
/// a key that a crash could lose. A crash leaves the file as it was or as it is to be.
///
/// ```
/// use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource};
/// use chartroom_store::KeyringFile;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("chartroom-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("keyring");
/// # let mut random = RandomSource::from_seed(&[7; 32]);
/// let passphrase = Passphrase::from("correct horse battery staple".to_owned());
/// KeyringFile::create(&path, Keyring::create(&passphrase, Cost::LEAST, &mut random)?)?;
///
/// let file = KeyringFile::open(&path, &passphrase)?;
/// let rotated = file.rotate(&mut random)?;
/// let keyring = rotated.into_keyring(); // For `Vault::new`.
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(())
/// # }
/// ```
///
/// An older key is destroyed by [`rotation::retire`](crate::rotation::retire) alone, which asks the store first: what only it has
/// wrapped, on hold or not, is gone with it.
///
/// ```compile_fail,E0624
/// # use chartroom_seal::RandomSource;
/// # use chartroom_store::KeyringFile;
/// fn destroyed(file: KeyringFile, random: &mut RandomSource) {
///     let rotated = file.rotate(random).unwrap();
///     rotated.destroy_version(1, random); // This is private.
/// }
/// ```
#[derive(Debug)]
pub struct KeyringFile {
    path: PathBuf,
    keyring: Keyring,
}

/// Why a keyring could not be read from its file, or written to it.
#[derive(Debug, thiserror::Error)]
pub enum KeyringFileError {
    /// What is in the file is no keyring that opens, or the change is refused.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// Another program has changed the file since it was opened. Open it again.
    #[error("the keyring was changed by another program")]
    Changed,
    /// The file is longer than a mebibyte, or would be: no keyring is.
    #[error("the file is too long for a keyring")]
    TooLong,
    /// The file could not be read or written.
    #[error("the file of the keyring could not be read or written")]
    File(#[from] io::Error),
}

impl KeyringFile {
    /// Writes a new keyring to a new file. The folder must exist.
    ///
    /// # Errors
    ///
    /// [`KeyringFileError::File`], also where there is such a file already, or a link: a keyring is never written over.
    pub fn create(path: impl AsRef<Path>, keyring: Keyring) -> Result<Self, KeyringFileError> {
        let path = new_path(path.as_ref())?;
        let _lock = lock(&path)?;
        if exists(&path)? {
            return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
        }
        replace(&path, keyring.to_bytes())?;
        Ok(Self { path, keyring })
    }

    /// Opens the keyring in a file. Where the path is a link, it is the file behind it that is changed afterwards.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or as [`Keyring::open`].
    pub fn open(path: impl AsRef<Path>, passphrase: &Passphrase) -> Result<Self, KeyringFileError> {
        let path = path.as_ref().canonicalize()?;
        let keyring = Keyring::open(&read(&path)?, passphrase)?;
        Ok(Self { path, keyring })
    }

    /// The keyring.
    #[must_use]
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// The keyring, for a [`Vault`](chartroom_vault::Vault) to keep.
    #[must_use]
    pub fn into_keyring(self) -> Keyring {
        self.keyring
    }

    /// Adds a new key, under which everything is wrapped from then on. When this returns, it is on the disk.
    ///
    /// # Errors
    ///
    /// As [`Keyring::rotate`]; or another program was faster, or the file could not be written. Then the file is as it was, or, where
    /// only the last of the disk's confirmations is missing, as it was to be. Open it again.
    pub fn rotate(self, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Self, KeyringFileError> {
        self.change(|keyring| keyring.rotate(rng))
    }

    /// Protects the keyring with another passphrase. When this returns, it is on the disk. Copies from before, other hard links among
    /// them, still open with the old one.
    ///
    /// # Errors
    ///
    /// As [`Keyring::change_passphrase`], and as [`rotate`](Self::rotate).
    pub fn change_passphrase(
        self,
        passphrase: &Passphrase,
        cost: Cost,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, KeyringFileError> {
        self.change(|keyring| keyring.change_passphrase(passphrase, cost, rng))
    }

    /// Destroys an older key. It is for whoever has asked the store whether anything still needs it.
    pub(crate) fn destroy_version(
        self,
        version: u32,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, KeyringFileError> {
        self.change(|keyring| keyring.destroy_version(version, rng))
    }

    fn change(
        mut self,
        change: impl FnOnce(&mut Keyring) -> Result<(), KeyringError>,
    ) -> Result<Self, KeyringFileError> {
        let _lock = lock(&self.path)?;
        if read(&self.path)? != self.keyring.to_bytes() {
            return Err(KeyringFileError::Changed);
        }
        change(&mut self.keyring)?;
        replace(&self.path, self.keyring.to_bytes())?;
        Ok(self)
    }
}

/// Where a new file is to be, whatever links lead to its folder.
fn new_path(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    Ok(folder(path).canonicalize()?.join(name))
}

/// The folder of a file.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether there is anything of this name, and be it a link that leads nowhere.
fn exists(path: &Path) -> io::Result<bool> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        outcome => outcome.map(|_| true),
    }
}

/// Keeps other programs from changing the keyring, until it is dropped.
fn lock(path: &Path) -> io::Result<File> {
    let file = only_for_the_owner().create(true).truncate(false).open(beside(path, "lock"))?;
    file.lock()?;
    Ok(file)
}

/// Reads a file whole, unless it is too long to be a keyring.
fn read(path: &Path) -> Result<Vec<u8>, KeyringFileError> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST { Err(KeyringFileError::TooLong) } else { Ok(bytes) }
}

/// Writes the new file beside the old one, down to the disk, and puts it in its place in one step.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyringFileError> {
    if bytes.len() as u64 > LONGEST {
        return Err(KeyringFileError::TooLong);
    }
    let new = beside(path, "new");
    // What was left there is neither filled, with the rights that it has, nor followed to where it leads.
    if exists(&new)? {
        std::fs::remove_file(&new)?;
    }
    let mut file = only_for_the_owner().create_new(true).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&new, path)?;
    // That the folder has the new name is on the disk only when the folder is.
    #[cfg(unix)]
    File::open(folder(path))?.sync_all()?;
    Ok(())
}

fn only_for_the_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use chartroom_seal::{KeyService as _, RandomSource};

    use super::*;

    /// A folder of its own for each test, gone afterwards.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("chartroom-keyring-{}-{name}", std::process::id()));
            let _ = std::fs::remove_dir_all(&path);
            std::fs::create_dir(&path).unwrap();
            Self(path)
        }

        fn keyring(&self) -> PathBuf {
            self.0.join("keyring")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    fn passphrase() -> Passphrase {
        Passphrase::from("open sesame".to_owned())
    }

    fn new_keyring() -> (Keyring, RandomSource) {
        let mut random = RandomSource::from_seed(&[8; 32]);
        (Keyring::create(&passphrase(), Cost::LEAST, &mut random).unwrap(), random)
    }

    #[test]
    fn what_can_be_used_is_in_the_file() {
        let folder = Folder::new("use");
        let (keyring, mut random) = new_keyring();
        let file = KeyringFile::create(folder.keyring(), keyring).unwrap();
        let rotated = file.rotate(&mut random).unwrap();
        let read = KeyringFile::open(folder.keyring(), &passphrase()).unwrap();
        assert_eq!(read.keyring().current(), rotated.keyring().current());
        assert_eq!(read.keyring().current().version, 2);
        assert_eq!(read.into_keyring().to_bytes(), rotated.into_keyring().to_bytes());
        let mut names: Vec<_> = std::fs::read_dir(&folder.0).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["keyring", "keyring.lock"]);
    }

    #[test]
    fn another_passphrase_is_in_the_file() {
        let folder = Folder::new("passphrase");
        let (keyring, mut random) = new_keyring();
        let current = keyring.current();
        let file = KeyringFile::create(folder.keyring(), keyring).unwrap();
        let other = Passphrase::from("close sesame".to_owned());
        file.change_passphrase(&other, Cost::LEAST, &mut random).unwrap();
        assert_eq!(KeyringFile::open(folder.keyring(), &other).unwrap().keyring().current(), current);
        let refused = KeyringFile::open(folder.keyring(), &passphrase());
        assert!(matches!(refused, Err(KeyringFileError::Keyring(KeyringError::Passphrase))));
    }

    #[test]
    fn a_keyring_is_never_written_over() {
        let folder = Folder::new("over");
        let (keyring, _) = new_keyring();
        let bytes = keyring.to_bytes().to_vec();
        KeyringFile::create(folder.keyring(), keyring).unwrap();
        let outcome = KeyringFile::create(folder.keyring(), new_keyring().0);
        assert!(matches!(outcome, Err(KeyringFileError::File(error)) if error.kind() == io::ErrorKind::AlreadyExists));
        assert_eq!(std::fs::read(folder.keyring()).unwrap(), bytes);
    }

    #[test]
    fn of_two_changes_of_one_file_the_second_is_refused() {
        let folder = Folder::new("two");
        let (keyring, mut random) = new_keyring();
        let one = KeyringFile::create(folder.keyring(), keyring).unwrap();
        let other = KeyringFile::open(folder.keyring(), &passphrase()).unwrap();
        one.rotate(&mut random).unwrap();
        let outcome = other.rotate(&mut random);
        assert!(matches!(outcome, Err(KeyringFileError::Changed)));
        assert_eq!(KeyringFile::open(folder.keyring(), &passphrase()).unwrap().keyring().current().version, 2);
    }

    #[test]
    fn a_change_that_is_refused_changes_nothing() {
        let folder = Folder::new("refused");
        let (keyring, mut random) = new_keyring();
        let bytes = keyring.to_bytes().to_vec();
        let file = KeyringFile::create(folder.keyring(), keyring).unwrap();
        let outcome = file.destroy_version(1, &mut random);
        assert!(matches!(outcome, Err(KeyringFileError::Keyring(KeyringError::CurrentVersion(1)))));
        assert_eq!(std::fs::read(folder.keyring()).unwrap(), bytes);
    }

    #[test]
    fn what_is_too_long_for_a_keyring_is_not_read_whole() {
        let folder = Folder::new("long");
        let (keyring, mut random) = new_keyring();
        let file = KeyringFile::create(folder.keyring(), keyring).unwrap();
        File::options().write(true).open(folder.keyring()).unwrap().set_len(LONGEST + 1).unwrap();
        let opened = KeyringFile::open(folder.keyring(), &passphrase());
        assert!(matches!(opened, Err(KeyringFileError::TooLong)));
        assert!(matches!(file.rotate(&mut random), Err(KeyringFileError::TooLong)));
        assert!(matches!(
            replace(&folder.0.join("other"), &vec![0; LONGEST as usize + 1]),
            Err(KeyringFileError::TooLong)
        ));
        assert!(!folder.0.join("other").exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::new("owner");
        let mode = || std::fs::metadata(folder.keyring()).unwrap().permissions().mode() & 0o777;
        let (keyring, mut random) = new_keyring();
        let file = KeyringFile::create(folder.keyring(), keyring).unwrap();
        assert_eq!(mode(), 0o600);
        // Whatever a program that was stopped, or somebody else, left where the next one is written.
        let new = beside(&folder.keyring(), "new");
        std::fs::write(&new, "left over").unwrap();
        std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o644)).unwrap();
        file.rotate(&mut random).unwrap();
        assert_eq!(mode(), 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn no_link_leads_a_keyring_elsewhere() {
        let folder = Folder::new("elsewhere");
        let (keyring, mut random) = new_keyring();
        let file = KeyringFile::create(folder.keyring(), keyring).unwrap();
        let theirs = folder.0.join("theirs");
        std::fs::write(&theirs, "not a keyring").unwrap();
        std::os::unix::fs::symlink(&theirs, beside(&folder.keyring(), "new")).unwrap();
        file.rotate(&mut random).unwrap();
        assert_eq!(std::fs::read(&theirs).unwrap(), b"not a keyring");
        assert!(std::fs::symlink_metadata(folder.keyring()).unwrap().is_file());
        // Nor is one made where a link leads nowhere.
        std::fs::remove_file(&theirs).unwrap();
        std::os::unix::fs::symlink(&theirs, folder.0.join("link")).unwrap();
        let outcome = KeyringFile::create(folder.0.join("link"), new_keyring().0);
        assert!(matches!(outcome, Err(KeyringFileError::File(error)) if error.kind() == io::ErrorKind::AlreadyExists));
    }

    #[cfg(unix)]
    #[test]
    fn a_keyring_behind_a_link_is_changed_where_it_is() {
        let folder = Folder::new("link");
        let (keyring, mut random) = new_keyring();
        KeyringFile::create(folder.keyring(), keyring).unwrap();
        let link = folder.0.join("link");
        std::os::unix::fs::symlink("keyring", &link).unwrap();
        let file = KeyringFile::open(&link, &passphrase()).unwrap();
        let rotated = file.rotate(&mut random).unwrap();
        assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(std::fs::read(folder.keyring()).unwrap(), rotated.keyring().to_bytes());
    }
}
