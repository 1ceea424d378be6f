use super::fixture::client;
use crate::stage::on_both_stages;

#[test]
fn the_limits_are_awss_defaults() {
    on_both_stages(|stage| async move {
        let limits = client(&stage).describe_limits().send().await.unwrap();
        assert_eq!(limits.account_max_read_capacity_units, Some(80_000));
        assert_eq!(limits.account_max_write_capacity_units, Some(80_000));
        assert_eq!(limits.table_max_read_capacity_units, Some(40_000));
        assert_eq!(limits.table_max_write_capacity_units, Some(40_000));
    });
}
