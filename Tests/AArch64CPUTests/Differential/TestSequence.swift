/// The registers of floating point and Advanced SIMD.
struct FloatingPointState: Sendable, Equatable {
    /// v0 to v31, the lower half of each in front of its upper one.
    var halves = [UInt64](repeating: 0, count: 64)
    var fpcr: UInt64 = 0
    var fpsr: UInt64 = 0

    /// FPSR's bits where there is no AArch32: QC, and the cumulative exceptions IDC, IXC, UFC, OFC, DZC and IOC.
    static let statusBits: UInt64 = 0x0800_009f
}

/// The initial state of a sequence.
struct InitialState: Sendable, Equatable {
    /// x0 to x30.
    var registers: [UInt64]
    var sp: UInt64
    /// N, Z, C, V in bits 31 to 28.
    var nzcv: UInt64
    var tpidr: UInt64
    var floatingPoint = FloatingPointState()
    /// The window's bytes.
    var memory: [UInt8]
}

/// The final state of a sequence: everything an EL0 program can see.
struct FinalState: Sendable, Equatable {
    /// How it ended.
    enum Ending: Equatable, Sendable {
        /// At an UNDEFINED instruction: the terminator of every sequence is one.
        case undefined
        /// A translation fault at this address.
        case dataAbort(UInt64)
        case alignment(UInt64)
        /// The PC was where no code is.
        case instructionAbort
        /// Anything else, in words.
        case other(String)
    }

    var ending: Ending
    var registers: [UInt64]
    var sp: UInt64
    var pc: UInt64
    var nzcv: UInt64
    var tpidr: UInt64
    var floatingPoint = FloatingPointState()
    var memory: [UInt8]
}

/// One random program: position-independent words, with their literal pool at the end.
struct TestSequence: Sendable {
    /// The sequence's number in the run and the seed of the run, so that it can be made again.
    var seed: UInt64
    var number: Int
    var words: [UInt32]
    /// The word of UDF that ends it; the literal pool follows.
    var terminator: Int
    /// Words that the minimizer may not turn into NOPs: loop counters and branch targets.
    var pinned: Set<Int>
    var initial: InitialState
    /// Whether the sequence executes what it has written.
    ///
    /// EL1 can't: memory that EL0 can write is never executable there.
    var executesWhatItWrote = false

    /// The instruction all sequences end with (UDF #0).
    static let terminatorWord: UInt32 = 0
    static let nop: UInt32 = 0xd503_201f
}
