import GDBRemote
import Testing

/// The packets of LLDB and QEMU, and those that scan memory.
@Suite struct ClientCommandTests {
    static let known: [(packet: String, command: Command)] = [
        ("qHostInfo", .lldb(.hostInformation)),
        ("qProcessInfo", .lldb(.processInformation)),
        ("qGDBServerVersion", .lldb(.serverVersion)),
        ("QThreadSuffixSupported", .lldb(.threadSuffix)),
        ("QListThreadsInStopReply", .lldb(.threadsInStopReply)),
        ("QEnableErrorStrings", .lldb(.errorStrings)),
        ("jThreadsInfo", .lldb(.allThreadStops)),
        ("qMemoryRegionInfo", .lldb(.memoryRegionSupport)),
        ("qMemoryRegionInfo:", .lldb(.memoryRegionSupport)),
        ("qMemoryRegionInfo:ffffffffffffffff", .lldb(.memoryRegion(address: .max))),
        ("qWatchpointSupportInfo", .lldb(.watchpointSupport)),
        ("qWatchpointSupportInfo:", .lldb(.watchpointSupport)),
        ("qRegisterInfo0", .lldb(.registerInformation(number: 0))),
        ("qRegisterInfo1f", .lldb(.registerInformation(number: 31))),
        ("qThreadStopInfo2", .lldb(.threadStop(.init(thread: .number(2))))),
        ("qThreadStopInfop1.2", .lldb(.threadStop(.init(process: .number(1), thread: .number(2))))),
        ("MultiMemRead:ranges:10,4;", .lldb(.readRanges([.init(address: 16, count: 4)]))),
        (
            "MultiMemRead:ranges:10,4,20,0;options:;",
            .lldb(.readRanges([.init(address: 16, count: 4), .init(address: 32, count: 0)]))
        ),
        ("qEcho:a;b:c", .lldb(.echo(Array("qEcho:a;b:c".utf8)))),
        ("g;thread:2;", .register(.readAll(thread: .init(thread: .number(2))))),
        ("g;thread:2", .register(.readAll(thread: .init(thread: .number(2))))),
        ("p0;thread:1f;", .register(.read(number: 0, thread: .init(thread: .number(31))))),
        (
            "P1=00ff;thread:p1.2;",
            .register(.write(number: 1, bytes: [0, 255], thread: .init(process: .number(1), thread: .number(2))))
        ),
        ("Gxx02;thread:1;", .register(.writeAll([nil, 2], thread: .init(thread: .number(1))))),
        ("qqemu.Supported", .qemu(.supported)),
        ("qqemu.sstepbits", .qemu(.stepModeBits)),
        ("qqemu.sstep", .qemu(.stepMode)),
        ("Qqemu.sstep=7", .qemu(.setStepMode(7))),
        ("Qqemu.sstep=0x5", .qemu(.setStepMode(5))),
        ("qqemu.PhyMemMode", .qemu(.physicalMode)),
        ("Qqemu.PhyMemMode:1", .qemu(.setPhysicalMode(true))),
        ("Qqemu.PhyMemMode:0", .qemu(.setPhysicalMode(false))),
        ("qSearch:memory:10;20;ab", .scan(.search(address: 16, count: 32, pattern: Array("ab".utf8)))),
        ("qSearch:memory:0;8;;:,", .scan(.search(address: 0, count: 8, pattern: Array(";:,".utf8)))),
        ("qCRC:40000000,10", .scan(.checksum(address: 0x4000_0000, count: 16))),
        ("qOffsets", .query(.offsets)),
        ("QPassSignals:", .query(.signals)),
        ("QPassSignals:e;10;14", .query(.signals)),
        ("QProgramSignals:0;1;ff", .query(.signals)),
        ("QThreadEvents:1", .thread(.reportEvents(true))),
        ("QThreadEvents:0", .thread(.reportEvents(false))),
        (
            "qXfer:osdata:read:cpus:0,10",
            .query(.transfer(.init(.osData, annex: Array("cpus".utf8), offset: 0, length: 16)))
        ),
        ("qXfer:memory-map:read::0,1", .query(.transfer(.init(.memoryMap, annex: [], offset: 0, length: 1)))),
    ]

    @Test(arguments: known) func eachPacketIsParsedIntoWhatItMeans(packet: String, command: Command) {
        #expect(Command(Array(packet.utf8)) == command)
    }

    static let malformed = [
        "qHostInfo:", "qProcessInfo;1", "jThreadsInfo:", "QEnableErrorStrings,", "qMemoryRegionInfo;0",
        "qMemoryRegionInfo:g", "qMemoryRegionInfo:0,1", "qMemoryRegionInfo:10000000000000000",
        "qWatchpointSupportInfo:1", "qRegisterInfo", "qRegisterInfog", "qRegisterInfo10000000000000000",
        "qThreadStopInfo", "qThreadStopInfo-2", "qThreadStopInfog", "MultiMemRead", "MultiMemRead:",
        "MultiMemRead:x:0,1;",
        "MultiMemRead:ranges:", "MultiMemRead:ranges:;", "MultiMemRead:ranges:0;", "MultiMemRead:ranges:0,1",
        "MultiMemRead:ranges:0,1,;", "MultiMemRead:ranges:0,10000000000000000;", "qEcho", "g;", "g;thread", "g;thread:",
        "g;thread:1;x", "g;thread:g;", "p0;", "p0;thread:-2;", "P1=00;x", "P1=;thread:1;", "G00;thread:", "G;thread:1;",
        "qqemu.sstepbits:", "qqemu.sstep:", "Qqemu.sstep=", "Qqemu.sstep=g", "Qqemu.sstep=7;", "Qqemu.sstep=0x",
        "Qqemu.PhyMemMode",
        "Qqemu.PhyMemMode:", "Qqemu.PhyMemMode:2", "Qqemu.PhyMemMode:1,", "qSearch:memory", "qSearch:memory:",
        "qSearch:memory:0", "qSearch:memory:0;8", "qSearch:memory:0;8;", "qSearch:memory:0,8;a", "qCRC", "qCRC:",
        "qCRC:0", "qCRC:0,", "qCRC:0,4,", "qOffsets:", "QPassSignals", "QPassSignals:;", "QPassSignals:g",
        "QPassSignals:100", "QProgramSignals:1;;", "QThreadEvents", "QThreadEvents:", "QThreadEvents:2",
        "QThreadEvents:1;",
    ]

    @Test(arguments: malformed) func aKnownPacketWithBadArgumentsIsMalformed(packet: String) {
        guard case .malformed(let text, _) = Command(Array(packet.utf8)) else {
            Issue.record("\(packet) is \(Command(Array(packet.utf8)))")
            return
        }
        #expect(text.contains(" take"))
    }

    @Test func manyRangesAreMalformedRatherThanMuchWork() {
        func command(_ count: Int) -> Command {
            Command(
                Array(
                    ("MultiMemRead:ranges:" + Array(repeating: "0,1", count: count).joined(separator: ",") + ";").utf8))
        }
        guard case .lldb(.readRanges(let ranges)) = command(4096) else { return #expect(Bool(false)) }
        #expect(ranges.count == 4096)
        guard case .malformed = command(4097) else { return #expect(Bool(false)) }
    }
}
