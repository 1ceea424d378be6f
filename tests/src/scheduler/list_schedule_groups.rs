use super::{client, create_group, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn groups_are_listed_by_name_in_pages() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        for name in ["reports-2", "reports-1", "audits"] {
            create_group(&scheduler, name).await;
        }
        let first = scheduler.list_schedule_groups().max_results(3).send().await.unwrap();
        let names: Vec<_> = first.schedule_groups().iter().map(|group| group.name().unwrap()).collect();
        assert_eq!(names, ["audits", "default", "reports-1"]);
        let rest = scheduler.list_schedule_groups().set_next_token(first.next_token).send().await.unwrap();
        let names: Vec<_> = rest.schedule_groups().iter().map(|group| group.name().unwrap()).collect();
        assert_eq!((names, rest.next_token()), (vec!["reports-2"], None));
        let some = scheduler.list_schedule_groups().name_prefix("reports").send().await.unwrap();
        assert_eq!(some.schedule_groups().len(), 2);
    });
}

#[test]
fn a_wrong_question_is_refused() {
    on_both_stages(async |stage| {
        let listed = client(&stage).list_schedule_groups().max_results(0).send().await;
        assert_eq!(refusal(listed), violation("0", "maxResults", "have value greater than or equal to 1"));
    });
}
