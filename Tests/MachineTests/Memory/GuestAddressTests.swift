import GuestAddresses
import GuestMemory
import Testing

@Suite("Addresses as types")
struct GuestAddressTests {
    @Test("Arithmetic takes byte counts, and the difference of two addresses is one")
    func arithmetic() {
        let address = PhysicalAddress(0x4000_0000)
        #expect(address + 0x1000 == PhysicalAddress(0x4000_1000))
        let size: UInt64 = 0x1000
        #expect(address - size == PhysicalAddress(0x3fff_f000))
        #expect(PhysicalAddress(0x4000_1000) - address == size)
        var reached = address
        reached += 8
        #expect(reached.rawValue == 0x4000_0008 && reached.isAligned(to: 8) && !reached.isAligned(to: 16))
        #expect(address < reached && address.distance(to: reached) == 8 && reached.distance(to: address) == -8)
        #expect(reached.advanced(by: -8) == address && address.advanced(by: 8) == reached)
        #expect((address..<reached).count == 8 && (address..<reached).rawValues == 0x4000_0000..<0x4000_0008)
    }

    @Test("Only the wrapping operator goes from the last address to the first")
    func wrapping() {
        #expect(VirtualAddress.max &+ 1 == 0)
        let (sum, overflow) = VirtualAddress.max.addingReportingOverflow(17)
        #expect(overflow && sum == 16)
        #expect(!VirtualAddress(0).addingReportingOverflow(.max).overflow)
    }

    @Test("Addresses are rounded to multiples of a power of two, but not above the last address")
    func alignment() {
        #expect(PhysicalAddress(0x1fff).alignedDown(to: 0x1000) == 0x1000)
        #expect(PhysicalAddress(0x1001).alignedUp(to: 0x1000) == 0x2000)
        for address: PhysicalAddress in [0, 0x1000, 0xffff_ffff_ffff_f000] {
            #expect(address.alignedDown(to: 0x1000) == address && address.alignedUp(to: 0x1000) == address)
        }
        #expect(VirtualAddress.max.alignedDown(to: 8) == 0xffff_ffff_ffff_fff8)
        #expect(VirtualAddress.max.alignedUp(to: 8) == nil)
    }

    @Test("Addition and subtraction trap on overflow")
    func overflow() async {
        // The optimizer may drop a trap together with a result that is not used.
        await #expect(processExitsWith: .failure) { print(PhysicalAddress.max + 1) }
        await #expect(processExitsWith: .failure) { print(PhysicalAddress(0) - PhysicalAddress(1)) }
    }

    @Test("An address is shown in hexadecimal")
    func text() {
        #expect("\(PhysicalAddress(0x1f00)) \(VirtualAddress.max)" == "0x1f00 0xffffffffffffffff")
    }
}
