import GuestAddresses
package import AArch64CPU
package import Machine

extension SoftwareAccelerator: Stateful {
    /// The state of the vCPUs and of guest time, and the accelerator's own guest state: the schedule and unfinished
    /// firmware calls.
    ///
    /// PSCI needs no state other than the power states in the schedule: CPU_ON sets the entry point and the context in
    /// the vCPU's registers at once. Breakpoints, requests of other threads and counts of exits do not belong to the
    /// guest.
    package struct State: Equatable, Sendable {
        /// The state of the vCPUs, and guest time.
        package var cpus: CPUCluster.SavedState
        /// The state of the scheduling.
        package var schedule: Schedule
        /// The semihosting call that continues when the vCPU makes it again; nil if there is none.
        package var pausedCall: Semihosting.PausedCall?
    }

    /// The current state.
    ///
    /// Must be read between two runs.
    package var state: State {
        State(cpus: cluster.savedState, schedule: schedule, pausedCall: semihosting.paused)
    }

    /// Restores a state of an accelerator with the same configuration.
    package func restore(_ state: State) {
        cluster.restore(state.cpus)
        turns = state.schedule
        semihosting.paused = state.pausedCall
    }

    /// Resets the vCPUs.
    ///
    /// Guest time continues, because the real-time clock follows it.
    package func reset() {
        var fresh = State(cpus: cluster.resetState, schedule: Schedule(vcpuCount: vcpuCount))
        fresh.schedule.power[0] = .on
        fresh.cpus.vcpus[0].pc = machine.bootState.pc.rawValue
        fresh.cpus.vcpus[0].x[0] = machine.bootState.x0.rawValue
        restore(fresh)
    }
}

/// The complete state of a machine on the software CPU, except memory, the contents of disks, and future random
/// numbers.
package struct SoftwareMachineState: Equatable, Sendable {
    /// The state of the vCPUs and their scheduling.
    package var accelerator: SoftwareAccelerator.State
    /// The state of the machine's devices.
    package var machine: Machine.State
}

extension SoftwareAccelerator {
    /// The complete state.
    ///
    /// Must be read between two runs.
    package var machineState: SoftwareMachineState {
        SoftwareMachineState(accelerator: state, machine: machine.state)
    }

    /// Restores a state of a machine with the same configuration.
    ///
    /// The caller restores memory.
    ///
    /// Guest time is restored first, because devices read it. Interrupt lines that vCPUs and devices drive meanwhile
    /// end at their saved levels, which the restored interrupt controller has as well.
    package func restore(_ state: SoftwareMachineState) {
        restore(state.accelerator)
        machine.restore(state.machine)
    }
}
