//! Files are replaced whole, or not at all.

use crate::{Folder, Net, model};
use formwork::io::replace;
use formwork::prelude::*;
use std::fs::{self, File};
use std::io::{Error, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

fn write(path: impl AsRef<Path>, text: &str) -> std::io::Result<()> {
    replace(path, |file| file.write_all(text.as_bytes()))
}

fn read(path: impl AsRef<Path>) -> String {
    fs::read_to_string(path).unwrap()
}

#[test]
fn a_new_file_and_an_old_one() {
    let folder = Folder::new("new-and-old");
    let path = folder.join("file");
    write(&path, "first").unwrap();
    assert_eq!(read(&path), "first");
    write(&path, "other").unwrap();
    assert_eq!((read(&path).as_str(), folder.count()), ("other", 1));
}

#[test]
fn many_writers_and_readers_at_once() {
    let folder = Folder::new("many");
    let path = folder.join("net.safetensors");
    let (threads, each) = (16, 10);
    let start = Barrier::new(2 * threads);
    model::<f32>().save(&path).unwrap();
    thread::scope(|scope| {
        for thread in 0..threads {
            let (path, start) = (&path, &start);
            scope.spawn(move || {
                let mut model = model::<f32>();
                start.wait();
                for save in 0..each {
                    model.parameters_mut().fill((thread * each + save) as f32);
                    model.save(path).unwrap();
                }
            });
            scope.spawn(move || {
                start.wait();
                for _ in 0..each {
                    let model = Model::<Net>::load(path).unwrap();
                    let parameters = model.parameters();
                    let whole = parameters.iter().all(|value| *value == parameters[0]);
                    assert!(whole || parameters == crate::model::<f32>().parameters());
                }
            });
        }
    });
    assert_eq!(folder.count(), 1);
}

/// A writer that fails after each number of bytes leaves the old file, and nothing beside it.
#[test]
fn a_failed_write_leaves_the_old_file() {
    let folder = Folder::new("failed");
    let path = folder.join("net.safetensors");
    let old = model::<f32>();
    old.save(&path).unwrap();
    let new = model::<f32>().to_bytes().unwrap();
    for length in 0..=new.len() {
        let failed = replace(&path, |file| {
            file.write_all(&new[..length])?;
            Err(Error::other("no space left"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "no space left");
        assert_eq!(Model::<Net>::load(&path).unwrap().parameters(), old.parameters());
        assert_eq!(folder.count(), 1);
    }

    assert!(write(folder.join("no/such/folder"), "x").is_err());
    assert!(write(folder.join(""), "x").is_err());
    assert!(write("", "x").is_err());
    assert!(write("/", "x").is_err());
    assert_eq!(folder.count(), 1);
}

/// Whose writers are dead, they are of no use; whose writers live, they are theirs.
#[test]
fn what_killed_processes_left_is_removed() {
    let folder = Folder::new("left");
    let part = |name: &str| {
        let path = folder.join(name);
        let file = File::create(&path).unwrap();
        (path, file)
    };
    let (dead, file) = part(".net.0123456789abcdef.part");
    drop(file);
    let (alive, locked) = part(".net.fedcba9876543210.part");
    locked.lock().unwrap();
    let others = [".net.part", ".net.0123.part", ".net.x.0123456789abcdef.part", "net.part"];
    let others = others.map(|name| part(name).0);
    write(folder.join("net"), "x").unwrap();
    assert!(!dead.exists());
    assert!(alive.exists());
    assert!(others.iter().all(|path| path.exists()));
    drop(locked);
    write(folder.join("net"), "x").unwrap();
    assert!(!alive.exists());
}

/// The path that a process of this test is to write, half.
const VICTIM: &str = "FORMWORK_TEST_VICTIM";

/// A process that lives keeps its half file, one that is killed does not, and the old one stays.
#[test]
fn a_killed_writer() {
    if let Some(path) = std::env::var_os(VICTIM) {
        let _ = replace(path, |file| {
            file.write_all(b"ha")?;
            thread::sleep(Duration::from_secs(60));
            Ok(())
        });
        return;
    }
    let folder = Folder::new("killed");
    let path = folder.join("file");
    write(&path, "old").unwrap();
    let mut victim = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "replace::a_killed_writer"])
        .env(VICTIM, &path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let half = || {
        let files = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().path());
        files.filter(|file| read(file) == "ha").count()
    };
    while half() == 0 {
        assert!(victim.try_wait().unwrap().is_none(), "the process is over");
        thread::sleep(Duration::from_millis(5));
    }
    write(&path, "new").unwrap();
    assert_eq!((half(), folder.count()), (1, 2));
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert_eq!((half(), folder.count()), (1, 2));
    assert_eq!(read(&path), "new");
    write(&path, "newer").unwrap();
    assert_eq!((read(&path).as_str(), folder.count()), ("newer", 1));
}

#[test]
fn long_names() {
    let folder = Folder::new("long");
    for length in 240..=255 {
        // The new name would be cut within a character of three bytes.
        for name in ["n".repeat(length), format!("{:n<1$}", "\u{20ac}".repeat(80), length - 160)] {
            assert_eq!(name.len(), length);
            let path = folder.join(&name);
            write(&path, "first").unwrap();
            write(&path, &name).unwrap();
            assert_eq!(read(&path), name);
        }
    }
    assert_eq!(folder.count(), 32);
    assert!(write(folder.join(&"n".repeat(256)), "x").is_err());
    assert_eq!(folder.count(), 32);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    #[test]
    fn a_symbolic_link_stays() {
        let folder = Folder::new("link");
        fs::create_dir(folder.join("within")).unwrap();
        let (link, again) = (folder.join("link"), folder.join("within/again"));
        symlink("within/again", &link).unwrap();
        symlink("../target", &again).unwrap();
        // At first the links lead nowhere.
        for text in ["first", "other"] {
            write(&link, text).unwrap();
            assert_eq!(read(folder.join("target")), text);
        }
        assert!(link.is_symlink() && again.is_symlink() && !folder.join("target").is_symlink());
        assert_eq!(folder.count(), 3);

        symlink("round", folder.join("round")).unwrap();
        assert!(write(folder.join("round"), "x").is_err());
    }

    #[test]
    fn permissions_stay() {
        let folder = Folder::new("permissions");
        let path = folder.join("file");
        write(&path, "first").unwrap();
        for mode in [0o600, 0o640, 0o664, 0o755, 0o400] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            write(&path, "other").unwrap();
            let found = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(found & 0o7777, mode, "{found:o}, expected {mode:o}");
        }
    }

    #[test]
    fn devices_and_pipes_are_written_to() {
        model::<f32>().save("/dev/null").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        assert!(write("/dev/full", "x").is_err());

        let folder = Folder::new("pipe");
        let pipe = folder.join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let link = folder.join("link");
        symlink("pipe", &link).unwrap();
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || read(pipe)
        });
        write(&link, "through a pipe").unwrap();
        assert_eq!(reader.join().unwrap(), "through a pipe");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    }

    /// As `/dev/stdout` may be: a link to what has no path.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_without_a_path_is_written_to() {
        use std::io::Read;
        use std::os::fd::AsRawFd;
        let (mut reader, writer) = std::io::pipe().unwrap();
        write(format!("/proc/self/fd/{}", writer.as_raw_fd()), "through a pipe").unwrap();
        drop(writer);
        let mut found = String::new();
        reader.read_to_string(&mut found).unwrap();
        assert_eq!(found, "through a pipe");
    }
}
