import AArch64

extension VCPU {
    /// Executes SYS: cache and TLB maintenance and address translation, with the operand in Rt.
    func systemOperation(_ encoding: SystemRegisterEncoding, _ register: Int) -> SystemOutcome {
        guard let operation = SystemOperation(encoding), exceptionLevel > 0 || operation.isForEL0 else {
            return undefined()
        }
        if exceptionLevel == 0 {
            let isOpen = operation == .zeroBlock ? !isZeroBlockTrapped : control.uci
            guard isOpen else { return trapSystemAccess(encoding, register: register, isRead: false) }
        }
        let operand = x(register)
        switch operation {
        case .maintainAll: return .next
        case .maintainByAddress: return maintain(operand, .read)
        case .invalidateByAddress: return maintain(operand, .write)
        case .zeroBlock: return zeroBlock(at: operand)
        case .translate(let isWrite, let isUnprivileged):
            return translateAddress(operand, MemoryAccess(isWrite ? .write : .read, isUnprivileged: isUnprivileged))
        case .invalidateTLB(let isInnerShareable):
            if isInnerShareable { cluster.flushTranslations() } else { flushTranslations() }
            return .next
        case .invalidateTLBByAddress(let isInnerShareable):
            let va = Self.invalidatedAddress(operand)
            if isInnerShareable { cluster.flushTranslations(va: va) } else { flushTranslations(va: va) }
            return .next
        }
    }

    /// Executes maintenance by address, which has no effect except its faults, because no caches are modeled.
    ///
    /// Its Data Aborts have CM 1 and WnR 1, also for IC IVAU.
    private func maintain(_ va: UInt64, _ kind: MemoryAccess.Kind) -> SystemOutcome {
        do throws(MemoryFault) {
            _ = try translate(va, MemoryAccess(kind, isUnprivileged: exceptionLevel == 0))
            return .next
        } catch {
            return abort(error, isWrite: true, isCacheMaintenance: true)
        }
    }

    /// Returns the address in the operand of a TLBI by VA: bits 43 to 0 are VA[55:12], and the higher bits of the VA
    /// copy bit 55.
    package static func invalidatedAddress(_ operand: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(bitPattern: operand << 20) >> 8)
    }
}
