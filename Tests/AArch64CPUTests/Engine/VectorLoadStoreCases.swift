private let data = EngineFixture.data
private let page = EngineFixture.data + 0x1000
private let device = RecordingDevice.base
private let nowhere: UInt64 = 0x7000_0000
private let external: UInt64 = 0b010000
private let alignment: UInt64 = 0b100001

/// A load from memory whose bytes count up from 0x80, and what it leaves in registers.
struct VectorLoadCase: Sendable, CustomStringConvertible {
    var text: String
    var offset: UInt64 = 0
    /// Register, low half, high half.
    var gives: [(Int, UInt64, UInt64)]
    var moves: UInt64 = 0
    var description: String { text }

    init(_ text: String, at offset: UInt64 = 0, moves: UInt64 = 0, _ gives: [(Int, UInt64, UInt64)]) {
        self.text = text
        self.offset = offset
        self.moves = moves
        self.gives = gives
    }
}

private let low: UInt64 = 0x8786_8584_8382_8180
private let high: UInt64 = 0x8F8E_8D8C_8B8A_8988

let vectorLoads = [
    VectorLoadCase("ldr b0, [x1]", [(0, 0x80, 0)]),
    VectorLoadCase("ldr h0, [x1]", at: 1, [(0, 0x8281, 0)]),
    VectorLoadCase("ldr s0, [x1]", at: 2, [(0, 0x8584_8382, 0)]),
    VectorLoadCase("ldr d0, [x1, #8]!", moves: 8, [(0, high, 0)]),
    VectorLoadCase("ldr q0, [x1], #-16", moves: 0 &- 16, [(0, low, high)]),
    VectorLoadCase("ldr q0, [x1, #16]!", at: 0 &- 16, moves: 16, [(0, low, high)]),
    VectorLoadCase("ldur q0, [x1, #-1]", at: 9, [(0, high, 0x9796_9594_9392_9190)]),
    VectorLoadCase("ldr q0, [x1, x2, lsl #4]", at: 0 &- 32, [(0, low, high)]),
    VectorLoadCase("ldr h0, [x1, w2, sxtw #1]", at: 0 &- 4, [(0, 0x8180, 0)]),
    VectorLoadCase("ldr q0, .+32", [(0, low, high)]),
    VectorLoadCase("ldp d0, d2, [x1], #16", moves: 16, [(0, low, 0), (2, high, 0)]),
    VectorLoadCase(
        "ldp q0, q2, [x1, #-32]", at: 32,
        [(0, low, high), (2, 0x9796_9594_9392_9190, 0x9F9E_9D9C_9B9A_9998)]),
    VectorLoadCase("ld1 {v0.8b}, [x1]", [(0, low, 0)]),
    VectorLoadCase("ld1 {v0.8b-v2.8b}, [x1]", [(0, low, 0), (2, 0x9796_9594_9392_9190, 0)]),
    VectorLoadCase("ld1 {v0.2d}, [x1], #16", moves: 16, [(0, low, high)]),
    VectorLoadCase(
        "ld1 {v0.16b-v3.16b}, [x1], #64", moves: 64,
        [(0, low, high), (3, 0xB7B6_B5B4_B3B2_B1B0, 0xBFBE_BDBC_BBBA_B9B8)]),
    VectorLoadCase(
        "ld3 {v31.8b, v0.8b, v1.8b}, [x1]",
        [(31, 0x9592_8F8C_8986_8380, 0), (0, 0x9693_908D_8A87_8481, 0), (1, 0x9794_918E_8B88_8582, 0)]),
    VectorLoadCase(
        "ld4 {v0.4s-v3.4s}, [x1], x2", moves: 2,
        [(0, 0x9392_9190_8382_8180, 0xB3B2_B1B0_A3A2_A1A0), (3, 0x9F9E_9D9C_8F8E_8D8C, 0xBFBE_BDBC_AFAE_ADAC)]),
    VectorLoadCase(
        "ld1 {v2.h}[5], [x1]", at: 3, [(2, 0x1212_1212_1212_1212, 0x1212_1212_8483_1212)]),
    VectorLoadCase(
        "ld2r {v0.8h, v1.8h}, [x1], #4", moves: 4,
        [(0, 0x8180_8180_8180_8180, 0x8180_8180_8180_8180), (1, 0x8382_8382_8382_8382, 0x8382_8382_8382_8382)]),
]

/// A fault and what ESR_EL1 and FAR_EL1 say of it.
struct VectorFaultCase: Sendable, CustomStringConvertible {
    var text: String
    var base: UInt64
    var status: UInt64
    var isWrite = false
    var far: UInt64
    var description: String { "\(text) at \(String(base, radix: 16))" }

    init(
        _ text: String, _ base: UInt64, _ status: UInt64, isWrite: Bool = false, far: UInt64? = nil
    ) {
        self.text = text
        self.base = base
        self.status = status
        self.isWrite = isWrite
        self.far = far ?? base
    }
}

/// With the MMU off, where all memory is Device memory: each element must be aligned to its size, Q to 16 bytes.
let vectorFaults = [
    VectorFaultCase("ldr q0, [x1]", data + 8, alignment),
    VectorFaultCase("ldp q0, q2, [x1, #-32]", data + 40, alignment, far: data + 8),
    VectorFaultCase("str q0, [x1, #8]!", data, alignment, isWrite: true, far: data + 8),
    VectorFaultCase("ldr d0, [x1, #8]!", data + 4, alignment, far: data + 12),
    VectorFaultCase("stp s0, s2, [x1], #8", data + 2, alignment, isWrite: true),
    VectorFaultCase("ld1 {v0.2d}, [x1], #16", data + 4, alignment),
    VectorFaultCase("ld1 {v0.2d, v1.2d}, [x1]", data + 4, alignment),
    VectorFaultCase("ld4 {v0.4s-v3.4s}, [x1], x2", data + 2, alignment),
    VectorFaultCase("st1 {v0.s}[1], [x1], #4", data + 1, alignment, isWrite: true),
    VectorFaultCase("ldp d0, d2, [x1], #16", nowhere, external),
    VectorFaultCase("ld1 {v0.16b-v3.16b}, [x1], #64", nowhere, external),
    VectorFaultCase("st4 {v0.b-v3.b}[15], [x1], #4", nowhere + 1, external, isWrite: true),
    // The last bytes are where there is nothing: no register may have changed by then.
    VectorFaultCase("ldp q0, q2, [x1, #-32]", device + 0x2010, external, far: device + 0x2000),
    VectorFaultCase("ld4 {v0.4s-v3.4s}, [x1], x2", device + 0x1FE0, external, far: device + 0x2000),
]

/// Aligned to their elements, which is all they need to be.
let alignedVectors: [VectorFaultCase] = [
    VectorFaultCase("ld1 {v0.16b}, [x1]", data + 1, 0),
    VectorFaultCase("ld1 {v0.2d, v1.2d}, [x1]", data + 8, 0),
    VectorFaultCase("ld1 {v0.16b-v3.16b}, [x1], #64", data + 3, 0),
    VectorFaultCase("ldp d0, d2, [x1], #16", data + 8, 0),
    VectorFaultCase("st2 {v0.4h, v1.4h}, [x1]", data + 2, 0, isWrite: true),
    VectorFaultCase("stp s0, s2, [x1], #8", data + 4, 0, isWrite: true),
]

/// A load and the bytes it reads: `size` bytes at X1 plus `offset`.
struct WatchedVector: Sendable, CustomStringConvertible {
    var text: String
    var base = data
    var offset: UInt64 = 0
    var size: UInt64
    var description: String { text }
}

let watchedVectors = [
    WatchedVector(text: "ldp q0, q2, [x1, #-32]", offset: 0 &- 32, size: 32),
    WatchedVector(text: "ldur q0, [x1, #-1]", offset: 0 &- 1, size: 16),
    WatchedVector(text: "ld1 {v0.16b-v3.16b}, [x1], #64", size: 64),
    WatchedVector(text: "ld1 {v0.16b-v3.16b}, [x1], #64", base: page - 63, size: 64),
    WatchedVector(text: "ld3 {v31.8b, v0.8b, v1.8b}, [x1]", size: 24),
    WatchedVector(text: "ld1 {v2.h}[5], [x1]", size: 2),
]
