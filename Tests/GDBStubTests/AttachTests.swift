import Execution
import GDBStub
import Testing

@Suite struct AttachTests {
    @Test func aDebuggerAttachesLooksAroundAndContinues() {
        let client = Client()
        #expect(
            client.ask("qSupported:multiprocess+;swbreak+;hwbreak+;error-message+;xmlRegisters=i386")
                == "PacketSize=20000;QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;vContSupported+;"
                + "binary-upload+;swbreak+;hwbreak+;qXfer:osdata:read+;qEcho+;MultiMemRead+;"
                + "SupportedWatchpointTypes=aarch64-bas,aarch64-mask;multiprocess+;error-message+")
        #expect(client.ask("vMustReplyEmpty") == "")
        #expect(client.ask("QStartNoAckMode") == "OK")
        #expect(client.signs == "+++")
        #expect(client.ask("vCont?") == "vCont;c;C;s;S;r")
        #expect(client.ask("?")?.hasPrefix("T05thread:p1.1;core:0;0:0000000000000000;") == true)
        #expect(client.ask("qXfer:features:read:target.xml:0,1fff8")?.contains("<architecture>aarch64<") == true)
        #expect(client.ask("Hg0") == "OK")
        #expect(client.ask("m40000010,4") == "10111213")
        #expect(client.ask("Z0,40000010,4") == "OK")
        #expect(client.ask("vCont;c:p1.-1") == nil)
        #expect(client.takeActions() == [.resume(ResumePlan(actions: [.continue, .continue]))])
        #expect(client.stop(.softwareBreakpoint, vcpu: 1).first?.hasPrefix("T05swbreak:;thread:p1.2;core:1;") == true)
        #expect(client.signs == "+++")
        #expect(client.target.callsWhileRunning == 0)
    }
}
