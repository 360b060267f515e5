//! The errors that AWS documents for a call, as they go on the wire.

/// How a service refuses: the status, code and message that go on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The HTTP status.
    pub status: u16,
    /// The error's code.
    pub code: &'static str,
    /// The error's message.
    pub message: &'static str,
}

/// The errors that `StartSession` documents, its own first, then those that are common to all
/// actions, with the statuses of the API reference and messages as AWS words them.
/// Source: Systems Manager API Reference, `StartSession` and "Common Errors".
pub const START_SESSION: &[Said] = &[
    said(400, "InvalidDocument", "Document with name does not exist."),
    said(
        400,
        "TargetNotConnected",
        "i-0f3a91c27be45d806 is not connected.",
    ),
    said(
        500,
        "InternalServerError",
        "An error occurred on the server side.",
    ),
    said(
        400,
        "AccessDeniedException",
        "You do not have sufficient access to perform this action.",
    ),
    said(
        403,
        "ExpiredTokenException",
        "The security token included in the request is expired",
    ),
    said(
        403,
        "IncompleteSignature",
        "The request signature does not conform to AWS standards.",
    ),
    said(500, "InternalFailure", "The request processing has failed."),
    said(
        400,
        "MalformedHttpRequestException",
        "Problems with the request at the HTTP level.",
    ),
    said(
        401,
        "NotAuthorized",
        "You do not have permission to perform this action.",
    ),
    said(
        403,
        "OptInRequired",
        "The AWS access key ID needs a subscription for the service.",
    ),
    said(
        400,
        "RequestAbortedException",
        "The request was aborted before a reply was sent back.",
    ),
    said(
        413,
        "RequestEntityTooLargeException",
        "The request entity is too large.",
    ),
    said(400, "RequestExpired", "Request has expired."),
    said(
        408,
        "RequestTimeoutException",
        "Reading the request timed out.",
    ),
    said(
        503,
        "ServiceUnavailable",
        "The request has failed due to a temporary failure of the server.",
    ),
    said(400, "ThrottlingException", "Rate exceeded"),
    said(
        403,
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
    ),
    said(
        404,
        "UnknownOperationException",
        "The action or operation requested is invalid.",
    ),
    said(
        400,
        "ValidationError",
        "The input fails to satisfy the constraints specified by an AWS service.",
    ),
    said(
        400,
        "ValidationException",
        "1 validation error detected: Value '' at 'target' failed to satisfy constraint: Member must have length \
         greater than or equal to 1",
    ),
    said(
        400,
        "ServiceQuotaExceededException",
        "The number of sessions exceeds the limit of your account.",
    ),
];

/// A refusal in a table.
const fn said(status: u16, code: &'static str, message: &'static str) -> Said {
    Said {
        status,
        code,
        message,
    }
}
