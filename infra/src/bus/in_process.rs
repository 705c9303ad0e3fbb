//! The event bus of a single replica.

use async_trait::async_trait;
use comptoir_domain::event::{BusError, EventBus, EventStream, RecordedEvent, Topic};

use super::fanout::Fanout;

/// Carries events within this process. An event that nobody follows costs a look into a map.
#[derive(Default)]
pub struct InProcessBus {
    fanout: Fanout<()>,
}

#[async_trait]
impl EventBus for InProcessBus {
    async fn publish(&self, events: &[RecordedEvent]) -> Result<(), BusError> {
        for event in events {
            self.fanout.send(event);
        }
        Ok(())
    }

    async fn subscribe(&self, topic: Topic) -> Result<EventStream, BusError> {
        Ok(self.fanout.listen(topic).into_stream())
    }
}
