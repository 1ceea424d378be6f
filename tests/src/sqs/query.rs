//! The query protocol: forms in, XML out.

use axum::body::Body;
use http::Request;

use super::{client, create, receive_one, send};
use crate::raw;
use crate::stage::{Stage, on_both_stages};

/// Posts a form; gives back the status and the answer.
async fn post(stage: &Stage, path: &str, form: &str) -> (u16, String) {
    let request = Request::post(path)
        .header("host", "queues.example:99")
        .header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
    let response = raw::send(&stage.emulator, request.body(Body::from(form.to_owned())).unwrap()).await;
    assert_eq!(response.headers()["content-type"], "text/xml");
    (response.status().as_u16(), String::from_utf8(response.body().to_vec()).unwrap())
}

/// What stands between the tags of that name, the first time.
fn inside<'a>(xml: &'a str, tag: &str) -> &'a str {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let (_, rest) = xml.split_once(&open).unwrap_or_else(|| panic!("no {tag} in {xml}"));
    rest.split_once(&close).unwrap_or_else(|| panic!("no end of {tag} in {xml}")).0
}

#[test]
fn a_queue_lives_in_forms_alone() {
    on_both_stages(async |stage| {
        let create = "Action=CreateQueue&Version=2012-11-05&QueueName=orders&Attribute.1.Name=VisibilityTimeout\
                      &Attribute.1.Value=0&Tag.1.Key=team&Tag.1.Value=a%26b";
        let (status, xml) = post(&stage, "/", create).await;
        assert_eq!(status, 200, "{xml}");
        assert!(xml.starts_with(
            "<?xml version=\"1.0\"?><CreateQueueResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><CreateQueueResult>"
        ));
        assert_eq!(inside(&xml, "QueueUrl"), "http://queues.example:99/000000000000/orders");
        assert_eq!(inside(&xml, "RequestId").len(), 36);

        let send = "Action=SendMessage&MessageBody=%3Chello%3E+%0D%0A&MessageAttribute.1.Name=shop\
                    &MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=north\
                    &MessageAttribute.2.Name=photo&MessageAttribute.2.Value.DataType=Binary\
                    &MessageAttribute.2.Value.BinaryValue=AP8%3D";
        let (status, xml) = post(&stage, "/000000000000/orders", send).await;
        assert_eq!(status, 200, "{xml}");
        let digest = inside(&xml, "MD5OfMessageAttributes").to_owned();

        let receive = "Action=ReceiveMessage&MaxNumberOfMessages=10&AttributeName.1=All&MessageAttributeName.1=All";
        let (_, xml) = post(&stage, "/000000000000/orders/", receive).await;
        assert_eq!(inside(&xml, "Body"), "&lt;hello&gt; &#xD;\n");
        assert_eq!(inside(&xml, "MD5OfMessageAttributes"), digest);
        assert!(xml.contains("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>"), "{xml}");
        assert!(xml.contains(
            "<MessageAttribute><Name>photo</Name><Value><BinaryValue>AP8=</BinaryValue><DataType>Binary</DataType></Value></MessageAttribute>"
        ), "{xml}");
        let handle = inside(&xml, "ReceiptHandle").replace('+', "%2B").replace('=', "%3D");

        let (_, xml) = post(&stage, "/000000000000/orders", "Action=ListQueueTags").await;
        assert!(xml.contains("<ListQueueTagsResult><Tag><Key>team</Key><Value>a&amp;b</Value></Tag>"), "{xml}");
        let delete = format!("Action=DeleteMessage&ReceiptHandle={handle}");
        let (status, xml) = post(&stage, "/000000000000/orders", &delete).await;
        assert_eq!(status, 200, "{xml}");
        assert!(xml.contains("\"><ResponseMetadata>"), "there is no result: {xml}");
        let (_, xml) = post(&stage, "/000000000000/orders", "Action=ReceiveMessage").await;
        assert!(xml.contains("<ReceiveMessageResult></ReceiveMessageResult>"), "{xml}");
    });
}

#[test]
fn batches_and_lists_are_flat() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let send = "Action=SendMessageBatch&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x\
                    &SendMessageBatchRequestEntry.2.Id=b&SendMessageBatchRequestEntry.2.MessageBody=y\
                    &SendMessageBatchRequestEntry.2.DelaySeconds=901";
        let (status, xml) = post(&stage, "/000000000000/orders", send).await;
        assert_eq!(status, 200, "{xml}");
        assert_eq!(inside(inside(&xml, "SendMessageBatchResultEntry"), "Id"), "a");
        let failed = inside(&xml, "BatchResultErrorEntry");
        assert_eq!(
            [inside(failed, "Id"), inside(failed, "Code"), inside(failed, "SenderFault")],
            ["b", "InvalidParameterValue", "true"]
        );
        let handle = receive_one(&sqs, &url).await.receipt_handle.unwrap().replace('+', "%2B").replace('=', "%3D");
        let delete = format!(
            "Action=DeleteMessageBatch&DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle={handle}"
        );
        let (_, xml) = post(&stage, "/000000000000/orders", &delete).await;
        assert!(xml.contains("<DeleteMessageBatchResultEntry><Id>a</Id></DeleteMessageBatchResultEntry>"), "{xml}");
        let (_, xml) = post(&stage, "/", "Action=ListQueues&QueueNamePrefix=o").await;
        assert!(
            xml.contains(
                "<ListQueuesResult><QueueUrl>http://queues.example:99/000000000000/orders</QueueUrl></ListQueuesResult>"
            ),
            "{xml}"
        );
        let get = "Action=GetQueueAttributes&AttributeName.1=DelaySeconds&AttributeName.2=QueueArn";
        let (_, xml) = post(&stage, "/000000000000/orders", get).await;
        assert!(xml.contains("<Attribute><Name>DelaySeconds</Name><Value>0</Value></Attribute>"), "{xml}");
    });
}

#[test]
fn errors_have_the_codes_and_the_words_of_the_older_protocol() {
    on_both_stages(async |stage| {
        create(&client(&stage), "orders").await;
        for (form, status, code, message) in [
            (
                "Action=GetQueueUrl&QueueName=none",
                400,
                "AWS.SimpleQueueService.NonExistentQueue",
                "The specified queue does not exist for this wsdl version.",
            ),
            ("Action=GetQueueUrl", 400, "MissingParameter", "The request must contain the parameter QueueName."),
            (
                "Action=DeleteMessage&ReceiptHandle=x&QueueUrl=http%3A%2F%2Fx%2F000000000000%2Forders",
                404,
                "ReceiptHandleIsInvalid",
                "The input receipt handle &quot;x&quot; is not a valid receipt handle.",
            ),
            (
                "Action=ReceiveMessage&MaxNumberOfMessages=ten&QueueUrl=http%3A%2F%2Fx%2F000000000000%2Forders",
                400,
                "MalformedInput",
                "`ten` is not a number that fits",
            ),
        ] {
            let (answered, xml) = post(&stage, "/", form).await;
            assert_eq!((answered, inside(&xml, "Code"), inside(&xml, "Message")), (status, code, message), "{form}");
            assert!(xml.contains("<Error><Type>Sender</Type>") && xml.contains("<Detail/></Error>"), "{xml}");
        }
        let (status, xml) = post(&stage, "/", "Action=Dance&Version=2012-11-05").await;
        assert_eq!((status, inside(&xml, "Code")), (400, "UnknownOperationException"));
    });
}

#[test]
fn a_form_may_stand_in_the_url() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let uri = "/000000000000/orders?Action=SendMessage&MessageBody=hello+there&Version=2012-11-05";
        let response = raw::send(&stage.emulator, Request::get(uri).body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(receive_one(&sqs, &url).await.body(), Some("hello there"));
    });
}

#[test]
fn a_poll_waits_in_this_protocol_too_and_json_clients_are_told_both_codes() {
    crate::stage::in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let poll = post(&stage, "/000000000000/orders", "Action=ReceiveMessage&WaitTimeSeconds=20");
        let ((status, xml), ()) = tokio::join!(poll, async {
            stage.advance(std::time::Duration::from_secs(1)).await;
            send(&sqs, &url, "a").await;
        });
        assert_eq!((status, inside(&xml, "Body")), (200, "a"));
        let request = Request::post("/").header("x-amz-target", "AmazonSQS.GetQueueUrl");
        let response = raw::send(&stage.emulator, request.body(Body::from(r#"{"QueueName":"none"}"#)).unwrap()).await;
        assert_eq!(response.headers()["x-amzn-query-error"], "AWS.SimpleQueueService.NonExistentQueue;Sender");
    });
}
