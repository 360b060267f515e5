
use builtin;
use str;

set edit:completion:arg-completer[vendor-ssm] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'vendor-ssm'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'vendor-ssm'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand connect 'Open a shell on a customer''s instance'
            cand run 'Run a command without a terminal, on one or many instances'
            cand forward 'Forward ports of this machine to an instance, or to hosts that it reaches'
            cand proxy 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand'
            cand list 'List the customer''s instances that carry our tag'
            cand whoami 'Show who we are at each step: base identity, vendor role, customer role'
            cand login 'Walk the role chain and keep its credentials in the OS keyring'
            cand logout 'Forget cached credentials: all, or one customer''s with -c'
            cand sessions 'See or end sessions of ours that may still be open'
            cand history 'Show the sessions of this machine: when, who, where, why, and how they ended'
            cand policy 'Check policies against guardrails'
            cand customer 'Keep the settings file: add, list, show and remove customers'
            cand kit 'Print the CloudFormation templates for both accounts, filled in'
            cand doctor 'Check everything from the settings to each role, and say what to do'
            cand settings 'Show every setting and where it came from'
            cand completions 'Print a completion script'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;connect'= {
            cand --client 'Which client opens the shell'
            cand --document 'The session document to use'
            cand --parameter 'A parameter of the document (repeatable; a repeated key makes a list)'
            cand --reason 'Why the session is needed; the customer finds it in CloudTrail'
            cand --confirm 'The customer''s name, typed to confirm it'
            cand --wait 'Wait until the target''s agent is connected, at most so many seconds'
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --dry-run 'Say what would be opened, and open nothing'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;run'= {
            cand --parallel 'On how many targets it runs at once'
            cand --timeout 'End it where it takes longer than this'
            cand --via 'Run it through an interactive shell, where only that is granted: standard error comes with standard output, and the bytes are a terminal''s'
            cand --reason 'Why the session is needed; the customer finds it in CloudTrail'
            cand --confirm 'The customer''s name, typed to confirm it'
            cand --wait 'Wait until a target''s agent is connected, at most so many seconds'
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;forward'= {
            cand -L 'What to forward (repeatable): PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT. The first port is this machine''s, 0 any free one, which is printed; HOST is seen from the instance; an IPv6 address stands in brackets'
            cand --reason 'Why the session is needed; the customer finds it in CloudTrail'
            cand --confirm 'The customer''s name, typed to confirm it'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;proxy'= {
            cand --reason 'Why the session is needed; the customer finds it in CloudTrail'
            cand --confirm 'The customer''s name, typed to confirm it'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;list'= {
            cand --filter 'Only instances that fit: name=web-* or tag:KEY=VALUE (repeatable, all must fit)'
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --all-customers 'The instances of every customer in the settings file'
            cand --online 'Only instances whose agent is connected'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;whoami'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;login'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --mfa-code-stdin 'Read the MFA code from stdin instead of asking'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;logout'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;sessions'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List them, from the local journal and, where granted, from AWS'
            cand terminate 'End them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;sessions;list'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;sessions;terminate'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --orphaned 'All that no running vendor-ssm waits for'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;sessions;help'= {
            cand list 'List them, from the local journal and, where granted, from AWS'
            cand terminate 'End them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;sessions;help;list'= {
        }
        &'vendor-ssm;sessions;help;terminate'= {
        }
        &'vendor-ssm;sessions;help;help'= {
        }
        &'vendor-ssm;history'= {
            cand --limit 'Only the last so many'
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;policy'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand check 'Check that no policy opens sessions or runs commands on targets that no tag ties'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;policy;check'= {
            cand --break-glass 'A role for emergencies, by name or ARN, whose violations are exempt (repeatable)'
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;policy;help'= {
            cand check 'Check that no policy opens sessions or runs commands on targets that no tag ties'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;policy;help;check'= {
        }
        &'vendor-ssm;policy;help;help'= {
        }
        &'vendor-ssm;customer'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Add a customer to the settings file; makes its ExternalId'
            cand list 'List the customers'
            cand show 'Show one customer'
            cand remove 'Remove a customer from the settings file, its ExternalId with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;customer;add'= {
            cand --account 'The customer''s account; the role gets the kit''s name in it'
            cand --role-arn 'The role in the customer''s account, where it is there already'
            cand --tag-value 'The value of the tag on instances that are meant for us; absent: that of the other customers'
            cand --tag-key 'The key of that tag, where it is not ExternalAccessGrantedTo'
            cand --grant 'What is granted besides a shell (repeatable)'
            cand --vendor-role-arn 'Our own role, for a settings file that has none yet'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --external-id-stdin 'Read the ExternalId from stdin, where the customer gave one, instead of making it'
            cand --confirm-sessions 'Have the customer''s name typed before a session'
            cand --require-reason 'No session without a reason'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;list'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;show'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;remove'= {
            cand --confirm 'The customer''s name once more, typed to confirm it'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;help'= {
            cand add 'Add a customer to the settings file; makes its ExternalId'
            cand list 'List the customers'
            cand show 'Show one customer'
            cand remove 'Remove a customer from the settings file, its ExternalId with it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;customer;help;add'= {
        }
        &'vendor-ssm;customer;help;list'= {
        }
        &'vendor-ssm;customer;help;show'= {
        }
        &'vendor-ssm;customer;help;remove'= {
        }
        &'vendor-ssm;customer;help;help'= {
        }
        &'vendor-ssm;kit'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand vendor 'Print the template for our own account: the vendor role, and a statement for each customer'
            cand customer 'Print the template for a customer''s account: role, session documents, log, instance profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;kit;vendor'= {
            cand --parameter 'Any parameter of the template (repeatable)'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;kit;customer'= {
            cand --os-user 'The OS user that sessions run as'
            cand --until 'The last day of the grant (UTC), or the moment it ends, such as 2027-01-31T18:00:00Z'
            cand --parameter 'Any parameter of the template (repeatable)'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;kit;help'= {
            cand vendor 'Print the template for our own account: the vendor role, and a statement for each customer'
            cand customer 'Print the template for a customer''s account: role, session documents, log, instance profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;kit;help;vendor'= {
        }
        &'vendor-ssm;kit;help;customer'= {
        }
        &'vendor-ssm;kit;help;help'= {
        }
        &'vendor-ssm;doctor'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --check-trust 'Try out that the customer''s role refuses us without its ExternalId, and with a wrong one; the customer sees both in CloudTrail'
            cand --report 'Print a note to send to the customer: what was refused, and the statements that allow it'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;settings'= {
            cand --output 'The form of the data on stdout'
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;completions'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;man'= {
            cand -c 'The customer, as the settings file names it'
            cand --customer 'The customer, as the settings file names it'
            cand --region 'Only this region of the customer''s (repeatable)'
            cand --profile 'The profile of ~/.aws/config to start from'
            cand --config 'The settings file'
            cand --error-format 'The form of errors on stderr'
            cand --color 'Whether to colour what people read'
            cand --no-input 'Never prompt; implied when there is no terminal to ask on'
            cand --no-cache 'Neither read nor keep cached credentials'
            cand -v 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand --verbose 'Log more to stderr; -vv also what the AWS SDK does (never a secret)'
            cand -q 'Say only what went wrong'
            cand --quiet 'Say only what went wrong'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;help'= {
            cand connect 'Open a shell on a customer''s instance'
            cand run 'Run a command without a terminal, on one or many instances'
            cand forward 'Forward ports of this machine to an instance, or to hosts that it reaches'
            cand proxy 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand'
            cand list 'List the customer''s instances that carry our tag'
            cand whoami 'Show who we are at each step: base identity, vendor role, customer role'
            cand login 'Walk the role chain and keep its credentials in the OS keyring'
            cand logout 'Forget cached credentials: all, or one customer''s with -c'
            cand sessions 'See or end sessions of ours that may still be open'
            cand history 'Show the sessions of this machine: when, who, where, why, and how they ended'
            cand policy 'Check policies against guardrails'
            cand customer 'Keep the settings file: add, list, show and remove customers'
            cand kit 'Print the CloudFormation templates for both accounts, filled in'
            cand doctor 'Check everything from the settings to each role, and say what to do'
            cand settings 'Show every setting and where it came from'
            cand completions 'Print a completion script'
            cand man 'Print the manual page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;help;connect'= {
        }
        &'vendor-ssm;help;run'= {
        }
        &'vendor-ssm;help;forward'= {
        }
        &'vendor-ssm;help;proxy'= {
        }
        &'vendor-ssm;help;list'= {
        }
        &'vendor-ssm;help;whoami'= {
        }
        &'vendor-ssm;help;login'= {
        }
        &'vendor-ssm;help;logout'= {
        }
        &'vendor-ssm;help;sessions'= {
            cand list 'List them, from the local journal and, where granted, from AWS'
            cand terminate 'End them'
        }
        &'vendor-ssm;help;sessions;list'= {
        }
        &'vendor-ssm;help;sessions;terminate'= {
        }
        &'vendor-ssm;help;history'= {
        }
        &'vendor-ssm;help;policy'= {
            cand check 'Check that no policy opens sessions or runs commands on targets that no tag ties'
        }
        &'vendor-ssm;help;policy;check'= {
        }
        &'vendor-ssm;help;customer'= {
            cand add 'Add a customer to the settings file; makes its ExternalId'
            cand list 'List the customers'
            cand show 'Show one customer'
            cand remove 'Remove a customer from the settings file, its ExternalId with it'
        }
        &'vendor-ssm;help;customer;add'= {
        }
        &'vendor-ssm;help;customer;list'= {
        }
        &'vendor-ssm;help;customer;show'= {
        }
        &'vendor-ssm;help;customer;remove'= {
        }
        &'vendor-ssm;help;kit'= {
            cand vendor 'Print the template for our own account: the vendor role, and a statement for each customer'
            cand customer 'Print the template for a customer''s account: role, session documents, log, instance profile'
        }
        &'vendor-ssm;help;kit;vendor'= {
        }
        &'vendor-ssm;help;kit;customer'= {
        }
        &'vendor-ssm;help;doctor'= {
        }
        &'vendor-ssm;help;settings'= {
        }
        &'vendor-ssm;help;completions'= {
        }
        &'vendor-ssm;help;man'= {
        }
        &'vendor-ssm;help;help'= {
        }
    ]
    $completions[$command]
}
