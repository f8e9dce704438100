import Execution
import GDBRemote
import TargetDescription

// The documents of `qXfer` other than registers and threads.
extension DebugSession {
    /// Returns the document of `qXfer:memory-map` (GDB manual, "Memory Map Format").
    func memoryMapDocument(_ map: [MemoryMapEntry]) -> [UInt8] {
        var writer = XMLWriter()
        writer.raw("<?xml version=\"1.0\"?>\n")
        writer.begin("memory-map")
        for entry in map {
            writer.element(
                "memory",
                [
                    ("type", entry.kind.rawValue), ("start", "0x" + String(entry.start, radix: 16)),
                    ("length", "0x" + String(entry.length, radix: 16)),
                ])
        }
        writer.end("memory-map")
        return writer.bytes
    }

    /// Returns the document of `qXfer:osdata`: the table with that name, or without a name the list of tables.
    ///
    /// All reads of one document get the same version.
    ///
    /// A table that does not exist is an empty document, which GDB reports as an unknown name. After an error reply
    /// radare2 would repeat the request without end.
    mutating func systemDocument(_ annex: [UInt8], from offset: UInt64) throws(TargetError) -> [UInt8] {
        if offset > 0, let known = transfers.systemTable, known.annex == annex { return known.bytes }
        let tables = try required(target.systemTableSource).systemTables
        let table: SystemTable
        if annex.isEmpty {
            table = SystemTable(
                name: "types", help: "", columns: ["Type", "Description", "Title"],
                rows: tables.map { [$0.name, $0.help, $0.name] })
        } else {
            guard let named = tables.first(where: { $0.name.utf8.elementsEqual(annex) }) else { return [] }
            table = named
        }
        let document = table.document
        transfers.systemTable = (annex, document)
        return document
    }
}

extension SystemTable {
    /// The table as a document (GDB manual, "Operating System Information").
    ///
    /// Every item repeats the names of the columns.
    fileprivate var document: [UInt8] {
        var writer = XMLWriter()
        writer.raw("<?xml version=\"1.0\"?>\n<!DOCTYPE osdata SYSTEM \"osdata.dtd\">\n")
        writer.begin("osdata", [("type", name)])
        for row in rows {
            writer.begin("item")
            for (column, value) in zip(columns, row) {
                writer.element("column", [("name", column)], text: value)
            }
            writer.end("item")
        }
        writer.end("osdata")
        return writer.bytes
    }
}
