import AArch64

import AArch64CPU

/// An environment that records its calls and returns preset answers.
final class RecordingEnvironment: CPUEnvironment {
    var systemRegisters: [UInt16: UInt64] = [:]
    var timerLevels: [(timer: GenericTimer, level: Bool, vcpu: Int)] = []
    /// Called on each write outside RAM; false is an external abort.
    var onWrite: (UInt64, UInt64) -> Bool = { _, _ in false }
    /// Called on each write of a system register that is the environment's.
    var onSystemWrite: () -> Void = {}
    /// Called on each timer change, to play the interrupt controller.
    var onTimer: (GenericTimer, Bool, Int) -> Void = { _, _, _ in }

    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? { nil }
    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool { onWrite(address, value) }
    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? { systemRegisters[encoding] }
    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool {
        guard systemRegisters[encoding] != nil else { return false }
        systemRegisters[encoding] = value
        onSystemWrite()
        return true
    }
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) {
        timerLevels.append((timer, level, vcpu))
        onTimer(timer, level, vcpu)
    }
}

/// A cluster with 1 MiB of RAM at 1 GiB and vectors at its start; instructions are executed one by one.
final class SystemFixture {
    static let ram: UInt64 = 0x4000_0000
    static let ramSize = 1 << 20
    /// VBAR_EL1.
    static let vectors = ram
    /// Where code is put unless a test says otherwise.
    static let code = ram + 0x1_0000

    let host: UnsafeMutableRawPointer
    let environment = RecordingEnvironment()
    let cluster: CPUCluster

    var cpu: VCPU { cluster.vcpus[0] }

    init(vcpuCount: Int = 1, configuration: CPUConfiguration = CPUConfiguration()) {
        host = .allocate(byteCount: Self.ramSize, alignment: 4096)
        host.initializeMemory(as: UInt8.self, repeating: 0, count: Self.ramSize)
        cluster = CPUCluster(
            vcpuCount: vcpuCount,
            regions: [RAMRegion(base: Self.ram, size: UInt64(Self.ramSize), host: host, isReadOnly: false)],
            environment: environment, configuration: configuration)
        for vcpu in cluster.vcpus {
            vcpu.pc = Self.code
            vcpu.system.vbar_el1 = Self.vectors
        }
    }

    deinit {
        host.deallocate()
    }

    /// Writes doublewords to physical memory.
    func store(_ address: UInt64, _ values: UInt64...) {
        for (index, value) in values.enumerated() {
            host.storeBytes(of: value, toByteOffset: Int(address - Self.ram) + index * 8, as: UInt64.self)
        }
    }

    /// Puts instruction words at an address.
    func store(code words: [UInt32], at address: UInt64 = SystemFixture.code) {
        for (index, word) in words.enumerated() {
            host.storeBytes(of: word, toByteOffset: Int(address - Self.ram) + index * 4, as: UInt32.self)
        }
    }

    /// A vector that leaves the CPU, so that a test sees the state at its first instruction.
    func installVectors() {
        for offset in stride(from: UInt64(0), to: 0x800, by: 0x80) {
            store(code: [Word.hvc(UInt16(offset))], at: Self.vectors + offset)
        }
    }

    /// Executes one system instruction as the engine would; nil unless it exits.
    @discardableResult
    func execute(_ word: UInt32, on vcpu: VCPU? = nil) -> CPUExit? {
        let vcpu = vcpu ?? cpu
        switch vcpu.executeSystemInstruction(word) {
        case .next:
            vcpu.pc &+= 4
            return nil
        case .branched: return nil
        case .exit(let exit): return exit
        }
    }

    /// Selects a mode with D, A, I and F set.
    func enter(_ mode: Mode) {
        cpu.pstate = 0x3C0 | mode.rawValue
    }

    enum Mode: UInt64, Sendable, CaseIterable {
        case el0t = 0
        case el1t = 4
        case el1h = 5
    }
}

/// Words of system instructions, operands in X0 unless said.
enum Word {
    static func mrs(_ register: SystemRegisterEncoding, _ rt: UInt8 = 0) -> UInt32 { register.mrs(rt) }
    static func msr(_ register: SystemRegisterEncoding, _ rt: UInt8 = 0) -> UInt32 { register.msr(rt) }
    /// SYS #op1, Cn, Cm, #op2, Xt.
    static func sys(_ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16, _ rt: UInt32 = 0) -> UInt32 {
        0xD500_0000 | UInt32(SystemRegisterEncoding(1, op1, crn, crm, op2).rawValue) << 5 | rt
    }
    static func svc(_ immediate: UInt16) -> UInt32 { 0xD400_0001 | UInt32(immediate) << 5 }
    static func hvc(_ immediate: UInt16) -> UInt32 { 0xD400_0002 | UInt32(immediate) << 5 }
    static func smc(_ immediate: UInt16) -> UInt32 { 0xD400_0003 | UInt32(immediate) << 5 }
    static func brk(_ immediate: UInt16) -> UInt32 { 0xD420_0000 | UInt32(immediate) << 5 }
    static func hlt(_ immediate: UInt16) -> UInt32 { 0xD440_0000 | UInt32(immediate) << 5 }
    static let dcps1: UInt32 = 0xD4A0_0001
    static let eret: UInt32 = 0xD69F_03E0
    static let drps: UInt32 = 0xD6BF_03E0
    static let yield: UInt32 = 0xD503_203F
    static let wfe: UInt32 = 0xD503_205F
    static let wfi: UInt32 = 0xD503_207F
    static let sev: UInt32 = 0xD503_209F
    static let sevl: UInt32 = 0xD503_20BF
    static let isb: UInt32 = 0xD503_3FDF
    static func daifSet(_ bits: UInt32) -> UInt32 { 0xD503_40DF | bits << 8 }
    static func daifClr(_ bits: UInt32) -> UInt32 { 0xD503_40FF | bits << 8 }
    static func spSel(_ bit: UInt32) -> UInt32 { 0xD500_40BF | bit << 8 }
    static func pan(_ bit: UInt32) -> UInt32 { 0xD500_409F | bit << 8 }
    static func uao(_ bit: UInt32) -> UInt32 { 0xD500_407F | bit << 8 }
}

/// Words of other instructions.
enum Code {
    static let nop: UInt32 = 0xD503_201F
    static let branchToSelf: UInt32 = 0x1400_0000
    static let load: UInt32 = 0xF940_0001  // LDR X1, [X0]
    static let store: UInt32 = 0xF900_0001  // STR X1, [X0]
    static let loadUnprivileged: UInt32 = 0xF840_0801  // LDTR X1, [X0]
    static let storeUnprivileged: UInt32 = 0xF800_0801  // STTR X1, [X0]
    static let loadFromStack: UInt32 = 0xF940_03E1  // LDR X1, [SP]
    static let branchRegister: UInt32 = 0xD61F_0000  // BR X0
    static let count: UInt32 = 0x9100_0694  // ADD X20, X20, #1
    static let loadExclusive: UInt32 = 0xC85F_7C01  // LDXR X1, [X0]
    static let storeExclusive: UInt32 = 0xC802_7C01  // STXR W2, X1, [X0]
}
