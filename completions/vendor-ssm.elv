# elvish completion for vendor-ssm. vendor-ssm itself says what fits; see docs/settings.md.

set edit:completion:arg-completer[vendor-ssm] = {|@words|
    var lines = [(try {
        e:env VENDOR_SSM_COMPLETE=elvish vendor-ssm -- (all $words[1..]) 2>/dev/null
    } catch error {
        nop $error
    })]
    if (eq $lines [':files']) {
        edit:complete-filename $@words
    } else {
        all $lines
    }
}
