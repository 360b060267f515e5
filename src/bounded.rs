//! Reads a file that another program wrote, up to a limit.
//! Anything but a regular file is refused: a pipe would hang, and a device may have no end.

use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::platform::What;
use crate::platform::files::open_to_read;

/// The contents of the regular file at `path`.
/// An empty device, such as `/dev/null`, is an empty file.
/// Errors: it cannot be read, is something else, or has more than `most` bytes.
pub(crate) fn read(path: &Path, most: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let (mut file, what) = open_to_read(path)?;
    let mut contents = Zeroizing::new(Vec::new());
    match what {
        What::File => {}
        What::Folder => return Err(io::ErrorKind::IsADirectory.into()),
        // A pipe without a writer ends at once as well, so only a device may be empty.
        What::Device if file.read(&mut [0])? == 0 => return Ok(contents),
        What::Device | What::Other => return Err(io::Error::other("it is not a regular file")),
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
        #[cfg(windows)]
        assert!(read(Path::new("NUL"), 4).unwrap().is_empty());
        #[cfg(unix)]
        {
            assert!(read(Path::new("/dev/null"), 4).unwrap().is_empty());
            assert!(error(Path::new("/dev/zero")).contains("not a regular file"));
        }
    }
}
