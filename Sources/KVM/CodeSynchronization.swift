import CLinuxKVM

/// Makes instructions that were written into guest memory the ones that vCPUs fetch, with their caches on or off.
///
/// - Parameter start: `count` mapped bytes.
package func synchronizeCode(_ start: UnsafeMutableRawPointer, count: Int) {
    // SAFETY: cache maintenance of mapped bytes changes none of them; the caller vouches for the range.
    unsafe trapline_synchronize_code(start, count)
}
