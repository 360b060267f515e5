
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
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand connect 'Open a shell on a customer''s instance'
            cand run 'Run a command on one or more instances, without a terminal'
            cand forward 'Forward local ports to an instance, or to hosts that the instance reaches'
            cand proxy 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand'
            cand list 'List the customer''s instances that carry the vendor''s tag'
            cand whoami 'Show who you are at each step: base identity, vendor role, customer role'
            cand login 'Assume both roles and store their credentials in the OS keyring'
            cand logout 'Delete cached credentials: all of them, or one customer''s with -c'
            cand sessions 'List or terminate sessions that may still be open'
            cand history 'Show the sessions started on this machine: when, who, where, why and how they ended'
            cand policy 'Check IAM policies against guardrails'
            cand customer 'Add, list, show or remove customers in the settings file'
            cand kit 'Print the CloudFormation templates for your account and the customer''s'
            cand doctor 'Check everything from the settings to each role, and say what to fix'
            cand settings 'Show every setting and where it comes from'
            cand completions 'Print a shell completion script'
            cand man 'Print the manual, or one command''s page'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;connect'= {
            cand --client 'Open the shell with this client [default: the settings file''s, else auto]'
            cand --document 'Use this session document [default: the settings file''s, else AWS''s]'
            cand --parameter 'Set a parameter of the document (repeatable; a repeated key makes a list)'
            cand --reason 'Say why you need the session; the customer finds it in CloudTrail'
            cand --confirm 'Confirm the customer by its name, where the settings require it'
            cand --wait 'Wait up to this many seconds until the target''s agent is connected [without a number: 300]'
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --dry-run 'Show what vendor-ssm would open, but open nothing'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;run'= {
            cand --parallel 'Run on up to this many targets at once'
            cand --timeout 'Stop the command after this many seconds [default: no limit]'
            cand --via 'Run the command through an interactive shell, if the customer grants only that. stdout and stderr are then one stream, as on a terminal'
            cand --reason 'Say why you need the session; the customer finds it in CloudTrail'
            cand --confirm 'Confirm the customer by its name, where the settings require it'
            cand --wait 'Wait up to this many seconds until a target''s agent is connected [without a number: 300]'
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;forward'= {
            cand -L 'Forward a local port: PORT:PORT, PORT:HOST:PORT or BIND:PORT:HOST:PORT (repeatable). The first port is local; 0 picks a free one and prints it. A path in place of the local port, such as ./db.sock, makes a Unix socket that only you can use. The instance resolves HOST. Put IPv6 addresses in brackets'
            cand --reason 'Say why you need the session; the customer finds it in CloudTrail'
            cand --confirm 'Confirm the customer by its name, where the settings require it'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;proxy'= {
            cand --reason 'Say why you need the session; the customer finds it in CloudTrail'
            cand --confirm 'Confirm the customer by its name, where the settings require it'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;list'= {
            cand --filter 'List only instances that match: name=web-* or tag:KEY=VALUE (repeatable, all must match)'
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --all-customers 'List the instances of every customer in the settings file'
            cand --online 'List only instances whose agent is connected'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;whoami'= {
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;login'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --mfa-code-stdin 'Read the MFA code from stdin instead of asking'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;logout'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;sessions'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand list 'List sessions that may still be open, from the local journal and, if permitted, from AWS'
            cand terminate 'Terminate sessions'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;sessions;list'= {
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;sessions;terminate'= {
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --orphaned 'Terminate all sessions left by a vendor-ssm that is no longer running'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;sessions;help'= {
            cand list 'List sessions that may still be open, from the local journal and, if permitted, from AWS'
            cand terminate 'Terminate sessions'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;sessions;help;list'= {
        }
        &'vendor-ssm;sessions;help;terminate'= {
        }
        &'vendor-ssm;sessions;help;help'= {
        }
        &'vendor-ssm;history'= {
            cand --limit 'Show only the last NUMBER sessions [default: all]'
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;policy'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand check 'Check that no policy allows sessions or commands on untagged targets'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;policy;check'= {
            cand --break-glass 'Exempt this emergency role, by name or ARN (repeatable)'
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;policy;help'= {
            cand check 'Check that no policy allows sessions or commands on untagged targets'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;policy;help;check'= {
        }
        &'vendor-ssm;policy;help;help'= {
        }
        &'vendor-ssm;customer'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand add 'Add a customer to the settings file, with a new ExternalId'
            cand list 'List the customers in the settings file'
            cand show 'Show one customer'
            cand remove 'Remove a customer and its ExternalId from the settings file'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;customer;add'= {
            cand --account 'Use the kit''s role in this account of the customer'
            cand --role-arn 'Use this existing role in the customer''s account'
            cand --tag-value 'Find instances by this value of the vendor''s tag [default: the other customers'' value]'
            cand --tag-key 'Find instances by this tag key [default: ExternalAccessGrantedTo]'
            cand --grant 'Ask the customer to grant this besides a shell (repeatable)'
            cand --vendor-role-arn 'Set the vendor role, if the settings file has none yet'
            cand --grant-ends 'Warn before this day (UTC), or a moment such as 2027-01-31T18:00:00Z, when the grant ends'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --external-id-stdin 'Read the ExternalId from stdin, if the customer gave you one, instead of making a new one'
            cand --confirm-sessions 'Require the customer''s name to be typed before a session'
            cand --require-reason 'Require a reason for each session'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;list'= {
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;show'= {
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;remove'= {
            cand --confirm 'Confirm by repeating the customer''s name'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;customer;help'= {
            cand add 'Add a customer to the settings file, with a new ExternalId'
            cand list 'List the customers in the settings file'
            cand show 'Show one customer'
            cand remove 'Remove a customer and its ExternalId from the settings file'
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
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand vendor 'Print the template for your account: the vendor role, and a statement for each customer'
            cand customer 'Print the template for a customer''s account: role, session documents, log, instance profile'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'vendor-ssm;kit;vendor'= {
            cand --parameter 'Set a parameter of the template (repeatable)'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;kit;customer'= {
            cand --os-user 'Run sessions as this OS user [default: vendor-ssm]'
            cand --until 'End the grant after this day (UTC), or at a moment such as 2027-01-31T18:00:00Z'
            cand --parameter 'Set a parameter of the template (repeatable)'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;kit;help'= {
            cand vendor 'Print the template for your account: the vendor role, and a statement for each customer'
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
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --check-trust 'Check that the customer''s role refuses a missing and a wrong ExternalId; the customer sees both attempts in CloudTrail'
            cand --report 'Print a note for the customer: what was denied, and the statements that allow it'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;settings'= {
            cand --output 'Print the data to stdout in this format'
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;completions'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;man'= {
            cand -c 'Use this customer of the settings file'
            cand --customer 'Use this customer of the settings file'
            cand --region 'Use only this region of the customer (repeatable)'
            cand --profile 'Start from this profile of ~/.aws/config'
            cand --config 'Read this settings file [default: ~/.config/vendor-ssm/config.toml]'
            cand --error-format 'Print errors to stderr in this format'
            cand --color 'Colour the text on stderr'
            cand --no-input 'Never prompt (implied if there is no terminal to ask on)'
            cand --no-cache 'Neither read nor store cached credentials'
            cand -v 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand --verbose 'Log to stderr, without secrets; -vv adds the AWS SDK''s log'
            cand -q 'Print only errors and warnings to stderr'
            cand --quiet 'Print only errors and warnings to stderr'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'vendor-ssm;help'= {
            cand connect 'Open a shell on a customer''s instance'
            cand run 'Run a command on one or more instances, without a terminal'
            cand forward 'Forward local ports to an instance, or to hosts that the instance reaches'
            cand proxy 'Connect stdin and stdout to a port of an instance, for ssh''s ProxyCommand'
            cand list 'List the customer''s instances that carry the vendor''s tag'
            cand whoami 'Show who you are at each step: base identity, vendor role, customer role'
            cand login 'Assume both roles and store their credentials in the OS keyring'
            cand logout 'Delete cached credentials: all of them, or one customer''s with -c'
            cand sessions 'List or terminate sessions that may still be open'
            cand history 'Show the sessions started on this machine: when, who, where, why and how they ended'
            cand policy 'Check IAM policies against guardrails'
            cand customer 'Add, list, show or remove customers in the settings file'
            cand kit 'Print the CloudFormation templates for your account and the customer''s'
            cand doctor 'Check everything from the settings to each role, and say what to fix'
            cand settings 'Show every setting and where it comes from'
            cand completions 'Print a shell completion script'
            cand man 'Print the manual, or one command''s page'
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
            cand list 'List sessions that may still be open, from the local journal and, if permitted, from AWS'
            cand terminate 'Terminate sessions'
        }
        &'vendor-ssm;help;sessions;list'= {
        }
        &'vendor-ssm;help;sessions;terminate'= {
        }
        &'vendor-ssm;help;history'= {
        }
        &'vendor-ssm;help;policy'= {
            cand check 'Check that no policy allows sessions or commands on untagged targets'
        }
        &'vendor-ssm;help;policy;check'= {
        }
        &'vendor-ssm;help;customer'= {
            cand add 'Add a customer to the settings file, with a new ExternalId'
            cand list 'List the customers in the settings file'
            cand show 'Show one customer'
            cand remove 'Remove a customer and its ExternalId from the settings file'
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
            cand vendor 'Print the template for your account: the vendor role, and a statement for each customer'
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
