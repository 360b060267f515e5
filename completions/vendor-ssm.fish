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

complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -s V -l version -d 'Print version'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "connect" -d 'Open a shell on a customer\'s instance'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "run" -d 'Run a command on one or more instances, without a terminal'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "forward" -d 'Forward local ports to an instance, or to hosts that the instance reaches'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "proxy" -d 'Connect stdin and stdout to a port of an instance, for ssh\'s ProxyCommand'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "list" -d 'List the customer\'s instances that carry the vendor\'s tag'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "whoami" -d 'Show who you are at each step: base identity, vendor role, customer role'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "login" -d 'Assume both roles and store their credentials in the OS keyring'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "logout" -d 'Delete cached credentials: all of them, or one customer\'s with -c'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "sessions" -d 'List or terminate sessions that may still be open'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "history" -d 'Show the sessions started on this machine: when, who, where, why and how they ended'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "policy" -d 'Check IAM policies against guardrails'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "customer" -d 'Add, list, show or remove customers in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "kit" -d 'Print the CloudFormation templates for your account and the customer\'s'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "doctor" -d 'Check everything from the settings to each role, and say what to fix'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "settings" -d 'Show every setting and where it comes from'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "completions" -d 'Print a shell completion script'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "man" -d 'Print the manual, or one command\'s page'
complete -c vendor-ssm -n "__fish_vendor_ssm_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l client -d 'Open the shell with this client [default: the settings file\'s, else auto]' -r -f -a "auto\t'The plugin if a usable one is installed and no setting rules it out, else the builtin'
plugin\t'AWS\'s session-manager-plugin'
builtin\t'The client inside vendor-ssm'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l document -d 'Use this session document [default: the settings file\'s, else AWS\'s]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l parameter -d 'Set a parameter of the document (repeatable; a repeated key makes a list)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l reason -d 'Say why you need the session; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l confirm -d 'Confirm the customer by its name, where the settings require it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l wait -d 'Wait up to this many seconds until the target\'s agent is connected [without a number: 300]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l dry-run -d 'Show what vendor-ssm would open, but open nothing'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand connect" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l parallel -d 'Run on up to this many targets at once' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l timeout -d 'Stop the command after this many seconds [default: no limit]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l via -d 'Run the command through an interactive shell, if the customer grants only that. stdout and stderr are then one stream, as on a terminal' -r -f -a "shell\t'An interactive shell'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l reason -d 'Say why you need the session; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l confirm -d 'Confirm the customer by its name, where the settings require it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l wait -d 'Wait up to this many seconds until a target\'s agent is connected [without a number: 300]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand run" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s L -d 'Forward a local port: PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT (repeatable). The first port is local; 0 picks a free one and prints it. A path in place of the local port, such as ./db.sock, makes a Unix socket that only you can use. The instance resolves HOST. Put IPv6 addresses in brackets' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l reason -d 'Say why you need the session; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l confirm -d 'Confirm the customer by its name, where the settings require it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand forward" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l reason -d 'Say why you need the session; the customer finds it in CloudTrail' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l confirm -d 'Confirm the customer by its name, where the settings require it' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand proxy" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l filter -d 'List only instances that match: name=web-* or tag:KEY=VALUE (repeatable, all must match)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l all-customers -d 'List the instances of every customer in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l online -d 'List only instances whose agent is connected'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l mfa-code-stdin -d 'Read the MFA code from stdin instead of asking'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -f -a "list" -d 'List sessions that may still be open, from the local journal and, if permitted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -f -a "terminate" -d 'Terminate sessions'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and not __fish_seen_subcommand_from list terminate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l orphaned -d 'Terminate all sessions left by a vendor-ssm that is no longer running'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from terminate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "list" -d 'List sessions that may still be open, from the local journal and, if permitted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "terminate" -d 'Terminate sessions'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand sessions; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l limit -d 'Show only the last NUMBER sessions [default: all]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -f -a "check" -d 'Check that no policy allows sessions or commands on untagged targets'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and not __fish_seen_subcommand_from check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l break-glass -d 'Exempt this emergency role, by name or ARN (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check that no policy allows sessions or commands on untagged targets'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "add" -d 'Add a customer to the settings file, with a new ExternalId'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "list" -d 'List the customers in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "show" -d 'Show one customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "remove" -d 'Remove a customer and its ExternalId from the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and not __fish_seen_subcommand_from add list show remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l account -d 'Use the kit\'s role in this account of the customer' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l role-arn -d 'Use this existing role in the customer\'s account' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l tag-value -d 'Find instances by this value of the vendor\'s tag [default: the other customers\' value]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l tag-key -d 'Find instances by this tag key [default: ExternalAccessGrantedTo]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l grant -d 'Ask the customer to grant this besides a shell (repeatable)' -r -f -a "command\t'Single commands, through the kit\'s own session document'
port\t'Forwarding of the instance\'s own ports'
remote-port\t'Forwarding of ports of other hosts, which the instance reaches'
ssh\t'The SSH stream'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l vendor-role-arn -d 'Set the vendor role, if the settings file has none yet' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l grant-ends -d 'Warn before this day (UTC), or a moment such as 2027-01-31T18:00:00Z, when the grant ends' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l external-id-stdin -d 'Read the ExternalId from stdin, if the customer gave you one, instead of making a new one'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l confirm-sessions -d 'Require the customer\'s name to be typed before a session'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l require-reason -d 'Require a reason for each session'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l confirm -d 'Confirm by repeating the customer\'s name' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a customer to the settings file, with a new ExternalId'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the customers in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a customer and its ExternalId from the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand customer; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -f -a "vendor" -d 'Print the template for your account: the vendor role, and a statement for each customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -f -a "customer" -d 'Print the template for a customer\'s account: role, session documents, log, instance profile'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and not __fish_seen_subcommand_from vendor customer help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l parameter -d 'Set a parameter of the template (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from vendor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l os-user -d 'Run sessions as this OS user [default: vendor-ssm]' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l until -d 'End the grant after this day (UTC), or at a moment such as 2027-01-31T18:00:00Z' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l parameter -d 'Set a parameter of the template (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from customer" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from help" -f -a "vendor" -d 'Print the template for your account: the vendor role, and a statement for each customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from help" -f -a "customer" -d 'Print the template for a customer\'s account: role, session documents, log, instance profile'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand kit; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l check-trust -d 'Check that the customer\'s role refuses a missing and a wrong ExternalId; the customer sees both attempts in CloudTrail'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l report -d 'Print a note for the customer: what was denied, and the statements that allow it'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l output -d 'Print the data to stdout in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand settings" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s c -l customer -d 'Use this customer of the settings file' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l region -d 'Use only this region of the customer (repeatable)' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l profile -d 'Start from this profile of ~/.aws/config' -r
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l config -d 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]' -r -F
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l error-format -d 'Print errors to stderr in this format' -r -f -a "text\t'For people'
json\t'For programs: one object with `"version": 1`'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l color -d 'Colour the text on stderr' -r -f -a "auto\t'On terminals, unless `NO_COLOR` is set'
always\t'Even if stderr is not a terminal'
never\t'Not even on a terminal'"
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l no-input -d 'Never prompt (implied if there is no terminal to ask on)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -l no-cache -d 'Neither read nor store cached credentials'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s v -l verbose -d 'Log to stderr, without secrets; -vv adds the AWS SDK\'s log'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s q -l quiet -d 'Print only errors and warnings to stderr'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "connect" -d 'Open a shell on a customer\'s instance'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "run" -d 'Run a command on one or more instances, without a terminal'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "forward" -d 'Forward local ports to an instance, or to hosts that the instance reaches'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "proxy" -d 'Connect stdin and stdout to a port of an instance, for ssh\'s ProxyCommand'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "list" -d 'List the customer\'s instances that carry the vendor\'s tag'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "whoami" -d 'Show who you are at each step: base identity, vendor role, customer role'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "login" -d 'Assume both roles and store their credentials in the OS keyring'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "logout" -d 'Delete cached credentials: all of them, or one customer\'s with -c'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "sessions" -d 'List or terminate sessions that may still be open'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "history" -d 'Show the sessions started on this machine: when, who, where, why and how they ended'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "policy" -d 'Check IAM policies against guardrails'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "customer" -d 'Add, list, show or remove customers in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "kit" -d 'Print the CloudFormation templates for your account and the customer\'s'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "doctor" -d 'Check everything from the settings to each role, and say what to fix'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "settings" -d 'Show every setting and where it comes from'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "completions" -d 'Print a shell completion script'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "man" -d 'Print the manual, or one command\'s page'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and not __fish_seen_subcommand_from connect run forward proxy list whoami login logout sessions history policy customer kit doctor settings completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "list" -d 'List sessions that may still be open, from the local journal and, if permitted, from AWS'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from sessions" -f -a "terminate" -d 'Terminate sessions'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Check that no policy allows sessions or commands on untagged targets'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "add" -d 'Add a customer to the settings file, with a new ExternalId'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "list" -d 'List the customers in the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "show" -d 'Show one customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from customer" -f -a "remove" -d 'Remove a customer and its ExternalId from the settings file'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from kit" -f -a "vendor" -d 'Print the template for your account: the vendor role, and a statement for each customer'
complete -c vendor-ssm -n "__fish_vendor_ssm_using_subcommand help; and __fish_seen_subcommand_from kit" -f -a "customer" -d 'Print the template for a customer\'s account: role, session documents, log, instance profile'
