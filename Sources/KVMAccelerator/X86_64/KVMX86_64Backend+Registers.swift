import ByteOrder
package import Acceleration
package import Execution
import KVM
import Machine
import NumberText
package import X86_64

extension KVMX86_64Backend {
    package func read(_ register: DebuggerRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        // The counter runs on in KVM while the guest is held.
        if register == .system(.tsc), let heldTime {
            return heldTime.counter.littleEndianBytes
        }
        return try checked(register.name) { () throws(KVMError) in try processors[vcpu].read(register) }
    }

    package func write(_ values: [(register: DebuggerRegister, bytes: [UInt8])], vcpu: Int) throws(TargetError) {
        // `G` repeats what `g` returned, so only registers that differ are written.
        var changed: [(register: DebuggerRegister, bytes: [UInt8])] = []
        for value in values where try read(value.register, vcpu: vcpu) != value.bytes { changed.append(value) }
        var state = try checked("the registers") { () throws(KVMError) in try X86StateChange(processors[vcpu]) }
        for (register, bytes) in changed {
            if let reason = state.set(register, bytes) { throw .invalid("\(register.name): \(reason)") }
        }
        if changed.contains(where: { $0.register == .system(.tsc) }) { heldTime = nil }
        let names = changed.map(\.register.name).joined(separator: ", ")
        try checked(names) { () throws(KVMError) in try state.apply(to: processors[vcpu]) }
    }

    package func paging(vcpu: Int) throws(TargetError) -> X86Paging {
        try checked("the control registers") { () throws(KVMError) in
            X86Paging(
                paging: processors[vcpu].paging(try processors[vcpu].systemRegisters()),
                lstar: (try? processors[vcpu].msr(.lstar)) ?? 0)
        }
    }

    package func mode(vcpu: Int) throws(TargetError) -> X86Mode {
        try checked("the segment registers") { () throws(KVMError) in
            let system = try processors[vcpu].systemRegisters()
            return X86Mode(codeSize: system.codeSize, privilegeLevel: system.privilegeLevel)
        }
    }

    private func checked<Result>(
        _ what: String, _ body: () throws(KVMError) -> Result
    ) throws(TargetError) -> Result {
        do throws(KVMError) {
            return try body()
        } catch {
            let reason = error.errno.map { " (\($0))" } ?? ""
            throw .invalid("\(what): KVM refuses: \(error.operation)\(reason)")
        }
    }
}

extension KVMX86_64Processor {
    /// A register's bytes.
    fileprivate func read(_ register: DebuggerRegister) throws(KVMError) -> [UInt8] {
        let value: UInt64
        switch register {
        case .general(let general): value = try registers()[keyPath: general.field]
        case .rip: value = try registers().rip
        case .eflags: value = try registers().rflags
        case .segment(let segment): value = UInt64(try systemRegisters()[keyPath: segment.field].selector)
        case .fsBase: value = try systemRegisters().fs.base
        case .gsBase: value = try systemRegisters().gs.base
        case .st, .x87, .xmm, .mxcsr, .ymmHigh:
            let bytes = try withVCPU { (vcpu) throws(KVMError) in try vcpu.extendedState() }
            return ExtendedState(bytes)[register] ?? []
        case .system(let system): value = try read(system)
        }
        return value.littleEndianBytes(count: register.byteCount)
    }

    private func read(_ register: SystemRegister) throws(KVMError) -> UInt64 {
        if let field = register.field { return try systemRegisters()[keyPath: field] }
        switch register {
        case .gdtLimit: return UInt64(try systemRegisters().gdt.limit)
        case .idtLimit: return UInt64(try systemRegisters().idt.limit)
        case .dr0, .dr1, .dr2, .dr3, .dr6, .dr7:
            return try withVCPU { (vcpu) throws(KVMError) in try vcpu.debugRegisters() }[register] ?? 0
        default: return try msr(register)
        }
    }
}

/// New values for a vCPU's registers, checked one by one and written together.
///
/// KVM enters no guest whose state the CPU refuses, and takes some of that without a word: what is known to be refused
/// is refused here (SDM volume 3C, 27.3.1 "Checks on the Guest State Area").
private struct X86StateChange {
    private var registers: X86Registers
    private var system: X86SystemRegisters
    private var debug: X86DebugRegisters
    private var extended: ExtendedState
    private var msrs: [(UInt32, UInt64)] = []
    private var changed: Set<Part> = []

    private enum Part { case registers, system, debug, extended }

    init(_ processor: KVMX86_64Processor) throws(KVMError) {
        registers = try processor.registers()
        system = try processor.systemRegisters()
        debug = try processor.withVCPU { (vcpu) throws(KVMError) in try vcpu.debugRegisters() }
        extended = ExtendedState(try processor.withVCPU { (vcpu) throws(KVMError) in try vcpu.extendedState() })
    }

    /// Why the register can't have that value; nil: it will.
    mutating func set(_ register: DebuggerRegister, _ bytes: [UInt8]) -> String? {
        guard bytes.count == register.byteCount else { return "it has \(register.byteCount) bytes, not \(bytes.count)" }
        let value = UInt64(littleEndianBytes: bytes)
        switch register {
        case .general(let general):
            registers[keyPath: general.field] = value
            changed.insert(.registers)
        case .rip:
            guard isCanonical(value) else { return "\(hexadecimal(value)) is not a canonical address" }
            registers.rip = value
            changed.insert(.registers)
        case .eflags:
            // Bits 1 set, 3, 5 and 15 clear; VM can't be changed from outside.
            guard value & 0x8028 == 0, value & 2 != 0, value >> 22 == 0 else { return "a reserved bit is wrong" }
            guard (value ^ registers.rflags) & 1 << 17 == 0 else { return "the VM flag can't be changed" }
            registers.rflags = value
            changed.insert(.registers)
        case .segment: return "a selector without its descriptor can't be written"
        case .fsBase: return setBase(\.fs.base, value)
        case .gsBase: return setBase(\.gs.base, value)
        case .st, .x87, .xmm, .mxcsr, .ymmHigh:
            guard extended.set(register, bytes) else { return "a reserved bit is set" }
            changed.insert(.extended)
        case .system(let system): return set(system, value)
        }
        return nil
    }

    private mutating func set(_ register: SystemRegister, _ value: UInt64) -> String? {
        switch register {
        case .gdtBase, .idtBase, .ldtBase, .taskBase:
            guard let field = register.field else { return nil }
            return setBase(field, value)
        case .gdtLimit, .idtLimit:
            guard value <= 0xffff else { return "a limit has 16 bits" }
            if register == .gdtLimit { system.gdt.limit = UInt16(value) } else { system.idt.limit = UInt16(value) }
            changed.insert(.system)
        case .dr0, .dr1, .dr2, .dr3, .dr6, .dr7:
            debug[register] = value
            changed.insert(.debug)
        case .cr8 where value > 15: return "the task priority is 0 to 15"
        default:
            if let field = register.field {
                system[keyPath: field] = value
                changed.insert(.system)
            } else if let msr = register.msr {
                msrs.append((msr, value))
            }
        }
        return nil
    }

    private mutating func setBase(_ field: WritableKeyPath<X86SystemRegisters, UInt64>, _ value: UInt64) -> String? {
        guard isCanonical(value) else { return "\(hexadecimal(value)) is not a canonical address" }
        system[keyPath: field] = value
        changed.insert(.system)
        return nil
    }

    /// With 48 bits, or 57 with CR4.LA57.
    private func isCanonical(_ value: UInt64) -> Bool {
        let shift: Int64 = system.cr4 & 1 << 12 != 0 ? 7 : 16
        return (Int64(bitPattern: value) << shift) >> shift == Int64(bitPattern: value)
    }

    /// System registers first: the others may only be possible with them.
    func apply(to processor: KVMX86_64Processor) throws(KVMError) {
        try processor.withVCPU { (vcpu) throws(KVMError) in
            if changed.contains(.system) { try vcpu.setSystemRegisters(system) }
            if changed.contains(.registers) { try vcpu.setRegisters(registers) }
            if changed.contains(.debug) { try vcpu.setDebugRegisters(debug) }
            if changed.contains(.extended) { try vcpu.setExtendedState(extended.bytes) }
            for (msr, value) in msrs { try vcpu.setMSR(msr, value) }
        }
    }
}

extension X86DebugRegisters {
    /// DR0 to DR3, DR6 and DR7; nil for others.
    fileprivate subscript(_ register: SystemRegister) -> UInt64? {
        get {
            switch register {
            case .dr0: addresses.0
            case .dr1: addresses.1
            case .dr2: addresses.2
            case .dr3: addresses.3
            case .dr6: dr6
            case .dr7: dr7
            default: nil
            }
        }
        set {
            guard let newValue else { return }
            switch register {
            case .dr0: addresses.0 = newValue
            case .dr1: addresses.1 = newValue
            case .dr2: addresses.2 = newValue
            case .dr3: addresses.3 = newValue
            case .dr6: dr6 = newValue
            case .dr7: dr7 = newValue
            default: break
            }
        }
    }
}

extension GeneralRegister {
    fileprivate var field: WritableKeyPath<X86Registers, UInt64> {
        switch self {
        case .rax: \.rax
        case .rbx: \.rbx
        case .rcx: \.rcx
        case .rdx: \.rdx
        case .rsi: \.rsi
        case .rdi: \.rdi
        case .rbp: \.rbp
        case .rsp: \.rsp
        case .r8: \.r8
        case .r9: \.r9
        case .r10: \.r10
        case .r11: \.r11
        case .r12: \.r12
        case .r13: \.r13
        case .r14: \.r14
        case .r15: \.r15
        }
    }
}

extension SegmentRegister {
    fileprivate var field: WritableKeyPath<X86SystemRegisters, X86Segment> {
        switch self {
        case .cs: \.cs
        case .ss: \.ss
        case .ds: \.ds
        case .es: \.es
        case .fs: \.fs
        case .gs: \.gs
        }
    }
}

extension SystemRegister {
    /// Where in KVM's structure it is; nil for those that are elsewhere.
    fileprivate var field: WritableKeyPath<X86SystemRegisters, UInt64>? {
        switch self {
        case .cr0: \.cr0
        case .cr2: \.cr2
        case .cr3: \.cr3
        case .cr4: \.cr4
        case .cr8: \.cr8
        case .efer: \.efer
        case .apicBase: \.apicBase
        case .gdtBase: \.gdt.base
        case .idtBase: \.idt.base
        case .ldtBase: \.ldt.base
        case .taskBase: \.tr.base
        default: nil
        }
    }
}
