use super::client;
use super::create_api_destination::create_api_destination;
use super::create_connection::create_connection;
use crate::stage::on_both_stages;

#[test]
fn api_destinations_are_listed_by_prefix_or_connection_in_pages() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let (ours, theirs) = (create_connection(&events, "ours").await, create_connection(&events, "theirs").await);
        for (name, connection) in [("a1", &ours), ("b", &theirs), ("a2", &theirs)] {
            create_api_destination(&events, name, connection, "http://localhost/").await;
        }
        let list = || events.list_api_destinations();
        for (list, expected) in [
            (list(), vec!["a1", "a2", "b"]),
            (list().name_prefix("a"), vec!["a1", "a2"]),
            (list().connection_arn(&theirs), vec!["a2", "b"]),
            (list().connection_arn(&theirs).name_prefix("a"), vec!["a2"]),
        ] {
            let listed = list.send().await.unwrap();
            let names: Vec<_> = listed.api_destinations().iter().map(|one| one.name().unwrap()).collect();
            assert_eq!(names, expected);
        }
        let first = list().limit(2).send().await.unwrap();
        let second = list().limit(2).set_next_token(first.next_token).send().await.unwrap();
        assert_eq!((second.api_destinations().len(), second.next_token()), (1, None));
    });
}
