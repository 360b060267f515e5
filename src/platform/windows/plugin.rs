//! Where AWS's installer puts the session-manager-plugin.

use std::path::PathBuf;

use crate::os::Os;

/// The folders that installers put the plugin into.
/// It is `%ProgramFiles%\Amazon\SessionManagerPlugin\bin` (Session Manager user guide, "Install the
/// Session Manager plugin on Windows"). A 32-bit program finds the folder of 64-bit programs in
/// `ProgramW6432`. What lies there is judged as any other.
pub(crate) fn plugin_folders(os: &Os) -> Vec<PathBuf> {
    let variables = ["ProgramW6432", "ProgramFiles"].into_iter();
    let named = variables.filter_map(|name| os.var(name)).map(PathBuf::from);
    let mut folders = Vec::new();
    for folder in named.chain([PathBuf::from(r"C:\Program Files")]) {
        let folder = folder.join(r"Amazon\SessionManagerPlugin\bin");
        if folder.is_absolute() && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// How to install the plugin.
pub(crate) const INSTALL_PLUGIN: &str = "run `winget install Amazon.SessionManagerPlugin`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_installers_folder_is_looked_for_where_this_machine_has_programs() {
        let os = Os::with_environment([
            ("ProgramFiles", r"D:\Programs"),
            ("ProgramW6432", r"D:\Programs"),
        ]);
        let folders = [
            r"D:\Programs\Amazon\SessionManagerPlugin\bin",
            r"C:\Program Files\Amazon\SessionManagerPlugin\bin",
        ];
        assert_eq!(plugin_folders(&os), folders.map(PathBuf::from));
        let none = Os::with_environment([("ProgramFiles", "relative")]);
        assert_eq!(plugin_folders(&none), [PathBuf::from(folders[1])]);
    }
}
