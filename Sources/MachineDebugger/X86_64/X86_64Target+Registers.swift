import Acceleration
package import Execution
import GDBStub
import X86_64

extension X86_64Target {
    /// Reads one register, least significant byte first.
    package func readRegister(_ number: Int, vcpu: Int) throws(TargetError) -> [UInt8] {
        try accelerator.read(try register(number), vcpu: vcpu)
    }

    /// Writes registers, all or none.
    package func writeRegisters(_ values: [(number: Int, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        var registers: [(register: DebuggerRegister, bytes: [UInt8])] = []
        for (number, bytes) in values { registers.append((try register(number), bytes)) }
        try accelerator.write(registers, vcpu: vcpu)
    }

    private func register(_ number: Int) throws(TargetError) -> DebuggerRegister {
        guard let register = DebuggerRegister(number: number) else {
            throw .invalid("there is no register number \(number)")
        }
        if case .ymmHigh = register, !accelerator.hasAVX { throw .invalid("\(register.name): the guest has no AVX") }
        return register
    }
}
