//! Bodies that no program means to send to what archives, replays, connects, permits and tags: each is answered.

use super::bad_input::raw;
use super::create_api_destination::create_api_destination;
use super::create_archive::create_archive;
use super::create_connection::create_connection;
use super::start_replay::start;
use super::{client, put_rule};
use crate::stage::in_virtual_time;

/// Each operation with its own members.
const OPERATIONS: &[(&str, &[&str])] = &[
    ("ActivateEventSource", &["Name"]),
    ("CancelReplay", &["ReplayName"]),
    (
        "CreateApiDestination",
        &["Name", "ConnectionArn", "InvocationEndpoint", "HttpMethod", "InvocationRateLimitPerSecond", "Description"],
    ),
    (
        "CreateArchive",
        &["ArchiveName", "EventSourceArn", "EventPattern", "RetentionDays", "KmsKeyIdentifier", "Description"],
    ),
    (
        "CreateConnection",
        &["Name", "AuthorizationType", "AuthParameters", "InvocationConnectivityParameters", "KmsKeyIdentifier"],
    ),
    ("CreateEventBus", &["Name", "EventSourceName", "DeadLetterConfig", "LogConfig", "Tags", "KmsKeyIdentifier"]),
    ("CreatePartnerEventSource", &["Name", "Account"]),
    ("DeactivateEventSource", &["Name"]),
    ("DeauthorizeConnection", &["Name"]),
    ("DeleteApiDestination", &["Name"]),
    ("DeleteArchive", &["ArchiveName"]),
    ("DeleteConnection", &["Name"]),
    ("DeletePartnerEventSource", &["Name", "Account"]),
    ("DescribeApiDestination", &["Name"]),
    ("DescribeArchive", &["ArchiveName"]),
    ("DescribeConnection", &["Name"]),
    ("DescribeEventSource", &["Name"]),
    ("DescribePartnerEventSource", &["Name"]),
    ("DescribeReplay", &["ReplayName"]),
    ("ListApiDestinations", &["NamePrefix", "ConnectionArn", "NextToken", "Limit"]),
    ("ListArchives", &["NamePrefix", "EventSourceArn", "State", "NextToken", "Limit"]),
    ("ListConnections", &["NamePrefix", "ConnectionState", "NextToken", "Limit"]),
    ("ListEventSources", &["NamePrefix", "NextToken", "Limit"]),
    ("ListPartnerEventSourceAccounts", &["EventSourceName", "NextToken", "Limit"]),
    ("ListPartnerEventSources", &["NamePrefix", "NextToken", "Limit"]),
    ("ListReplays", &["NamePrefix", "EventSourceArn", "State", "NextToken", "Limit"]),
    ("ListRuleNamesByTarget", &["TargetArn", "EventBusName", "NextToken", "Limit"]),
    ("ListTagsForResource", &["ResourceARN"]),
    ("PutPartnerEvents", &["Entries"]),
    ("PutPermission", &["EventBusName", "Action", "Principal", "StatementId", "Condition", "Policy"]),
    ("RemovePermission", &["EventBusName", "StatementId", "RemoveAllPermissions"]),
    ("StartReplay", &["ReplayName", "EventSourceArn", "EventStartTime", "EventEndTime", "Destination"]),
    ("TagResource", &["ResourceARN", "Tags"]),
    ("UntagResource", &["ResourceARN", "TagKeys"]),
    ("UpdateApiDestination", &["Name", "ConnectionArn", "InvocationEndpoint", "InvocationRateLimitPerSecond"]),
    ("UpdateArchive", &["ArchiveName", "EventPattern", "RetentionDays", "Description"]),
    ("UpdateConnection", &["Name", "AuthorizationType", "AuthParameters", "InvocationConnectivityParameters"]),
    ("UpdateEventBus", &["Name", "DeadLetterConfig", "LogConfig", "KmsKeyIdentifier", "Description"]),
];

const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "2147483647",
    "18446744073709551615",
    r#""""#,
    r#""all""#,
    r#""arn:aws:events:us-east-1:000000000000:event-bus/""#,
    r#""arn:aws:events:us-east-1:000000000000:rule/""#,
    r#""arn:aws:events:us-east-1:000000000000:archive/all""#,
    r#""arn:aws:events::::""#,
    r#""\u0000ü\n""#,
    r#""{\"Statement\":[null,{}]}""#,
    r#""{\"replay-name\":[\"a\"]}""#,
    r#""http://[::1""#,
    "[]",
    "[null]",
    r#"[""]"#,
    "[{}]",
    r#"[{"Key":"aws:a","Value":""}]"#,
    "{}",
    r#"{"Arn":"arn:aws:events:us-east-1:000000000000:event-bus/default","FilterArns":["ü"]}"#,
    r#"{"Type":"StringEquals","Key":"aws:PrincipalOrgID"}"#,
    r#"{"BasicAuthParameters":{},"OAuthParameters":{"ClientParameters":{}}}"#,
    r#"{"ApiKeyAuthParameters":{"ApiKeyName":"a:b","ApiKeyValue":"\u0000"}}"#,
    r#"{"InvocationHttpParameters":{"HeaderParameters":[{}],"BodyParameters":[{"Key":null}]}}"#,
];

/// What makes most requests fine but for one member.
const FINE: &str = concat!(
    r#""Name":"all","ArchiveName":"all","ReplayName":"all","ResourceARN":"arn:aws:events:us-east-1:000000000000:rule/all","#,
    r#""EventStartTime":0,"EventEndTime":9e9,"TargetArn":"a","Action":"events:PutEvents","Principal":"*","StatementId":"s""#,
);

#[test]
fn every_body_is_answered_and_no_answer_is_our_mistake() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        create_archive(&events, "all").await;
        start(&events, "all").send().await.unwrap();
        let connection = create_connection(&events, "all").await;
        create_api_destination(&events, "all", &connection, "http://localhost/").await;
        for (operation, members) in OPERATIONS {
            for member in *members {
                for value in VALUES {
                    for body in [format!(r#"{{"{member}":{value}}}"#), format!(r#"{{{FINE},"{member}":{value}}}"#)] {
                        let (status, answer) = raw(&stage, operation, &body).await;
                        assert!(matches!(status, 200 | 400 | 501), "{operation} {body}: {status} {answer}");
                        assert!(status != 501 || answer.contains("NotImplemented"), "{operation} {body}: {answer}");
                    }
                }
            }
            for body in ["", "null", "[]", "1", "\"", "{", r#"{"Name":"a","Name":"a"}"#] {
                let (status, answer) = raw(&stage, operation, body).await;
                assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
            }
        }
    });
}
