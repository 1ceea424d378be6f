//! What a table has besides its key, its status and its items: how it is paid
//! for, encrypted, tagged, backed up, and where its changes go.

use serde::{Deserialize, Serialize};

use super::billing::Billing;
use super::continuous_backups::PointInTimeRecovery;
use super::encryption::Encryption;
use super::kinesis_destination::Destinations;
use super::on_demand_throughput::OnDemandThroughput;
use super::resource_policies::Policies;
use super::table_class::ClassHistory;
use super::tags::Tags;
use super::warm_throughput::WarmThroughput;
use crate::kernel::Timestamp;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Control {
    pub billing: Billing,
    pub class: ClassHistory,
    pub deletion_protection: bool,
    pub encryption: Encryption,
    pub on_demand_throughput: OnDemandThroughput,
    pub warm_throughput: WarmThroughput,
    pub tags: Tags,
    pub point_in_time_recovery: Option<PointInTimeRecovery>,
    pub policies: Policies,
    pub destinations: Destinations,
}

impl Control {
    /// When something of it changes by itself.
    pub fn next_due(&self) -> Option<Timestamp> {
        let encryption = self.encryption.changing.as_ref().map(|due| due.at);
        let warm = self.warm_throughput.growing.as_ref().map(|due| due.at);
        let destinations = self.destinations.iter().filter_map(|destination| Some(destination.due.as_ref()?.at));
        destinations.chain(encryption).chain(warm).min()
    }
}
