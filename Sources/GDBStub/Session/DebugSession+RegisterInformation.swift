import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// Returns the reply to `qRegisterInfo`: the register with that number, in LLDB's terms.
    ///
    /// LLDB counts numbers up from 0 until an error, so it receives the registers before the first gap. It prefers
    /// `target.xml`, which has all registers.
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

    /// The name of LLDB's register set: the last word of the feature's name, or for the first feature the name that
    /// LLDB's own stubs use.
    private func setName(of register: RegisterDescription) -> String {
        let features = target.description.features
        guard let index = features.firstIndex(where: { $0.registers.contains { $0.number == register.number } }),
            index > 0
        else { return "General Purpose Registers" }
        let words = features[index].name.utf8.split(separator: UInt8(ascii: "."))
        return words.last.map { String(decoding: Array($0), as: UTF8.self) } ?? features[index].name
    }
}
