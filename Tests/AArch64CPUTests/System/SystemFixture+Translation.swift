import AArch64

import AArch64CPU

/// Translation tables: 4 KiB granule, 39-bit VAs; VA 0x4000_0000 is RAM, page by page, so that tests can change pages.
extension SystemFixture {
    static let level1: UInt64 = ram + 0x8000
    static let level2: UInt64 = ram + 0x9000
    static let level3: UInt64 = ram + 0xA000

    /// Descriptor attributes: AttrIndx, AP, SH, AF.
    enum Attribute {
        static let normal: UInt64 = 0 << 2
        static let device: UInt64 = 1 << 2
        static let nonCacheable: UInt64 = 2 << 2
        static let el0: UInt64 = 1 << 6
        static let readOnly: UInt64 = 1 << 7
        static let innerShareable: UInt64 = 3 << 8
        static let accessed: UInt64 = 1 << 10
        /// The attributes of most pages: Normal, inner shareable, EL1 read and write.
        static let usual: UInt64 = accessed | innerShareable | normal
    }

    /// The address of the level 3 descriptor for a page of RAM.
    static func descriptorAddress(_ va: UInt64) -> UInt64 {
        level3 + (va - ram) >> 12 * 8
    }

    /// A level 3 page descriptor.
    static func page(_ physical: UInt64, _ attributes: UInt64 = Attribute.usual) -> UInt64 {
        physical | attributes | 3
    }

    /// Maps all of RAM to itself for EL1, and turns the MMU on in every vCPU.
    func enableMMU() {
        store(Self.level1 + 8, Self.level2 | 3)
        store(Self.level2, Self.level3 | 3)
        for offset in stride(from: 0, to: UInt64(Self.ramSize), by: 4096) {
            store(Self.level3 + offset >> 12 * 8, Self.page(Self.ram + offset))
        }
        for vcpu in cluster.vcpus {
            for (register, value) in [
                (.mair, 0x44_00FF),
                // IPS 48 bits, TG1 4 KiB, T1SZ and T0SZ 25.
                (.tcr, 5 << 32 | 2 << 30 | 25 << 16 | 25),
                (.ttbr0, Self.level1), (.ttbr1, Self.level1),
                (.sctlr, vcpu.system.sctlr_el1 | 1),
            ] as [(SystemRegisterEncoding, UInt64)] {
                vcpu.setX(9, value)
                execute(Word.msr(register, 9), on: vcpu)
                vcpu.pc = Self.code
            }
        }
    }

    /// Sets a page's descriptor in memory, without TLB maintenance.
    func map(_ va: UInt64, _ descriptor: UInt64) {
        store(Self.descriptorAddress(va), descriptor)
    }
}
