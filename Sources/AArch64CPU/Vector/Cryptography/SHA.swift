import AArch64

/// The SHA-1 and SHA-256 instructions: four rounds, or four words of the message schedule.
///
/// Arm ARM, DDI 0487, C7.2 "SHA1C" and the following; the functions' names are those of its shared pseudocode.
extension VectorHandlers {
    static let shaRows: Rows = [
        (.sha1c, { sha1Rounds(VectorState($0), $1, choose) }),
        (.sha1p, { sha1Rounds(VectorState($0), $1) { $0 ^ $1 ^ $2 } }),
        (.sha1m, { sha1Rounds(VectorState($0), $1, majority) }),
        (
            .sha1h,
            { state, word in
                let vectors = VectorState(state)
                let value = rotateLeft(vectors.load(word.rn, as: UInt32.self), 30)
                vectors.storeWhole(word, SIMD4<UInt32>(value, 0, 0, 0))
            }
        ),
        (
            .sha1su0,
            { state, word in
                let vectors = VectorState(state)
                let (d, n, m) = operands(vectors, word)
                vectors.storeWhole(word, SIMD4(d.z, d.w, n.x, n.y) ^ d ^ m)
            }
        ),
        (
            .sha1su1,
            { state, word in
                let vectors = VectorState(state)
                let (d, n, _) = operands(vectors, word)
                let t = d ^ SIMD4(n.y, n.z, n.w, 0)
                vectors.storeWhole(
                    word,
                    SIMD4(
                        rotateLeft(t.x, 1), rotateLeft(t.y, 1), rotateLeft(t.z, 1),
                        rotateLeft(t.w, 1) ^ rotateLeft(t.x, 2)))
            }
        ),
        (
            .sha256h,
            { state, word in
                let vectors = VectorState(state)
                let (d, n, m) = operands(vectors, word)
                vectors.storeWhole(word, sha256Rounds(d, n, m).x)
            }
        ),
        (
            .sha256h2,
            { state, word in
                let vectors = VectorState(state)
                let (d, n, m) = operands(vectors, word)
                vectors.storeWhole(word, sha256Rounds(n, d, m).y)
            }
        ),
        (
            .sha256su0,
            { state, word in
                let vectors = VectorState(state)
                let (d, n, _) = operands(vectors, word)
                let t = SIMD4(d.y, d.z, d.w, n.x)
                vectors.storeWhole(
                    word, SIMD4(sigma0(t.x), sigma0(t.y), sigma0(t.z), sigma0(t.w)) &+ d)
            }
        ),
        (
            .sha256su1,
            { state, word in
                let vectors = VectorState(state)
                let (d, n, m) = operands(vectors, word)
                let sum = d &+ SIMD4(n.y, n.z, n.w, m.x)
                let x = sum.x &+ sigma1(m.z)
                let y = sum.y &+ sigma1(m.w)
                vectors.storeWhole(word, SIMD4(x, y, sum.z &+ sigma1(x), sum.w &+ sigma1(y)))
            }
        ),
    ]
}

/// Returns Vd, Vn and Vm; instructions without Vm ignore the third value.
@inline(__always)
private func operands(
    _ vectors: VectorState, _ word: UInt32
) -> (SIMD4<UInt32>, SIMD4<UInt32>, SIMD4<UInt32>) {
    (
        vectors.load(word.rd, as: SIMD4<UInt32>.self), vectors.load(word.rn, as: SIMD4<UInt32>.self),
        vectors.load(word.rm, as: SIMD4<UInt32>.self)
    )
}

/// SHA1C, SHA1P and SHA1M: Vd has a–d, Sn has e, and Vm the words of the message schedule with their constants added.
@inline(__always)
private func sha1Rounds(
    _ vectors: VectorState, _ word: UInt32, _ function: (UInt32, UInt32, UInt32) -> UInt32
) {
    var (x, n, schedule) = operands(vectors, word)
    var y = n.x
    for round in 0..<4 {
        y = y &+ rotateLeft(x.x, 5) &+ function(x.y, x.z, x.w) &+ schedule[round]
        (x, y) = (SIMD4(y, x.x, rotateLeft(x.y, 30), x.z), x.w)
    }
    vectors.storeWhole(word, x)
}

/// SHA256hash() of the manual, returning both halves of the result.
@inline(__always)
private func sha256Rounds(
    _ abcd: SIMD4<UInt32>, _ efgh: SIMD4<UInt32>, _ schedule: SIMD4<UInt32>
) -> (x: SIMD4<UInt32>, y: SIMD4<UInt32>) {
    var x = abcd
    var y = efgh
    for round in 0..<4 {
        let t = y.w &+ hashSigma1(y.x) &+ choose(y.x, y.y, y.z) &+ schedule[round]
        let sum = t &+ hashSigma0(x.x) &+ majority(x.x, x.y, x.z)
        (x, y) = (SIMD4(sum, x.x, x.y, x.z), SIMD4(t &+ x.w, y.x, y.y, y.z))
    }
    return (x, y)
}

@inline(__always)
private func choose(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { (y ^ z) & x ^ z }

@inline(__always)
private func majority(_ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 { x & y | (x | y) & z }

@inline(__always)
private func rotateLeft(_ value: UInt32, _ bits: UInt32) -> UInt32 { value &<< bits | value &>> (32 &- bits) }

@inline(__always)
private func rotateRight(_ value: UInt32, _ bits: UInt32) -> UInt32 { rotateLeft(value, 32 &- bits) }

@inline(__always)
private func hashSigma0(_ x: UInt32) -> UInt32 { rotateRight(x, 2) ^ rotateRight(x, 13) ^ rotateRight(x, 22) }

@inline(__always)
private func hashSigma1(_ x: UInt32) -> UInt32 { rotateRight(x, 6) ^ rotateRight(x, 11) ^ rotateRight(x, 25) }

/// σ₀ of the message schedule.
@inline(__always)
private func sigma0(_ x: UInt32) -> UInt32 { rotateRight(x, 7) ^ rotateRight(x, 18) ^ x &>> 3 }

/// σ₁ of the message schedule.
@inline(__always)
private func sigma1(_ x: UInt32) -> UInt32 { rotateRight(x, 17) ^ rotateRight(x, 19) ^ x &>> 10 }
