import GuestAddresses
package import AArch64CPU
package import Machine

extension SoftwareAccelerator: Stateful {
    /// The state of the vCPUs, of guest time, and of what the accelerator does for them: turns and the firmware's
    /// calls.
    ///
    /// PSCI keeps no more than the power states in the schedule: a vCPU that CPU_ON was called for has its entry point
    /// and context in its registers already. Breakpoints, requests of other threads and counts of exits are not the
    /// guest's.
    package struct State: Equatable, Sendable {
        package var cpus: CPUCluster.SavedState
        package var schedule: Schedule
        /// The semihosting call that continues when the vCPU makes it again.
        package var pausedCall: Semihosting.PausedCall?
    }

    package var state: State {
        State(cpus: cluster.savedState, schedule: schedule, pausedCall: semihosting.paused)
    }

    package func restore(_ state: State) {
        cluster.restore(state.cpus)
        turns = state.schedule
        semihosting.paused = state.pausedCall
    }

    /// Guest time continues, because the real-time clock follows it.
    package func reset() {
        var fresh = State(cpus: cluster.resetState, schedule: Schedule(vcpuCount: vcpuCount))
        fresh.schedule.power[0] = .on
        fresh.cpus.vcpus[0].pc = machine.bootState.pc.rawValue
        fresh.cpus.vcpus[0].x[0] = machine.bootState.x0.rawValue
        restore(fresh)
    }
}

/// The whole state of a machine on the software CPU, except memory, what disks contain, and random numbers to come.
package struct SoftwareMachineState: Equatable, Sendable {
    package var accelerator: SoftwareAccelerator.State
    package var machine: Machine.State
}

extension SoftwareAccelerator {
    /// The whole state, to be read between two runs.
    package var machineState: SoftwareMachineState {
        SoftwareMachineState(accelerator: state, machine: machine.state)
    }

    /// Continues from a state of a machine with the same configuration, whose memory the caller puts back.
    ///
    /// Guest time comes first, because devices look at it. The lines that vCPUs and devices drive meanwhile end as they
    /// were in that state, which the interrupt controller has as well.
    package func restore(_ state: SoftwareMachineState) {
        restore(state.accelerator)
        machine.restore(state.machine)
    }
}
