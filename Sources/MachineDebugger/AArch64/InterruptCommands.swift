import AArch64
import Acceleration
package import Execution
import GDBStub
import Machine
import NumberText

// Monitor commands that show interrupts and timers, and that hold off interrupts.
extension AArch64Target {
    static var interruptRows: [MonitorRow<AArch64Target>] {
        [
            MonitorRow(
                "mask-irq", "[on|off|step]", count: 0...1,
                help: "hold interrupts off always, never, or only while stepping (the default)",
                { target, words, _ throws(TargetError) in try target.holdInterrupts(words.first) })
        ]
    }

    private func holdInterrupts(_ word: String?) throws(TargetError) -> String {
        guard let word else { return "interrupts are held off: \(debug.interrupts.text)\n" }
        guard let holding = InterruptHolding.allCases.first(where: { $0.word == word }) else {
            throw .invalid("mask-irq \(word): use on, off or step")
        }
        try setInterruptHolding(holding)
        return "interrupts are now held off: \(holding.text)\n"
    }

    private func setInterruptHolding(_ holding: InterruptHolding) throws(TargetError) {
        guard accelerator.interruptHoldings.contains(holding) else {
            let possible = accelerator.interruptHoldings.map(\.word).joined(separator: ", ")
            throw .invalid("mask-irq \(holding.word): the accelerator \(accelerator.name) has only \(possible)")
        }
        var changed = debug
        changed.interrupts = holding
        try set(changed)
    }

    /// Whether interrupts are held off while a vCPU steps.
    package var stepsHoldInterrupts: Bool { debug.interrupts != .never }

    /// Chooses whether interrupts are held off while a vCPU steps; throws if the accelerator has no such choice.
    package func setStepsHoldInterrupts(_ hold: Bool) throws(TargetError) {
        guard hold != stepsHoldInterrupts else { return }
        try setInterruptHolding(hold ? .whileStepping : .never)
    }

    // MARK: Interrupts and timers

    /// Returns a line for each interrupt that is enabled, pending or active, with the vCPU's own interrupts first.
    func interrupts(vcpu: Int) -> String {
        guard let states = machine.gic?.interruptStates(vcpu: vcpu) ?? accelerator.interrupts(vcpu: vcpu) else {
            return "the interrupt controller is inside \(accelerator.name), which does not report its interrupts\n"
        }
        // Only the software CPU reports the outputs of its GIC.
        var inputs = ""
        if let gic = machine.gic {
            let (irq, fiq) = (gic.irqLevel(vcpu: vcpu), gic.fiqLevel(vcpu: vcpu))
            inputs = ": IRQ \(irq ? "high" : "low"), FIQ \(fiq ? "high" : "low")"
        }
        var rows = [["INTID", "kind", "state", "priority", "group", "trigger", "input", "goes to"]]
        for (intid, state) in states.enumerated() where state.isEnabled || state.isPending || state.isActive {
            let words = [
                state.isEnabled ? "enabled" : nil, state.isPending ? "pending" : nil, state.isActive ? "active" : nil,
            ].compactMap { $0 }
            rows.append([
                String(intid), intid < 16 ? "SGI" : intid < 32 ? "PPI" : "SPI", words.joined(separator: " "),
                hexadecimal(UInt64(state.priority)), state.isGroup1 ? "1" : "0",
                state.isEdgeTriggered ? "edge" : "level", state.line ? "high" : "low", destination(state, vcpu: vcpu),
            ])
        }
        return "CPU \(vcpu)\(inputs)\n"
            + (rows.count > 1 ? columns(rows) : "no interrupt is enabled, pending or active\n")
    }

    /// GICD_IROUTER in words (Arm, IHI 0069, "GICD_IROUTER<n>").
    private func destination(_ state: InterruptState, vcpu: Int) -> String {
        guard let route = state.route else { return "CPU \(vcpu)" }
        if route >> 31 & 1 != 0 { return "any CPU" }
        let affinity: UInt64 = 0xff_00ff_ffff
        let target = (0..<vcpuCount).first { cpu in
            systemRegister("MPIDR_EL1", vcpu: cpu).map { $0 & affinity == route & affinity } ?? false
        }
        return target.map { "CPU \($0)" } ?? "nobody"
    }

    /// Two lines, one for each timer, for each vCPU that is on.
    var timersText: String {
        var rows = [["CPU", "timer", "state", "count", "compare", "in ticks"]]
        for vcpu in 0..<vcpuCount where accelerator.activity(vcpu: vcpu) != .off {
            for (name, letter, counter) in [("physical", "P", "CNTPCT_EL0"), ("virtual", "V", "CNTVCT_EL0")] {
                guard let control = systemRegister("CNT\(letter)_CTL_EL0", vcpu: vcpu),
                    let compare = systemRegister("CNT\(letter)_CVAL_EL0", vcpu: vcpu),
                    let count = systemRegister(counter, vcpu: vcpu)
                else { continue }
                rows.append([
                    String(vcpu), name, Self.timerState(control), padded(count), padded(compare),
                    control & 1 == 0 ? "-" : String(Int64(bitPattern: compare &- count)),
                ])
            }
        }
        let frequency = systemRegister("CNTFRQ_EL0", vcpu: 0).map { "the counter has \($0) ticks a second\n" } ?? ""
        return frequency + columns(rows)
    }

    /// Describes CNTx_CTL_EL0 by its fields ENABLE, IMASK and ISTATUS.
    private static func timerState(_ control: UInt64) -> String {
        guard control & 1 != 0 else { return "off" }
        if control & 4 == 0 { return control & 2 != 0 ? "on, masked" : "on" }
        return control & 2 != 0 ? "due, masked" : "due"
    }
}

extension InterruptHolding {
    fileprivate var word: String {
        switch self {
        case .always: "on"
        case .never: "off"
        case .whileStepping: "step"
        }
    }

    fileprivate var text: String {
        switch self {
        case .always: "always"
        case .never: "never, a step may be one of an interrupt's handler"
        case .whileStepping: "while stepping"
        }
    }
}
