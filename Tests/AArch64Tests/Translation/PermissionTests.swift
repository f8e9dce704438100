import AArch64
import GuestAddresses
import Testing

/// Expected values: Arm ARM, D8.4 "Memory access control", and `AArch64.S1HasPermissionsFault`.
@Suite("Permissions")
struct PermissionTests {
    static let ap1: UInt64 = 1 << 6
    static let ap2: UInt64 = 1 << 7
    static let pxn: UInt64 = 1 << 53
    static let uxn: UInt64 = 1 << 54
    static let apTable0: UInt64 = 1 << 61
    static let apTable1: UInt64 = 1 << 62
    static let uxnTable: UInt64 = 1 << 60
    static let pxnTable: UInt64 = 1 << 59
    static let wxn: UInt64 = 1 << 19

    /// The page descriptor, a table descriptor above it, and SCTLR_EL1; then EL0's and EL1's permissions.
    static let rows: [(page: UInt64, table: UInt64, sctlr: UInt64, rights: String)] = [
        // AP[2:1] alone: table "Data access permissions"; what EL0 writes EL1 doesn't execute.
        (0, 0, 0, "--x rwx"),
        (ap1, 0, 0, "rwx rw-"),
        (ap2, 0, 0, "--x r-x"),
        (ap2 | ap1, 0, 0, "r-x r-x"),
        // UXN and PXN.
        (uxn, 0, 0, "--- rwx"), (pxn, 0, 0, "--x rw-"), (uxn | pxn, 0, 0, "--- rw-"),
        (ap1 | uxn, 0, 0, "rw- rw-"), (ap2 | ap1 | pxn, 0, 0, "r-x r--"), (ap2 | ap1 | uxn | pxn, 0, 0, "r-- r--"),
        // APTable: [0] takes EL0's access, [1] takes writing.
        (ap1, apTable0, 0, "--x rwx"), (ap1, apTable1, 0, "r-x r-x"), (ap1, apTable0 | apTable1, 0, "--x r-x"),
        (0, apTable1, 0, "--x r-x"), (ap2 | ap1, apTable0, 0, "--x r-x"),
        // UXNTable and PXNTable.
        (ap2 | ap1, uxnTable, 0, "r-- r-x"), (ap2 | ap1, pxnTable, 0, "r-x r--"),
        (0, uxnTable | pxnTable, 0, "--- rw-"),
        // WXN: writable is not executable.
        (0, 0, wxn, "--x rw-"), (ap1, 0, wxn, "rw- rw-"), (ap2, 0, wxn, "--x r-x"), (ap2 | ap1, 0, wxn, "r-x r-x"),
        (0, apTable1, wxn, "--x r-x"), (ap1, apTable0, wxn, "--x rw-"),
    ]

    @Test("Descriptor bits give each Exception level its rights", arguments: 0..<rows.count)
    func rights(index: Int) throws {
        let row = Self.rows[index]
        // A table bit counts at whichever level it is.
        for level in 0...2 {
            var (settings, tables, _) = TranslationWalkTests.standardCase(
                0x1000, leafBits: row.page, tableBits: [level: row.table])
            settings.sctlr |= row.sctlr
            let result = try settings.regime.walk(0x1000, read: tables.read)
            #expect(result.permissions.text == row.rights)
        }
    }

    @Test("HPD makes the tables' bits count for nothing, where the feature is there")
    func hierarchyOff() throws {
        let bits = Self.apTable0 | Self.apTable1 | Self.uxnTable | Self.pxnTable
        for upper in [false, true] {
            let address: UInt64 = upper ? 0xffff_ffff_ffff_1000 : 0x1000
            var (settings, tables, _) = TranslationWalkTests.standardCase(
                address, upper: upper, leafBits: Self.ap1, tableBits: [1: bits])
            settings.tcr |= upper ? 1 << 42 : 1 << 41
            #expect(try settings.regime.walk(VirtualAddress(address), read: tables.read).permissions.text == "rwx rw-")
            settings.features = .armv8_0
            #expect(try settings.regime.walk(VirtualAddress(address), read: tables.read).permissions.text == "--- r--")
        }
    }

    /// PAN refuses EL1's data accesses to what EL0 can access; with EPAN also to what EL0 can only execute.
    static let panRows: [(page: UInt64, epan: Bool, refused: Bool)] = [
        (0, false, false), (0, true, true),  // EL0 may execute only
        (uxn, false, false), (uxn, true, false),  // EL1 alone
        (ap1, false, true), (ap1 | uxn, true, true), (ap2 | ap1 | uxn, false, true), (ap2 | uxn, true, false),
    ]

    @Test("PAN", arguments: 0..<panRows.count)
    func pan(index: Int) throws {
        let row = Self.panRows[index]
        var (settings, tables, _) = TranslationWalkTests.standardCase(0x1000, leafBits: row.page)
        if row.epan { settings.sctlr |= 1 << 57 }
        let regime = settings.regime
        let permission = TranslationFault(.permission, level: 3)
        func fault(_ access: MemoryAccess) -> TranslationFault? {
            do throws(TranslationFault) {
                _ = try regime.translate(0x1000, access: access, read: tables.read)
                return nil
            } catch { return error }
        }
        #expect(fault(.init(.read, isPrivileged: true, pan: true)) == (row.refused ? permission : nil))
        #expect(fault(.init(.read, isPrivileged: true)) == nil)
        // PAN is about EL1's own accesses, and never about fetches.
        let user = fault(.init(.read, isPrivileged: false))
        #expect(fault(.init(.read, isPrivileged: false, pan: true)) == user)
        let fetch = fault(.init(.fetch, isPrivileged: true))
        #expect(fault(.init(.fetch, isPrivileged: true, pan: true)) == fetch)
    }

    @Test("Each access needs its right")
    func accesses() {
        let all: [PagePermissions] = [.el0Read, .el0Write, .el0Execute, .el1Read, .el1Write, .el1Execute]
        let needs: [(MemoryAccess, PagePermissions)] = [
            (.init(.read, isPrivileged: false), .el0Read), (.init(.write, isPrivileged: false), .el0Write),
            (.init(.fetch, isPrivileged: false), .el0Execute), (.init(.read, isPrivileged: true), .el1Read),
            (.init(.write, isPrivileged: true), .el1Write), (.init(.fetch, isPrivileged: true), .el1Execute),
            (.init(.readWrite, isPrivileged: false), [.el0Read, .el0Write]),
            (.init(.readWrite, isPrivileged: true), [.el1Read, .el1Write]),
        ]
        for (access, needed) in needs {
            #expect(needed.allows(access))
            for one in all where needed.contains(one) {
                #expect(!PagePermissions.unrestricted.subtracting(one).allows(access))
            }
        }
    }

    @Test("E0PD keeps EL0 out of a half by a translation fault at level 0")
    func e0pd() throws {
        for upper in [false, true] {
            let address: UInt64 = upper ? 0xffff_ffff_ffff_1000 : 0x1000
            var (settings, tables, _) = TranslationWalkTests.standardCase(address, upper: upper, leafBits: Self.ap1)
            settings.tcr |= upper ? 1 << 56 : 1 << 55
            let regime = settings.regime
            expectFault(.init(.translation, level: 0)) {
                _ = try regime.translate(
                    VirtualAddress(address), access: .init(.read, isPrivileged: false), read: tables.read)
            }
            _ = try regime.translate(
                VirtualAddress(address), access: .init(.read, isPrivileged: true), read: tables.read)
            _ = try regime.walk(VirtualAddress(address), read: tables.read)
        }
    }

    /// `AArch64.S1Translate`: translation and access flag, then alignment, then permission.
    @Test("Faults come in the architecture's order")
    func priority() throws {
        var (settings, tables, steps) = TranslationWalkTests.standardCase(0x1000, leafBits: Self.ap2)
        settings.mair = 0x00
        let write = MemoryAccess(.write, isPrivileged: true, isAligned: false)
        let regime = settings.regime
        // Device, read-only and unaligned: alignment wins.
        expectFault(.init(.alignment, level: 0)) {
            _ = try regime.translate(0x1000, access: write, read: tables.read)
        }
        var aligned = write
        aligned.isAligned = true
        expectFault(.init(.permission, level: 3)) {
            _ = try regime.translate(0x1000, access: aligned, read: tables.read)
        }
        // Without the access flag that comes first, and a walk doesn't mind.
        tables.memory[steps[3].address] = steps[3].value & ~(1 << 10)
        expectFault(.init(.accessFlag, level: 3)) {
            _ = try regime.translate(0x1000, access: write, read: tables.read)
        }
        _ = try regime.walk(0x1000, read: tables.read)
        // Normal memory may be unaligned.
        settings.mair = 0xff
        tables.memory[steps[3].address] = steps[3].value & ~Self.ap2
        _ = try settings.regime.translate(0x1000, access: write, read: tables.read)
        // With the MMU off all data is Device memory.
        settings.sctlr = 0
        expectFault(.init(.alignment, level: 0)) {
            _ = try settings.regime.translate(0x1001, access: write, read: tables.read)
        }
    }

    @Test("A permission fault has the level of the block", arguments: [1, 2, 3])
    func permissionLevel(level: Int) {
        var tables = PageTables()
        let (base, _) = tables.map(
            0x1000, to: 0x4000_0000, level: level, layout: TranslationWalkTests.standard, leafBits: Self.ap2)
        var settings = RegimeSettings()
        settings.tcr = RegimeSettings.tcr(TranslationWalkTests.standard, upper: false)
        settings.ttbr0 = base
        let memory = tables
        expectFault(.init(.permission, level: level)) {
            _ = try settings.regime.translate(
                0x1000, access: .init(.write, isPrivileged: true), read: memory.read)
        }
    }
}
