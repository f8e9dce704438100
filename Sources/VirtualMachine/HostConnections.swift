import HostIO
import Machine

// The host's ends of a machine's devices. HostIO does not import Machine, and Machine names no host file or socket.
extension RawDisk: BlockStorage {}
extension HostLink: NetworkLink {}
