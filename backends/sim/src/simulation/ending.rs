//! How a run pauses or ends: waves are told of the last changes, and closed.

use super::{Limit, Simulation};
use crate::outcome::{Outcome, Pause};
use crate::wave::Recorder;

impl Simulation {
    /// Ends the simulation, closing its waves. A run that follows is [`Outcome::Over`].
    pub fn finish(&mut self) -> Result<(), std::io::Error> {
        self.is_over = true;
        let mut recorders = std::mem::take(&mut self.recorders);
        let recorded = self.tell(&mut recorders);
        // One that fails keeps no other from being whole.
        let finished = recorders.iter_mut().map(|recorder| recorder.finish(self.state.now));
        finished.fold(recorded, std::io::Result::and)
    }

    pub(super) fn pause(&mut self, outcome: Outcome) -> Pause {
        Pause::End(self.paused(outcome))
    }

    pub(super) fn paused(&mut self, outcome: Outcome) -> Outcome {
        // A design that only settles is looked at from outside, cycle by cycle; its waves wait for the time to move on.
        if self.limit == Limit::Settled {
            return outcome;
        }
        let written = self.record().and_then(|()| {
            let flushed = self.recorders.iter_mut().try_for_each(Recorder::flush);
            flushed.map_err(|error| Outcome::Unwritten(error.into()))
        });
        match written {
            Ok(()) => outcome,
            Err(unwritten) => unwritten,
        }
    }

    pub(super) fn end(&mut self, outcome: Outcome) -> Pause {
        Pause::End(self.ended(outcome))
    }

    pub(super) fn ended(&mut self, outcome: Outcome) -> Outcome {
        match self.finish() {
            Ok(()) => outcome,
            Err(error) => Outcome::Unwritten(error.into()),
        }
    }

    /// Writes what has changed at this time to the waves.
    pub(super) fn record(&mut self) -> Result<(), Outcome> {
        let mut recorders = std::mem::take(&mut self.recorders);
        let told = self.tell(&mut recorders);
        self.recorders = recorders;
        told.map_err(|error| {
            // The first failure is the one to tell of.
            drop(self.finish());
            Outcome::Unwritten(error.into())
        })
    }

    /// Tells recorders what has changed at this time.
    fn tell(&mut self, recorders: &mut [Recorder]) -> std::io::Result<()> {
        if recorders.is_empty() {
            return Ok(());
        }
        let changed = self.state.take_changed();
        let told =
            recorders.iter_mut().map(|recorder| recorder.record(&self.state, &changed, &mut *self.opaques));
        told.fold(Ok(()), std::io::Result::and)
    }
}
