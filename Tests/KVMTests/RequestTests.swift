import KVM
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
}
