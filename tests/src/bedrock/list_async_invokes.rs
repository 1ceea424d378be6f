use aws_sdk_bedrockruntime::types::{AsyncInvokeStatus, SortOrder};

use super::client;
use crate::stage::{on_both_stages, refusal};

#[test]
fn the_list_is_empty() {
    on_both_stages(async |stage| {
        let list = client(&stage).list_async_invokes().status_equals(AsyncInvokeStatus::InProgress).max_results(10);
        let answer = list.sort_order(SortOrder::Ascending).send().await.unwrap();
        assert_eq!((answer.async_invoke_summaries().len(), answer.next_token()), (0, None));
        let (code, message) = refusal(client(&stage).list_async_invokes().max_results(1001).send().await);
        assert_eq!(code, "ValidationException");
        assert_eq!(
            message,
            "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value \
             less than or equal to 1000"
        );
    });
}
