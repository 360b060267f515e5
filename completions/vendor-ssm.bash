# bash completion for vendor-ssm. vendor-ssm itself says what fits; see docs/settings.md.

_vendor_ssm() {
    local IFS=$'\n' at=$COMP_CWORD
    local words=("${COMP_WORDS[@]:1:at}")
    # $2 ends at the cursor. It lacks an equals sign or a colon, at which bash splits words.
    case "${words[at - 1]}" in
        [=:]*) ;;
        *) words[at - 1]=$2 ;;
    esac
    COMPREPLY=($(VENDOR_SSM_COMPLETE=bash vendor-ssm -- "${words[@]}" 2>/dev/null))
    if [ "${COMPREPLY[0]-}" = :files ]; then
        COMPREPLY=()
        compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$2"))
    fi
}

complete -o nosort -F _vendor_ssm vendor-ssm 2>/dev/null || complete -F _vendor_ssm vendor-ssm
