import HostIO
import SystemPackage

/// Host memory that backs a range of guest-physical addresses, and its owner.
package final class MemoryRegion {
    package enum Kind: Sendable {
        /// The guest reads and writes it.
        case ram
        /// The guest reads it; its writes are commands to the flash chip.
        case flash
    }

    package let name: String
    package let kind: Kind
    package let base: UInt64
    package let size: UInt64
    package let host: UnsafeMutableRawPointer

    /// Reads and fetches may go straight to `host`; false while a flash chip answers with its status instead.
    package internal(set) var isDirect = true

    /// Guest writes go to a device, not to `host`.
    package var isReadOnly: Bool { kind == .flash }
    /// The first address after it.
    package var end: UInt64 { base + size }

    private var mapping: HostMapping

    init(name: String, kind: Kind, base: UInt64, size: UInt64) throws(RegionError) {
        self.name = name
        self.kind = kind
        self.base = base
        self.size = size
        do throws(Errno) {
            mapping = try HostMapping.make(size: size)
        } catch {
            throw RegionError(.notReserved(error), name: name, base: base, size: size)
        }
        host = mapping.address
        guard kind == .flash else { return }
        do throws(Errno) {
            // An erased flash reads as ones.
            try mapping.fillWithOnes()
        } catch {
            throw RegionError(.notMapped(error), name: name, base: base, size: size)
        }
    }

    /// Puts the region into the state of a new one: RAM reads as zero, flash as erased (all ones).
    package func clear() {
        mapping.clear()
    }
}
