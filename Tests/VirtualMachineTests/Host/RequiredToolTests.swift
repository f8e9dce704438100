import TestSupport
import Testing

@Suite struct RequiredToolTests {
    @Test("a tool that is not there skips a test, and fails it where tools are required")
    func absence() throws {
        let tool = RequiredTool("no-such-tool", from: "apt-get install it", isInstalled: false)
        #expect(try !tool.isUsable(isRequired: false))
        let error = #expect(throws: ProcessError.self) { try tool.isUsable(isRequired: true) }
        #expect(error?.description == "no-such-tool is not installed: apt-get install it")
    }

    @Test("a tool that is there lets the test run")
    func presence() throws {
        for isRequired in [false, true] {
            #expect(try RequiredTool.program("sh", package: "dash").isUsable(isRequired: isRequired))
        }
        #expect(!RequiredTool.program("no-such-tool-anywhere", package: "none").isInstalled)
    }
}
