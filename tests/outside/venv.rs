//! What tests/all has put into a virtual environment of Python:
//! aws-cli and moto, in known versions.

use std::path::{Path, PathBuf};

/// A program of the virtual environment; never one that the machine happens to have.
pub fn program(name: &str) -> PathBuf {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv");
    let path = venv.join("bin").join(name);
    assert!(
        path.exists(),
        "{} is missing: run tests/all, which installs it",
        path.display()
    );
    path
}
