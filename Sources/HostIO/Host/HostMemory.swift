import NumberText

/// How much memory the host has, so that a guest that could never be held is refused instead of killed later.
package enum HostMemory {
    /// Says why there can be no guest of this size on this host; nil if there can.
    ///
    /// Memory that is only promised (overcommit) is as good as any until the guest touches it: then the kernel ends
    /// some process. Below RAM and swap together, that is for the user to know.
    package static func refusal(ofGuest size: UInt64) -> String? {
        HostPlatform.memory().flatMap { refusal(ofGuest: size, ram: $0.ram, swap: $0.swap) }
    }

    #if os(Linux)
    /// Says why there can be no guest of this size on a host with this text in its /proc/meminfo.
    package static func refusal(ofGuest size: UInt64, meminfo: String) -> String? {
        HostPlatform.memory(meminfo: meminfo).flatMap { refusal(ofGuest: size, ram: $0.ram, swap: $0.swap) }
    }
    #endif

    private static func refusal(ofGuest size: UInt64, ram: UInt64, swap: UInt64) -> String? {
        guard size > ram &+ swap else { return nil }
        let mebibytes = { (bytes: UInt64) in "\(bytes >> 20) MiB" }
        return "\(sizeInWords(size)) of RAM: this host has \(mebibytes(ram)), and \(mebibytes(swap)) of swap"
    }
}
