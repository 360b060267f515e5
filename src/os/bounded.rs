//! Reads a file that another program wrote, up to a limit.
//! Anything but a regular file is refused: a pipe would hang, and a device may have no end.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

/// The contents of the regular file at `path`.
/// An empty device, such as `/dev/null`, is an empty file.
/// Errors: it cannot be read, is something else, or has more than `most` bytes.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut file = open(path)?;
    let mut contents = Zeroizing::new(Vec::new());
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        // A pipe without a writer ends at once as well, so only a device may be empty.
        if is_device(kind) && file.read(&mut [0])? == 0 {
            return Ok(contents);
        }
        return Err(io::Error::other("it is not a regular file"));
    }
    file.take(most.saturating_add(1))
        .read_to_end(&mut contents)?;
    if contents.len() as u64 > most {
        let text = match most >> 20 {
            0 => format!("the file has more than {most} bytes"),
            more => format!("the file has more than {more} MiB"),
        };
        return Err(io::Error::other(text));
    }
    Ok(contents)
}

/// Opens the file. If it is a pipe, this does not wait for the other end.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

#[cfg(unix)]
fn is_device(kind: std::fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    kind.is_char_device()
}

#[cfg(not(unix))]
fn is_device(_: std::fs::FileType) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_of_that_size_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "12345").unwrap();
        assert_eq!(**read(&file, 5).unwrap(), *b"12345");
        let error = |path: &Path| read(path, 4).unwrap_err().to_string();
        assert!(error(&file).contains("more than 4 bytes"));
        assert!(!error(folder.path()).is_empty());
        #[cfg(unix)]
        {
            assert!(read(Path::new("/dev/null"), 4).unwrap().is_empty());
            assert!(error(Path::new("/dev/zero")).contains("not a regular file"));
        }
    }
}
