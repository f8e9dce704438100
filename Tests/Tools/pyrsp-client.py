"""pyrsp's view of a guest: registers, memory, a breakpoint, a step. Arguments: port, address of an instruction."""
import sys

from pyrsp.rsp import RSP


class AArch64(RSP):
    """The first registers of `g`, all that a client with a table of its own has."""

    def __init__(self, port):
        registers = ["x%d" % n for n in range(31)] + ["sp", "pc"]
        self.arch = {"regs": registers, "endian": True, "bitsize": 64}
        self.pc_reg = "pc"
        super().__init__(port)

    def show(self, name):
        self.refresh_regs()
        print("@%s=%#x" % (name, int(self.regs[name], 16)))


client, address = AArch64(sys.argv[1]), int(sys.argv[2], 0)
client.fetchOK(b"Z0,%x,4" % address)
client.cont_all()
client.show("pc")
client.fetchOK(b"z0,%x,4" % address)
client.step()
client.show("pc")
client.show("x0")
client.set_reg("x0", 77)
client.show("x0")
data = bytes(range(256)) * 64
client.store(data, 0x40200000)
print("@memory=%d" % (client.dump(len(data), 0x40200000) == data))
print("@threads=%d" % len(client.get_thread_info()[2]))
client.port.close()
