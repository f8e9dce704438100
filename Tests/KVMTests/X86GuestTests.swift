import Glibc
import GuestAddresses
import KVM
import Testing
import X86_64

/// Guests in long mode on the host's own KVM; skipped with the reason where there is none.
@Suite("KVM on x86-64", .enabled(if: X86Guest.refusal == nil, "\(X86Guest.refusal ?? "")"))
struct X86GuestTests {
    @Test("Ports, HLT and registers")
    func ports() throws {
        // mov $0x3f8, %dx; in (%dx), %al; inc %al; out %al, (%dx); hlt
        let guest = try X86Guest([0x66, 0xba, 0xf8, 0x03, 0xec, 0xfe, 0xc0, 0xee, 0xf4])
        #expect(guest.vcpu.run() == .portRead(port: 0x3f8, size: 1, count: 1))
        guest.vcpu.completePortRead(0, size: 1, 0x41)
        #expect(guest.vcpu.run() == .portWrite(port: 0x3f8, size: 1, count: 1))
        #expect(guest.vcpu.portValue(0, size: 1) == 0x42)
        #expect(guest.vcpu.run() == .halted)
        #expect(try guest.vcpu.registers().rax & 0xff == 0x42)
        #expect(try guest.vcpu.registers().rip == X86Guest.code + 9)
    }

    @Test("A step executes one instruction")
    func steps() throws {
        // inc %rax, three times
        let guest = try X86Guest([0x48, 0xff, 0xc0, 0x48, 0xff, 0xc0, 0x48, 0xff, 0xc0, 0xf4])
        var debug = X86GuestDebug()
        debug.control = [.enable, .singleStep]
        for count: UInt64 in 1...3 {
            try guest.vcpu.setGuestDebug(debug)
            guard case .debugTrap(vector: 1, let pc, let dr6, _) = guest.vcpu.run() else {
                Issue.record("no debug exit")
                return
            }
            #expect(DebugStatus(dr6: dr6).isStep && pc == X86Guest.code + 3 * count)
            let registers = try guest.vcpu.registers()
            #expect(registers.rip == pc && registers.rax == count && registers.rflags & RFLAGS.trap == 0)
        }
    }

    @Test("A breakpoint register stops before its instruction")
    func breakpointRegister() throws {
        // nop; nop; hlt
        let guest = try X86Guest([0x90, 0x90, 0xf4])
        let all = try DebugRegisters([.breakpoint(at: X86Guest.code + 9), .breakpoint(at: X86Guest.code + 1)])
        try guest.stop(at: all)
        guard case .debugTrap(vector: 1, let pc, let dr6, _) = guest.vcpu.run() else {
            Issue.record("no exit for the breakpoint")
            return
        }
        #expect(pc == X86Guest.code + 1 && DebugStatus(dr6: dr6).hits(all) == [1])
    }

    @Test(
        "A watchpoint stops after the access",
        .enabled(if: access("/sys/module/kvm_pvm", F_OK) != 0, "kvm_pvm doesn't load a guest's data breakpoints"))
    func watchpoint() throws {
        // mov %rax, (%rbx); mov %rax, 8(%rbx); nop; hlt
        let guest = try X86Guest([0x48, 0x89, 0x03, 0x48, 0x89, 0x43, 0x08, 0x90, 0xf4])
        var registers = try guest.vcpu.registers()
        registers.rbx = 0x8000
        try guest.vcpu.setRegisters(registers)
        let all = try DebugRegisters(try DebugSlot.watchpoint(0x8008, length: 8, access: .write))
        try guest.stop(at: all)
        guard case .debugTrap(vector: 1, let pc, let dr6, _) = guest.vcpu.run() else {
            Issue.record("no exit for the watchpoint")
            return
        }
        #expect(pc == X86Guest.code + 7)
        #expect(DebugStatus(dr6: dr6).hits(all) == [0], "DR6 \(String(dr6, radix: 16))")
    }

    @Test("The page-table walk and KVM's own agree")
    func translation() throws {
        let guest = try X86Guest([0xf4])
        let system = try guest.vcpu.systemRegisters()
        let paging = Paging(
            PagingRegisters(
                cr0: system.cr0, cr3: system.cr3, cr4: system.cr4, efer: system.efer, physicalAddressBits: 46))
        #expect(paging.mode == .fourLevel)
        var mapped = 0
        let addresses: [UInt64] = [
            0, 0x1000, 0x20_0000, 0x3f_ffff, 0x40_0000, 0x1234_5678, 0x4000_0000, 0x7fff_ffff_f000,
            0xffff_8000_0000_0000, 0xffff_ffff_8000_0123, 0xffff_ffff_ffff_ffff,
        ]
        for address in addresses {
            let own = try? paging.walk(VirtualAddress(address)) { guest.word($0.rawValue) }.physicalAddress.rawValue
            #expect(own == (try guest.vcpu.translate(address)), "\(String(address, radix: 16))")
            if own != nil { mapped += 1 }
        }
        #expect(mapped == 5)
    }

    @Test("Extended state, debug registers and MSRs go in and come out")
    func state() throws {
        let guest = try X86Guest([0xf4])
        var extended = ExtendedState(try guest.vcpu.extendedState())
        #expect(extended[.x87(.fctrl)] == [0x7f, 0x03, 0, 0] && extended[.x87(.ftag)] == [0xff, 0xff, 0, 0])
        let value = [UInt8](1...16)
        let isTaken = extended.set(.xmm(3), value)
        #expect(isTaken)
        try guest.vcpu.setExtendedState(extended.bytes)
        #expect(ExtendedState(try guest.vcpu.extendedState())[.xmm(3)] == value)
        var own = try guest.vcpu.debugRegisters()
        own.addresses.0 = 0x1234
        try guest.vcpu.setDebugRegisters(own)
        #expect(try guest.vcpu.debugRegisters().addresses.0 == 0x1234)
        let kernelGSBase = try #require(SystemRegister.kernelGSBase.msr)
        try guest.vcpu.setMSR(kernelGSBase, 0xffff_8880_0000_0000)
        #expect(try guest.vcpu.msr(kernelGSBase) == 0xffff_8880_0000_0000)
        #expect(throws: KVMError.self) { try guest.vcpu.msr(0xdead_beef) }
    }
}

/// A vCPU in long mode with the low 4 MiB mapped flat, and a megabyte of memory.
final class X86Guest {
    static let code: UInt64 = 0x1_0000
    private static let size = 1 << 20
    /// Why there can be none here.
    static let refusal: String? = {
        #if arch(x86_64)
        do throws(KVMError) {
            let guest = try X86Guest([0xf4])
            let exit = guest.vcpu.run()
            return exit == .halted ? nil : "/dev/kvm opens, but HLT ended with \(exit)"
        } catch {
            return "\(error); these tests need a KVM that runs guests"
        }
        #else
        return "the host is no x86-64"
        #endif
    }()

    let machine: KVMVirtualMachine
    let vcpu: KVMVCPU
    private let host: UnsafeMutableRawPointer

    init(_ program: [UInt8]) throws(KVMError) {
        let system = try KVMSystem()
        machine = try system.makeVirtualMachine()
        guard let host = aligned_alloc(4096, Self.size) else { throw KVMError(operation: "no memory") }
        self.host = host
        memset(host, 0, Self.size)
        for (index, byte) in program.enumerated() {
            host.storeBytes(of: byte, toByteOffset: Int(Self.code) + index, as: UInt8.self)
        }
        // 4 KiB at 0x3000 to 0x3fff; 2 MiB pages for the rest of 4 MiB, the upper one at -2 GiB as well.
        let tables: [(UInt64, UInt64)] = [
            (0x2000, 0x3003), (0x2000 + 511 * 8, 0x6003), (0x3000, 0x4003), (0x4000, 0x83), (0x4008, 0x20_0083),
            (0x6000 + 510 * 8, 0x7003), (0x7000, 0x83),
        ]
        for (place, entry) in tables { host.storeBytes(of: entry, toByteOffset: Int(place), as: UInt64.self) }
        try machine.setMemory(slot: 0, base: 0, size: UInt64(Self.size), host: host, isReadOnly: false)
        vcpu = try machine.makeVCPU(0)
        try vcpu.setCPUID(try system.supportedCPUID())
        var registers = try vcpu.systemRegisters()
        registers.cr0 = 1 << 31 | 1 << 4 | 1
        registers.cr3 = 0x2000
        registers.cr4 = 1 << 5 | 3 << 9
        registers.efer = 1 << 8 | 1 << 10
        registers.cs = .flat(selector: 0x10, isCode: true)
        for path in [\X86SystemRegisters.ds, \.es, \.fs, \.gs, \.ss] {
            registers[keyPath: path] = .flat(selector: 0x18, isCode: false)
        }
        try vcpu.setSystemRegisters(registers)
        var general = X86Registers()
        general.rip = Self.code
        general.rsp = 0x9000
        try vcpu.setRegisters(general)
    }

    deinit { free(host) }

    func stop(at registers: DebugRegisters) throws(KVMError) {
        var debug = X86GuestDebug()
        debug.control = [.enable, .hardware]
        (debug.addresses, debug.dr7) = (registers.addresses, registers.dr7)
        try vcpu.setGuestDebug(debug)
    }

    /// Eight bytes of the guest's memory; nil outside of it.
    func word(_ address: UInt64) -> UInt64? {
        guard address <= UInt64(Self.size - 8) else { return nil }
        return host.load(fromByteOffset: Int(address), as: UInt64.self)
    }
}

extension X86Segment {
    /// A segment of the whole address space, 64-bit code or data (SDM volume 3A, 3.4.5).
    static func flat(selector: UInt16, isCode: Bool) -> X86Segment {
        var segment = X86Segment()
        segment.limit = 0xffff_ffff
        segment.selector = selector
        segment.type = isCode ? 11 : 3
        (segment.present, segment.s, segment.g) = (1, 1, 1)
        if isCode { segment.l = 1 } else { segment.db = 1 }
        return segment
    }
}
