public import GuestAddresses
import NumberText

/// Finds the kernel's translation table for a debugger whose vCPU runs with the kernel unmapped.
///
/// Kernel page-table isolation (Linux: KPTI) puts a table into TTBR1_EL1 at EL0 that maps a few pages of trampoline and
/// nothing else. The debugger's kernel addresses then mean what they will mean once the trampoline has put the
/// kernel's table back. That table is known, not guessed, when all of this holds:
///
/// - TTBR1_EL1 has the current ASID (TCR_EL1.A1) and it is odd: Linux marks the tables of EL0 so. A table without the
///   mark, of whatever guest, is believed: what it doesn't map is not mapped.
/// - The current table maps no more than 16 pages of the upper half, the vectors at VBAR_EL1 among them.
/// - The candidate has the even ASID, on the same vCPU the very one of the pair.
/// - The candidate maps the vectors to the same physical page. The trampoline continues at the next address when it has
///   changed the table, so the table it changes to must.
/// - The candidate itself, walked now, translates the address.
public struct KernelTableSearch: Sendable {
    /// A value of TTBR1_EL1 that may be the kernel's.
    public struct Candidate: Hashable, Sendable {
        /// The source of a candidate.
        public enum Origin: Hashable, Sendable {
            /// The table that the vCPU itself had in TTBR1_EL1 before the current one.
            case lastSeen
            /// The table that another vCPU has in TTBR1_EL1 now.
            case vcpu(Int)
        }

        /// The value of TTBR1_EL1.
        public var ttbr1: UInt64
        /// The source of the value.
        public var origin: Origin

        public init(ttbr1: UInt64, origin: Origin) {
            self.ttbr1 = ttbr1
            self.origin = origin
        }

        /// Which table it is, for a person.
        public var text: String {
            switch origin {
            case .lastSeen: "the kernel's table last seen in TTBR1_EL1: \(hexadecimal(ttbr1))"
            case .vcpu(let number): "the kernel's table in TTBR1_EL1 of CPU \(number): \(hexadecimal(ttbr1))"
            }
        }
    }

    /// A candidate that is the kernel's table.
    public struct Found: Sendable {
        /// The candidate.
        public var candidate: Candidate
        /// The vCPU's translation regime with the candidate in TTBR1_EL1.
        public var regime: TranslationRegime
        /// The translation of the address by that regime.
        public var translation: Translation
    }

    /// Of the vCPU whose address it is.
    public var registers: TranslationRegisters

    public init(_ registers: TranslationRegisters) {
        self.registers = registers
    }

    /// Translates an address that the vCPU's own walk has a translation fault for.
    ///
    /// - Parameters:
    ///   - candidates: in the order in which they are tried.
    ///   - read: reads the 8 bytes of a descriptor, as for ``TranslationRegime/walk(_:read:)``.
    public func find(
        _ address: VirtualAddress, candidates: [Candidate], read: (PhysicalAddress) -> UInt64?
    ) -> Found? {
        guard address.rawValue[bit: 55], let vectors = vectorsWithoutKernel(read) else { return nil }
        for candidate in candidates where isPaired(candidate) {
            var changed = registers
            changed.ttbr1 = candidate.ttbr1
            let regime = changed.regime
            guard Self.walk(VirtualAddress(registers.vbar), in: regime, read)?.physicalAddress == vectors,
                let translation = Self.walk(address, in: regime, read)
            else { continue }
            return Found(candidate: candidate, regime: regime, translation: translation)
        }
        return nil
    }

    /// Where the vectors are, if the upper half has them and hardly anything else.
    private func vectorsWithoutKernel(_ read: (PhysicalAddress) -> UInt64?) -> PhysicalAddress? {
        guard registers.tcr.asidInTTBR1, registers.ttbr1[bit: 48], registers.vbar[bit: 55] else { return nil }
        let regime = registers.regime
        guard regime.isEnabled, let vectors = Self.walk(VirtualAddress(registers.vbar), in: regime, read) else {
            return nil
        }
        guard regime.pageCount(upper: true, limit: Self.maximumTrampolinePages, read: read) != nil else { return nil }
        return vectors.physicalAddress
    }

    /// Whether a value of TTBR1_EL1 can be a kernel's own: the one for EL0 has an odd ASID.
    public static func isKernels(_ ttbr1: UInt64) -> Bool { !ttbr1[bit: 48] }

    /// A kernel's table with the ASID that goes with what a vCPU has at EL0: Linux has one table for all processes.
    public static func kernels(_ table: UInt64, pairedWith current: UInt64) -> UInt64 {
        table & UInt64.mask(48) | (current >> 49) << 49
    }

    private func isPaired(_ candidate: Candidate) -> Bool {
        let (own, other) = (registers.ttbr1 >> 48, candidate.ttbr1 >> 48)
        guard other & 1 == 0 else { return false }
        return candidate.origin != .lastSeen || own == other | 1
    }

    private static func walk(
        _ address: VirtualAddress, in regime: TranslationRegime, _ read: (PhysicalAddress) -> UInt64?
    ) -> Translation? {
        do throws(TranslationFault) {
            return try regime.walk(address, read: read)
        } catch {
            return nil
        }
    }

    private static let maximumTrampolinePages = 16
}
