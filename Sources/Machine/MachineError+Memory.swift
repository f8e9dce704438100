import GuestAddresses
package import GuestMemory
import NumberText

extension MemoryError: CustomStringConvertible {
    package var description: String {
        "physical address \(hexadecimal(address)): \(count) bytes from here are not all RAM or flash"
    }
}

extension GuestMemory {
    /// Adds a memory region, with its error as a ``MachineError``.
    @discardableResult
    func add(
        name: String, kind: MemoryRegion.Kind, base: PhysicalAddress, size: UInt64
    ) throws(MachineError) -> MemoryRegion {
        do throws(RegionError) {
            return try addRegion(name: name, kind: kind, base: base, size: size)
        } catch {
            throw .region(error)
        }
    }
}
