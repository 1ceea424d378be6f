use aws_sdk_eventbridge::types::ConnectionState;

use super::client;
use super::create_connection::create_connection;
use crate::stage::on_both_stages;

#[test]
fn connections_are_listed_by_prefix_or_state_in_pages() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        for name in ["a1", "b", "a2"] {
            create_connection(&events, name).await;
        }
        let list = || events.list_connections();
        for (list, expected) in [
            (list(), vec!["a1", "a2", "b"]),
            (list().name_prefix("a"), vec!["a1", "a2"]),
            (list().connection_state(ConnectionState::Authorized), vec!["a1", "a2", "b"]),
            (list().connection_state(ConnectionState::Deauthorized), vec![]),
        ] {
            let listed = list.send().await.unwrap();
            let names: Vec<_> = listed.connections().iter().map(|one| one.name().unwrap()).collect();
            assert_eq!(names, expected);
        }
        let first = list().limit(2).send().await.unwrap();
        let second = list().limit(2).set_next_token(first.next_token).send().await.unwrap();
        assert_eq!((second.connections().len(), second.next_token()), (1, None));
    });
}
