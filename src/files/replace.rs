//! Files that are replaced whole.

use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::string::String;
use std::{borrow::ToOwned, format};

/// How many symbolic links may point to each other.
const LINKS: usize = 40;

/// The longest part of a name that the new file's name has, in bytes: names have 255.
const STEM: usize = 200;

/// Writes a file by way of a new one beside it, so that under `path` there is at any time the old
/// file or the new one, whole: when the process is killed, when the power fails, when the disk is
/// full, and when several write at once, of which the last one stays.
///
/// A symbolic link stays, and the file that it points to is replaced. The new file has the
/// permissions of the old one, and its owner where the process may give files away. What is no
/// regular file, such as a device or a pipe, is written to. New files that killed processes have
/// left beside `path` (`.NAME.0123456789abcdef.part`) are removed.
///
/// # Errors
/// Those of `write`, and of the file system. The old file is still there, and no new one.
///
/// ```
/// use formwork::io::replace;
/// use std::io::Write;
///
/// let path = std::env::temp_dir().join("formwork-replace.txt");
/// replace(&path, |file| file.write_all(b"first"))?;
/// let failed = replace(&path, |file| {
///     file.write_all(b"sec")?;
///     Err(std::io::Error::other("the pen has no ink"))
/// });
/// assert!(failed.is_err());
/// assert_eq!(std::fs::read(&path)?, b"first");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn replace(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let old = match fs::metadata(&path) {
        Ok(old) if !old.is_file() => {
            return write(&mut OpenOptions::new().write(true).open(path)?);
        }
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        old => old.ok(),
    };
    let path = followed(path.as_ref())?;
    let stem = stem(&path)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    sweep(folder, &stem);
    let mut part = Part::new(folder, &stem)?;
    if let Some(old) = old {
        resemble(&part.file, &old)?;
    }
    write(&mut part.file)?;
    part.file.sync_all()?;
    fs::rename(&part.path, &path)?;
    part.renamed = true;
    // The new file is there. Whether its name outlives a power failure not all systems can say.
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// The path that symbolic links lead to, whether or not there is a file.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        let Ok(target) = fs::read_link(&path) else { return Ok(path) };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Err(io::Error::other(format!("more than {LINKS} symbolic links lead on from each other")))
}

/// What tells the new files of this path from those of others.
fn stem(path: &Path) -> io::Result<String> {
    let name = path.file_name().ok_or_else(|| {
        io::Error::new(ErrorKind::InvalidInput, "expected the path of a file, found none")
    })?;
    let mut name = name.to_string_lossy().into_owned();
    name.truncate(name.floor_char_boundary(STEM));
    Ok(name)
}

/// A new file, which is locked as long as its writer lives, and removed unless it is renamed.
struct Part {
    file: File,
    path: PathBuf,
    renamed: bool,
}

impl Part {
    fn new(folder: &Path, stem: &str) -> io::Result<Self> {
        loop {
            let random = RandomState::new().build_hasher().finish();
            let path = folder.join(format!(".{stem}.{random:016x}.part"));
            let file = match File::create_new(&path) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            // Where nothing can be locked, nothing is swept away either.
            let _ = file.lock();
            let part = Self { file, path, renamed: false };
            // Before it was locked, another process may have taken it for a dead one's.
            if part.path.exists() {
                return Ok(part);
            }
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes the new files whose writers are dead: those that can be locked. What cannot be removed
/// does no harm.
fn sweep(folder: &Path, stem: &str) {
    let left = |name: &str| {
        let random = name.strip_prefix('.')?.strip_prefix(stem)?.strip_prefix('.')?;
        let random = random.strip_suffix(".part")?;
        (random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(())
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let regular = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !regular || entry.file_name().to_str().and_then(left).is_none() {
            continue;
        }
        // Some systems lock only what is open for writing.
        let file = OpenOptions::new().read(true).write(true).open(entry.path());
        if let Ok(file) = file
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Gives a new file the owner and the permissions of the old one.
fn resemble(new: &File, old: &Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        // Only the administrator may; first, because it may change the permissions.
        let _ = fchown(new, Some(old.uid()), Some(old.gid()));
    }
    new.set_permissions(old.permissions())
}
