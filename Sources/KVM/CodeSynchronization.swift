import CLinuxKVM

/// Makes instructions that were written into guest memory the ones that vCPUs fetch, with their caches on or off.
package func synchronizeCode(_ start: UnsafeMutableRawPointer, count: Int) {
    trapline_synchronize_code(start, count)
}
