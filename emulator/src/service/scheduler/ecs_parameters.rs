//! `EcsParameters`: how a task of ECS is run. Kept and given back: no target here runs tasks.
//!
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::refusal;
use crate::kernel::{ApiError, Violations};

const LAUNCH_TYPES: [&str; 3] = ["EC2", "FARGATE", "EXTERNAL"];

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EcsParameters {
    task_definition_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity_provider_strategy: Option<Vec<CapacityProviderStrategyItem>>,
    #[serde(rename = "EnableECSManagedTags", skip_serializing_if = "Option::is_none")]
    enable_ecs_managed_tags: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enable_execute_command: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    launch_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    network_configuration: Option<NetworkConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placement_constraints: Option<Vec<PlacementConstraint>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placement_strategy: Option<Vec<PlacementStrategy>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    platform_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    propagate_tags: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<BTreeMap<String, String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_count: Option<i64>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct CapacityProviderStrategyItem {
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<i64>,
    capacity_provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<i64>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct NetworkConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    awsvpc_configuration: Option<AwsVpcConfiguration>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AwsVpcConfiguration {
    #[serde(skip_serializing_if = "Option::is_none")]
    assign_public_ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    security_groups: Option<Vec<String>>,
    subnets: Option<Vec<String>>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
struct PlacementConstraint {
    #[serde(skip_serializing_if = "Option::is_none")]
    expression: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

#[derive(Clone, Debug, Hash, Deserialize, Serialize)]
struct PlacementStrategy {
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
}

impl EcsParameters {
    /// The constraints of AWS's model.
    pub fn check(&self, violations: &mut Violations, member: &str) {
        let at = |name: &str| format!("{member}.{name}");
        violations.required(at("taskDefinitionArn"), &self.task_definition_arn);
        for (name, text, min, max) in [
            ("taskDefinitionArn", &self.task_definition_arn, 1, 1600),
            ("group", &self.group, 1, 255),
            ("platformVersion", &self.platform_version, 1, 64),
            ("referenceId", &self.reference_id, 0, 1024),
        ] {
            if let Some(text) = text {
                violations.length(at(name), text, min, max);
            }
        }
        if let Some(launch_type) = &self.launch_type {
            violations.one_of(at("launchType"), launch_type, &LAUNCH_TYPES);
        }
        if let Some(propagate_tags) = &self.propagate_tags {
            violations.one_of(at("propagateTags"), propagate_tags, &["TASK_DEFINITION"]);
        }
        if let Some(task_count) = self.task_count {
            violations.range(at("taskCount"), task_count, 1, 10);
        }
        check_count(violations, &at("capacityProviderStrategy"), &self.capacity_provider_strategy, 0, 6);
        check_count(violations, &at("placementConstraints"), &self.placement_constraints, 0, 10);
        check_count(violations, &at("placementStrategy"), &self.placement_strategy, 0, 5);
        check_count(violations, &at("tags"), &self.tags, 0, 50);
        self.check_parts(violations, &at);
    }

    fn check_parts(&self, violations: &mut Violations, at: &dyn Fn(&str) -> String) {
        for (index, item) in self.capacity_provider_strategy.iter().flatten().enumerate() {
            let member = at(&format!("capacityProviderStrategy.{}.member", index + 1));
            violations.required(format!("{member}.capacityProvider"), &item.capacity_provider);
            if let Some(base) = item.base {
                violations.range(format!("{member}.base"), base, 0, 100_000);
            }
            if let Some(weight) = item.weight {
                violations.range(format!("{member}.weight"), weight, 0, 1000);
            }
        }
        for (index, constraint) in self.placement_constraints.iter().flatten().enumerate() {
            if let Some(kind) = &constraint.kind {
                let member = at(&format!("placementConstraints.{}.member.type", index + 1));
                violations.one_of(&member, kind, &["distinctInstance", "memberOf"]);
            }
        }
        for (index, strategy) in self.placement_strategy.iter().flatten().enumerate() {
            if let Some(kind) = &strategy.kind {
                let member = at(&format!("placementStrategy.{}.member.type", index + 1));
                violations.one_of(&member, kind, &["random", "spread", "binpack"]);
            }
        }
        let network = self.network_configuration.as_ref();
        let Some(network) = network.and_then(|network| network.awsvpc_configuration.as_ref()) else { return };
        let member = at("networkConfiguration.awsvpcConfiguration");
        violations.required(format!("{member}.subnets"), &network.subnets);
        check_count(violations, &format!("{member}.subnets"), &network.subnets, 1, 16);
        check_count(violations, &format!("{member}.securityGroups"), &network.security_groups, 1, 5);
        if let Some(assign) = &network.assign_public_ip {
            violations.one_of(format!("{member}.assignPublicIp"), assign, &["ENABLED", "DISABLED"]);
        }
    }

    /// What the model does not say.
    pub fn refuse_contradiction(&self) -> Result<(), ApiError> {
        if self.launch_type.as_deref() == Some("FARGATE") && self.network_configuration.is_none() {
            return Err(refusal::invalid(
                "Parameter NetworkConfiguration must be specified for the target when launch type is FARGATE.",
            ));
        }
        Ok(())
    }
}

fn check_count<T>(violations: &mut Violations, member: &str, list: &Option<Vec<T>>, min: usize, max: usize) {
    let Some(list) = list else { return };
    if list.len() < min {
        violations.add_unprinted(member, format_args!("have length greater than or equal to {min}"));
    }
    if list.len() > max {
        violations.add_unprinted(member, format_args!("have length less than or equal to {max}"));
    }
}
