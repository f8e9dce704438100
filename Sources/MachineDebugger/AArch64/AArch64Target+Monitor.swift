import AArch64
import Acceleration

extension AArch64Target {
    /// All monitor commands, grouped by topic.
    package static var monitorRows: [MonitorRow<AArch64Target>] {
        addressRows + [infoRow, cpusRow] + catchRows + interruptRows + bindingRows + sharedRows
    }

    /// The value of a system register by its name; nil if the machine has none of that name.
    func systemRegister(_ name: String, vcpu: Int) -> UInt64? {
        guard let register = SystemRegisterTable.register(named: name) else { return nil }
        return try? accelerator.read(.system(register.encoding), vcpu: vcpu)
    }
}
