# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_vendor_ssm_global_optspecs
    string join \n c/customer= region= profile= config= no-input no-cache error-format= color= v/verbose q/quiet h/help V/version
end

function __fish_vendor_ssm_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_vendor_ssm_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_vendor_ssm_using_subcommand
    set -l cmd (__fish_vendor_ssm_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s V -l version -d 'Print version'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "connect" -d 'Open a shell on a customer\'s instance'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "forward" -d 'Forward ports of this machine to an instance, or to hosts that it reaches'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "proxy" -d 'Connect stdin and stdout to a port of an instance, for ssh\'s ProxyCommand'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "list" -d 'List the customer\'s instances that carry our tag'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "whoami" -d 'Show who we are at each step: base identity, vendor role, customer role'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "login" -d 'Walk the role chain and keep its credentials in the OS keyring'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "logout" -d 'Forget cached credentials: all, or one customer\'s with -c'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "sessions" -d 'See or end sessions of ours that may still be open'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "history" -d 'Show the sessions of this machine: when, who, where, why, and how they ended'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "policy" -d 'Check policies against guardrails'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "settings" -d 'Show every setting and where it came from'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "man" -d 'Print the manual page'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l client -d 'Which client opens the shell' -r -f -a "auto\t'The plugin when a usable one is installed and nothing speaks against it, else the builtin'
plugin\t'AWS\'s session-manager-plugin'
builtin\t'Our own data channel'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l document -d 'The session document to use' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l parameter -d 'A parameter of the document (repeatable; a repeated key makes a list)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l reason -d 'Why the session is needed; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l confirm -d 'The customer\'s name, typed to confirm it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l wait -d 'Wait until the target\'s agent is connected, at most so many seconds' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l dry-run -d 'Say what would be opened, and open nothing'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s L -d 'What to forward (repeatable): PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT. The first port is this machine\'s, 0 any free one, which is printed; HOST is seen from the instance; an IPv6 address stands in brackets' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l reason -d 'Why the session is needed; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l confirm -d 'The customer\'s name, typed to confirm it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l reason -d 'Why the session is needed; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l confirm -d 'The customer\'s name, typed to confirm it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l filter -d 'Only instances that fit: name=web-* or tag:KEY=VALUE (repeatable, all must fit)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l all-customers -d 'The instances of every customer in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l online -d 'Only instances whose agent is connected'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l mfa-code-stdin -d 'Read the MFA code from stdin instead of asking'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -f -a "list" -d 'List them, from the local journal and, where granted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -f -a "terminate" -d 'End them'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l orphaned -d 'All that no running vendor-ssm waits for'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "list" -d 'List them, from the local journal and, where granted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "terminate" -d 'End them'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l limit -d 'Only the last so many' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -f -a "check" -d 'Check that no policy opens sessions or runs commands on targets that no tag ties'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l break-glass -d 'A role for emergencies, by name or ARN, whose violations are exempt (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check that no policy opens sessions or runs commands on targets that no tag ties'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "connect" -d 'Open a shell on a customer\'s instance'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "forward" -d 'Forward ports of this machine to an instance, or to hosts that it reaches'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "proxy" -d 'Connect stdin and stdout to a port of an instance, for ssh\'s ProxyCommand'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "list" -d 'List the customer\'s instances that carry our tag'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "whoami" -d 'Show who we are at each step: base identity, vendor role, customer role'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "login" -d 'Walk the role chain and keep its credentials in the OS keyring'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "logout" -d 'Forget cached credentials: all, or one customer\'s with -c'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "sessions" -d 'See or end sessions of ours that may still be open'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "history" -d 'Show the sessions of this machine: when, who, where, why, and how they ended'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "policy" -d 'Check policies against guardrails'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "settings" -d 'Show every setting and where it came from'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "completions" -d 'Print a completion script'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "man" -d 'Print the manual page'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect forward proxy list whoami login logout sessions history policy settings completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "list" -d 'List them, from the local journal and, where granted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "terminate" -d 'End them'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Check that no policy opens sessions or runs commands on targets that no tag ties'
