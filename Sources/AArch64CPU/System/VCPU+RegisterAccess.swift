import AArch64

/// The permission of an exception level for an MRS or MSR.
enum SystemAccess: Equatable {
    case allowed
    case undefined
    /// Trapped to EL1 with EC 0x18.
    case trapped
    /// Trapped to EL1 with EC 0x07.
    case floatingPointTrapped
}

extension VCPU {
    /// Executes MRS: Rt receives the register.
    func moveFromRegister(_ encoding: SystemRegisterEncoding, _ register: Int) -> SystemOutcome {
        if ImplementedRegisters.isInterruptController(encoding) {
            guard exceptionLevel > 0,
                let value = cluster.environment.readSystemRegister(encoding.rawValue, vcpu: index)
            else { return undefined() }
            setX(register, value)
            // Acknowledging an interrupt changes which interrupts are pending.
            requestAttention()
            return .next
        }
        guard let row = cluster.registers.row(for: encoding) else {
            recordEL2Register(encoding)
            return undefined()
        }
        if encoding == .currentEL { cluster.hasReadCurrentEL = true }
        switch access(row, write: false) {
        case .allowed:
            setX(register, read(row))
            return .next
        case .undefined: return undefined()
        case .trapped: return trapSystemAccess(encoding, register: register, isRead: true)
        case .floatingPointTrapped: return trapFloatingPoint()
        }
    }

    /// Executes MSR (register): the register receives Rt.
    func moveToRegister(_ encoding: SystemRegisterEncoding, _ register: Int) -> SystemOutcome {
        if ImplementedRegisters.isInterruptController(encoding) {
            guard exceptionLevel > 0,
                cluster.environment.writeSystemRegister(encoding.rawValue, value: x(register), vcpu: index)
            else { return undefined() }
            requestAttention()
            return .next
        }
        guard let row = cluster.registers.row(for: encoding) else {
            recordEL2Register(encoding)
            return undefined()
        }
        switch access(row, write: true) {
        case .allowed:
            write(row, x(register))
            return .next
        case .undefined: return undefined()
        case .trapped: return trapSystemAccess(encoding, register: register, isRead: false)
        case .floatingPointTrapped: return trapFloatingPoint()
        }
    }

    /// Returns whether the current exception level may access the register.
    func access(_ row: ImplementedRegisters.Row, write: Bool) -> SystemAccess {
        if exceptionLevel == 0 {
            guard row.pointee.gate != .never, write ? row.pointee.el0Access.canWrite : row.pointee.el0Access.canRead
            else { return .undefined }
            return gate(row.pointee.gate, write: write)
        }
        guard write ? row.pointee.access.canWrite : row.pointee.access.canRead else { return .undefined }
        if row.pointee.gate == .floatingPoint { return gate(.floatingPoint, write: write) }
        // SP_EL0 is not accessible while it is the current stack pointer.
        if case .special(.spEL0) = row.pointee.storage, state[VCPUState.pstateRest] & PSTATEBits.stackSelect == 0 {
            return .undefined
        }
        return .allowed
    }

    private func gate(_ gate: SystemRegister.EL0Gate, write: Bool) -> SystemAccess {
        func open(_ bit: Bool) -> SystemAccess { bit ? .allowed : .trapped }
        let timers = system.cntkctl_el1
        let monitors = system.pmuserenr_el0
        return switch gate {
        case .always: .allowed
        case .cacheType: open(control.uct)
        case .interruptMasks: open(control.uma)
        case .physicalCounter: open(timers & CNTKCTL.el0PCTEN != 0)
        case .virtualCounter: open(timers & CNTKCTL.el0VCTEN != 0)
        case .anyCounter: open(timers & (CNTKCTL.el0PCTEN | CNTKCTL.el0VCTEN) != 0)
        case .physicalTimer: open(timers & CNTKCTL.el0PTEN != 0)
        case .virtualTimer: open(timers & CNTKCTL.el0VTEN != 0)
        case .debugChannel: open(system.mdscr_el1 & MDSCR.tdcc == 0)
        case .floatingPoint: isFloatingPointTrapped ? .floatingPointTrapped : .allowed
        case .performanceMonitors: open(monitors & PMUSERENR.en != 0)
        case .softwareIncrement: open(monitors & (PMUSERENR.en | PMUSERENR.sw) != 0)
        case .cycleCounter: open(monitors & (PMUSERENR.en | (write ? 0 : PMUSERENR.cr)) != 0)
        case .eventCounter: open(monitors & (PMUSERENR.en | (write ? 0 : PMUSERENR.er)) != 0)
        case .eventSelector: open(monitors & (PMUSERENR.en | PMUSERENR.er) != 0)
        // SCXTNUM is not implemented.
        case .never, .softwareContext: .undefined
        }
    }

    /// Whether CPACR_EL1.FPEN traps FP and AdvSIMD at the current exception level: 0b00 and 0b10 trap both levels, 0b01
    /// only EL0.
    package var isFloatingPointTrapped: Bool {
        switch system.cpacr_el1 >> 20 & 3 {
        case 0b11: false
        case 0b01: exceptionLevel == 0
        default: true
        }
    }

    /// Updates the run loop's flag that FP and AdvSIMD are trapped.
    func selectFloatingPointAccess() {
        state[VCPUState.floatingPointTrap] = isFloatingPointTrapped ? 1 : 0
    }

    /// The field of ``SystemRegisters`` at a byte offset from ``ImplementedRegisters``.
    ///
    /// The getter accesses `system` as inout too, because a borrow would copy the whole struct to read one field.
    private subscript(field offset: Int) -> UInt64 {
        get { withUnsafeMutableBytes(of: &system) { $0.load(fromByteOffset: offset, as: UInt64.self) } }
        set {
            withUnsafeMutableBytes(of: &system) {
                $0.storeBytes(of: newValue, toByteOffset: offset, as: UInt64.self)
            }
        }
    }

    /// Reads the register without access checks.
    func read(_ row: ImplementedRegisters.Row) -> UInt64 {
        switch row.pointee.storage {
        case .field(let offset): self[field: offset]
        case .constant(let value): value
        case .special(let special): readSpecial(special)
        }
    }

    /// Writes the register's writable bits without access checks, with all effects of the write.
    func write(_ row: ImplementedRegisters.Row, _ value: UInt64) {
        switch row.pointee.storage {
        case .constant: return
        case .special(let special): writeSpecial(special, value, writable: row.pointee.writable)
        case .field(let offset):
            let old = self[field: offset]
            let new = old & ~row.pointee.writable | value & row.pointee.writable
            guard old != new else { return }
            self[field: offset] = new
            switch row.pointee.effect {
            case .none: break
            case .addressSpace: translationContextChanged()
            case .upperAddressSpace:
                if AddressSpaceBinding.table(of: old ^ new) != 0 { system.earlierTTBR1 = old }
                translationContextChanged()
            case .regime: flushTranslations()
            case .floatingPointAccess: selectFloatingPointAccess()
            }
        }
    }
}

/// Bits of CNTKCTL_EL1.
enum CNTKCTL {
    static let el0PCTEN: UInt64 = 1 << 0
    static let el0VCTEN: UInt64 = 1 << 1
    static let evntEN: UInt64 = 1 << 2
    static let evntDIR: UInt64 = 1 << 3
    static let el0VTEN: UInt64 = 1 << 8
    static let el0PTEN: UInt64 = 1 << 9
}

/// Bits of PMUSERENR_EL0.
enum PMUSERENR {
    static let en: UInt64 = 1 << 0
    static let sw: UInt64 = 1 << 1
    static let cr: UInt64 = 1 << 2
    static let er: UInt64 = 1 << 3
}

/// Bits of MDSCR_EL1.
enum MDSCR {
    static let tdcc: UInt64 = 1 << 12
    /// SS, TDCC, KDE, HDE and MDE.
    static let writable: UInt64 = 0xF001
    /// ERR, TDA, INTdis, TXU, RXO, TXfull and RXfull, which are writable while the OS lock is set.
    static let writableWhenLocked: UInt64 = 0x6CE0_0040
}
