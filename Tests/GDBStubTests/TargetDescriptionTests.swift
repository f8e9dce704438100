import TargetDescription
import Testing

@Suite struct TargetDescriptionTests {
    static let everything = TargetDescription(
        architecture: "aarch64", osabi: "none",
        features: [
            Feature(
                "org.example.<first>",
                types: [
                    TypeDescription("mode", .enum(bits: 32, values: [("EL0t", 0), ("EL1h", 5)])),
                    TypeDescription(
                        "state",
                        .flags(
                            bits: 32,
                            fields: [.init("SP", 0...0), .init("M", 0...3, type: "mode"), .init("N", 31...31)])
                    ),
                    TypeDescription("pair", .struct(bits: 64, fields: [.init("low", 0...31, type: "uint32")])),
                    TypeDescription("v4f", .vector(element: "ieee_single", count: 4)),
                    TypeDescription("any", .union(members: [("f", "v4f"), ("q", "uint128")])),
                ],
                registers: [
                    RegisterDescription("x0", number: 0),
                    RegisterDescription("pc", number: 1, type: "code_ptr", genericName: "pc"),
                    RegisterDescription("cpsr", number: 2, bits: 32, type: "state", group: "a&b"),
                    RegisterDescription("p", number: 3, type: "pair"),
                    RegisterDescription("v0", number: 4, bits: 128, type: "any"),
                ]),
            Feature(
                "org.example.second",
                registers: [RegisterDescription("CONTROL", number: 0xc080, isInGeneralPacket: false)]),
        ])

    @Test func theDocumentHasEveryKindOfTypeAndEscapesWhatItMust() {
        let expected = """
            <?xml version="1.0"?>
            <!DOCTYPE target SYSTEM "gdb-target.dtd">
            <target version="1.0">
            <architecture>aarch64</architecture>
            <osabi>none</osabi>
            <feature name="org.example.&lt;first&gt;">
            <enum id="mode" size="4">
            <evalue name="EL0t" value="0"/>
            <evalue name="EL1h" value="5"/>
            </enum>
            <flags id="state" size="4">
            <field name="SP" start="0" end="0"/>
            <field name="M" start="0" end="3" type="mode"/>
            <field name="N" start="31" end="31"/>
            </flags>
            <struct id="pair" size="8">
            <field name="low" start="0" end="31" type="uint32"/>
            </struct>
            <vector id="v4f" type="ieee_single" count="4"/>
            <union id="any">
            <field name="f" type="v4f"/>
            <field name="q" type="uint128"/>
            </union>
            <reg name="x0" bitsize="64" type="int"/>
            <reg name="pc" bitsize="64" type="code_ptr"/>
            <reg name="cpsr" bitsize="32" type="state" group="a&amp;b"/>
            <reg name="p" bitsize="64" type="pair"/>
            <reg name="v0" bitsize="128" type="any"/>
            </feature>
            <feature name="org.example.second">
            <reg name="CONTROL" bitsize="64" type="int" regnum="49280" save-restore="no"/>
            </feature>
            </target>

            """
        #expect(String(decoding: Self.everything.xml(), as: UTF8.self) == expected)
    }

    @Test func controlCharactersDoNotBreakADocument() {
        var writer = XMLWriter()
        writer.element("a", [("b", "\u{0}\n\t\u{1b}\u{7f}é<>&\"'")])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "<a b=\"     é&lt;&gt;&amp;&quot;&apos;\"/>\n")
    }

    @Test func theLayoutFollowsTheNumbers() {
        let layout = RegisterLayout(Self.everything)
        #expect(layout.generalRegisters.map(\.name) == ["x0", "pc", "cpsr", "p", "v0"])
        #expect(layout.generalByteCount == 8 + 8 + 4 + 8 + 16)
        #expect([0, 1, 2, 3, 4].map { layout.offset(ofRegister: $0) } == [0, 8, 16, 20, 28])
        #expect(layout.offset(ofRegister: 0xc080) == nil)
        #expect(layout.register(numbered: 0xc080)?.name == "CONTROL")
        #expect(layout.register(numbered: 5) == nil)
        #expect(layout.register(numbered: -1) == nil)
        #expect(layout.register(numbered: .max) == nil)
        #expect(layout.register(genericName: "pc")?.number == 1)
        #expect(layout.register(genericName: "sp") == nil)
        #expect(layout.expeditedRegisters.map(\.name) == ["x0", "pc", "cpsr", "p", "v0"])
    }

    @Test func theOrderOfFeaturesDoesNotMatterForTheLayout() {
        var turned = Self.everything
        turned.features.reverse()
        let layout = RegisterLayout(turned)
        #expect(layout.generalRegisters.map(\.name) == ["x0", "pc", "cpsr", "p", "v0"])
        // Only the first feature's are sent with each stop, and only those of g.
        #expect(layout.expeditedRegisters.isEmpty)
        turned.features[1].isExpedited = true
        #expect(RegisterLayout(turned).expeditedRegisters.count == 5)
    }

    @Test func anEmptyDescriptionIsNoTrouble() {
        let layout = RegisterLayout(TargetDescription(architecture: "", features: []))
        #expect(layout.generalByteCount == 0)
        #expect(layout.register(numbered: 0) == nil)
    }

    @Test func aRightDescriptionHasNoProblems() {
        #expect(Self.everything.problems == [])
        #expect(FakeTarget.description.problems == [])
    }

    @Test func everyProblemIsFound() {
        func problems(types: [TypeDescription] = [], _ registers: RegisterDescription...) -> [String] {
            TargetDescription(architecture: "a", features: [Feature("f", types: types, registers: registers)]).problems
        }
        #expect(
            problems(RegisterDescription("a", number: 0, bits: 31)) == ["a has 31 bits, not a whole number of bytes"])
        #expect(
            problems(RegisterDescription("a", number: 0), RegisterDescription("a", number: 1))
                == ["two registers are called a"])
        #expect(
            problems(RegisterDescription("a", number: 0), RegisterDescription("b", number: 0))
                == ["a and b are both number 0"])
        #expect(
            problems(RegisterDescription("a", number: 0, isInGeneralPacket: false), RegisterDescription("b", number: 1))
                == ["b is part of g but comes after a, which is not"])
        #expect(
            problems(RegisterDescription("a", number: 0, type: "flags"))
                == ["a has the type flags, which f does not declare before it"])
        #expect(
            problems(types: [TypeDescription("t", .flags(bits: 8, fields: [.init("f", 7...8, type: "int")]))])
                == [
                    "t.f has the type int, which f does not declare before it", "t.f lies outside of the type's 8 bits",
                ])
        #expect(
            problems(types: [
                TypeDescription("u", .union(members: [("m", "v")])),
                TypeDescription("v", .vector(element: "x", count: 2)),
                TypeDescription("v", .enum(bits: 8, values: [])),
            ]) == [
                "u.m has the type v, which f does not declare before it",
                "v has the type x, which f does not declare before it", "the type v is declared twice in f",
            ])
    }
}
