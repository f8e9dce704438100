import Acceleration
package import Execution
import GDBStub
import GuestMemory
import Machine

// Monitor commands that act on the machine as a whole, for every architecture.
extension DebuggedMachine {
    static var machineRows: [MonitorRow<Self>] {
        [
            MonitorRow(
                "reset", "[halt|init|run]", count: 0...1,
                help: "restart the machine, held before its first instruction unless run is given; breakpoints stay",
                { target, words, _ throws(TargetError) in try target.reset(words.first) }),
            MonitorRow(
                "breakpoints", "[auto|memory]", count: 0...1,
                help: "show or choose where software breakpoints are put: registers first, or "
                    + "\(breakpointInstruction)s in memory first",
                { target, words, _ throws(TargetError) in try target.placeBreakpoints(words.first) }),
        ]
    }

    /// Resets the machine and leaves it stopped at its first instruction.
    ///
    /// The session handles the words `halt`, `init` and `run`.
    private func reset(_ word: String?) throws(TargetError) -> String {
        guard word == nil || word == "halt" else {
            throw .invalid("reset \(word ?? ""): use halt, init, run or nothing")
        }
        do throws(MemoryError) {
            try machineReset.perform()
        } catch {
            throw .invalid("reset: \(error)")
        }
        return "the machine is back at its first instruction; "
            + "GDB shows it after \"maintenance flush register-cache\", LLDB at its next stop\n"
    }

    /// Chooses whether a vCPU that is turned on or off stops the machine.
    package func setReportsPower(_ reports: Bool) throws(TargetError) {
        var changed = debug
        changed.reportsPower = reports
        try set(changed)
    }

    /// Shows the placement of software breakpoints, or chooses it for breakpoints that are set later.
    private func placeBreakpoints(_ choice: String?) throws(TargetError) -> String {
        guard let patching = vcpus as? any BreakpointPatching else {
            return "the software CPU keeps breakpoints beside memory: there is nothing to choose\n"
        }
        switch choice {
        case nil: break
        case "auto": patching.prefersPatches = false
        case "memory": patching.prefersPatches = true
        case .some(let other): throw .invalid("breakpoints \(other): use auto or memory")
        }
        return patching.prefersPatches
            ? "software breakpoints are \(Self.breakpointInstruction) instructions in guest memory\n"
            : "software breakpoints are in the processor's registers while there are any, then in guest memory\n"
    }
}
