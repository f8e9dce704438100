import GuestAddresses
import TestSupport
import Testing
import X86_64

/// Random input from the guest: code and tables.
@Suite struct GuestInputFuzzTests {
    /// Opcodes that have classes, and prefixes.
    private static let telling: [UInt8] = [
        0x0f, 0x01, 0x05, 0x07, 0x17, 0x26, 0x34, 0x48, 0x66, 0x67, 0x8e, 0x9c, 0x9d, 0xa4, 0xc9, 0xcc, 0xcd, 0xcf,
        0xf1, 0xf2, 0xf3, 0xf4, 0xfa, 0xfb,
    ]

    private func anyPaging(_ random: inout SeededRandom) -> Paging {
        Paging(
            PagingRegisters(
                cr0: random.chance(90) ? 1 << 31 : 0, cr3: random.next(), cr4: random.next(), efer: random.next(),
                physicalAddressBits: random.below(80)))
    }

    @Test func anyBytesAreAnInstructionOfAtMostFifteen() {
        fuzz("x86 instruction") { random in
            for _ in 0..<1000 {
                let bytes = (0..<random.below(20)).map { _ in
                    random.chance(60) ? random.pick(Self.telling) : UInt8(random.below(256))
                }
                for size in [CodeSize.bits16, .bits32, .bits64] {
                    let whole = StepInstruction(bytes, codeSize: size)
                    guard let length = whole.length else { continue }
                    guard length >= 1, length <= min(StepInstruction.maximumLength, bytes.count) else {
                        Issue.record("\(length) bytes of \(bytes): \(random.comment)")
                        return
                    }
                    // The bytes after an instruction don't change it, and without its last byte it is none.
                    if StepInstruction(bytes[..<length], codeSize: size) != whole
                        || StepInstruction(bytes[..<(length - 1)], codeSize: size).length != nil
                    {
                        Issue.record("\(bytes) as \(size): \(random.comment)")
                    }
                }
            }
        }
    }

    @Test func anyTablesLeadToAnAddressOrAFault() {
        fuzz("x86 tables") { random in
            let paging = anyPaging(&random)
            for _ in 0..<100 {
                var steps = 0
                let address = random.chance(50) ? random.next() : UInt64(bitPattern: Int64(random.below(1 << 30) - 512))
                let translation = try? paging.walk(VirtualAddress(address), visit: { _ in steps += 1 }) { place in
                    guard random.chance(98) else { return nil }
                    // Most entries are there, and some lead back.
                    return random.chance(10) ? place.rawValue | 1 : random.next() & 0x000f_ffff_ffff_ffff | 1
                }
                if steps > 5 { Issue.record("\(steps) entries: \(random.comment)") }
                if let translation, translation.physicalAddress.rawValue >> 52 != 0, paging.mode != .off {
                    Issue.record("\(translation): \(random.comment)")
                }
            }
        }
    }

    @Test func spansCoverEverythingAndSayWhatAWalkSays() {
        fuzz("x86 spans") { random in
            let paging = anyPaging(&random)
            var entries: [PhysicalAddress: UInt64] = [:]
            func read(_ place: PhysicalAddress) -> UInt64? {
                if let entry = entries[place] { return entry }
                let entry = random.next() & 0x000f_ffff_ffff_ffff & ~(random.chance(30) ? 1 : 0)
                entries[place] = entry
                return entry
            }
            var address = VirtualAddress(
                random.pick([0, 0x7fff_ffff_f000, 0xffff_7fff_ffff_f123, 0xffff_ffff_8000_0000, random.next()]))
            var end: VirtualAddress?
            for _ in 0..<50 {
                let span = paging.span(of: address, read: read)
                let first = paging.span(of: span.first, read: read)
                let last = paging.span(of: span.last, read: read)
                let walked = (try? paging.walk(address, read: read))?.physicalAddress
                let said = span.translation.map { $0.physicalAddress + (address - span.first) }
                guard span.first <= address, address <= span.last, first == span, last == span, said == walked,
                    end == nil || span.first == end
                else {
                    Issue.record("\(span) of \(address) in \(paging): \(random.comment)")
                    return
                }
                guard span.last < .max else { return }
                address = span.last + 1
                end = address
            }
        }
    }
}
