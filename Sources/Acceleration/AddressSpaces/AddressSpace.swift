package import Execution
package import GuestAddresses
package import GuestMemory
import Machine
import NumberText

/// Guest memory by the addresses of one held vCPU.
///
/// Only RAM and flash are accessible: reading a device register can change the device, so a debugger never does.
package protocol AddressSpace {
    /// The guest's physical memory.
    var memory: GuestMemory { get }
    /// Whether addresses are physical.
    var isPhysical: Bool { get }

    /// Returns the physical address, and the number of bytes from it that are contiguous in both address spaces, at
    /// least 1. Throws if there is no translation.
    func translate(_ address: VirtualAddress) throws(TargetError) -> (physical: PhysicalAddress, count: UInt64)
}

extension AddressSpace {
    /// Translates a physical address: to itself, up to the end of the address space.
    ///
    /// The count is at least 1. It excludes the last byte of the address space, which no memory reaches.
    func translatePhysical(_ address: VirtualAddress) -> (physical: PhysicalAddress, count: UInt64) {
        (PhysicalAddress(address.rawValue), max(1, .max - address))
    }

    /// Returns a descriptor of the guest's translation tables; nil if there is no memory at the address.
    package func descriptor(at address: PhysicalAddress) -> UInt64? {
        memory.load(address)
    }

    /// Reads up to `count` bytes.
    ///
    /// The result ends where readable memory ends; throws if the first byte is unreadable.
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

    /// Returns the physical ranges that a virtual range maps to.
    ///
    /// Throws unless all of them are memory.
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
