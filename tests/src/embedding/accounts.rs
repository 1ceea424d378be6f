//! Every account is a world of its own: what tests that share an emulator use.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType};
use rehearsal_emulator::Emulator;

#[tokio::test(start_paused = true)]
async fn what_one_account_creates_no_other_sees() {
    let emulator = Emulator::start().await;
    let (ours, theirs) = ("111111111111", "222222222222");
    let client = Client::new(&emulator.sdk_config_for(ours).await);
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap();
    let attribute = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let create = client.create_table().table_name("orders").key_schema(key).attribute_definitions(attribute.unwrap());
    let created = create.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
    let arn = created.table_description().and_then(|table| table.table_arn()).unwrap().to_owned();
    assert_eq!(arn, format!("arn:aws:dynamodb:us-east-1:{ours}:table/orders"));
    for (account, tables) in [(ours, 1), (theirs, 0), ("test", 0)] {
        let client = Client::new(&emulator.sdk_config_for(account).await);
        assert_eq!(client.list_tables().send().await.unwrap().table_names().len(), tables, "{account}");
    }
    let accounts: Vec<String> =
        emulator.timeline().events().into_iter().map(|event| event.account.to_string()).collect();
    assert_eq!(accounts, [ours, ours, theirs, "000000000000"]);
}
