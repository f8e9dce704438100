import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// `qRegisterInfo`: the row of the register table with that number, in LLDB's words.
    ///
    /// LLDB counts from 0 until there is an error, and takes the count for the register's number: so it gets those
    /// before the first gap. It prefers target.xml, which has all of them.
    func registerInformation(_ number: UInt64) throws(TargetError) -> Reply {
        guard let number = Int(exactly: number), let register = layout.register(numbered: number) else {
            throw TargetError(.noSuchRegister, text: "there is no register \(number)")
        }
        var reply = Reply("name:\(register.name);")
        if let other = register.alternativeName { reply.append("alt-name:\(other);") }
        reply.append("bitsize:\(register.bits);")
        if let offset = layout.offset(ofRegister: number) { reply.append("offset:\(offset);") }
        let isVector = register.bits > 64
        reply.append("encoding:\(isVector ? "vector" : "uint");format:\(isVector ? "vector-uint8" : "hex");")
        reply.append("set:\(setName(of: register));")
        if let dwarf = register.dwarfNumber { reply.append("ehframe:\(dwarf);dwarf:\(dwarf);") }
        if let generic = register.genericName { reply.append("generic:\(generic);") }
        return reply
    }

    /// The feature's last word, but for the first feature's the name LLDB's own stubs give it.
    private func setName(of register: RegisterDescription) -> String {
        let features = target.description.features
        guard let index = features.firstIndex(where: { $0.registers.contains { $0.number == register.number } }),
            index > 0
        else { return "General Purpose Registers" }
        let words = features[index].name.utf8.split(separator: UInt8(ascii: "."))
        return words.last.map { String(decoding: Array($0), as: UTF8.self) } ?? features[index].name
    }
}
