//! The AWS services, one folder each. A service never imports another: what
//! crosses goes over the kernel's bus, by ARN.

pub mod bedrock;
pub mod dynamodb;
pub mod events;
pub mod kinesis;
pub mod logs;
pub mod scheduler;
pub mod sqs;

use std::sync::Arc;

use axum::Router;

use crate::kernel::{AnyService, Realm, World};

/// What services offer besides AWS's operations.
pub struct Handles {
    /// The scripted model.
    pub bedrock: bedrock::Actor,
    /// Whether the limits of Kinesis hold.
    pub kinesis_limits: kinesis::enforcement::Enforcement,
}

impl Handles {
    /// What services add to the admin API.
    pub fn admin_routes(&self, world: &Arc<World>) -> Router {
        Router::new()
            .merge(bedrock::admin::routes(Arc::clone(world), self.bedrock.clone()))
            .merge(kinesis::admin::routes(Arc::clone(world), self.kinesis_limits.clone()))
    }
}

/// What a test may choose of the services.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    pub dynamodb: dynamodb::settings::Settings,
    pub kinesis: kinesis::settings::Settings,
}

/// Every service, in the order in which they are listed everywhere.
pub fn all(settings: Settings) -> (Vec<Box<dyn AnyService>>, Handles) {
    let actor = bedrock::Actor::default();
    let (performing, rewound) = (actor.clone(), actor.clone());
    let limits = kinesis::enforcement::Enforcement::new(settings.kinesis.limits);
    let held_to = limits.clone();
    let tables = Realm::<dynamodb::DynamoDb>::new(move |_| dynamodb::DynamoDb::new(settings.dynamodb));
    let streams = tables.view(&dynamodb::streams::DESCRIPTION, dynamodb::streams::OPERATIONS);
    let models = Realm::<bedrock::Bedrock>::new(move |_| bedrock::Bedrock::new(performing.clone())).also_forgetting(
        move |account| match account {
            Some(account) => rewound.rewind_for(account),
            None => rewound.rewind(),
        },
    );
    let agents = models.view(&bedrock::agent::DESCRIPTION, bedrock::agent::OPERATIONS);
    let asked_agents = models.view(&bedrock::agent_runtime::DESCRIPTION, bedrock::agent_runtime::OPERATIONS);
    let services: Vec<Box<dyn AnyService>> = vec![
        Box::new(Realm::<kinesis::Kinesis>::new(move |_| kinesis::Kinesis::new(settings.kinesis, held_to.clone()))),
        Box::new(tables),
        Box::new(streams),
        Box::new(Realm::<events::Events>::new(|_| events::Events::default())),
        Box::new(Realm::<scheduler::Scheduler>::new(|_| scheduler::Scheduler::default())),
        Box::new(Realm::<logs::Logs>::new(|_| logs::Logs::default())),
        Box::new(Realm::<sqs::Sqs>::new(|_| sqs::Sqs::default())),
        Box::new(models),
        Box::new(agents),
        Box::new(asked_agents),
    ];
    (services, Handles { bedrock: actor, kinesis_limits: limits })
}
