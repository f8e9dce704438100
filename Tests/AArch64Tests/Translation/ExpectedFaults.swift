import AArch64
import GuestAddresses
import Testing

/// A walk of `address` must end in the fault.
func expect(
    _ regime: TranslationRegime, _ address: VirtualAddress, _ tables: PageTables, faults fault: TranslationFault,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let result = regime.trace(address, read: tables.read).result
    #expect(result == .failure(fault), sourceLocation: sourceLocation)
}

/// The body must throw exactly that fault.
func expectFault(
    _ fault: TranslationFault, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    #expect(throws: fault, sourceLocation: sourceLocation) { try body() }
}
