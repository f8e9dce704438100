public import GuestAddresses
import NumberText

/// A vCPU's paging: what its registers say about linear addresses.
///
/// SDM volume 3A, chapter 4 "Paging". For a debugger, which may look at anything that is mapped: privilege, CR0.WP,
/// SMEP, SMAP, protection keys, A and D play no part, and protection is reported but not checked.
public struct Paging: Hashable, Sendable {
    public let registers: PagingRegisters
    public let mode: PagingMode

    public init(_ registers: PagingRegisters) {
        self.registers = registers
        mode = PagingMode(registers)
    }

    /// One entry that a walk looked at.
    public struct Step: Hashable, Sendable {
        /// The level of its table, 5 to 1.
        public var level: Int
        public var entryAddress: PhysicalAddress
        /// nil if it could not be read.
        public var entry: UInt64?
    }

    /// Finds where a linear address leads.
    ///
    /// - Parameters:
    ///   - visit: gets each entry on the way.
    ///   - read: reads 8 bytes at an aligned physical address, little-endian; nil aborts the walk.
    public func walk(
        _ linear: VirtualAddress, visit: (Step) -> Void = { _ in }, read: (PhysicalAddress) -> UInt64?
    ) throws(TranslationFault) -> Translation {
        let address = linear.rawValue
        guard isCanonical(address) else { throw TranslationFault(.notCanonical, level: 0) }
        guard mode != .off else {
            return Translation(
                physicalAddress: PhysicalAddress(address), pageBits: 12, level: 0,
                permissions: [.user, .write, .execute])
        }
        var table = base
        var permissions: Translation.Permissions = [.user, .write, .execute]
        var level = mode.levels
        while true {
            let range = mode.indexBits(level: level)
            let place = PhysicalAddress(table &+ address[bits: range] &* mode.entrySize)
            let entry = self.entry(at: place, read: read)
            visit(Step(level: level, entryAddress: place, entry: entry))
            guard let entry else { throw TranslationFault(.unreadableEntry, level: level) }
            guard entry[bit: 0] else { throw TranslationFault(.notPresent, level: level) }
            let isPage = isPage(entry, level: level)
            guard entry & reserved(level: level, isPage: isPage) == 0 else {
                throw TranslationFault(.reservedBit, level: level)
            }
            permissions.formIntersection(self.permissions(of: entry, level: level))
            guard isPage else {
                table = entry & addressMask & ~0xfff
                level -= 1
                continue
            }
            let pageBits = range.lowerBound
            let offset = address & UInt64.mask(pageBits)
            return Translation(
                physicalAddress: PhysicalAddress(pageAddress(entry, pageBits: pageBits) | offset), pageBits: pageBits,
                level: level, permissions: permissions, isGlobal: entry[bit: 8] && registers.cr4[bit: 7],
                isAccessed: entry[bit: 5], isDirty: entry[bit: 6])
        }
    }

    /// Whether bits 63 and down to the highest that counts are equal (SDM volume 1, 3.3.7.1); where linear addresses have
    /// 32 bits, whether the others are zero.
    private func isCanonical(_ address: UInt64) -> Bool {
        let bits = mode.linearBits
        guard bits > 32 else { return address >> 32 == 0 }
        let extended = Int64(bitPattern: address << UInt64(64 - bits)) >> Int64(64 - bits)
        return UInt64(bitPattern: extended) == address
    }

    /// CR3 without PWT, PCD and the PCID (SDM volume 3A, tables 4-3, 4-7 and 4-12).
    private var base: UInt64 {
        switch mode {
        case .off: 0
        case .bits32: registers.cr3 & 0xffff_f000
        // The CPU keeps copies of the four PDPTEs from the last write to CR3; memory may have changed since.
        case .pae: registers.cr3 & 0xffff_ffe0
        case .fourLevel, .fiveLevel: registers.cr3 & addressMask & ~0xfff
        }
    }

    private func entry(at place: PhysicalAddress, read: (PhysicalAddress) -> UInt64?) -> UInt64? {
        guard mode.entrySize == 4 else { return read(place) }
        guard let pair = read(place.alignedDown(to: 8)) else { return nil }
        return place.rawValue[bit: 2] ? pair >> 32 : pair & 0xffff_ffff
    }

    /// Whether an entry maps a page rather than naming a table: PS where pages of that size exist.
    private func isPage(_ entry: UInt64, level: Int) -> Bool {
        switch (mode, level) {
        case (_, 1): true
        case (.bits32, 2): entry[bit: 7] && registers.cr4[bit: 4]
        case (_, 2): entry[bit: 7]
        case (.fourLevel, 3), (.fiveLevel, 3): entry[bit: 7]
        default: false
        }
    }

    /// The bits below MAXPHYADDR.
    private var addressMask: UInt64 { UInt64.mask(registers.physicalAddressBits) }

    /// The bits that must be clear (SDM volume 3A, tables 4-4 to 4-6, 4-8 to 4-11 and 4-14 to 4-20).
    private func reserved(level: Int, isPage: Bool) -> UInt64 {
        if mode == .bits32 {
            // A 4 MiB page has address bits 39:32 in 20:13, as far as the CPU has such addresses (PSE-36).
            guard level == 2 && isPage else { return 0 }
            let beyond = max(0, 40 - registers.physicalAddressBits)
            return 1 << 21 | UInt64.mask(beyond) << UInt64(21 - beyond)
        }
        var bits = UInt64.mask(52) & ~addressMask
        if !registers.efer[bit: 11] { bits |= 1 << 63 }
        if mode == .pae {
            // PDPTEs have neither permissions nor XD.
            if level == 3 { return UInt64.mask(63) & ~addressMask | 1 << 63 | 0x1e6 }
            bits |= 0x7ff << 52
        }
        if isPage && level > 1 { bits |= UInt64.mask(12 + 9 * (level - 1)) & ~0x1fff }
        if level >= 4 { bits |= 1 << 7 }
        return bits
    }

    private func permissions(of entry: UInt64, level: Int) -> Translation.Permissions {
        if mode == .pae && level == 3 { return [.user, .write, .execute] }
        var permissions: Translation.Permissions = []
        if entry[bit: 1] { permissions.insert(.write) }
        if entry[bit: 2] { permissions.insert(.user) }
        if !entry[bit: 63] { permissions.insert(.execute) }
        return permissions
    }

    private func pageAddress(_ entry: UInt64, pageBits: Int) -> UInt64 {
        guard pageBits == 22 else { return entry & addressMask & ~UInt64.mask(pageBits) }
        return entry & 0xffc0_0000 | entry[bits: 13...20] << 32
    }
}

extension Paging {
    /// The walk of an address in words, one line for each entry and one for the result.
    public func traceText(_ address: VirtualAddress, read: (PhysicalAddress) -> UInt64?) -> String {
        var lines = "VA \(hexadecimal(address))\n"
        let result: String
        do throws(TranslationFault) {
            result = try walk(
                address,
                visit: { step in
                    lines += "  \(TranslationFault.entryName(step.level)) at \(hexadecimal(step.entryAddress)) "
                    lines += step.entry.map { "= \(hexadecimal($0))" } ?? "can't be read"
                    lines += "\n"
                }, read: read
            ).text
        } catch {
            result = error.text
        }
        return lines + result + "\n"
    }
}
