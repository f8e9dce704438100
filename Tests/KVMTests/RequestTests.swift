import KVM
import SystemPackage
import Testing

@Suite("KVM's interface as numbers and bytes")
struct RequestTests {
    /// As `strace` shows them on arm64: the whole number, with direction, size and type.
    static let numbers: [(KVMRequest, UInt)] = [
        (.getAPIVersion, 0xAE00), (.createVM, 0xAE01), (.checkExtension, 0xAE03), (.getVCPUMapSize, 0xAE04),
        (.createVCPU, 0xAE41), (.setUserMemoryRegion, 0x4020_AE46), (.irqLine, 0x4008_AE61), (.run, 0xAE80),
        (.getMPState, 0x8004_AE98), (.setGuestDebug, 0x4208_AE9B), (.getVCPUEvents, 0x8040_AE9F),
        (.setVCPUEvents, 0x4040_AEA0), (.enableCapability, 0x4068_AEA3), (.getOneRegister, 0x4010_AEAB),
        (.setOneRegister, 0x4010_AEAC), (.armVCPUInit, 0x4020_AEAE), (.armPreferredTarget, 0x8020_AEAF),
        (.getRegisterList, 0xC008_AEB0), (.armVCPUFinalize, 0x4004_AEC2), (.createDevice, 0xC00C_AEE0),
        (.setDeviceAttribute, 0x4018_AEE1), (.getDeviceAttribute, 0x4018_AEE2),
        (.hasDeviceAttribute, 0x4018_AEE3),
    ]

    @Test("Each ioctl has the kernel's number", arguments: numbers.indices)
    func number(index: Int) {
        let (request, number) = Self.numbers[index]
        #expect(request.number == number, "\(request.name)")
    }

    /// Likewise on x86.
    static let x86Numbers: [(KVMRequest, UInt)] = [
        (.getRegisters, 0x8090_AE81), (.setRegisters, 0x4090_AE82), (.getSystemRegisters, 0x8138_AE83),
        (.setSystemRegisters, 0x4138_AE84), (.translate, 0xC018_AE85), (.getMSRs, 0xC008_AE88),
        (.setMSRs, 0x4008_AE89), (.setCPUID2, 0x4008_AE90), (.getDebugRegisters, 0x8080_AEA1),
        (.setDebugRegisters, 0x4080_AEA2), (.setMPState, 0x4004_AE99), (.getXSave, 0x9000_AEA4),
        (.setXSave, 0x5000_AEA5), (.getXCRs, 0x8188_AEA6), (.setXCRs, 0x4188_AEA7), (.getLocalAPIC, 0x8400_AE8E),
        (.setLocalAPIC, 0x4400_AE8F), (.setX86GuestDebug, 0x4048_AE9B), (.getSupportedCPUID, 0xC008_AE05),
        (.createInterruptController, 0xAE60), (.createPIT2, 0x4040_AE77), (.setTSSAddress, 0xAE47),
        (.setIdentityMapAddress, 0x4008_AE48), (.setClock, 0x4030_AE7B), (.getClock, 0x8030_AE7C),
        (.getTSCFrequency, 0xAEA3),
    ]

    @Test("Each ioctl of x86 has the kernel's number", arguments: x86Numbers.indices)
    func x86Number(index: Int) {
        let (request, number) = Self.x86Numbers[index]
        #expect(request.number == number, "\(request.name)")
    }

    @Test("A debugger's registers lie where x86's struct kvm_guest_debug has them")
    func x86GuestDebugLayout() {
        var debug = X86GuestDebug()
        debug.control = [.enable, .singleStep, .blockInterrupts]
        (debug.addresses, debug.dr7) = ([1, 2, 3, 4, 5], 0x700)
        #expect(debug.words == [0x10_0003, 1, 2, 3, 4, 0, 0, 0, 0x700])
    }

    @Test("x86's structures have the kernel's sizes, and fields where it has them")
    func x86Structures() {
        #expect(MemoryLayout<X86Registers>.size == 144 && MemoryLayout<X86SystemRegisters>.size == 312)
        #expect(MemoryLayout<X86Segment>.size == 24 && MemoryLayout<X86DescriptorTable>.size == 16)
        #expect(MemoryLayout<X86DebugRegisters>.size == 128)
        #expect(MemoryLayout<X86Registers>.offset(of: \.rip) == 128)
        #expect(MemoryLayout<X86SystemRegisters>.offset(of: \.gdt) == 192)
        #expect(MemoryLayout<X86SystemRegisters>.offset(of: \.cr0) == 224)
        #expect(MemoryLayout<X86SystemRegisters>.offset(of: \.efer) == 264)
        #expect(MemoryLayout<X86Segment>.offset(of: \.l) == 19)
    }

    @Test("A debugger's registers lie where arm64's struct kvm_guest_debug has them")
    func guestDebugLayout() {
        var debug = ArmGuestDebug()
        debug.control = [.enable, .hardware]
        debug.breakpoints = [(value: 0x1000, control: 0x1E7), (value: 0x2000, control: 0x1E5)]
        debug.watchpoints = [(value: 0x3000, control: 0x1FF7)]
        let words = debug.words
        #expect(words.count * 8 == 520)
        #expect(words[0] == 0x2_0001)
        #expect(Array(words[1...2]) == [0x1E7, 0x1E5], "dbg_bcr")
        #expect(Array(words[17...18]) == [0x1000, 0x2000], "dbg_bvr")
        #expect(words[33] == 0x1FF7 && words[49] == 0x3000, "dbg_wcr and dbg_wvr")
        #expect(words.indices.filter { words[$0] != 0 } == [0, 1, 2, 17, 18, 33, 49])
    }

    @Test("More registers than the structure has are left out")
    func tooMany() {
        var debug = ArmGuestDebug()
        debug.breakpoints = (0..<20).map { (value: UInt64($0 + 1), control: 1) }
        #expect(debug.words.count == 65 && debug.words[33] == 0)
    }

    @Test("A shared peripheral interrupt's line has its type and its INTID")
    func lines() {
        #expect(KVMVirtualMachine.spiLine(0) == 0x0100_0020)
        #expect(KVMVirtualMachine.spiLine(47) == 0x0100_004F)
    }

    @Test("The features of a vCPU are bits of the first word")
    func target() {
        var target = ArmVCPUTarget()
        target.insert(.psci02)
        target.insert(.powerOff)
        target.insert(.sve)
        #expect(withUnsafeBytes(of: target) { $0.count } == 32)
        #expect(withUnsafeBytes(of: target) { $0.load(fromByteOffset: 4, as: UInt32.self) } == 0b10101)
    }

    @Test("An error names the failed call and the reason, and no reason if the call succeeded")
    func errors() {
        #expect("\(KVMError(operation: "KVM_CREATE_VM", errno: .noMemory))" == "KVM_CREATE_VM: Cannot allocate memory")
        #expect(
            "\(KVMError(operation: "KVM_GET_API_VERSION says 11, not 12"))" == "KVM_GET_API_VERSION says 11, not 12")
    }
}
