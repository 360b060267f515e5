//! Mistakes made in the templates on purpose.
//! Each is refused at deployment, found by cfn-lint, or gives a question another answer.

use std::collections::BTreeMap;

use super::lint;
use crate::questions::{Table, Templates};

/// What must catch a mutant; the first that does counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    /// The stack is rolled back.
    Deploy,
    /// A question gets another answer, or a fact is no longer true.
    Answers,
    /// cfn-lint.
    Lint,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Vendor,
    Customer,
}

use By::{Answers, Deploy, Lint};
use Of::{Customer, Vendor};

/// A change of the text.
enum Edit {
    /// After the first text, the second becomes the third.
    Put(&'static str, &'static str, &'static str),
    /// The statement with this Sid is removed.
    Drop(&'static str),
}

use Edit::{Drop, Put};

impl Edit {
    fn apply(&self, text: &str) -> String {
        match self {
            Put(behind, from, to) => {
                let at = text.find(behind).unwrap_or_else(|| panic!("no {behind}"));
                let (before, after) = text.split_at(at);
                assert!(after.contains(from), "no {from} behind {behind}");
                format!("{before}{}", after.replacen(from, to, 1))
            }
            Drop(sid) => {
                let head = format!("          - Sid: {sid}\n");
                let at = text.find(&head).unwrap_or_else(|| panic!("no {sid}"));
                let (before, after) = text.split_at(at);
                let belongs = |line: &&str| line.starts_with("            ");
                let own = after[head.len()..].split_inclusive('\n');
                let length: usize = own.take_while(belongs).map(str::len).sum();
                format!("{before}{}", &after[head.len() + length..])
            }
        }
    }
}

const TAGGED: &str = "'ssm:resourceTag/ExternalAccessGrantedTo': !Ref TagValue";
const TAG_TYPO: &str = "'ssm:resourceTag/ExternalAccesGrantedTo': !Ref TagValue";
const OWN: &str = "'${aws:userid}'";
const TRUST: &str = "Sid: WithTheExternalId";
const ENDS: &str =
    "DateLessThan: !If [Ends, {'aws:CurrentTime': !Ref GrantEnds}, !Ref AWS::NoValue]";
const NAMED: &str =
    "StringLike: !If [BindsName, {'aws:userid': '*:${sts:RoleSessionName}'}, !Ref AWS::NoValue]";
/// The condition that binds the SourceIdentity.
const IDENTITY: &str =
    ", 'aws:userid': !If [BindsName, '*:${sts:SourceIdentity}', !Ref AWS::NoValue]";
const SSO_IDENTITY: &str =
    ", 'aws:userid': !If [BindsSsoName, '*:${sts:SourceIdentity}', !Ref AWS::NoValue]";
const USER_IDENTITY: &str = "StringEquals: !If [BindsUserName, {'sts:SourceIdentity': '${aws:username}'}, !Ref AWS::NoValue]";
/// The condition that asks for a SourceIdentity.
const ANY_IDENTITY: &str = "'sts:SourceIdentity': '?*', ";
const ARN: &str =
    "ArnEquals: !If [TrustsRoot, {'aws:PrincipalArn': !Ref VendorRoleArn}, !Ref AWS::NoValue]";
const EXTERNAL_ID: &str = "StringEquals: {'sts:ExternalId': !Ref ExternalId}";
const CHANNEL: &str =
    "Resource: !If [NarrowsChannel, !Sub 'arn:${AWS::Partition}:ssm:*:*:session/*', '*']";
const BOUNDARY: &str =
    "PermissionsBoundary: !If [HasBoundary, !Ref PermissionsBoundary, !Ref AWS::NoValue]";
/// A condition that is always true, in place of one that is to be removed.
const ALWAYS: &str = "Bool: {'aws:ViaAWSService': 'false'}";
const MFA: &str = "Bool: {'aws:MultiFactorAuthPresent': 'true'}";
const STATEMENTS_OF_ROLE: &str = "  VendorAccessPolicy:";
const OUR_DOCUMENT: &str = "document/${SessionDocument}'";
const ANY_DOCUMENT: &str = "document/*'";

type Mutant = (Of, &'static str, By, &'static [Edit]);

#[rustfmt::skip]
const MUTANTS: &[Mutant] = &[
    // Who may assume the customer's role.
    (Customer, "the trust without ExternalId", Answers, &[Put(TRUST, EXTERNAL_ID, "")]),
    (Customer, "the ExternalId only if there is one", Answers, &[Put(TRUST, "StringEquals:", "StringEqualsIfExists:")]),
    (Customer, "the ExternalId for all of none", Answers, &[Put(TRUST, "StringEquals:", "'ForAllValues:StringEquals':")]),
    (Customer, "the ExternalId as a pattern", Answers, &[Put(TRUST, EXTERNAL_ID, ""), Put(TRUST, NAMED, "StringLike: {'sts:ExternalId': '*'}")]),
    (Customer, "the ExternalId turned around", Answers, &[Put(TRUST, "StringEquals:", "StringNotEquals:")]),
    (Customer, "a typo in the ExternalId's key", Answers, &[Put(TRUST, "sts:ExternalId", "sts:ExternalID-")]),
    (Customer, "the name binding removed", Answers, &[Put(TRUST, NAMED, "")]),
    (Customer, "the name bound to anything", Answers, &[Put(TRUST, "*:${sts:RoleSessionName}", "*")]),
    (Customer, "the name bound although not chosen", Answers, &[Put("Conditions:", "[!Ref NameBinding, 'yes']", "[!Ref NameBinding, 'no']")]),
    (Customer, "the name unbound unless asked", Answers, &[Put("  NameBinding:", "Default: 'yes'", "Default: 'no'")]),
    (Customer, "the name bound to what ends alike", Answers, &[Put(TRUST, "*:${sts:RoleSessionName}", "*${sts:RoleSessionName}")]),
    (Customer, "a colleague's identity", Answers, &[Put("Sid: SayWhoItIs", IDENTITY, "")]),
    (Customer, "the identity bound to what ends alike", Answers, &[Put("Sid: SayWhoItIs", "*:${sts:SourceIdentity}", "*${sts:SourceIdentity}")]),
    (Customer, "the identity bound to a name that is not told", Answers, &[Put("Sid: SayWhoItIs", "*:${sts:SourceIdentity}", "*:${sts:RoleSessionName}")]),
    (Customer, "the identity bound although not chosen", Answers, &[Put("Sid: SayWhoItIs", "!If [BindsName, '*:${sts:SourceIdentity}', !Ref AWS::NoValue]", "'*:${sts:SourceIdentity}'")]),
    (Customer, "root without the role's ARN", Answers, &[Put(TRUST, ARN, "")]),
    (Customer, "anybody says who it is", Answers, &[Put("Sid: SayWhoItIs", ARN, "")]),
    (Customer, "root although not chosen", Answers, &[Put(TRUST, "- !Ref VendorRoleArn", "- !Sub ['arn:${AWS::Partition}:iam::${Account}:root', {Account: !Select [4, !Split [':', !Ref VendorRoleArn]]}]")]),
    (Customer, "the choice of root ignored", Answers, &[Put("Conditions:", "TrustsRoot: !Equals [!Ref TrustRootAndArn, 'yes']", "TrustsRoot: !Equals [!Ref TrustRootAndArn, 'both']")]),
    (Customer, "everybody is trusted", Answers, &[Put(TRUST, "- !Ref VendorRoleArn", "- '*'")]),
    (Customer, "session tags are let in", Answers, &[Put(TRUST, "Action: sts:AssumeRole", "Action: [sts:AssumeRole, sts:TagSession]")]),
    (Customer, "session tags are let in with the identity", Answers, &[Put("Sid: SayWhoItIs", "Action: sts:SetSourceIdentity", "Action: [sts:SetSourceIdentity, sts:TagSession]")]),
    (Customer, "nobody says who it is", Answers, &[Drop("SayWhoItIs")]),
    (Customer, "an empty identity will do", Answers, &[Put("Sid: SayWhoItIs", ANY_IDENTITY, "")]),
    (Customer, "the trust does not end", Answers, &[Put(TRUST, ENDS, "")]),
    (Customer, "the grant begins where it should end", Answers, &[Put(TRUST, "DateLessThan", "DateGreaterThan")]),
    (Customer, "the end is ignored", Answers, &[Put("Conditions:", "Ends: !Not [!Equals [!Ref GrantEnds, '']]", "Ends: !Equals [!Ref GrantEnds, 'never']")]),
    (Customer, "twelve hours of keys", Answers, &[Put("  VendorAccess:", "MaxSessionDuration: 3600", "MaxSessionDuration: 43200")]),
    (Customer, "no tag for Run As", Answers, &[Put("  VendorAccess:", "        - {Key: 'SSMSessionRunAs', Value: !Ref OsUser}\n", "")]),
    (Customer, "root in the tag for Run As", Answers, &[Put("  VendorAccess:", "Value: !Ref OsUser", "Value: root")]),
    // Which instances.
    (Customer, "the tag condition and its Deny removed", Answers, &[Put("Sid: StartOnTagged", TAGGED, ""), Drop("NoOtherInstanceEver")]),
    (Customer, "the tag condition alone removed", Answers, &[Put("Sid: StartOnTagged", TAGGED, "")]),
    (Customer, "its Deny alone removed", Answers, &[Drop("NoOtherInstanceEver")]),
    (Customer, "the tag for all of none", Answers, &[Put("Sid: StartOnTagged", "StringEquals:", "'ForAllValues:StringEquals':")]),
    (Customer, "the tag only if there is one", Answers, &[Put("Sid: StartOnTagged", "StringEquals:", "StringEqualsIfExists:")]),
    (Customer, "the Deny for any tag", Answers, &[Put("Sid: NoOtherInstanceEver", "StringNotEquals:", "'ForAnyValue:StringNotEquals':")]),
    (Customer, "the Deny with a pattern", Answers, &[Put("Sid: NoOtherInstanceEver", "StringNotEquals: {'ssm:resourceTag/ExternalAccessGrantedTo': !Ref TagValue}", "StringNotLike: {'ssm:resourceTag/ExternalAccessGrantedTo': '*'}")]),
    (Customer, "the tag in any letter case", Answers, &[Put("Sid: StartOnTagged", "StringEquals:", "StringEqualsIgnoreCase:"), Put("Sid: NoOtherInstanceEver", "StringNotEquals:", "StringNotEqualsIgnoreCase:")]),
    (Customer, "a typo in the operator", Deploy, &[Put("Sid: StartOnTagged", "StringEquals:", "StringEqual:")]),
    (Customer, "a typo in the tag's key", Answers, &[Put("Sid: StartOnTagged", TAGGED, TAG_TYPO)]),
    (Customer, "a typo in the tag's key of the Deny", Answers, &[Put("Sid: NoOtherInstanceEver", TAGGED, TAG_TYPO)]),
    (Customer, "a key of EC2", Answers, &[Put("Sid: StartOnTagged", "ssm:resourceTag", "ec2:ResourceTag")]),
    (Customer, "doubled colons", Answers, &[Put("Sid: StartOnTagged", ":ec2:*:", ":ec2:*::")]),
    (Customer, "doubled colons in the Deny", Answers, &[Put("Sid: NoOtherInstanceEver", "arn:*:ec2:*:*:", "arn:*:ec2:*:*::")]),
    (Customer, "hybrid nodes are let out of the Deny", Answers, &[Put("Sid: NoOtherInstanceEver", ", 'arn:*:ssm:*:*:managed-instance/*'", "")]),
    (Customer, "all of the customer's regions", Answers, &[Put("Sid: StartOnTagged", "                'aws:RequestedRegion': !Ref Regions\n", "")]),
    (Customer, "only the home region", Answers, &[Put("Sid: StartOnTagged", "!Ref Regions", "!Ref HomeRegion")]),
    (Customer, "StartSession does not end", Answers, &[Put("Sid: StartOnTagged", ENDS, "")]),
    (Customer, "a typo in the action", Answers, &[Put("Sid: StartOnTagged", "ssm:StartSession", "ssm:StartSesion")]),
    (Customer, "a typo in the effect", Deploy, &[Put("Sid: StartOnTagged", "Effect: Allow", "Effect: Alow")]),
    (Customer, "Allow for Deny", Answers, &[Put("Sid: NoOtherInstanceEver", "Effect: Deny", "Effect: Allow")]),
    (Customer, "the status of any instance", Answers, &[Put("Sid: ReachableTagged", "                'ssm:resourceTag/ExternalAccessGrantedTo': !Ref TagValue\n", "")]),
    (Customer, "the status in any region", Answers, &[Put("Sid: ReachableTagged", "                'aws:RequestedRegion': !Ref Regions\n", "")]),
    (Customer, "an endpoint for KMS unasked", Answers, &[Put("  MakesKmsEndpoint:", "Condition: HasKey, ", "")]),
    (Customer, "an endpoint for logs beside a bucket", Answers, &[Put("  MakesLogsEndpoint:", "Condition: LogsToGroup, ", "")]),
    (Customer, "the switch of ssm ignored", Answers, &[Put("  SsmEndpoint:", "MakesSsmEndpoint", "HasVpc")]),
    (Customer, "the switch of ssmmessages ignored", Answers, &[Put("  SsmMessagesEndpoint:", "MakesSsmMessagesEndpoint", "HasVpc")]),
    (Customer, "the switch of logs ignored", Answers, &[Put("  LogsEndpoint:", "MakesLogsEndpoint", "HasVpc")]),
    (Customer, "the switch of kms ignored", Answers, &[Put("  MakesKmsEndpoint:", "!Ref CreateKmsEndpoint", "'yes'")]),
    (Customer, "two switches mixed up", Answers, &[Put("  MakesSsmEndpoint:", "CreateSsmEndpoint", "CreateSsmMessagesEndpoint"), Put("  MakesSsmMessagesEndpoint:", "CreateSsmMessagesEndpoint", "CreateSsmEndpoint")]),
    (Customer, "no endpoint unless asked", Answers, &[Put("  CreateSsmEndpoint:", "Default: 'yes'", "Default: 'no'")]),
    (Customer, "no way to an endpoint that was there", Answers, &[Put("  UsesOtherEndpoints:", "    - !Equals [!Ref CreateSsmMessagesEndpoint, 'no']\n", "")]),
    (Customer, "a way to endpoints that are not there", Answers, &[Put("  InstanceSecurityGroup:", "!Ref AWS::NoValue", "{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref VpcCidr}")]),
    // The boundary.
    (Customer, "no boundary for the vendor's role", Answers, &[Put("  VendorAccess:", BOUNDARY, "")]),
    (Customer, "no boundary for instances", Answers, &[Put("  InstanceRole:", BOUNDARY, "")]),
    (Customer, "an empty boundary", Deploy, &[Put("  VendorAccess:", BOUNDARY, "PermissionsBoundary: !Ref PermissionsBoundary")]),
    (Vendor, "no boundary", Answers, &[Put("  VendorRole:", BOUNDARY, "")]),
    (Vendor, "an empty boundary", Deploy, &[Put("  VendorRole:", BOUNDARY, "PermissionsBoundary: !Ref PermissionsBoundary")]),
    // Values.
    (Customer, "a tag value of ASCII alone", Deploy, &[Put("  TagValue:", r"\p{L}\p{N}\p{Zs}", r"\w ")]),
    (Customer, "a tag value with wildcards", Answers, &[Put("  TagValue:", "_.:/=+@-", "_.*:/=+@-")]),
    (Customer, "a tag value of AWS's own", Answers, &[Put("  TagValue:", "(?![aA][wW][sS]:)", "")]),
    (Customer, "a tag value without end", Answers, &[Put("  TagValue:", "    MaxLength: 256\n", "")]),
    (Customer, "idle for longer than AWS allows", Answers, &[Put("  IdleMinutes:", "MaxValue: 60", "MaxValue: 600")]),
    (Customer, "root by parameter", Answers, &[Put("  OsUser:", "(root|", "(")]),
    (Customer, "a user with sudo", Answers, &[Put("  OsUser:", "|ssm-user)", ")")]),
    (Customer, "any bucket", Answers, &[Put("  LogBucket:", "|[a-z0-9][a-z0-9.-]", "|[a-z0-9*]|[a-z0-9][a-z0-9.-]")]),
    (Customer, "any region", Answers, &[Put("  Regions:", "AllowedPattern: '", "AllowedPattern: '.*|")]),
    (Customer, "instances found everywhere", Answers, &[Put("Sid: FindInstances", "StringEquals: {'aws:RequestedRegion': !Ref Regions}", ALWAYS)]),
    (Customer, "no instances found", Answers, &[Drop("FindInstances")]),
    (Customer, "more than instances found", Answers, &[Put("Sid: FindInstances", "ec2:DescribeInstances", "'ec2:Describe*'")]),
    // Which documents.
    (Customer, "any document of the account", Answers, &[Put("Sid: StartWithOurDocuments", OUR_DOCUMENT, ANY_DOCUMENT)]),
    (Customer, "documents that begin alike", Answers, &[Put("Sid: StartWithOurDocuments", OUR_DOCUMENT, "document/${SessionDocument}*'")]),
    (Customer, "the Deny spares any document", Answers, &[Put("Sid: NoOtherDocument", OUR_DOCUMENT, ANY_DOCUMENT)]),
    (Customer, "the Deny spares any document's owner", Answers, &[Put("Sid: NoOtherDocument", "${AWS::AccountId}:document", "*:document")]),
    (Customer, "the Deny forgets our document", Answers, &[Put("Sid: NoOtherDocument", "              - !Sub 'arn:${AWS::Partition}:ssm:*:${AWS::AccountId}:document/${SessionDocument}'\n", "")]),
    (Customer, "the Deny spares hybrid nodes", Answers, &[Put("Sid: NoOtherDocument", "- 'arn:*:ec2:*:*:instance/*'", "- 'arn:*:*:*:*:*instance/*'")]),
    (Customer, "Resource for NotResource", Answers, &[Put("Sid: NoOtherDocument", "NotResource:", "Resource:")]),
    (Customer, "no Deny of other documents", Answers, &[Drop("NoOtherDocument")]),
    (Customer, "the command document although not chosen", Answers, &[Put("Conditions:", "[!Ref CommandDocument, 'yes']", "[yes, 'yes']")]),
    (Customer, "the command document chosen in vain", Answers, &[Put("Sid: StartWithOurDocuments", "- HasCommand", "- HasSsh")]),
    (Customer, "SSH although not chosen", Answers, &[Put("Conditions:", "[!Ref SshDocument, 'yes']", "[!Ref SshDocument, 'no']")]),
    (Customer, "SSH with ports", Answers, &[Put("Conditions:", "[!Ref SshDocument, 'yes']", "[!Ref PortDocument, 'yes']")]),
    (Customer, "ports with SSH", Answers, &[Put("Conditions:", "[!Ref PortDocument, 'yes']", "[!Ref SshDocument, 'yes']")]),
    (Customer, "ports chosen in vain", Answers, &[Put("Sid: NoOtherDocument", "!If [HasPort,", "!If [HasSsh,")]),
    (Customer, "remote ports with ports", Answers, &[Put("Conditions:", "[!Ref RemotePortDocument, 'yes']", "[!Ref PortDocument, 'yes']")]),
    (Customer, "ports with remote ports", Answers, &[Put("Conditions:", "[!Ref PortDocument, 'yes']", "[!Ref RemotePortDocument, 'yes']")]),
    (Customer, "remote ports chosen in vain", Answers, &[Put("Sid: NoOtherDocument", "!If [HasRemotePort,", "!If [HasSsh,")]),
    (Customer, "remote ports forgotten", Answers, &[Put("Sid: StartWithOurDocuments", "AWS-StartPortForwardingSessionToRemoteHost", "AWS-StartPortForwardingSession")]),
    (Customer, "AWS's documents in the customer's account", Answers, &[Put("Sid: StartWithOurDocuments", "ssm:*::document/AWS-StartSSHSession", "ssm:*:${AWS::AccountId}:document/AWS-StartSSHSession")]),
    // Sessions.
    (Customer, "no data channel", Answers, &[Drop("OpenTheClientChannel")]),
    (Customer, "the data channel by ARN", Answers, &[Put("Sid: OpenTheClientChannel", CHANNEL, "Resource: 'arn:aws:ssm:*:*:session/*'")]),
    (Customer, "the data channel by ARN in vain", Answers, &[Put("Sid: OpenTheClientChannel", CHANNEL, "Resource: '*'")]),
    (Customer, "the data channel by ARN unasked", Answers, &[Put("Conditions:", "[!Ref ChannelOnSessions, 'yes']", "[!Ref ChannelOnSessions, 'no']")]),
    (Customer, "the data channel of one account's ARN", Answers, &[Put("Sid: OpenTheClientChannel", ":ssm:*:*:session", ":ssm:*:${AWS::AccountId}:session")]),
    (Customer, "the data channel by any ARN", Answers, &[Put("Sid: OpenTheClientChannel", ":ssm:*:*:session/*", ":ssm:*:*:*")]),
    (Customer, "an agent's channels", Answers, &[Put("Sid: OpenTheClientChannel", "ssmmessages:OpenDataChannel", "'ssmmessages:*'")]),
    (Customer, "anybody's session and no Deny", Answers, &[Put("Sid: OwnSessionsOnly", "StringEquals: {'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}'}", ALWAYS), Drop("NoOtherPersonsSession")]),
    (Customer, "anybody's session", Answers, &[Put("Sid: OwnSessionsOnly", "StringEquals: {'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}'}", ALWAYS)]),
    (Customer, "no Deny of others' sessions", Answers, &[Drop("NoOtherPersonsSession")]),
    (Customer, "sessions of a user name", Answers, &[Put("Sid: OwnSessionsOnly", OWN, "'${aws:username}'")]),
    (Customer, "the Deny by user name", Answers, &[Put("Sid: NoOtherPersonsSession", OWN, "'${aws:username}'")]),
    (Customer, "names that begin with one's own", Answers, &[Put("Sid: OwnSessionsOnly", "StringEquals: {'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}'}", "StringLike: {'ssm:resourceTag/aws:ssmmessages:session-id': '${aws:userid}*'}")]),
    (Customer, "the Deny of what exists alone", Answers, &[Put("Sid: NoOtherPersonsSession", "StringNotEquals:", "'ForAnyValue:StringNotEquals':")]),
    (Customer, "no resuming", Answers, &[Put("Sid: OwnSessionsOnly", "[ssm:TerminateSession, ssm:ResumeSession]", "[ssm:TerminateSession]")]),
    (Customer, "a policy that knows no variables", Answers, &[Put(STATEMENTS_OF_ROLE, "Version: '2012-10-17'", "Version: '2008-10-17'")]),
    (Customer, "sessions listed although not chosen", Answers, &[Put("Conditions:", "[!Ref DescribeSessions, 'yes']", "[!Ref DescribeSessions, 'no']")]),
    // Keys.
    (Customer, "any key", Answers, &[Put("Sid: EncryptSessions", ":${Account}:${Key}", ":*:*")]),
    (Customer, "the home region's key everywhere", Answers, &[Put("  Shell:", ":kms:${AWS::Region}:", ":kms:us-east-1:")]),
    (Customer, "a client that decrypts", Answers, &[Put("Sid: EncryptSessions", "Action: kms:GenerateDataKey", "Action: 'kms:*'")]),
    (Customer, "the key chosen in vain", Answers, &[Put(STATEMENTS_OF_ROLE, "- HasKey", "- LogsToBucket")]),
    // What must never be.
    (Customer, "everything else", Answers, &[Drop("NothingElse")]),
    (Customer, "everything of Systems Manager", Answers, &[Put("Sid: NothingElse", "- ssm:StartSession", "- ssm:*")]),
    (Customer, "all that starts", Answers, &[Put("Sid: NothingElse", "- ssm:StartSession", "- ssm:Start*")]),
    (Customer, "parameters", Answers, &[Put("Sid: NothingElse", "- ssm:StartSession", "- ssm:StartSession\n              - ssm:GetParameter")]),
    (Customer, "commands", Answers, &[Put("Sid: NothingElse", "- ssm:StartSession", "- ssm:StartSession\n              - ssm:SendCommand")]),
    (Customer, "further roles", Answers, &[Put("Sid: NothingElse", "- ssm:StartSession", "- ssm:StartSession\n              - sts:AssumeRole")]),
    (Customer, "tags", Answers, &[Put("Sid: NothingElse", "- ec2:DescribeInstances", "- ec2:DescribeInstances\n              - ec2:CreateTags")]),
    (Customer, "an agent's channels later", Answers, &[Put("Sid: NothingElse", "- ssmmessages:OpenDataChannel", "- 'ssmmessages:*'")]),
    (Customer, "Action for NotAction", Answers, &[Put("Sid: NothingElse", "NotAction:", "Action:")]),
    (Customer, "the list of sessions later", Answers, &[Put("Sid: NothingElse", "!If [ListsSessions, ssm:DescribeSessions, !Ref AWS::NoValue]", "ssm:DescribeSessions")]),
    (Customer, "keys later", Answers, &[Put("Sid: NothingElse", "!If [HasKey, kms:GenerateDataKey, !Ref AWS::NoValue]", "kms:GenerateDataKey")]),
    (Customer, "the list of sessions chosen in vain", Answers, &[Put("Sid: NothingElse", "              - !If [ListsSessions, ssm:DescribeSessions, !Ref AWS::NoValue]\n", "")]),
    (Customer, "one Sid twice", Deploy, &[Put("Sid: NothingElse", "NothingElse", "StartOnTagged")]),
    // Instances.
    (Customer, "parameters read by instances", Answers, &[Put("  InstanceRolePolicy:", "ssm:UpdateInstanceInformation", "ssm:*")]),
    (Customer, "an agent without data channel", Answers, &[Put("  InstanceRolePolicy:", "              - ssmmessages:OpenDataChannel\n", "")]),
    (Customer, "any log", Answers, &[Put("Sid: WriteTheLog", "log-group:${LogGroup}:*", "log-group:*")]),
    (Customer, "logs that begin alike", Answers, &[Put("Sid: WriteTheLog", "${LogGroup}:*", "${LogGroup}*")]),
    (Customer, "no account in the log's ARN", Answers, &[Put("Sid: WriteTheLog", ":logs:*:${AWS::AccountId}", ":logs:*::${AWS::AccountId}")]),
    (Customer, "logs read by instances", Answers, &[Put("Sid: WriteTheLog", "logs:PutLogEvents", "'logs:*'")]),
    (Customer, "any object of the bucket", Answers, &[Put("  InstanceRolePolicy:", "s3:PutObject", "'s3:*Object'")]),
    (Customer, "buckets that begin alike", Answers, &[Put("  InstanceRolePolicy:", "${LogBucket}/*", "${LogBucket}*")]),
    // The bucket that the template creates.
    (Customer, "any object of its own bucket", Answers, &[Put("  InstanceRolePolicy:", "s3:PutObject", "'s3:*Object*'")]),
    (Customer, "instances bypass the lock", Answers, &[Put("  InstanceRolePolicy:", "Action: s3:PutObject", "Action: [s3:PutObject, s3:BypassGovernanceRetention, s3:DeleteObjectVersion]")]),
    (Customer, "instances shorten the lock", Answers, &[Put("  InstanceRolePolicy:", "Action: s3:PutObject", "Action: [s3:PutObject, s3:PutObjectRetention]")]),
    (Customer, "own buckets that begin alike", Answers, &[Put("  InstanceRolePolicy:", "${HomeRegion}/*'", "${HomeRegion}*'")]),
    (Customer, "any key for the log", Answers, &[Put("Sid: EncryptTheLog", "Resource: !Ref LogBucketKeyArn", "Resource: '*'")]),
    (Customer, "the log's key without S3", Answers, &[Put("Sid: EncryptTheLog", "StringLike: {'kms:ViaService': 's3.*.amazonaws.com*'}", ALWAYS)]),
    (Customer, "no key for the log", Answers, &[Put("Sid: EncryptTheLog", "kms:GenerateDataKey", "kms:DescribeKey")]),
    (Customer, "no key for long logs", Answers, &[Put("Sid: EncryptTheLog", ", kms:Decrypt", "")]),
    (Customer, "no lock", Answers, &[Put("  LogStore:", "DefaultRetention: {Mode: GOVERNANCE, Days: !Ref LogDays}", "DefaultRetention: !Ref AWS::NoValue")]),
    (Customer, "a lock that nobody can lift", Answers, &[Put("  LogStore:", "GOVERNANCE", "COMPLIANCE")]),
    (Customer, "a lock of one day", Answers, &[Put("  LogStore:", "Days: !Ref LogDays", "Days: 1")]),
    (Customer, "no versions", Answers, &[Put("  LogStore:", "{Status: Enabled}", "{Status: Suspended}")]),
    (Customer, "a public bucket", Answers, &[Put("  LogStore:", "RestrictPublicBuckets: true", "RestrictPublicBuckets: false")]),
    (Customer, "objects of others", Answers, &[Put("  LogStore:", "BucketOwnerEnforced", "ObjectWriter")]),
    (Customer, "the bucket's key ignored", Answers, &[Put("  LogStore:", "- HasBucketKey", "- HasKey")]),
    (Customer, "a bucket without TLS", Answers, &[Put("  LogStorePolicy:", "'false'", "'true'")]),
    (Customer, "a bucket in each region", Answers, &[Put("  MakesBucket:", "!And [Condition: IsHome, Condition: UsesOwnBucket]", "!And [Condition: UsesOwnBucket, Condition: UsesOwnBucket]")]),
    (Customer, "a bucket unasked", Answers, &[Put("  UsesOwnBucket:", "!Equals [!Ref LogBucket, create]", "!Not [!Equals [!Ref LogBucket, create]]")]),
    (Customer, "logs to a bucket of the region", Answers, &[Put("  Shell:", "${HomeRegion}', {Vendor", "${AWS::Region}', {Vendor")]),
    (Customer, "a bucket that goes with the stack", Lint, &[Put("  LogStore:", "DeletionPolicy: Retain", "DeletionPolicy: Retained")]),
    (Customer, "any key for instances", Answers, &[Put("Sid: DecryptSessions", ":${Account}:${Key}", ":*:*")]),
    (Customer, "the vendor is an instance", Answers, &[Put("  InstanceRole:", "{Service: !Sub 'ec2.${AWS::URLSuffix}'}", "{AWS: '*'}")]),
    // Documents.
    (Customer, "Run As off", Answers, &[Put("  Shell:", "runAsEnabled: true", "runAsEnabled: false")]),
    (Customer, "Run As off for commands", Answers, &[Put("  Command:\n    Type", "runAsEnabled: true", "runAsEnabled: false")]),
    (Customer, "root by default", Answers, &[Put("  Shell:", "runAsDefaultUser: !Ref OsUser", "runAsDefaultUser: root")]),
    (Customer, "commands elevated", Answers, &[Put("  Command:\n    Type", "runAsElevated: false", "runAsElevated: true")]),
    (Customer, "nothing streamed", Answers, &[Put("  Shell:", "cloudWatchStreamingEnabled: !If [LogsToGroup, true, false]", "cloudWatchStreamingEnabled: false")]),
    (Customer, "nothing logged", Answers, &[Put("  Shell:", "!If [LogsToGroup, !Ref LogGroup, '']", "''")]),
    (Customer, "idle and longest time mixed up", Answers, &[Put("  Shell:", "idleSessionTimeout: !Ref IdleMinutes", "idleSessionTimeout: !Ref MaxMinutes")]),
    (Customer, "a typo in an input", Answers, &[Put("  Shell:", "runAsEnabled", "runAsEnable")]),
    (Customer, "Windows unless refused", Answers, &[Put("  AllowWindows:", "Default: 'no'", "Default: 'yes'")]),
    (Customer, "Windows chosen in vain", Answers, &[Put("Conditions:", "[!Ref AllowWindows, 'yes']", "[!Ref AllowWindows, 'both']")]),
    (Customer, "commands on Windows unasked", Answers, &[Put("  Command:\n    Type", "            - AllowsWindows\n", "            - HasCommand\n")]),
    (Customer, "a shell on Windows unasked", Answers, &[Put("  Shell:", "          shellProfile: !If [AllowsWindows, !Ref AWS::NoValue, {windows: exit}]\n", "")]),
    (Customer, "a shell on Windows that goes on", Answers, &[Put("  Shell:", "{windows: exit}", "{windows: ''}")]),
    (Customer, "a shell on Linux that ends", Answers, &[Put("  Shell:", "{windows: exit}", "{linux: exit}")]),
    (Customer, "a shell that ends where Windows is chosen", Answers, &[Put("  Shell:", "[AllowsWindows, !Ref AWS::NoValue, {windows: exit}]", "[AllowsWindows, {windows: exit}, !Ref AWS::NoValue]")]),
    (Customer, "no encryption", Answers, &[Put("  Shell:", ":kms:${AWS::Region}:${Account}:${Key}", "")]),
    (Customer, "a shell for commands", Answers, &[Put("  Command:\n    Type", "sessionType: NonInteractiveCommands", "sessionType: InteractiveCommands")]),
    (Customer, "no session type", Deploy, &[Put("  Shell:", "sessionType: Standard_Stream", "sessionType: StandardStream")]),
    (Customer, "the command document made unasked", Answers, &[Put("  Command:\n    Type", "    Condition: HasCommand\n", "")]),
    (Customer, "the log goes after a week", Answers, &[Put("  Log:", "RetentionInDays: !Ref LogDays", "RetentionInDays: 7")]),
    (Customer, "endpoints for the whole world", Answers, &[Put("  EndpointSecurityGroup:", "!Ref VpcCidr", "0.0.0.0/0")]),
    (Customer, "endpoints unasked", Answers, &[Put("  SsmEndpoint:", "Condition: MakesSsmEndpoint", "Condition: IsHome")]),
    // Grammar.
    (Customer, "a parameter that is not there", Deploy, &[Put("Sid: StartOnTagged", "!Ref TagValue", "!Ref Tag")]),
    (Customer, "a condition that is not there", Deploy, &[Put("  VendorAccess:", "Condition: IsHome", "Condition: IsHom")]),
    (Customer, "a property that is not there", Deploy, &[Put("  VendorAccess:", "AssumeRolePolicyDocument", "AssumePolicyDocument")]),
    (Customer, "a resource type that is not there", Deploy, &[Put("  Log:", "AWS::Logs::LogGroup", "AWS::Logs::Group")]),
    (Customer, "a typo in an endpoint's kind", Lint, &[Put("  LogsEndpoint:\n    Type", "Interface", "Interfac")]),
    (Customer, "a typo in a property of the log", Lint, &[Put("  Log:", "RetentionInDays: !Ref LogDays", "RetentionInDays: !Ref LogDays\n      Retention: 1")]),
    (Customer, "a default that its own bounds refuse", Deploy, &[Put("  IdleMinutes:", "Default: 20", "Default: 0"), Put("  Shell:", "!Ref IdleMinutes", "'20'"), Put("  Command:\n    Type", "!Ref IdleMinutes", "'20'")]),
    (Customer, "an output of a resource that is not there", Lint, &[Put("Outputs:", "!GetAtt VendorAccess.Arn", "!GetAtt VendorAcces.Arn")]),
    (Customer, "a log that goes with the stack", Lint, &[Put("  Log:", "DeletionPolicy: Retain", "DeletionPolicy: Retained")]),
    // The vendor's account.
    (Vendor, "no MFA", Answers, &[Put("Sid: EngineersWithMfa", MFA, "")]),
    (Vendor, "MFA only if it is told", Answers, &[Put("Sid: EngineersWithMfa", "Bool:", "BoolIfExists:")]),
    (Vendor, "MFA refused", Answers, &[Put("Sid: EngineersWithMfa", "'true'", "'false'")]),
    (Vendor, "no MFA for who it is", Answers, &[Put("Sid: SayWhoItIs", "{'aws:MultiFactorAuthPresent': 'true'}", "!Ref AWS::NoValue")]),
    (Vendor, "a user's name free", Answers, &[Put("Sid: EngineersWithMfa", "StringEquals: {'sts:RoleSessionName': '${aws:username}'}", "")]),
    (Vendor, "users of any path", Answers, &[Put("Sid: EngineersWithMfa", "user${UserPath}*", "user/*")]),
    (Vendor, "users without ARN", Answers, &[Put("Sid: EngineersWithMfa", "ArnLike: {'aws:PrincipalArn': !Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:user${UserPath}*'}", "")]),
    (Vendor, "any permission set", Answers, &[Put("Sid: EngineersFromSso", "AWSReservedSSO_${PermissionSet}_", "AWSReservedSSO_*_"), Put("Sid: EngineersFromSso", "AWSReservedSSO_${PermissionSet}_", "AWSReservedSSO_*_")]),
    (Vendor, "permission sets that begin alike", Answers, &[Put("Sid: EngineersFromSso", "${PermissionSet}_????????????????", "${PermissionSet}_*"), Put("Sid: EngineersFromSso", "${PermissionSet}_????????????????", "${PermissionSet}_*")]),
    (Vendor, "permission sets that begin alike say who they are", Answers, &[Put("Sid: SayWhoItIs", "${PermissionSet}_????????????????", "${PermissionSet}_*"), Put("Sid: SayWhoItIs", "${PermissionSet}_????????????????", "${PermissionSet}_*")]),
    (Vendor, "the role's name ignored", Answers, &[Put("Conditions:", "!Not [!Equals [!Ref SsoRoleName, '']]", "!Equals [!Ref SsoRoleName, 'none']")]),
    (Vendor, "roles that begin alike", Answers, &[Put("  SsoRoleName:", "AllowedPattern: '", "AllowedPattern: '[*]|")]),
    (Vendor, "any role says who it is", Answers, &[Put("Sid: SayWhoItIs", "sso.amazonaws.com/*/${SsoRoleName}", "sso.amazonaws.com/*")]),
    (Vendor, "permission sets that end alike", Answers, &[Put("Sid: EngineersFromSso", "sso.amazonaws.com/AWSReservedSSO_", "sso.amazonaws.com/*AWSReservedSSO_")]),
    (Vendor, "any role named alike", Answers, &[Put("Sid: EngineersFromSso", "role/aws-reserved/sso.amazonaws.com/AWS", "role/*AWS")]),
    (Vendor, "no region in the path", Answers, &[Put("Sid: EngineersFromSso", "/*/AWSReservedSSO", "/AWSReservedSSO")]),
    (Vendor, "a typo in the principal's key", Answers, &[Put("Sid: EngineersFromSso", "aws:PrincipalArn", "aws:PrincipalARNs")]),
    (Vendor, "anybody says who it is", Answers, &[Put("Sid: SayWhoItIs", "AWSReservedSSO_${PermissionSet}_????????????????", "*")]),
    (Vendor, "any user says who it is", Answers, &[Put("Sid: SayWhoItIs", "user${UserPath}*", "user/*")]),
    (Vendor, "who it is bound to a name that is not told", Answers, &[Put("Sid: SayWhoItIs", USER_IDENTITY, "StringEquals: {'sts:RoleSessionName': '${aws:username}'}")]),
    (Vendor, "an empty identity", Answers, &[Put("Sid: SayWhoItIs", ANY_IDENTITY, "")]),
    (Vendor, "the name unbound unless asked", Answers, &[Put("  NameBinding:", "Default: 'yes'", "Default: 'no'")]),
    (Vendor, "the name bound to what ends alike", Answers, &[Put("Sid: EngineersFromSso", "*:${sts:RoleSessionName}", "*${sts:RoleSessionName}")]),
    (Vendor, "a colleague's identity from SSO", Answers, &[Put("Sid: SayWhoItIs", SSO_IDENTITY, "")]),
    (Vendor, "a colleague's identity for a user", Answers, &[Put("Sid: SayWhoItIs", USER_IDENTITY, "")]),
    (Vendor, "the identity bound to what ends alike", Answers, &[Put("Sid: SayWhoItIs", "*:${sts:SourceIdentity}", "*${sts:SourceIdentity}")]),
    (Vendor, "a user's identity bound although not chosen", Answers, &[Put("Conditions:", "!And [!Not [!Condition FromSso], !Condition BindsName]", "!Not [!Condition FromSso]")]),
    (Vendor, "an identity from SSO bound although not chosen", Answers, &[Put("Conditions:", "BindsSsoName: !And [!Condition FromSso, !Condition BindsName]", "BindsSsoName: !Equals [!Ref Engineers, sso]")]),
    (Vendor, "users bound as SSO is", Answers, &[Put("Sid: SayWhoItIs", "BindsSsoName", "BindsName")]),
    (Vendor, "the name binding ignored", Answers, &[Put("Conditions:", "!Equals [!Ref NameBinding, 'yes']", "!Equals [!Ref NameBinding, 'both']")]),
    (Vendor, "the name bound unasked", Answers, &[Put("Conditions:", "!Equals [!Ref NameBinding, 'yes']", "!Equals [!Ref NameBinding, 'no']")]),
    (Vendor, "users for SSO", Answers, &[Put("Conditions:", "[!Ref Engineers, sso]", "[!Ref Engineers, iam-users]")]),
    (Vendor, "session tags", Answers, &[Put("Sid: EngineersFromSso", "Action: sts:AssumeRole", "Action: [sts:AssumeRole, sts:TagSession]"), Put("Sid: AssumeTheVendorRole", "sts:SetSourceIdentity", "sts:TagSession")]),
    (Vendor, "a customer without ExternalId", Answers, &[Put("Sid: Customer1acme", "'StringEquals': {'sts:ExternalId': 'acme-7Jq2m0v4sT1xYb9Kc3Rd8Q'}", ALWAYS)]),
    (Vendor, "one customer's ExternalId for another", Answers, &[Put("Sid: Customer2beta", "beta-Zr5w8nQk2LhT6yVd0Pm3Xs", "acme-7Jq2m0v4sT1xYb9Kc3Rd8Q")]),
    (Vendor, "any role of a customer", Answers, &[Put("Sid: Customer1acme", "role/vendor-ssm/vendor-ssm-Third-Party-A", "role/vendor-ssm/*")]),
    (Vendor, "an identity for any role", Answers, &[Put("  SourceIdentity:", "role/vendor-ssm/*", "role/*")]),
    (Vendor, "no identity", Answers, &[Put("  SourceIdentity:", "sts:SetSourceIdentity", "sts:TagSession")]),
    (Vendor, "any role for engineers", Answers, &[Put("Sid: AssumeTheVendorRole", "!GetAtt VendorRole.Arn", "'*'")]),
    (Vendor, "a typo in the effect", Deploy, &[Put("Sid: AssumeTheVendorRole", "Effect: Allow", "Effect: Allows")]),
    (Vendor, "a role that is not there", Deploy, &[Put("  SourceIdentity:", "!Ref VendorRole", "!Ref VendorRol")]),
    (Vendor, "a year of session", Lint, &[Put("  VendorRole:", "MaxSessionDuration: !Ref MaxSessionSeconds", "MaxSessionDuration: 86400")]),
];

/// The actions that the Deny spares, each left out.
fn one_action_less(customer: &str) -> Vec<(String, String)> {
    let at = customer.find("Sid: NothingElse").unwrap();
    let (before, deny) = customer.split_at(at);
    let list = deny.split("            Resource:").next().unwrap();
    let actions = list
        .lines()
        .filter(|line| line.starts_with("              - "));
    actions
        .map(|line| {
            let less = deny.replacen(&format!("{line}\n"), "", 1);
            (
                format!("a Deny of {}", line.trim()),
                format!("{before}{less}"),
            )
        })
        .collect()
}

#[test]
fn every_mutant_is_caught() {
    let table = Table::read();
    let right = Templates::printed();
    let mut mutants: Vec<(String, Of, By, Templates)> = Vec::new();
    for (of, what, by, edits) in MUTANTS {
        let mut templates = right.clone();
        let text = match of {
            Vendor => &mut templates.vendor,
            Customer => &mut templates.customer,
        };
        for edit in *edits {
            *text = edit.apply(text);
        }
        mutants.push(((*what).to_owned(), *of, *by, templates));
    }
    for (what, customer) in one_action_less(&right.customer) {
        let templates = Templates {
            customer,
            ..right.clone()
        };
        mutants.push((what, Customer, Answers, templates));
    }

    let mut wrong = Vec::new();
    let mut left = Vec::new();
    let mut caught: BTreeMap<By, usize> = BTreeMap::new();
    for (what, of, by, templates) in mutants {
        let found = match table.differences(&templates) {
            Err(_) => Deploy,
            Ok(differences) if !differences.is_empty() => Answers,
            Ok(_) => Lint,
        };
        if found == Lint {
            let text = match of {
                Vendor => templates.vendor,
                Customer => templates.customer,
            };
            left.push((format!("{}.yaml", left.len()), text, what.clone()));
        } else {
            *caught.entry(found).or_default() += 1;
        }
        if found != by {
            wrong.push(format!(
                "{of:?}, {what}: {by:?} should catch it, {found:?} has to"
            ));
        }
    }
    let files: Vec<_> = left
        .iter()
        .map(|(name, text, _)| (name.clone(), text.clone()))
        .collect();
    let said = lint(&files);
    for (name, _, what) in &left {
        if said
            .iter()
            .any(|said| said.starts_with(&format!("{name}: ")))
        {
            *caught.entry(Lint).or_default() += 1;
        } else {
            wrong.push(format!("{what}: nothing catches it"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}\ncaught: {caught:?}");
}
