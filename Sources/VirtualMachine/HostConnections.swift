import HostIO
import Machine

// The host's ends of a machine's devices. HostIO doesn't know of machines, and Machine doesn't know of hosts.
extension RawDisk: BlockStorage {}
extension HostLink: NetworkLink {}
