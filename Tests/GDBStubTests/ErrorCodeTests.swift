import Execution
import GDBStub
import Testing

@Suite struct ErrorCodeTests {
    static let codes: [(cause: TargetError.Cause, byte: String)] = [
        (.memoryFault, "0e"), (.invalidRequest, "16"), (.noSpace, "1c"), (.running, "10"), (.noSuchThread, "03"),
        (.noSuchRegister, "45"), (.noSuchDocument, "00"), (.notAttached, "01"), (.tooLarge, "07"),
        (.interrupted, "04"),
    ]

    @Test func `each cause of a target's error has an error code of its own`() {
        // A request that is not supported has an empty reply.
        #expect(Self.codes.count == TargetError.Cause.allCases.count - 1)
        #expect(Set(TargetError.Cause.allCases.map(\.errorCode)).count == TargetError.Cause.allCases.count)
        for (cause, byte) in Self.codes {
            let client = Client()
            client.target.nextError = TargetError(cause, text: "a text")
            #expect(client.ask("P20=0000000000000000") == "E" + byte, "\(cause)")
        }
    }

    @Test func `an error that says that a request is not supported has an empty reply`() {
        let client = Client().connect()
        client.target.nextError = .unsupported
        #expect(client.ask("Z0,40000000,4") == "")
        #expect(client.target.stopPoints.isEmpty)
        #expect(client.ask("Z0,40000000,4") == "OK")
    }

    @Test func `the text of an error is sent to clients that announced that they read it`() {
        for (cause, byte) in Self.codes {
            let gdb = Client().connect()
            gdb.target.nextError = TargetError(cause, text: "a text")
            #expect(gdb.ask("P20=0000000000000000") == "E.a text")
            let lldb = Client()
            _ = lldb.send("QEnableErrorStrings")
            lldb.target.nextError = TargetError(cause, text: "a text")
            #expect(lldb.ask("P20=0000000000000000") == "E\(byte);" + Client.hex("a text"))
        }
    }
}
