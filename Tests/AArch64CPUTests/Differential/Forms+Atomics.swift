/// Exclusives, acquire and release, and the LSE atomics (Arm ARM, FEAT_LSE; "Load/store exclusive").
extension InstructionForm {
    static let atomics: [InstructionForm] = ordered + compareAndSwap + readModifyWrite
    static let exclusiveLoads: [InstructionForm] = exclusives(load: true)
    static let exclusiveStores: [InstructionForm] = exclusives(load: false)

    private static let suffixes = ["B", "H", " (32-bit)", " (64-bit)"]

    private static func form(_ size: Int, count: Int = 1) -> MemoryForm {
        MemoryForm(addressing: .base, sizeLog2: size, count: count, isAligned: true)
    }

    private static func exclusives(load: Bool) -> [InstructionForm] {
        var rows: [InstructionForm] = []
        for ordered in 0...1 {
            for size in 0...3 {
                let suffix = suffixes[size]
                let head = "\(bits(size, 2)) 001000 0 \(load ? 1 : 0) 0"
                if load {
                    rows.append(
                        InstructionForm(
                            (ordered == 1 ? "LDAXR" : "LDXR") + suffix, "\(head) 11111 \(ordered) 11111 Rn Rt",
                            .memory(form(size)), writes: ["Rt"]))
                } else {
                    rows.append(
                        InstructionForm(
                            (ordered == 1 ? "STLXR" : "STXR") + suffix, "\(head) Rs \(ordered) 11111 Rn Rt",
                            .exclusiveStore(form(size)), writes: ["Rs"]
                        ) { statusIsApart($0, pair: false) })
                }
            }
            for size in 2...3 {
                let suffix = suffixes[size]
                let head = "\(bits(size, 2)) 001000 0 \(load ? 1 : 0) 1"
                if load {
                    rows.append(
                        InstructionForm(
                            (ordered == 1 ? "LDAXP" : "LDXP") + suffix, "\(head) 11111 \(ordered) Rt2 Rn Rt",
                            .memory(form(size, count: 2)), writes: ["Rt", "Rt2"]
                        ) { $0["Rt"] != $0["Rt2"] })
                } else {
                    rows.append(
                        InstructionForm(
                            (ordered == 1 ? "STLXP" : "STXP") + suffix, "\(head) Rs \(ordered) Rt2 Rn Rt",
                            .exclusiveStore(form(size, count: 2)), writes: ["Rs"]
                        ) { statusIsApart($0, pair: true) })
                }
            }
        }
        return rows
    }

    /// The status register may be none of the others, or the store is CONSTRAINED UNPREDICTABLE.
    private static func statusIsApart(_ encoding: Encoding, pair: Bool) -> Bool {
        let status = encoding["Rs"]
        if status == encoding["Rt"] || (pair && status == encoding["Rt2"]) { return false }
        return status != encoding["Rn"] || status == 31
    }

    private static let ordered: [InstructionForm] = (0...3).flatMap { size in
        let head = "\(bits(size, 2)) 001000 1"
        return [
            InstructionForm(
                "STLR\(suffixes[size])", "\(head) 0 0 11111 1 11111 Rn Rt", .memory(form(size)), writes: []),
            InstructionForm(
                "LDAR\(suffixes[size])", "\(head) 1 0 11111 1 11111 Rn Rt", .memory(form(size)), writes: ["Rt"]),
        ]
    }

    private static let compareAndSwap: [InstructionForm] = {
        var rows: [InstructionForm] = []
        for order in 0...3 {
            let name = ["", "L", "A", "AL"][order]
            for size in 0...3 {
                rows.append(
                    InstructionForm(
                        "CAS\(name)\(suffixes[size])",
                        "\(bits(size, 2)) 001000 1 \(order >> 1) 1 Rs \(order & 1) 11111 Rn Rt", .memory(form(size)),
                        writes: ["Rs"]))
            }
            for size in 0...1 {
                // The pairs are Rs, Rs+1 and Rt, Rt+1; odd numbers are UNDEFINED.
                rows.append(
                    InstructionForm(
                        "CASP\(name)\(suffixes[size + 2])",
                        "0 \(size) 001000 0 \(order >> 1) 1 Rs:4 0 \(order & 1) 11111 Rn Rt:4 0",
                        .memory(form(size + 2, count: 2)), writes: ["Rs"]))
            }
        }
        return rows
    }()

    private static let readModifyWrite: [InstructionForm] = {
        let operations: [(String, Int)] = [
            ("LDADD", 0), ("LDCLR", 1), ("LDEOR", 2), ("LDSET", 3),
            ("LDSMAX", 4), ("LDSMIN", 5), ("LDUMAX", 6), ("LDUMIN", 7), ("SWP", 8),
        ]
        var rows: [InstructionForm] = []
        for (operation, code) in operations {
            for order in 0...3 {
                for size in 0...3 {
                    rows.append(
                        InstructionForm(
                            "\(operation)\(["", "L", "A", "AL"][order])\(suffixes[size])",
                            "\(bits(size, 2)) 111 0 00 \(bits(order, 2)) 1 Rs \(bits(code, 4)) 00 Rn Rt",
                            .memory(form(size)), writes: ["Rt"]))
                }
            }
        }
        return rows
    }()
}
