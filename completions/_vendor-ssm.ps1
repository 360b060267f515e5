
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
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Open a shell on a customer''s instance')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command without a terminal, on one or many instances')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Forward ports of this machine to an instance, or to hosts that it reaches')
            [CompletionResult]::new('proxy', 'proxy', [CompletionResultType]::ParameterValue, 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customer''s instances that carry our tag')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Show who we are at each step: base identity, vendor role, customer role')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Walk the role chain and keep its credentials in the OS keyring')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget cached credentials: all, or one customer''s with -c')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'See or end sessions of ours that may still be open')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the sessions of this machine: when, who, where, why, and how they ended')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Check policies against guardrails')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Keep the settings file: add, list, show and remove customers')
            [CompletionResult]::new('kit', 'kit', [CompletionResultType]::ParameterValue, 'Print the CloudFormation templates for both accounts, filled in')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything from the settings to each role, and say what to do')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Show every setting and where it came from')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;connect' {
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Which client opens the shell')
            [CompletionResult]::new('--document', '--document', [CompletionResultType]::ParameterName, 'The session document to use')
            [CompletionResult]::new('--parameter', '--parameter', [CompletionResultType]::ParameterName, 'A parameter of the document (repeatable; a repeated key makes a list)')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the session is needed; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The customer''s name, typed to confirm it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until the target''s agent is connected, at most so many seconds')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be opened, and open nothing')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;run' {
            [CompletionResult]::new('--parallel', '--parallel', [CompletionResultType]::ParameterName, 'On how many targets it runs at once')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End it where it takes longer than this')
            [CompletionResult]::new('--via', '--via', [CompletionResultType]::ParameterName, 'Run it through an interactive shell, where only that is granted: standard error comes with standard output, and the bytes are a terminal''s')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the session is needed; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The customer''s name, typed to confirm it')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait until a target''s agent is connected, at most so many seconds')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;forward' {
            [CompletionResult]::new('-L', '-L ', [CompletionResultType]::ParameterName, 'What to forward (repeatable): PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT. The first port is this machine''s, 0 any free one, which is printed; HOST is seen from the instance; an IPv6 address stands in brackets')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the session is needed; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The customer''s name, typed to confirm it')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;proxy' {
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why the session is needed; the customer finds it in CloudTrail')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The customer''s name, typed to confirm it')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;list' {
            [CompletionResult]::new('--filter', '--filter', [CompletionResultType]::ParameterName, 'Only instances that fit: name=web-* or tag:KEY=VALUE (repeatable, all must fit)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--all-customers', '--all-customers', [CompletionResultType]::ParameterName, 'The instances of every customer in the settings file')
            [CompletionResult]::new('--online', '--online', [CompletionResultType]::ParameterName, 'Only instances whose agent is connected')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;whoami' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;login' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--mfa-code-stdin', '--mfa-code-stdin', [CompletionResultType]::ParameterName, 'Read the MFA code from stdin instead of asking')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;logout' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;sessions' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them, from the local journal and, where granted, from AWS')
            [CompletionResult]::new('terminate', 'terminate', [CompletionResultType]::ParameterValue, 'End them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;sessions;list' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;sessions;terminate' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--orphaned', '--orphaned', [CompletionResultType]::ParameterName, 'All that no running vendor-ssm waits for')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;sessions;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them, from the local journal and, where granted, from AWS')
            [CompletionResult]::new('terminate', 'terminate', [CompletionResultType]::ParameterValue, 'End them')
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
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'Only the last so many')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;policy' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that no policy opens sessions or runs commands on targets that no tag ties')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;policy;check' {
            [CompletionResult]::new('--break-glass', '--break-glass', [CompletionResultType]::ParameterName, 'A role for emergencies, by name or ARN, whose violations are exempt (repeatable)')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;policy;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that no policy opens sessions or runs commands on targets that no tag ties')
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
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a customer to the settings file; makes its ExternalId')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one customer')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a customer from the settings file, its ExternalId with it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;customer;add' {
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The customer''s account; the role gets the kit''s name in it')
            [CompletionResult]::new('--role-arn', '--role-arn', [CompletionResultType]::ParameterName, 'The role in the customer''s account, where it is there already')
            [CompletionResult]::new('--tag-value', '--tag-value', [CompletionResultType]::ParameterName, 'The value of the tag on instances that are meant for us; absent: that of the other customers')
            [CompletionResult]::new('--tag-key', '--tag-key', [CompletionResultType]::ParameterName, 'The key of that tag, where it is not ExternalAccessGrantedTo')
            [CompletionResult]::new('--grant', '--grant', [CompletionResultType]::ParameterName, 'What is granted besides a shell (repeatable)')
            [CompletionResult]::new('--vendor-role-arn', '--vendor-role-arn', [CompletionResultType]::ParameterName, 'Our own role, for a settings file that has none yet')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--external-id-stdin', '--external-id-stdin', [CompletionResultType]::ParameterName, 'Read the ExternalId from stdin, where the customer gave one, instead of making it')
            [CompletionResult]::new('--confirm-sessions', '--confirm-sessions', [CompletionResultType]::ParameterName, 'Have the customer''s name typed before a session')
            [CompletionResult]::new('--require-reason', '--require-reason', [CompletionResultType]::ParameterName, 'No session without a reason')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;list' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;show' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;remove' {
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The customer''s name once more, typed to confirm it')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;customer;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a customer to the settings file; makes its ExternalId')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one customer')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a customer from the settings file, its ExternalId with it')
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
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('vendor', 'vendor', [CompletionResultType]::ParameterValue, 'Print the template for our own account: the vendor role, and a statement for each customer')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Print the template for a customer''s account: role, session documents, log, instance profile')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'vendor-ssm;kit;vendor' {
            [CompletionResult]::new('--parameter', '--parameter', [CompletionResultType]::ParameterName, 'Any parameter of the template (repeatable)')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;kit;customer' {
            [CompletionResult]::new('--os-user', '--os-user', [CompletionResultType]::ParameterName, 'The OS user that sessions run as')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day of the grant (UTC), or the moment it ends, such as 2027-01-31T18:00:00Z')
            [CompletionResult]::new('--parameter', '--parameter', [CompletionResultType]::ParameterName, 'Any parameter of the template (repeatable)')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;kit;help' {
            [CompletionResult]::new('vendor', 'vendor', [CompletionResultType]::ParameterValue, 'Print the template for our own account: the vendor role, and a statement for each customer')
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
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--check-trust', '--check-trust', [CompletionResultType]::ParameterName, 'Try out that the customer''s role refuses us without its ExternalId, and with a wrong one; the customer sees both in CloudTrail')
            [CompletionResult]::new('--report', '--report', [CompletionResultType]::ParameterName, 'Print a note to send to the customer: what was refused, and the statements that allow it')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;settings' {
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'The form of the data on stdout')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;completions' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;man' {
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--customer', '--customer', [CompletionResultType]::ParameterName, 'The customer, as the settings file names it')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region of the customer''s (repeatable)')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The profile of ~/.aws/config to start from')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The settings file')
            [CompletionResult]::new('--error-format', '--error-format', [CompletionResultType]::ParameterName, 'The form of errors on stderr')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Whether to colour what people read')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never prompt; implied when there is no terminal to ask on')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither read nor keep cached credentials')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Log more to stderr; -vv also what the AWS SDK does (never a secret)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say only what went wrong')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'vendor-ssm;help' {
            [CompletionResult]::new('connect', 'connect', [CompletionResultType]::ParameterValue, 'Open a shell on a customer''s instance')
            [CompletionResult]::new('run', 'run', [CompletionResultType]::ParameterValue, 'Run a command without a terminal, on one or many instances')
            [CompletionResult]::new('forward', 'forward', [CompletionResultType]::ParameterValue, 'Forward ports of this machine to an instance, or to hosts that it reaches')
            [CompletionResult]::new('proxy', 'proxy', [CompletionResultType]::ParameterValue, 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customer''s instances that carry our tag')
            [CompletionResult]::new('whoami', 'whoami', [CompletionResultType]::ParameterValue, 'Show who we are at each step: base identity, vendor role, customer role')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Walk the role chain and keep its credentials in the OS keyring')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget cached credentials: all, or one customer''s with -c')
            [CompletionResult]::new('sessions', 'sessions', [CompletionResultType]::ParameterValue, 'See or end sessions of ours that may still be open')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'Show the sessions of this machine: when, who, where, why, and how they ended')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Check policies against guardrails')
            [CompletionResult]::new('customer', 'customer', [CompletionResultType]::ParameterValue, 'Keep the settings file: add, list, show and remove customers')
            [CompletionResult]::new('kit', 'kit', [CompletionResultType]::ParameterValue, 'Print the CloudFormation templates for both accounts, filled in')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Check everything from the settings to each role, and say what to do')
            [CompletionResult]::new('settings', 'settings', [CompletionResultType]::ParameterValue, 'Show every setting and where it came from')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print the manual page')
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
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List them, from the local journal and, where granted, from AWS')
            [CompletionResult]::new('terminate', 'terminate', [CompletionResultType]::ParameterValue, 'End them')
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
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check that no policy opens sessions or runs commands on targets that no tag ties')
            break
        }
        'vendor-ssm;help;policy;check' {
            break
        }
        'vendor-ssm;help;customer' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a customer to the settings file; makes its ExternalId')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the customers')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one customer')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove a customer from the settings file, its ExternalId with it')
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
            [CompletionResult]::new('vendor', 'vendor', [CompletionResultType]::ParameterValue, 'Print the template for our own account: the vendor role, and a statement for each customer')
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
