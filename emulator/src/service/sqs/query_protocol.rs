//! SQS in the query protocol, which it spoke alone until 2023: its names there, and its errors.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html>

use crate::kernel::ApiError;
use crate::wire::aws_query::{Member, Query};

pub const QUERY: Query = Query {
    version: "2012-11-05",
    namespace: "http://queue.amazonaws.com/doc/2012-11-05/",
    members: &[
        Member::map("Attribute", "Attributes", "Name", "Value"),
        Member::list("AttributeName", "AttributeNames"),
        Member::list("MessageSystemAttributeName", "MessageSystemAttributeNames"),
        Member::list("MessageAttributeName", "MessageAttributeNames"),
        Member::map("MessageAttribute", "MessageAttributes", "Name", "Value"),
        Member::map("MessageSystemAttribute", "MessageSystemAttributes", "Name", "Value"),
        Member::list("StringListValue", "StringListValues"),
        Member::list("BinaryListValue", "BinaryListValues"),
        Member::map("Tag", "Tags", "Key", "Value"),
        Member::list("TagKey", "TagKeys"),
        Member::list("AWSAccountId", "AWSAccountIds"),
        Member::list("ActionName", "Actions"),
        Member::list("SendMessageBatchRequestEntry", "Entries"),
        Member::list("DeleteMessageBatchRequestEntry", "Entries"),
        Member::list("ChangeMessageVisibilityBatchRequestEntry", "Entries"),
        Member::list("QueueUrl", "QueueUrls"),
        Member::list("QueueUrl", "queueUrls"),
        Member::list("Message", "Messages"),
        Member::list("{}ResultEntry", "Successful"),
        Member::list("BatchResultErrorEntry", "Failed"),
        Member::list("{}ResultEntry", "Results"),
    ],
    without_result: &[
        "AddPermission",
        "ChangeMessageVisibility",
        "DeleteMessage",
        "DeleteQueue",
        "PurgeQueue",
        "RemovePermission",
        "SetQueueAttributes",
        "TagQueue",
        "UntagQueue",
    ],
    addressed_by: Some("QueueUrl"),
    error: in_query,
};

/// The code of an error in the query protocol, which JSON clients are told as well, and which failed entries of
/// batches have in both.
pub fn code(code: &str) -> String {
    match code {
        "InvalidParameterValueException" => "InvalidParameterValue".to_owned(),
        "MissingRequiredParameterException" => "MissingParameter".to_owned(),
        "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
        "QueueNameExists" => "QueueAlreadyExists".to_owned(),
        "BatchEntryIdsNotDistinct"
        | "BatchRequestTooLong"
        | "EmptyBatchRequest"
        | "InvalidBatchEntryId"
        | "MessageNotInflight"
        | "PurgeQueueInProgress"
        | "QueueDeletedRecently"
        | "TooManyEntriesInBatchRequest"
        | "UnsupportedOperation" => format!("AWS.SimpleQueueService.{code}"),
        other => other.to_owned(),
    }
}

fn in_query(error: &ApiError) -> ApiError {
    let mut told = error.clone();
    told.code = code(&error.code);
    match error.code.as_str() {
        "QueueDoesNotExist" => {
            "The specified queue does not exist for this wsdl version.".clone_into(&mut told.message);
        }
        "OverLimit" | "PurgeQueueInProgress" | "RequestThrottled" => told.status = 403,
        "InvalidAddress" | "ReceiptHandleIsInvalid" | "ResourceNotFoundException" => told.status = 404,
        _ => {}
    }
    told
}
