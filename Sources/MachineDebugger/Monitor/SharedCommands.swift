import Acceleration
import Execution
import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import NumberText

// Monitor commands that are the same for every architecture.
extension DebuggedMachine {
    /// The commands of every architecture; each architecture adds its own.
    static var sharedRows: [MonitorRow<Self>] {
        [
            MonitorRow(
                "xp", "[/COUNT FORMAT SIZE] PA", count: 1...2,
                help: "show guest-physical memory, such as xp /4xg 0x40000000; FORMAT is one of xduoc, SIZE of bhwg",
                long: { target, words, vcpu throws(TargetError) in try target.examine(words, vcpu: vcpu) }),
            MonitorRow(
                "gpa2hva", "PA", count: 1...1,
                help: "show what is at a physical address; where it is in this process is not disclosed",
                { target, words, vcpu throws(TargetError) in try target.hostAddress(words[0], vcpu: vcpu) }),
            MonitorRow(
                "exits", count: 0...0, help: "count the exits of the vCPUs by cause, and accesses to each device",
                { target, _, _ throws(TargetError) in target.exits }),
            MonitorRow(
                "trace", "mmio [on|off]", count: 1...2,
                help: "start or stop recording accesses to devices; without an argument, show the recorded ones",
                { target, words, _ throws(TargetError) in try target.trace(words) }),
        ] + machineRows
    }

    // MARK: info

    static var infoRow: MonitorRow<Self> {
        MonitorRow(
            "info", infoTopics.map(\.command.name).joined(separator: "|"), count: 0...4,
            help: "show registers, mapped memory, the physical map, vCPUs …",
            long: { target, words, vcpu throws(TargetError) in try target.info(words, vcpu: vcpu) })
    }

    /// The row of `cpus`, which is both a command and a topic of `info`.
    static var cpusRow: MonitorRow<Self> {
        MonitorRow(
            "cpus", count: 0...0, help: "show where each vCPU is and what it is doing",
            { target, _, vcpu throws(TargetError) in try target.cpus(selected: vcpu) })
    }

    static var mtreeTopic: MonitorRow<Self> {
        MonitorRow(
            "mtree", count: 0...0, help: "what is at each physical address",
            { target, _, _ throws(TargetError) in target.physicalText })
    }

    static var versionTopic: MonitorRow<Self> {
        MonitorRow(
            "version", count: 0...0, help: "what this program is",
            { target, _, _ throws(TargetError) in
                "Trapline \(Release.version), \(target.vcpus.name), machine \(target.machine.board.name)\n"
            })
    }

    /// Shows a topic.
    ///
    /// QEMU's options (`info mtree -f`) are accepted and ignored. An unknown topic is no error, as in QEMU, because an
    /// error would end the script that uses it.
    private func info(_ words: [String], vcpu: Int) throws(TargetError) -> any LongText {
        let topics = Self.infoTopics
        guard let topic = words.first else {
            return TextPieces(once: columns(topics.map { ["info " + $0.command.name, $0.command.help] }))
        }
        let rest = words.dropFirst().filter { !$0.hasPrefix("-") }
        guard let row = topics.first(where: { $0.command.name == topic }), rest.isEmpty else {
            return TextPieces(
                once: "unknown command: 'info \(words.joined(separator: " "))'; there are "
                    + topics.map(\.command.name).joined(separator: ", ") + "\n")
        }
        if let text = try row.longBody?(self, [], vcpu) { return text }
        return TextPieces(once: try row.body(self, [], vcpu))
    }

    // MARK: Physical memory

    /// The memory or device at each physical address.
    private var physicalText: String {
        columns(
            [["from", "to", "size", "what"]]
                + physicalMap.pieces.filter { $0.place != .nothing }.map {
                    [padded($0.first), padded($0.last), sizeInWords($0.last - $0.first + 1), $0.place.text]
                })
    }

    /// The reply of `xp`: guest-physical memory, read when the command begins.
    private func examine(_ words: [String], vcpu: Int) throws(TargetError) -> any LongText {
        let format = words.count == 2 ? try DumpFormat(words[0]) : DumpFormat()
        guard let text = words.last else { return TextPieces(once: "") }
        let address = PhysicalAddress(try address(text, "xp", vcpu: vcpu))
        let (last, overflow) = address.addingReportingOverflow(UInt64(format.byteCount - 1))
        guard !overflow else { throw .fault("xp: the range goes beyond the last address") }
        do throws(MemoryError) {
            let bytes = try machine.memory.read(address, count: format.byteCount)
            var shown = 0
            return TextPieces {
                guard shown < bytes.count else { return nil }
                let piece = bytes[shown..<min(shown + bytesShownAtATime, bytes.count)]
                defer { shown += piece.count }
                return format.dump(Array(piece), at: address.rawValue + UInt64(shown))
            }
        } catch {
            let piece = physicalMap.pieces.first { $0.last >= address && $0.first <= last && !$0.place.isMemory }
            guard case .device(let name) = piece?.place else { throw .fault("xp: \(error)") }
            throw .fault("xp: there is \(name), whose registers change when they are read: it is left out")
        }
    }

    /// The reply of QEMU's `gpa2hva`, without the address in this process.
    ///
    /// A client must reach only the guest. Scripts that read guest memory through /proc then use another way.
    private func hostAddress(_ text: String, vcpu: Int) throws(TargetError) -> String {
        let address = PhysicalAddress(try address(text, "gpa2hva", vcpu: vcpu))
        return switch physicalMap.piece(at: address).place {
        case .ram, .flash:
            "Memory at address \(hexadecimal(address)) has no host address that a client may know: read it with "
                + "\"monitor xp\", or with physical addresses (Qqemu.PhyMemMode:1)\n"
        case .device: "Memory at address \(hexadecimal(address)) is not RAM\n"
        case .nothing: "No memory is mapped at address \(hexadecimal(address))\n"
        }
    }

    // MARK: Exits and traces

    private var exits: String {
        let devices = machine.bus.mappings.filter { $0.reads != 0 || $0.writes != 0 }.map {
            [$0.device.name, hexadecimal($0.base), String($0.reads), String($0.writes)]
        }
        let accesses = devices.isEmpty ? "" : columns([["device", "at", "reads", "writes"]] + devices)
        guard let counts = vcpus.exitCounts else {
            return "the accelerator \(vcpus.name) does not count exits\n" + accesses
        }
        let header = ["exit"] + (0..<vcpuCount).map { "CPU \($0)" }
        let rows = counts.filter { $0.counts.contains { $0 != 0 } }.map { [$0.reason] + $0.counts.map { String($0) } }
        return columns([header] + rows) + accesses
    }

    private func trace(_ words: [String]) throws(TargetError) -> String {
        guard words[0] == "mmio" else { throw .invalid("trace \(words[0]): only mmio can be traced") }
        switch words.dropFirst().first {
        case "on":
            if machine.bus.trace == nil { machine.bus.trace = BusTrace() }
            return "accesses to devices are recorded; \"monitor trace mmio\" shows them\n"
        case "off":
            machine.bus.trace = nil
            return "accesses to devices are no longer recorded\n"
        case nil:
            guard let trace = machine.bus.trace else {
                throw .invalid("trace mmio: accesses are not recorded; \"monitor trace mmio on\" starts recording")
            }
            return Self.text(trace.take())
        case let word?:
            throw .invalid("trace mmio \(word): use on, off, or nothing to see the recorded accesses")
        }
    }

    private static func text(_ recorded: (accesses: [BusTrace.Access], lost: UInt64)) -> String {
        guard !recorded.accesses.isEmpty else { return "no access since the last look\n" }
        let lost = recorded.lost == 0 ? "" : "the first \(recorded.lost) are lost\n"
        return lost
            + columns(
                recorded.accesses.map { access in
                    [
                        "CPU \(access.vcpu)", access.direction.rawValue, "\(hexadecimal(access.address))",
                        sizeInWords(UInt64(access.size)), access.value.map { hexadecimal($0) } ?? "-",
                        access.device ?? "nothing there",
                    ]
                })
    }
}

/// The bytes of a dump in one piece, a multiple of a line's 16.
private let bytesShownAtATime = 1 << 10
