import GDBRemote
import Testing

@Suite struct JSONWriterTests {
    @Test func commasAndEscapesComeByThemselves() {
        var json = JSONWriter()
        json.beginArray()
        json.beginObject()
        json.key("a")
        json.value(1)
        json.key("b\"\\")
        json.value("x\n\u{1}\"é")
        json.key("c")
        json.beginArray()
        json.endArray()
        json.key("d")
        json.beginObject()
        json.endObject()
        json.endObject()
        json.value(.max)
        json.value(hex: [0, 255])
        json.endArray()
        let expected = #"[{"a":1,"b\"\\":"x\u000a\u0001\"é","c":[],"d":{}},18446744073709551615,"00ff"]"#
        #expect(String(decoding: json.bytes, as: UTF8.self) == expected)
    }
}
