package import AArch64
import AArch64CPU
package import Acceleration
package import Execution

extension SoftwareAccelerator {
    /// The system registers of the table that the software CPU implements.
    package var systemRegisters: [SystemRegister] {
        SystemRegisterTable.rows.filter { (try? cluster.vcpus[0].debuggerRead($0.encoding)) != nil }
    }

    package func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64 {
        let cpu = cluster.vcpus[vcpu]
        switch register {
        case .x(let index): return cpu.x(index)
        case .spEL0: return cpu.bankedSP(0)
        case .spEL1: return cpu.bankedSP(1)
        case .pc: return cpu.pc
        case .pstate: return cpu.pstate
        case .fpcr: return cpu.fpcr
        case .fpsr: return cpu.fpsr
        case .system(let encoding):
            do throws(SystemRegisterAccessError) {
                return try cpu.debuggerRead(encoding)
            } catch {
                throw .invalid(error.text)
            }
        }
    }

    package func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError) {
        let cpu = cluster.vcpus[vcpu]
        switch register {
        case .x(let index): cpu.setX(index, value)
        case .spEL0: cpu.setBankedSP(0, value)
        case .spEL1: cpu.setBankedSP(1, value)
        case .pc:
            cpu.pc = value
            turns.wantsInput[vcpu] = false
        case .pstate: cpu.pstate = value
        case .fpcr: cpu.fpcr = value
        case .fpsr: cpu.fpsr = value
        case .system(let encoding):
            do throws(SystemRegisterAccessError) {
                try cpu.debuggerWrite(encoding, value)
            } catch {
                throw .invalid(error.text)
            }
        }
    }

    package func earlierTTBR1(vcpu: Int) -> UInt64? { cluster.vcpus[vcpu].system.earlierTTBR1 }

    package func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue {
        let (low, high) = cluster.vcpus[vcpu].v(index)
        return VectorValue(low: low, high: high)
    }

    package func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError) {
        cluster.vcpus[vcpu].setV(index, (value.low, value.high))
    }
}
