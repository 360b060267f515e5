
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'vendor-ssm' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'vendor-ssm'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'vendor-ssm' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Open a shell on a customer''s instance')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command on one or more instances, without a terminal')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Forward local ports to an instance, or to hosts that the instance reaches')
            [CompletionResult]::new('proxy', 'proxy', [CompletionResultType]::ParameterValue, 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customer''s instances that carry the vendor''s tag')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Show who you are at each step: base identity, vendor role, customer role')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Assume both roles and store their credentials in the OS keyring')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Delete cached credentials: all of them, or one customer''s with -c')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'List or terminate sessions that may still be open')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the sessions started on this machine: when, who, where, why and how they ended')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Check IAM policies against guardrails')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Add, list, show or remove customers in the settings file')
            [CompletionResult]::new('kit', 'kit', [CompletionResultType]::ParameterValue, 'Print the CloudFormation templates for your account and the customer''s')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything from the settings to each role, and say what to fix')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Show every setting and where it comes from')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual, or one command''s page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;connect' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Open the shell with this client [default: the settings file''s, else auto]')
            [CompletionResult]::new('--document', '--document', [CompletionResultType]::ParameterName, 'Use this session document [default: the settings file''s, else AWS''s]')
            [CompletionResult]::new('--parameter', '--parameter', [CompletionResultType]::ParameterName, 'Set a parameter of the document (repeatable; a repeated key makes a list)')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Say why you need the session; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the customer by its name, where the settings require it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to this many seconds until the target''s agent is connected [without a number: 300]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what vendor-ssm would open, but open nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;run' {
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'Run on up to this many targets at once')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Stop the command after this many seconds [default: no limit]')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Run the command through an interactive shell, if the customer grants only that. stdout and stderr are then one stream, as on a terminal')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Say why you need the session; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the customer by its name, where the settings require it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait up to this many seconds until a target''s agent is connected [without a number: 300]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;forward' {
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'Forward a local port: PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT (repeatable). The first port is local; 0 picks a free one and prints it. A path in place of the local port, such as ./db.sock, makes a Unix socket that only you can use. The instance resolves HOST. Put IPv6 addresses in brackets')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Say why you need the session; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the customer by its name, where the settings require it')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;proxy' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Say why you need the session; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm the customer by its name, where the settings require it')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;list' {
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'List only instances that match: name=web-* or tag:KEY=VALUE (repeatable, all must match)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--all-customers', '--all-customers', [CompletionResultType]::ParameterName, 'List the instances of every customer in the settings file')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'List only instances whose agent is connected')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;whoami' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;login' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--mfa-code-stdin', '--mfa-code-stdin', [CompletionResultType]::ParameterName, 'Read the MFA code from stdin instead of asking')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;logout' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;sessions' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions that may still be open, from the local journal and, if permitted, from AWS')
            [CompletionResult]::new('terminate', 'terminate', [CompletionResultType]::ParameterValue, 'Terminate sessions')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;sessions;list' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;sessions;terminate' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--orphaned', '--orphaned', [CompletionResultType]::ParameterName, 'Terminate all sessions left by a vendor-ssm that is no longer running')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;sessions;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions that may still be open, from the local journal and, if permitted, from AWS')
            [CompletionResult]::new('terminate', 'terminate', [CompletionResultType]::ParameterValue, 'Terminate sessions')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;sessions;help;list' {
            break
        }
        'vendor-ssm;sessions;help;terminate' {
            break
        }
        'vendor-ssm;sessions;help;help' {
            break
        }
        'vendor-ssm;history' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Show only the last NUMBER sessions [default: all]')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;policy' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that no policy allows sessions or commands on untagged targets')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;policy;check' {
            [CompletionResult]::new('--break-glass', '--break-glass', [CompletionResultType]::ParameterName, 'Exempt this emergency role, by name or ARN (repeatable)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;policy;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that no policy allows sessions or commands on untagged targets')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;policy;help;check' {
            break
        }
        'vendor-ssm;policy;help;help' {
            break
        }
        'vendor-ssm;customer' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a customer to the settings file, with a new ExternalId')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers in the settings file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one customer')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a customer and its ExternalId from the settings file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;customer;add' {
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'Use the kit''s role in this account of the customer')
            [CompletionResult]::new('--role-arn', '--role-arn', [CompletionResultType]::ParameterName, 'Use this existing role in the customer''s account')
            [CompletionResult]::new('--tag-value', '--tag-value', [CompletionResultType]::ParameterName, 'Find instances by this value of the vendor''s tag [default: the other customers'' value]')
            [CompletionResult]::new('--tag-key', '--tag-key', [CompletionResultType]::ParameterName, 'Find instances by this tag key [default: ExternalAccessGrantedTo]')
            [CompletionResult]::new('--grant', '--grant', [CompletionResultType]::ParameterName, 'Ask the customer to grant this besides a shell (repeatable)')
            [CompletionResult]::new('--vendor-role-arn', '--vendor-role-arn', [CompletionResultType]::ParameterName, 'Set the vendor role, if the settings file has none yet')
            [CompletionResult]::new('--grant-ends', '--grant-ends', [CompletionResultType]::ParameterName, 'Warn before this day (UTC), or a moment such as 2027-01-31T18:00:00Z, when the grant ends')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--external-id-stdin', '--external-id-stdin', [CompletionResultType]::ParameterName, 'Read the ExternalId from stdin, if the customer gave you one, instead of making a new one')
            [CompletionResult]::new('--confirm-sessions', '--confirm-sessions', [CompletionResultType]::ParameterName, 'Require the customer''s name to be typed before a session')
            [CompletionResult]::new('--require-reason', '--require-reason', [CompletionResultType]::ParameterName, 'Require a reason for each session')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;list' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;show' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;remove' {
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'Confirm by repeating the customer''s name')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a customer to the settings file, with a new ExternalId')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers in the settings file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one customer')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a customer and its ExternalId from the settings file')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;customer;help;add' {
            break
        }
        'vendor-ssm;customer;help;list' {
            break
        }
        'vendor-ssm;customer;help;show' {
            break
        }
        'vendor-ssm;customer;help;remove' {
            break
        }
        'vendor-ssm;customer;help;help' {
            break
        }
        'vendor-ssm;kit' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('vendor', 'vendor', [CompletionResultType]::ParameterValue, 'Print the template for your account: the vendor role, and a statement for each customer')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Print the template for a customer''s account: role, session documents, log, instance profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;kit;vendor' {
            [CompletionResult]::new('--parameter', '--parameter', [CompletionResultType]::ParameterName, 'Set a parameter of the template (repeatable)')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;kit;customer' {
            [CompletionResult]::new('--os-user', '--os-user', [CompletionResultType]::ParameterName, 'Run sessions as this OS user [default: vendor-ssm]')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'End the grant after this day (UTC), or at a moment such as 2027-01-31T18:00:00Z')
            [CompletionResult]::new('--parameter', '--parameter', [CompletionResultType]::ParameterName, 'Set a parameter of the template (repeatable)')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;kit;help' {
            [CompletionResult]::new('vendor', 'vendor', [CompletionResultType]::ParameterValue, 'Print the template for your account: the vendor role, and a statement for each customer')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Print the template for a customer''s account: role, session documents, log, instance profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;kit;help;vendor' {
            break
        }
        'vendor-ssm;kit;help;customer' {
            break
        }
        'vendor-ssm;kit;help;help' {
            break
        }
        'vendor-ssm;doctor' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--check-trust', '--check-trust', [CompletionResultType]::ParameterName, 'Check that the customer''s role refuses a missing and a wrong ExternalId; the customer sees both attempts in CloudTrail')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print a note for the customer: what was denied, and the statements that allow it')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;settings' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Print the data to stdout in this format')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;completions' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;man' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'Use this customer of the settings file')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Use only this region of the customer (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'Start from this profile of ~/.aws/config')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'Print errors to stderr in this format')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the text on stderr')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt (implied if there is no terminal to ask on)')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor store cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log to stderr, without secrets; -vv adds the AWS SDK''s log')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only errors and warnings to stderr')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;help' {
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Open a shell on a customer''s instance')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command on one or more instances, without a terminal')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Forward local ports to an instance, or to hosts that the instance reaches')
            [CompletionResult]::new('proxy', 'proxy', [CompletionResultType]::ParameterValue, 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customer''s instances that carry the vendor''s tag')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Show who you are at each step: base identity, vendor role, customer role')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Assume both roles and store their credentials in the OS keyring')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Delete cached credentials: all of them, or one customer''s with -c')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'List or terminate sessions that may still be open')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the sessions started on this machine: when, who, where, why and how they ended')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Check IAM policies against guardrails')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Add, list, show or remove customers in the settings file')
            [CompletionResult]::new('kit', 'kit', [CompletionResultType]::ParameterValue, 'Print the CloudFormation templates for your account and the customer''s')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything from the settings to each role, and say what to fix')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Show every setting and where it comes from')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a shell completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual, or one command''s page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;help;connect' {
            break
        }
        'vendor-ssm;help;run' {
            break
        }
        'vendor-ssm;help;forward' {
            break
        }
        'vendor-ssm;help;proxy' {
            break
        }
        'vendor-ssm;help;list' {
            break
        }
        'vendor-ssm;help;whoami' {
            break
        }
        'vendor-ssm;help;login' {
            break
        }
        'vendor-ssm;help;logout' {
            break
        }
        'vendor-ssm;help;sessions' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions that may still be open, from the local journal and, if permitted, from AWS')
            [CompletionResult]::new('terminate', 'terminate', [CompletionResultType]::ParameterValue, 'Terminate sessions')
            break
        }
        'vendor-ssm;help;sessions;list' {
            break
        }
        'vendor-ssm;help;sessions;terminate' {
            break
        }
        'vendor-ssm;help;history' {
            break
        }
        'vendor-ssm;help;policy' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that no policy allows sessions or commands on untagged targets')
            break
        }
        'vendor-ssm;help;policy;check' {
            break
        }
        'vendor-ssm;help;customer' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a customer to the settings file, with a new ExternalId')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers in the settings file')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one customer')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a customer and its ExternalId from the settings file')
            break
        }
        'vendor-ssm;help;customer;add' {
            break
        }
        'vendor-ssm;help;customer;list' {
            break
        }
        'vendor-ssm;help;customer;show' {
            break
        }
        'vendor-ssm;help;customer;remove' {
            break
        }
        'vendor-ssm;help;kit' {
            [CompletionResult]::new('vendor', 'vendor', [CompletionResultType]::ParameterValue, 'Print the template for your account: the vendor role, and a statement for each customer')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Print the template for a customer''s account: role, session documents, log, instance profile')
            break
        }
        'vendor-ssm;help;kit;vendor' {
            break
        }
        'vendor-ssm;help;kit;customer' {
            break
        }
        'vendor-ssm;help;doctor' {
            break
        }
        'vendor-ssm;help;settings' {
            break
        }
        'vendor-ssm;help;completions' {
            break
        }
        'vendor-ssm;help;man' {
            break
        }
        'vendor-ssm;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
