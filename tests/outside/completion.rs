//! Completion in zsh and fish: the program's own scripts, loaded as docs/settings.md says.

use crate::harness::completing::completes_in;

#[test]
fn zsh_completes_with_the_programs_own_script() {
    completes_in(
        "zsh -f -i",
        "autoload -U compinit; compinit -u -D; source <(vendor-ssm completions zsh)",
    );
}

#[test]
fn fish_completes_with_the_programs_own_script() {
    completes_in(
        "fish --no-config -i",
        "vendor-ssm completions fish | source",
    );
}
