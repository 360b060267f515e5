# fish completion for vendor-ssm. vendor-ssm itself says what fits; see docs/settings.md.

function __vendor_ssm
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l word (commandline --current-token --cut-at-cursor)
    set -l plain (string unescape -- "$word")
    and set word $plain
    set -l lines (env VENDOR_SSM_COMPLETE=fish vendor-ssm -- $words[2..] "$word" 2>/dev/null)
    if test "$lines[1]" = :files
        set -l flag (string match --regex -- '^--[a-z-]+=' "$word")
        set -l start (string replace -- "$flag" '' "$word")
        for path in (__fish_complete_path "$start")
            echo -- "$flag$path"
        end
    else if set -q lines[1]
        printf '%s\n' $lines
    end
end

complete --command vendor-ssm --no-files --keep-order --arguments '(__vendor_ssm)'
