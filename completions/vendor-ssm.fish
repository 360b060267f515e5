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
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "run" -d 'Run a command without a terminal, on one or many instances'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "forward" -d 'Forward ports of this machine to an instance, or to hosts that it reaches'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "proxy" -d 'Connect stdin and stdout to a port of an instance, for ssh\'s ProxyCommand'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "list" -d 'List the customer\'s instances that carry our tag'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "whoami" -d 'Show who we are at each step: base identity, vendor role, customer role'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "login" -d 'Walk the role chain and keep its credentials in the OS keyring'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "logout" -d 'Forget cached credentials: all, or one customer\'s with -c'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "sessions" -d 'See or end sessions of ours that may still be open'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "history" -d 'Show the sessions of this machine: when, who, where, why, and how they ended'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "policy" -d 'Check policies against guardrails'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "customer" -d 'Keep the settings file: add, list, show and remove customers'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "kit" -d 'Print the CloudFormation templates for both accounts, filled in'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "doctor" -d 'Check everything from the settings to each role, and say what to do'
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
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l parallel -d 'On how many targets it runs at once' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l timeout -d 'End it where it takes longer than this' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l via -d 'Run it through an interactive shell, where only that is granted: standard error comes with standard output, and the bytes are a terminal\'s' -r -f -a "shell\t'An interactive shell'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l reason -d 'Why the session is needed; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l confirm -d 'The customer\'s name, typed to confirm it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l wait -d 'Wait until a target\'s agent is connected, at most so many seconds' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
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
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "add" -d 'Add a customer to the settings file; makes its ExternalId'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "list" -d 'List the customers'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "show" -d 'Show one customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "remove" -d 'Remove a customer from the settings file, its ExternalId with it'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l account -d 'The customer\'s account; the role gets the kit\'s name in it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l role-arn -d 'The role in the customer\'s account, where it is there already' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l tag-value -d 'The value of the tag on instances that are meant for us; absent: that of the other customers' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l tag-key -d 'The key of that tag, where it is not ExternalAccessGrantedTo' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l grant -d 'What is granted besides a shell (repeatable)' -r -f -a "command\t'Single commands, through a document of the kit\'s own'
port\t'Port forwarding'
ssh\t'The SSH stream'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l vendor-role-arn -d 'Our own role, for a settings file that has none yet' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l external-id-stdin -d 'Read the ExternalId from stdin, where the customer gave one, instead of making it'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l confirm-sessions -d 'Have the customer\'s name typed before a session'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l require-reason -d 'No session without a reason'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l confirm -d 'The customer\'s name once more, typed to confirm it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a customer to the settings file; makes its ExternalId'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the customers'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a customer from the settings file, its ExternalId with it'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -f -a "vendor" -d 'Print the template for our own account: the vendor role, and a statement for each customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -f -a "customer" -d 'Print the template for a customer\'s account: role, session documents, log, instance profile'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l parameter -d 'Any parameter of the template (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l os-user -d 'The OS user that sessions run as' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l until -d 'The last day of the grant (UTC), or the moment it ends, such as 2027-01-31T18:00:00Z' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l parameter -d 'Any parameter of the template (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from help" -f -a "vendor" -d 'Print the template for our own account: the vendor role, and a statement for each customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from help" -f -a "customer" -d 'Print the template for a customer\'s account: role, session documents, log, instance profile'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l output -d 'The form of the data on stdout' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s c -l customer -d 'The customer, as the settings file names it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l region -d 'Only this region of the customer\'s (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l profile -d 'The profile of ~/.aws/config to start from' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l config -d 'The settings file' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l error-format -d 'The form of errors on stderr' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l color -d 'Whether to colour what people read' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l check-trust -d 'Try out that the customer\'s role refuses us without its ExternalId, and with a wrong one; the customer sees both in CloudTrail'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l report -d 'Print a note to send to the customer: what was refused, and the statements that allow it'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l no-input -d 'Never prompt; implied when there is no terminal to ask on'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l no-cache -d 'Neither read nor keep cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s v -l verbose -d 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s q -l quiet -d 'Say only what went wrong'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
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
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "connect" -d 'Open a shell on a customer\'s instance'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "run" -d 'Run a command without a terminal, on one or many instances'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "forward" -d 'Forward ports of this machine to an instance, or to hosts that it reaches'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "proxy" -d 'Connect stdin and stdout to a port of an instance, for ssh\'s ProxyCommand'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "list" -d 'List the customer\'s instances that carry our tag'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "whoami" -d 'Show who we are at each step: base identity, vendor role, customer role'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "login" -d 'Walk the role chain and keep its credentials in the OS keyring'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "logout" -d 'Forget cached credentials: all, or one customer\'s with -c'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "sessions" -d 'See or end sessions of ours that may still be open'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "history" -d 'Show the sessions of this machine: when, who, where, why, and how they ended'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "policy" -d 'Check policies against guardrails'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "customer" -d 'Keep the settings file: add, list, show and remove customers'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "kit" -d 'Print the CloudFormation templates for both accounts, filled in'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "doctor" -d 'Check everything from the settings to each role, and say what to do'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "settings" -d 'Show every setting and where it came from'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "completions" -d 'Print a completion script'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "man" -d 'Print the manual page'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "list" -d 'List them, from the local journal and, where granted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "terminate" -d 'End them'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Check that no policy opens sessions or runs commands on targets that no tag ties'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "add" -d 'Add a customer to the settings file; makes its ExternalId'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "list" -d 'List the customers'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "show" -d 'Show one customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "remove" -d 'Remove a customer from the settings file, its ExternalId with it'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from kit" -f -a "vendor" -d 'Print the template for our own account: the vendor role, and a statement for each customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from kit" -f -a "customer" -d 'Print the template for a customer\'s account: role, session documents, log, instance profile'
