//! What an attempt writes: its events with what is said about them, and its changes of lookups.

use cqrs_es::DomainEvent;
use domain::envelope::{Metadata, Record};
use domain::{Entity, Stream};

use super::Work;
use crate::executor::Failure;
use crate::log::{Append, Expect, KeptAnswer, LogError};

impl Work {
    /// All that this attempt writes. `decided` is false for a refusal: what was decided before it
    /// is not written, but the answer still depends on all that was read.
    pub(crate) fn append(&mut self, answer: KeptAnswer, decided: bool) -> Append {
        let expects = self.opened.values();
        let expects = expects.map(|opened| Expect {
            stream: opened.stream,
            version: opened.version,
        });
        Append {
            expects: expects.collect(),
            records: if decided {
                std::mem::take(&mut self.records)
            } else {
                Vec::new()
            },
            lookups: if decided {
                std::mem::take(&mut self.lookups)
            } else {
                Vec::new()
            },
            answer: Some(answer),
        }
    }

    pub(super) fn write<A: Entity>(
        &mut self,
        stream: Stream,
        event: &A::Event,
    ) -> Result<(), Failure> {
        let opened = self.opened.get_mut(&stream.id).ok_or(Failure::NotFound)?;
        opened.written += 1;
        let sequence = opened.version + opened.written;
        let json = |text: serde_json::Result<String>| {
            text.map_err(|error| LogError::Broken(error.to_string()))
        };
        let record = Record {
            network: self.request.network.to_string(),
            aggregate_type: A::TYPE.to_owned(),
            aggregate_id: stream.id,
            sequence,
            event_type: event.event_type(),
            event_version: event.event_version(),
            payload: json(serde_json::to_string(event))?,
            metadata: json(serde_json::to_string(&self.metadata()))?,
            event_id: Record::event_id(self.desk.log.log_id(), stream.id, sequence),
            occurred_at: self.at(),
            recorded_at: self.recorded_at,
        };
        self.records.push(record);
        Ok(())
    }

    fn metadata(&self) -> Metadata {
        let request = &self.request;
        Metadata {
            acting_for: request
                .acting_for
                .clone()
                .or(self.acting_for.map(|id| id.to_string())),
            actor: request.principal.actor.clone(),
            causation: self
                .causation
                .or(request.causation)
                .map(|id| id.to_string()),
            channel: request.channel,
            command_id: self.command_id.to_string(),
            correlation: request.correlation.unwrap_or(self.command_id).to_string(),
            corrects: self.corrects.or(request.corrects).map(|id| id.to_string()),
            device: request.device.clone(),
            device_seq: request.device_seq.map(|number| number.to_string()),
            role: request.principal.role(),
        }
    }
}
