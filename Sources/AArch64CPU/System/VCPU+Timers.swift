extension VCPU {
    var counter: VirtualCounter {
        VirtualCounter(instructionsPerTick: cluster.configuration.instructionsPerTick)
    }

    /// CNTPCT_EL0 and CNTVCT_EL0 at the current instruction; CNTVOFF_EL2 is zero.
    package var counterValue: UInt64 {
        counter.count(atInstruction: time)
    }

    /// Computes the timers' outputs at the current time and reports those that changed.
    package func updateTimers() {
        let changes = system.timers.updateOutputs(at: counterValue)
        if let level = changes.physical {
            cluster.environment.timerOutputChanged(.physical, level: level, vcpu: index)
        }
        if let level = changes.virtual {
            cluster.environment.timerOutputChanged(.virtual, level: level, vcpu: index)
        }
    }

    /// Reports the outputs whose levels were others in `old`, after the timers were replaced as a whole.
    func reportLevels(changedFrom old: GenericTimers) {
        let (old, new) = (old.reportedLevels, system.timers.reportedLevels)
        if old.physical != new.physical {
            cluster.environment.timerOutputChanged(.physical, level: new.physical, vcpu: index)
        }
        if old.virtual != new.virtual {
            cluster.environment.timerOutputChanged(.virtual, level: new.virtual, vcpu: index)
        }
    }

    /// The virtual time, in instructions, at which an output changes next; `.max` when none will without a register
    /// write.
    ///
    /// Not after the current time if ``updateTimers()`` has not reported a change yet.
    package func timerDeadline() -> UInt64 {
        system.timers.nextChange(at: counterValue).flatMap(counter.instruction(atCount:)) ?? .max
    }

    /// Updates the outputs and the deadline after a write to a timer register.
    func timersChanged() {
        updateTimers()
        requestAttention()
        waitMayHaveChanged()
    }
}
