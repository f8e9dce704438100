import TestSupport

/// The program that runs test sequences one after the other under Linux and writes down what each ended with.
///
/// The program is one signal handler: a sequence ends at an UNDEFINED instruction (or faults), the handler copies the
/// interrupted state from the signal frame into the dump and the next sequence's state into the frame, and returns into
/// it. So all registers, SP, PC and the flags belong to the sequence.
enum LinuxHarness {
    // All within 256 MiB: QEMU allocates for every page between the first and the last segment. And no power of two
    // between the alternate stack and the window: a sequence's SP often points that far from it, and with SP inside the
    // alternate stack a signal would nest on it.
    static let base: UInt64 = 0x12_33ff_0000
    static let descriptors: UInt64 = 0x12_3800_0000
    /// The handler's variables, and its alternate stack after them.
    static let state: UInt64 = 0x12_3d5b_d000
    static let stateSize: UInt64 = 0x1_0000
    static let dumps: UInt64 = 0x12_3e00_0000

    /// x0–x30, SP, PC, PSTATE, TPIDR_EL0; FPSR, FPCR and v0–v31 as the signal frame's fpsimd_context has them; the
    /// window.
    ///
    /// fpsimd_context is the first record in the frame's reserved space, 464 bytes into the ucontext; its magic and
    /// size are left out.
    static let descriptorSize = integerSize + vectorSize + AddressSpace.windowSize
    static let integerSize = 35 * 8
    static let vectorSize = 8 + 32 * 16
    /// Signal, fault address, then as the descriptor.
    static let dumpSize = 2 * 8 + descriptorSize

    /// FPSIMD_MAGIC (Linux, `asm/sigcontext.h`).
    static let vectorRecord: UInt32 = 0x4650_8001

    /// The bytes of the program, to be loaded at `base`.
    static func image() throws -> [UInt8] {
        var bytes: [UInt8] = []
        for word in try Assembler.aarch64(program: program) { bytes.append(littleEndian: word) }
        return bytes
    }

    /// The handler's variables for `count` sequences, and the stack_t.
    static func stateImage(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in [descriptors, dumps, UInt64(count), 0, state + 64, 0, stateSize - 64] {
            bytes.append(littleEndian: value)
        }
        return bytes
    }
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
