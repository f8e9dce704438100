import Execution
import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import NumberText

/// The format of a list of an address space's mappings.
struct MappingsFormat<Permissions: Equatable> {
    /// The first line; empty if there is none.
    var header: String
    /// The line of an area, from the area and its permissions.
    var line: (GuestArea<Permissions>, Permissions) -> String
    /// The text for an address space that maps nothing.
    var nothing: String
}

/// The list of all mappings of an address space, with a line for each area, made span by span.
final class MappingsText<Space: SpannedAddressSpace>: LongText {
    typealias Format = MappingsFormat<Space.Permissions>

    private let space: Space
    private let map: PhysicalMap
    private let format: Format
    /// The first address of the next span; nil after the last.
    private var next: VirtualAddress? = 0
    /// The area that the next span may continue.
    private var area: GuestArea<Space.Permissions>?
    private var lines = 0
    private var spans = maximumSpansOfList
    private var isBegun = false
    private var isEnded = false

    init(_ space: Space, _ map: PhysicalMap, _ format: Format) {
        self.space = space
        self.map = map
        self.format = format
    }

    func nextPiece() throws(TargetError) -> String? {
        guard !isEnded else { return nil }
        var text = isBegun ? "" : format.header
        isBegun = true
        var left = spansAtATime
        while let address = next, lines < maximumMappings, spans > 0 {
            guard left > 0 else { return text }
            left -= 1
            spans -= 1
            let part = space.part(at: address, map)
            next = part.last == .max ? nil : part.last + 1
            if let area, area.continues(in: part) {
                self.area?.last = part.last
            } else {
                text += takeLine()
                area = part
            }
        }
        isEnded = true
        text += takeLine()
        if let next { text += "not read from \(hexadecimal(next)) on: the tables have too many entries\n" }
        return text + (lines == 0 ? format.nothing : "")
    }

    /// The line of the area that has ended, if it is mapped.
    private func takeLine() -> String {
        defer { area = nil }
        guard let area, let permissions = area.permissions else { return "" }
        lines += 1
        return format.line(area, permissions)
    }
}

/// The number of spans in one piece of the list.
private let spansAtATime = 1 << 10
/// Upper bound on the areas that are listed.
private let maximumMappings = 1 << 14
/// Upper bound on the spans that are read, because tables that refer to themselves describe an enormous number.
private let maximumSpansOfList = 1 << 20

extension MappingsFormat {
    /// Lines of `START-END SIZE RIGHTS` in hexadecimal, the format of QEMU's `info mem` for x86, which scripts parse.
    ///
    /// The end is the first address after the area, and `u` marks areas that programs may access.
    static func qemu(_ rights: @escaping (Permissions) -> String) -> Self {
        Self(
            header: "",
            line: { area, permissions in
                let (size, overflow) = (area.last - area.first).addingReportingOverflow(1)
                return digits(area.first.rawValue) + "-" + digits(area.last.rawValue &+ 1) + " "
                    + (overflow ? digits(UInt64.max) : digits(size)) + " " + rights(permissions) + "\n"
            }, nothing: "")
    }

    /// A table with columns of fixed width, with sizes in units and the memory or device of each area.
    static func table(_ columns: String, _ rights: @escaping (Permissions) -> String) -> Self {
        Self(
            header: column("from", 18) + column("to", 18) + column("size", 9) + columns + "  what\n",
            line: { area, permissions in
                let size = area.last - area.first
                return padded(area.first) + "  " + padded(area.last) + "  "
                    + column(size == .max ? "all" : sizeInWords(size + 1), 9)
                    + rights(permissions) + "  " + area.place.text + "\n"
            }, nothing: "the tables map nothing\n")
    }

    private static func digits(_ value: UInt64) -> String { String(padded(value).dropFirst(2)) }

    private static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count) + 2)
    }
}
