package import GuestMemory
import NumberText

extension MachineError {
    /// The sentence for a region that can't be added.
    package init(_ error: RegionError) {
        let what = "\(error.name) of \(sizeInWords(error.size))"
        let place = "\(what) at \(hexadecimal(error.base))"
        switch error.cause {
        case .misaligned:
            self.init(.configuration, "\(place): size and address must be multiples of 4 KiB")
        case .endsAboveAddressSpace:
            self.init(.configuration, "\(place): ends above the address space")
        case .overlaps(let other, let base):
            self.init(.configuration, "\(place): overlaps \(other) at \(hexadecimal(base))")
        case .notReserved(let reason):
            self.init(.hostMemory, "\(what): the host can't reserve it (\(reason)); ask for less memory")
        case .notMapped(let reason):
            self.init(.hostMemory, "\(what): the host can't map it (\(reason))")
        }
    }
}

extension MemoryError: CustomStringConvertible {
    package var description: String {
        "physical address \(hexadecimal(address)): \(count) bytes from here are not all RAM or flash"
    }
}

/// An address in hexadecimal.
package func hexadecimal(_ address: some GuestAddress) -> String { address.description }

extension GuestMemory {
    /// Adds a region of a machine.
    @discardableResult
    func add(
        name: String, kind: MemoryRegion.Kind, base: UInt64, size: UInt64
    ) throws(MachineError) -> MemoryRegion {
        do throws(RegionError) {
            return try addRegion(name: name, kind: kind, base: PhysicalAddress(base), size: size)
        } catch {
            throw MachineError(error)
        }
    }
}
