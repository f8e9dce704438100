import GDBRemote
import Testing

@Suite struct ErrorFormTests {
    @Test(arguments: [
        // Reads of memory, whether their arguments can be parsed or not.
        ("m0,4", ErrorForm.code), ("x0,4", .code), ("m", .code), ("m0", .code), ("x0,", .code), ("m0,4,", .code),
        ("qRcmd,00", .announcedText), ("qRcmd", .announcedText), ("qRcmd,0", .announcedText),
        ("M0,1:00", .any), ("X0,1:a", .any), ("M0", .any), ("p0", .any), ("g", .any), ("Z0,0,4", .any), ("Zx", .any),
        ("MultiMemRead:ranges:0,1;", .any), ("qSearch:memory:0;1;00", .any), ("vCont;c", .any), ("nonsense", .any),
    ])
    func `a packet has a form of error that its client reads`(packet: String, form: ErrorForm) {
        #expect(Command(Array(packet.utf8)).errorForm == form)
    }
}
