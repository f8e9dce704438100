package import GDBStub
import Machine

// The machine as a whole.
extension MachineTarget {
    static var machineRows: [MonitorRow] {
        [
            MonitorRow(
                "reset", "[halt]", count: 0...1,
                help: "restart the machine, held before its first instruction; breakpoints stay",
                { target, words, _ throws(TargetError) in try target.reset(words.first) })
        ]
    }

    /// There is only the one reset, after which the machine is held; `halt` is what other stubs call that.
    private func reset(_ word: String?) throws(TargetError) -> String {
        guard word == nil || word == "halt" else {
            throw .invalid("reset \(word ?? ""): use halt or nothing; \"continue\" starts the machine")
        }
        do throws(MachineError) {
            try restart.perform()
        } catch {
            throw .invalid("reset: \(error)")
        }
        return "the machine is back at its first instruction; use \"maintenance flush register-cache\" to see it\n"
    }

    package func setReportsPower(_ reports: Bool) throws(TargetError) {
        guard accelerator.canReportPower || !reports else {
            throw .invalid("the accelerator \(accelerator.name) does not tell when vCPUs are turned on and off")
        }
        var changed = debug
        changed.reportsPower = reports
        try set(changed)
    }
}
