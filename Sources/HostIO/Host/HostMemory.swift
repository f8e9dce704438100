import Glibc
import Machine
import NumberText

/// How much memory the host has, so that a guest that could never be held is refused instead of killed later.
package enum HostMemory {
    /// Says why there can be no guest of this size on this host; nil if there can.
    package static func refusal(ofGuest size: UInt64) -> String? {
        guard let text = HostFile.readSmall("/proc/meminfo") else { return nil }
        return refusal(ofGuest: size, meminfo: text)
    }

    /// The same for a host whose /proc/meminfo is given.
    ///
    /// Memory that is only promised (overcommit) is as good as any until the guest touches it: then the kernel ends
    /// some process. Below RAM and swap together, that is for the user to know.
    package static func refusal(ofGuest size: UInt64, meminfo: String) -> String? {
        guard let ram = field("MemTotal", of: meminfo), let swap = field("SwapTotal", of: meminfo) else { return nil }
        guard size > ram &+ swap else { return nil }
        let mebibytes = { (bytes: UInt64) in "\(bytes >> 20) MiB" }
        return "\(sizeInWords(size)) of RAM: this host has \(mebibytes(ram)), and \(mebibytes(swap)) of swap"
    }

    /// A line such as `MemTotal:  24683520 kB`, in bytes.
    private static func field(_ name: String, of meminfo: String) -> UInt64? {
        for line in meminfo.split(separator: "\n") where line.hasPrefix(name + ":") {
            let words = line.split(separator: " ")
            guard words.count >= 2, let kibibytes = UInt64(words[1]), kibibytes < 1 << 53 else { return nil }
            return kibibytes << 10
        }
        return nil
    }
}
