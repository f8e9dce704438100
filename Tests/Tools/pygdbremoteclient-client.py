"""PyGdbRemoteClient without acknowledgements. Arguments: port, address of an instruction that the guest repeats."""
import sys

from gdb_remote_client import GdbRemoteClient

client, address = GdbRemoteClient("localhost", int(sys.argv[1])), int(sys.argv[2], 0)
client.connect()
client.set_recv_timeout(60)


def show(name, condition):
    print("@%s=%d" % (name, condition))


def program_counter():
    return int.from_bytes(bytes.fromhex(client.cmd("p20")), "little")


show("features", "PacketSize=" in client.cmd("qSupported"))
show("noack", client.cmd("QStartNoAckMode") == "OK")
client.set_no_ack_mode(True)
show("empty", client.cmd("vMustReplyEmpty") == "")
show("breakpoint", client.cmd("Z0,%x,2" % address) == "OK")
client.cmd_no_reply("c")
show("hit", client.get_stop_reply()[0].startswith("T05") and program_counter() == address)
show("removed", client.cmd("z0,%x,2" % address) == "OK")
client.cmd_no_reply("s")
show("step", client.get_stop_reply()[0].startswith("T05") and program_counter() == address + 4)
client.cmd_no_reply("c")
client.ctrl_c()
show("interrupt", client.get_stop_reply()[0].startswith("T02"))
show("detach", client.cmd("D") == "OK")
client.disconnect()
