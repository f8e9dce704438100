import AArch64
import GDBStub
import Machine

/// Guest memory by virtual address, in the translation regime of one held vCPU.
///
/// RAM and flash only: device registers change when they are looked at, so they are never read by accident.
struct GuestAddressSpace {
    let memory: GuestMemory
    /// Nil: addresses are physical.
    let regime: TranslationRegime?

    init(physical memory: GuestMemory) {
        self.memory = memory
        regime = nil
    }

    init(_ accelerator: any Accelerator, memory: GuestMemory, vcpu: Int) throws(TargetError) {
        self.memory = memory
        func value(_ encoding: SystemRegisterEncoding) throws(TargetError) -> UInt64 {
            try accelerator.read(.system(encoding), vcpu: vcpu)
        }
        regime = TranslationRegime(
            sctlr: SCTLR(rawValue: try value(.sctlr)), tcr: TCR(rawValue: try value(.tcr)),
            ttbr0: try value(.ttbr0), ttbr1: try value(.ttbr1), mair: try value(.mair),
            features: accelerator.features, physicalAddressBits: accelerator.physicalAddressBits)
    }

    /// The physical address, and how many bytes from it on are as contiguous as the virtual ones.
    func translate(_ address: UInt64) throws(TargetError) -> (physical: UInt64, count: UInt64) {
        guard let regime else { return (address, UInt64.max - address) }
        do throws(TranslationFault) {
            let translation = try regime.walk(address) { descriptor(at: $0) }
            return (translation.physicalAddress, translation.bytesToEnd)
        } catch {
            throw .fault("virtual address \(hexadecimal(address)): \(error.text)")
        }
    }

    /// A descriptor of the guest's translation tables; nil where no memory is.
    func descriptor(at address: UInt64) -> UInt64? {
        guard let region = memory.region(at: address), region.end - address >= 8 else { return nil }
        // SAFETY: the eight bytes lie within the region.
        return UInt64(littleEndian: (region.host + Int(address - region.base)).loadUnaligned(as: UInt64.self))
    }

    /// Reads up to `count` bytes; shorter where the readable memory ends, an error if not even one is readable.
    func read(_ address: UInt64, count: Int) throws(TargetError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let (reached, overflow) = address.addingReportingOverflow(UInt64(bytes.count))
            if overflow { break }
            do throws(TargetError) {
                bytes += try readContiguous(reached, count: count - bytes.count)
            } catch {
                if bytes.isEmpty { throw error }
                break
            }
        }
        return bytes
    }

    private func readContiguous(_ address: UInt64, count: Int) throws(TargetError) -> [UInt8] {
        let (physical, contiguous) = try translate(address)
        let wanted = Int(min(UInt64(count), contiguous))
        let available = memory.available(at: physical, count: wanted)
        guard available > 0 else { throw notMemory(physical, address) }
        do throws(MemoryError) {
            return try memory.read(physical, count: available)
        } catch {
            throw .fault(error.description)
        }
    }

    /// The physical ranges behind a virtual one, all of which are memory; otherwise an error and nothing has happened.
    func ranges(_ address: UInt64, count: Int) throws(TargetError) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var done = 0
        while done < count {
            let (reached, overflow) = address.addingReportingOverflow(UInt64(done))
            if overflow { throw .fault("\(hexadecimal(address)): the range goes beyond the address space") }
            let (physical, contiguous) = try translate(reached)
            let part = Int(min(UInt64(count - done), contiguous))
            guard memory.available(at: physical, count: part) == part else { throw notMemory(physical, reached) }
            ranges.append(physical..<(physical + UInt64(part)))
            done += part
        }
        return ranges
    }

    private func notMemory(_ physical: UInt64, _ address: UInt64) -> TargetError {
        let place = regime == nil ? "" : " (virtual \(hexadecimal(address)))"
        return .fault("physical address \(hexadecimal(physical))\(place): neither RAM nor flash")
    }
}
