import AArch64
import Testing

import AArch64CPU

/// FEAT_PAN and FEAT_UAO: which pages EL1 reaches, and as whom LDTR and STTR do.
@Suite struct PrivilegedAccessTests {
    private static let page = SystemFixture.ram + 0x2_0000

    private static var max: CPUConfiguration {
        var configuration = CPUConfiguration()
        configuration.model = .max
        return configuration
    }

    private func fixture(_ attributes: UInt64) -> SystemFixture {
        let fixture = SystemFixture(configuration: Self.max)
        fixture.installVectors()
        fixture.enableMMU()
        fixture.map(Self.page, SystemFixture.page(Self.page, SystemFixture.Attribute.usual | attributes))
        return fixture
    }

    /// Whether one instruction at EL1 that addresses the page with X0 is done rather than faults.
    private func succeeds(_ fixture: SystemFixture, _ word: UInt32) -> Bool {
        fixture.store(code: [word])
        fixture.cluster.invalidateAllCode()
        fixture.cpu.pc = SystemFixture.code
        fixture.cpu.setX(0, Self.page)
        _ = fixture.cluster.step(0)
        return fixture.cpu.pc == SystemFixture.code + 4
    }

    struct Row: Sendable {
        var word: UInt32
        var isUserPage: Bool
        var pan: Bool
        var uao: Bool
        var succeeds: Bool
    }

    static let rows: [Row] =
        [Code.load, Code.store].flatMap { word in
            [
                Row(word: word, isUserPage: false, pan: true, uao: false, succeeds: true),
                Row(word: word, isUserPage: true, pan: false, uao: false, succeeds: true),
                Row(word: word, isUserPage: true, pan: true, uao: false, succeeds: false),
            ]
        }
        + [Code.loadUnprivileged, Code.storeUnprivileged].flatMap { word in
            [
                Row(word: word, isUserPage: true, pan: true, uao: false, succeeds: true),
                Row(word: word, isUserPage: false, pan: true, uao: false, succeeds: false),
                Row(word: word, isUserPage: false, pan: false, uao: true, succeeds: true),
                Row(word: word, isUserPage: true, pan: true, uao: true, succeeds: false),
                Row(word: word, isUserPage: true, pan: false, uao: true, succeeds: true),
            ]
        }

    @Test("Privileged accesses to user pages fault under PAN, unprivileged ones don't but for UAO", arguments: rows)
    func access(row: Row) {
        let fixture = fixture(row.isUserPage ? SystemFixture.Attribute.el0 : 0)
        fixture.enter(.el1h)
        // Once without either, so that what the TLB has learnt then must not count.
        _ = succeeds(fixture, Code.load)
        fixture.enter(.el1h)
        fixture.execute(Word.pan(row.pan ? 1 : 0))
        fixture.execute(Word.uao(row.uao ? 1 : 0))
        #expect(succeeds(fixture, row.word) == row.succeeds)
        if !row.succeeds {
            // A Data Abort from EL1 with a permission fault at level 3.
            #expect(fixture.cpu.system.esr_el1 >> 26 == 0x25)
            #expect(fixture.cpu.system.esr_el1 & 0x3F == 0x0F)
        }
    }

    @Test("PAN and UAO are PSTATE's bits 22 and 23, saved and given back, and SCTLR_EL1.SPAN sets PAN on entry")
    func state() {
        let fixture = fixture(0)
        fixture.enter(.el1h)
        fixture.cpu.setX(0, .max)
        for register in [SystemRegisterEncoding(3, 0, 4, 2, 3), SystemRegisterEncoding(3, 0, 4, 2, 4)] {
            fixture.execute(Word.msr(register))
            fixture.execute(Word.mrs(register, 1))
        }
        #expect(fixture.cpu.pstate >> 22 & 3 == 3)
        fixture.execute(Word.svc(0))
        #expect(fixture.cpu.system.spsr_el1 >> 22 & 3 == 3)
        // UAO is always clear in a handler, PAN kept while SPAN is set.
        #expect(fixture.cpu.pstate >> 22 & 3 == 1)
        fixture.execute(Word.eret)
        #expect(fixture.cpu.pstate >> 22 & 3 == 3)
        fixture.cpu.pstate &= ~(3 << 22)
        fixture.cpu.system.sctlr_el1 &= ~(1 << 23)
        fixture.execute(Word.svc(0))
        #expect(fixture.cpu.pstate >> 22 & 3 == 1)
    }

    @Test("The base model has neither")
    func base() {
        let fixture = SystemFixture()
        fixture.enter(.el1h)
        for word in [Word.pan(1), Word.uao(1), Word.mrs(SystemRegisterEncoding(3, 0, 4, 2, 3))] {
            fixture.cpu.pc = SystemFixture.code
            fixture.execute(word)
            #expect(fixture.cpu.pc == SystemFixture.vectors + 0x200)
        }
    }
}
