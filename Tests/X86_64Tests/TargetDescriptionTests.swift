import TargetDescription
import TestSupport
import Testing
import X86_64

@Suite("x86-64 target description")
struct TargetDescriptionTests {
    @Test("A client would accept it: types known, fields inside, names and numbers unique", arguments: [false, true])
    func wellFormed(hasAVX: Bool) {
        let description = X86_64TargetDescription.description(hasAVX: hasAVX)
        #expect(description.problems.isEmpty, "\(description.problems)")
        #expect(description.architecture == "i386:x86-64")
        #expect(description.features.map(\.name).contains("org.gnu.gdb.i386.avx") == hasAVX)
    }

    /// GDB manual, "i386 Features".
    @Test("The standard features have the registers that GDB wants, in its order")
    func standardFeatures() {
        let general = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip eflags cs ss ds es fs gs"
        let x87 = "st0 st1 st2 st3 st4 st5 st6 st7 fctrl fstat ftag fiseg fioff foseg fooff fop"
        #expect(X86_64TargetDescription.core.registers.map(\.name).joined(separator: " ") == "\(general) \(x87)")
        let sse = (0..<16).map { "xmm\($0)" } + ["mxcsr"]
        #expect(X86_64TargetDescription.sse.registers.map(\.name) == sse)
        #expect(X86_64TargetDescription.segments.registers.map(\.name) == ["fs_base", "gs_base"])
        #expect(X86_64TargetDescription.avx.registers.map(\.name) == (0..<16).map { "ymm\($0)h" })
    }

    @Test("g has 16 general registers, then rip and 32 bits each of eflags and six selectors, then x87 and SSE")
    func generalPacket() {
        let layout = RegisterLayout(X86_64TargetDescription.description(hasAVX: true))
        #expect(layout.generalRegisters.map(\.number) == Array(0..<75))
        #expect(layout.offset(ofRegister: 16) == 128 && layout.offset(ofRegister: 24) == 164)
        #expect(layout.offset(ofRegister: 32) == 244 && layout.offset(ofRegister: 40) == 276)
        #expect(layout.generalByteCount == 276 + 260 + 16 + 256)
        let plain = RegisterLayout(X86_64TargetDescription.description(hasAVX: false))
        #expect(plain.generalByteCount == layout.generalByteCount - 256)
        // Registers that both have are at the same place.
        for register in plain.generalRegisters {
            #expect(plain.offset(ofRegister: register.number) == layout.offset(ofRegister: register.number))
        }
    }

    @Test("Numbers convert to registers and back")
    func numbers() throws {
        for register in X86_64TargetDescription.description(hasAVX: true).features.flatMap(\.registers) {
            let known = try #require(DebuggerRegister(number: register.number))
            #expect(known.number == register.number && known.byteCount == register.byteCount)
            #expect(known.name == register.name)
        }
        for number in [-1, 75, 0x7fff, 0x8000 + SystemRegister.allCases.count, Int.max, Int.min] {
            #expect(DebuggerRegister(number: number) == nil)
        }
    }

    @Test("System registers have the names that scripts look up, and are no part of g")
    func systemGroup() {
        let rows = X86_64TargetDescription.system.registers
        #expect(rows.allSatisfy { $0.group == "system" && !$0.isInGeneralPacket && $0.bits == 64 })
        let types = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.type) })
        for (name, type) in [("cr0", "x86_cr0"), ("cr3", "uint64"), ("cr4", "x86_cr4"), ("efer", "x86_efer")] {
            #expect(types[name] == type)
        }
        // GDB refuses arithmetic on pointers, and scripts compute with these.
        #expect(types.values.allSatisfy { !$0.hasSuffix("_ptr") })
    }

    @Test("Clients find pc, sp, fp, flags and the arguments by their generic names")
    func genericNames() {
        let layout = RegisterLayout(X86_64TargetDescription.description(hasAVX: false))
        let expected = [
            "pc": "rip", "sp": "rsp", "fp": "rbp", "flags": "eflags", "arg1": "rdi", "arg2": "rsi", "arg3": "rdx",
            "arg4": "rcx", "arg5": "r8", "arg6": "r9",
        ]
        for (generic, name) in expected { #expect(layout.register(genericName: generic)?.name == name) }
    }

    /// GDB keeps a description that it can't use to itself and falls back to its own: so its raw registers are looked
    /// at.
    @Test("GDB takes the description", arguments: [false, true])
    func realGDB(hasAVX: Bool) throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(X86_64TargetDescription.description(hasAVX: hasAVX).xml(), to: "target.xml")
        let text = try GDB.batch("set tdesc filename \(file)\nshow architecture\nmaintenance print registers").text
        #expect(text.contains("i386:x86-64"), "\(text)")
        #expect(!text.lowercased().contains("warning"), "\(text)")
        let rows = text.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        let names = Set(rows.compactMap { $0.first.map(String.init) })
        for name in ["fs_base", "gs_base", "k_gs_base", "cr3", "efer", "dr7", "mxcsr", "xmm15", "st7"] {
            #expect(names.contains(name), "\(name) is missing in\n\(text)")
        }
        // A pseudo register that GDB makes only when the feature is right.
        #expect(names.contains("ymm15") == hasAVX)
    }
}
