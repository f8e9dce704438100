package import Execution
package import GuestAddresses
package import GuestMemory
import Machine
import NumberText

/// Guest memory by the addresses of one held vCPU.
///
/// RAM and flash only: device registers change when they are looked at, so they are never read by accident.
package protocol AddressSpace {
    var memory: GuestMemory { get }
    /// Whether addresses are physical ones.
    var isPhysical: Bool { get }

    /// The physical address, and how many bytes from it on are as contiguous as the virtual ones: at least 1.
    func translate(_ address: VirtualAddress) throws(TargetError) -> (physical: PhysicalAddress, count: UInt64)
}

extension AddressSpace {
    /// The translation of a physical address: itself, up to the end of the address space.
    ///
    /// Memory never reaches the last byte, so the count leaves it out where it can.
    func translatePhysical(_ address: VirtualAddress) -> (physical: PhysicalAddress, count: UInt64) {
        (PhysicalAddress(address.rawValue), max(1, .max - address))
    }

    /// A descriptor of the guest's translation tables; nil where no memory is.
    package func descriptor(at address: PhysicalAddress) -> UInt64? {
        memory.load(address)
    }

    /// Reads up to `count` bytes; shorter where the readable memory ends, an error if not even one is readable.
    package func read(_ address: VirtualAddress, count: Int) throws(TargetError) -> [UInt8] {
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

    private func readContiguous(_ address: VirtualAddress, count: Int) throws(TargetError) -> [UInt8] {
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

    /// The physical ranges that a virtual range maps to.
    ///
    /// All of them are memory; otherwise this throws.
    package func ranges(
        _ address: VirtualAddress, count: Int
    ) throws(TargetError) -> [Range<PhysicalAddress>] {
        var ranges: [Range<PhysicalAddress>] = []
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

    private func notMemory(_ physical: PhysicalAddress, _ address: VirtualAddress) -> TargetError {
        let place = isPhysical ? "" : " (virtual \(hexadecimal(address)))"
        return .fault("physical address \(hexadecimal(physical))\(place): neither RAM nor flash")
    }
}
