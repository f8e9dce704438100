package import GuestMemory
import NumberText

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
            throw .region(error)
        }
    }
}
