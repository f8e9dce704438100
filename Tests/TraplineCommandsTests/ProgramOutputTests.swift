import TestSupport
import Testing
import TraplineCommands

@Suite struct ProgramOutputTests {
    @Test("what a program writes to either output is there, to its end")
    func output() throws {
        let shell = try #require(ProgramOutput.find("sh"))
        #expect(ProgramOutput.all(of: shell, ["-c", "echo one; echo two >&2"], seconds: 10) == "one\ntwo\n")
        let long = ProgramOutput.all(of: shell, ["-c", "yes | head -n 100000"], seconds: 20)
        #expect(long?.utf8.count == 200_000)
    }

    @Test("a program that fails, dies or is not there has no output")
    func failure() throws {
        let shell = try #require(ProgramOutput.find("sh"))
        #expect(ProgramOutput.all(of: shell, ["-c", "echo no; exit 3"], seconds: 10) == nil)
        #expect(ProgramOutput.all(of: shell, ["-c", "echo no; kill -9 $$"], seconds: 10) == nil)
        #expect(ProgramOutput.all(of: "/nowhere/at/all", [], seconds: 10) == nil)
        #expect(ProgramOutput.find("no-such-program-anywhere") == nil)
    }

    @Test("a program that takes too long is killed with what it has started")
    func limit() throws {
        let shell = try #require(ProgramOutput.find("sh"))
        let began = ContinuousClock.now
        #expect(ProgramOutput.all(of: shell, ["-c", "sleep 600; echo late"], seconds: 1) == nil)
        #expect(ContinuousClock.now - began < .seconds(60).withPatience)
    }
}
