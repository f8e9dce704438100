/// A range of virtual addresses whose accesses stop the vCPU.
package struct Watchpoint: Equatable, Sendable {
    package struct Kinds: OptionSet, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }
        package static let read = Kinds(rawValue: 1)
        package static let write = Kinds(rawValue: 2)
    }

    package var address: UInt64
    package var length: UInt64
    package var kinds: Kinds

    package init(address: UInt64, length: UInt64, kinds: Kinds) {
        self.address = address
        self.length = length
        self.kinds = kinds
    }
}
