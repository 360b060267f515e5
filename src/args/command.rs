//! The commands. Help opens with each one's sentence and examples.

use clap::Subcommand;

use super::credentials::{CredentialsCommand, ShowSettings};
use super::customer::{CustomerCommand, KitCommand};
use super::doctor::Doctor;
use super::sessions::{History, Sessions};
use super::{Connect, List, Login, Policy, Shell, Whoami, forward, run};

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Open a shell on a customer's instance
    ///
    /// Examples:
    ///   vendor-ssm connect web-1 --reason "INC-4711: disk full"
    ///   vendor-ssm connect -c acme   # choose from a list
    #[command(verbatim_doc_comment)]
    Connect(Connect),
    /// Run a command on one or more instances, without a terminal
    ///
    /// Examples:
    ///   vendor-ssm run web-1 -- df -h
    ///   vendor-ssm run --filter 'name=web-*' -- sh -c 'uptime; free -m'
    #[command(
        verbatim_doc_comment,
        override_usage = "vendor-ssm run [OPTIONS] <TARGET>...|--filter <FILTER>|--all -- <COMMAND>..."
    )]
    Run(run::Run),
    /// Forward local ports to an instance, or to hosts that the instance reaches
    ///
    /// Examples:
    ///   vendor-ssm forward web-1 -L 8080:80
    ///   vendor-ssm forward db-1 -L 0:db.internal:5432 -- psql -h 127.0.0.1 -p {port}
    #[command(verbatim_doc_comment)]
    Forward(forward::Forward),
    /// Connect stdin and stdout to a port of an instance, for ssh's ProxyCommand
    ///
    /// Examples:
    ///   vendor-ssm proxy web-1 22
    ///   ssh -o ProxyCommand='vendor-ssm proxy %n %p' ec2-user@web-1
    #[command(verbatim_doc_comment)]
    Proxy(forward::Proxy),
    /// List the customer's instances that carry the vendor's tag
    ///
    /// Examples:
    ///   vendor-ssm list --online
    ///   vendor-ssm list --all-customers --filter 'name=web-*' --output json
    #[command(verbatim_doc_comment)]
    List(List),
    /// Show who you are at each step: base identity, vendor role, customer role
    ///
    /// Examples:
    ///   vendor-ssm whoami -c acme
    ///   vendor-ssm whoami --cached --output json   # for a prompt
    #[command(verbatim_doc_comment)]
    Whoami(Whoami),
    /// Assume both roles and store their credentials in the OS keyring
    ///
    /// Example:
    ///   vendor-ssm login -c acme
    #[command(verbatim_doc_comment)]
    Login(Login),
    /// Delete cached credentials: all of them, or one customer's with -c
    ///
    /// Examples:
    ///   vendor-ssm logout
    ///   vendor-ssm logout -c acme
    #[command(verbatim_doc_comment)]
    Logout,
    /// Hand the customer role's credentials to other programs
    ///
    /// Examples:
    ///   vendor-ssm credentials exec --only list -- aws ec2 describe-instances
    ///   vendor-ssm settings --aws-profile -c acme   # how other programs get them
    #[command(subcommand, verbatim_doc_comment)]
    Credentials(CredentialsCommand),
    /// List or terminate sessions that may still be open
    ///
    /// Examples:
    ///   vendor-ssm sessions list
    ///   vendor-ssm sessions terminate --orphaned
    #[command(subcommand, verbatim_doc_comment)]
    Sessions(Sessions),
    /// Show the sessions started on this machine: when, who, where, why and how they ended
    ///
    /// Examples:
    ///   vendor-ssm history --limit 20
    ///   vendor-ssm history -c acme --output json
    #[command(verbatim_doc_comment)]
    History(History),
    /// Check IAM policies against guardrails
    ///
    /// Example:
    ///   vendor-ssm policy check role.json stack.yaml
    #[command(subcommand, verbatim_doc_comment)]
    Policy(Policy),
    /// Add, import, test, list, show or remove customers in the settings file
    ///
    /// Examples:
    ///   vendor-ssm customer add acme --account 222222222222 --region us-east-1
    ///   vendor-ssm customer list
    #[command(subcommand, verbatim_doc_comment)]
    Customer(CustomerCommand),
    /// Print the CloudFormation templates for your account and the customer's
    ///
    /// Examples:
    ///   vendor-ssm kit vendor > vendor-ssm-vendor.yaml
    ///   vendor-ssm kit customer -c acme > vendor-ssm-acme.yaml
    #[command(subcommand, verbatim_doc_comment)]
    Kit(KitCommand),
    /// Check everything from the settings to each role, and say what to fix
    ///
    /// Examples:
    ///   vendor-ssm doctor
    ///   vendor-ssm doctor -c acme --report
    #[command(verbatim_doc_comment)]
    Doctor(Doctor),
    /// Show every setting and where it comes from
    ///
    /// Examples:
    ///   vendor-ssm settings --output json
    ///   vendor-ssm settings --aws-profile -c acme >> ~/.aws/config
    #[command(verbatim_doc_comment)]
    Settings(ShowSettings),
    /// Print a shell completion script
    ///
    /// Example:
    ///   vendor-ssm completions bash > ~/.local/share/bash-completion/completions/vendor-ssm
    #[command(verbatim_doc_comment)]
    Completions {
        /// The shell to complete for
        shell: Shell,
    },
    /// Print the manual, or one command's page
    ///
    /// Examples:
    ///   vendor-ssm man | man -l -
    ///   vendor-ssm man sessions list | man -l -
    #[command(verbatim_doc_comment)]
    Man {
        /// The command whose page to print, such as `sessions list` [default: every page]
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
    },
}

impl Command {
    /// The one TARGET, as it was typed.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Connect(connect) => connect.target.as_deref(),
            Self::Run(run) => match &run.targets[..] {
                [only] => Some(only),
                _ => None,
            },
            Self::Forward(forward) => Some(&forward.target),
            Self::Proxy(proxy) => Some(&proxy.target),
            _ => None,
        }
    }

    /// Whether standard input and output are another program's pipe.
    /// Then vendor-ssm asks on the controlling terminal.
    pub fn is_beside_a_pipe(&self) -> bool {
        matches!(self, Self::Proxy(_) | Self::Credentials(_))
    }
}
