import HostIO
import Testing
import VirtualMachine

@Suite("What the host has to give")
struct HostMemoryTests {
    private static let meminfo = "MemTotal:        1048576 kB\nMemFree:  5 kB\nSwapTotal:        524288 kB\n"

    @Test("a guest larger than RAM and swap is refused, one that fits is not")
    func size() {
        #expect(HostMemory.refusal(ofGuest: 3 << 29, meminfo: Self.meminfo) == nil)
        #expect(
            HostMemory.refusal(ofGuest: 2 << 30, meminfo: Self.meminfo)
                == "2 GiB of RAM: this host has 1024 MiB, and 512 MiB of swap")
    }

    @Test(
        "a host that doesn't report its memory refuses nothing",
        arguments: ["", "MemTotal:\n", "MemTotal: lots kB\nSwapTotal: 0 kB\n"])
    func unknown(meminfo: String) {
        #expect(HostMemory.refusal(ofGuest: .max, meminfo: meminfo) == nil)
    }

    @Test("random numbers follow from the seed, and the host chooses another one each time")
    func entropy() {
        func numbers(_ source: EntropySource) -> [UInt64] {
            var source = source
            return (0..<8).map { _ in source.next() }
        }
        #expect(numbers(.seeded(1)) == numbers(.seeded(1)))
        #expect(numbers(.seeded(1)) != numbers(.seeded(2)))
        #expect(Set(numbers(.seeded(0))).count == 8)
        #expect(numbers(.seededByHost()) != numbers(.seededByHost()))
        let chosen = EntropySource.seededByHost()
        #expect(numbers(chosen) == numbers(chosen))
        #expect(numbers(EntropySource(seed: chosen.seed)) == numbers(chosen))
    }

    @Test("the generator is ChaCha20: the keystream of RFC 8439, appendix A.1, test vectors 1 and 2")
    func chaCha20() {
        var source = EntropySource(seed: [0, 0, 0, 0])
        #expect(source.next() == 0x903d_f1a0_ade0_b876)
        for _ in 1..<8 { _ = source.next() }
        #expect(source.next() == 0x7a38_5155_bee7_079f)
    }
}
