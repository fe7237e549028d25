//! The compiler, run on programs that the test writes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The folder for programs and what becomes of them.
pub fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("declarations");
    std::fs::create_dir_all(&folder).expect("a folder to write to");
    folder
}

/// Where cargo has put the library that this test is linked with.
pub struct Library(PathBuf);

impl Library {
    /// Asks cargo, for which this is no work.
    pub fn find() -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a target folder");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR")).arg("test");
        cargo.args(["--no-run", "--offline", "--message-format=json", "--test=declarations"]);
        cargo.arg("--target-dir").arg(target);
        if std::env::current_exe().is_ok_and(|exe| exe.starts_with(target.join("release"))) {
            cargo.arg("--release");
        }
        let output = cargo.output().expect("cargo runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let library = text.split('"').find(|word| {
            let name = Path::new(word).file_name().unwrap_or_default().to_string_lossy();
            name.ends_with(".rlib")
                && (name == "libformwork.rlib" || name.starts_with("libformwork-"))
        });
        let library = library.unwrap_or_else(|| {
            panic!("no library: {}\n{text}", String::from_utf8_lossy(&output.stderr))
        });
        Self(library.into())
    }

    /// Compiles a program, to no more than its types where it is not to run.
    pub fn compile(&self, program: &Path, runs: bool) -> Output {
        let folder = self.0.parent().expect("a library is in a folder");
        let dependencies =
            if folder.ends_with("deps") { folder.into() } else { folder.join("deps") };
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.current_dir(program.parent().expect("a program is in a folder"));
        rustc.args(["--edition=2024", "--crate-type=bin", "--cap-lints=allow"]);
        rustc.arg("--extern").arg(format!("formwork={}", self.0.display()));
        rustc.arg("-L").arg(format!("dependency={}", dependencies.display()));
        rustc.arg("--emit").arg(if runs { "link" } else { "metadata" });
        rustc.arg(program.file_name().expect("a program is a file"));
        rustc.output().expect("rustc runs")
    }
}

/// What the compiler says of one mistake.
#[derive(Debug)]
pub struct Complaint {
    pub text: String,
    /// The line of the program.
    pub line: Option<usize>,
}

/// The errors in what the compiler says.
pub fn complaints(program: &str, output: &Output) -> Vec<Complaint> {
    // Notes that follow an error after an empty line belong to it.
    let text = String::from_utf8_lossy(&output.stderr).replace("\n\nnote: ", "\nnote: ");
    let errors = text.split("\n\n").map(str::trim_end).filter(|text| text.starts_with("error"));
    let errors = errors.filter(|text| !text.starts_with("error: aborting due to"));
    let place = format!("--> {program}:");
    let complaint = |text: &str| Complaint {
        text: text.into(),
        line: text.split_once(&place).and_then(|(_, at)| at.split(':').next()?.parse().ok()),
    };
    errors.map(complaint).collect()
}
