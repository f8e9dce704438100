import HostIO
import TestSupport
import Testing

@Suite struct ProgramOutputTests {
    @Test("what a program writes to either output is there, to its end")
    func output() throws {
        let shell = try #require(ChildProgram.find("sh"))
        #expect(ChildProgram.output(of: shell, ["-c", "echo one; echo two >&2"], seconds: 10) == "one\ntwo\n")
        let long = ChildProgram.output(of: shell, ["-c", "yes | head -n 100000"], seconds: 20)
        #expect(long?.utf8.count == 200_000)
    }

    @Test("a program that fails, dies or is not there has no output")
    func failure() throws {
        let shell = try #require(ChildProgram.find("sh"))
        #expect(ChildProgram.output(of: shell, ["-c", "echo no; exit 3"], seconds: 10) == nil)
        #expect(ChildProgram.output(of: shell, ["-c", "echo no; kill -9 $$"], seconds: 10) == nil)
        #expect(ChildProgram.output(of: "/nowhere/at/all", [], seconds: 10) == nil)
        #expect(ChildProgram.find("no-such-program-anywhere") == nil)
    }

    @Test("a program that takes too long is killed with what it has started")
    func limit() throws {
        let shell = try #require(ChildProgram.find("sh"))
        let began = ContinuousClock.now
        #expect(ChildProgram.output(of: shell, ["-c", "sleep 600; echo late"], seconds: 1) == nil)
        #expect(ContinuousClock.now - began < .seconds(60).withPatience)
    }
}
