"""avatar2 over GDB's machine interface. Arguments: port, address of an instruction, path of GDB."""
import sys
import tempfile

from avatar2 import Avatar, GDBTarget
from avatar2.archs.architecture import Architecture


class AArch64(Architecture):
    """avatar2 has no AArch64; this is what its GDB target needs to know."""

    gdb_name = "aarch64"
    registers = {"x%d" % n: n for n in range(31)} | {"sp": 31, "pc": 32}
    pc_name, sr_name, endian, page_size = "pc", "cpsr", "little", 0x1000
    special_registers = {}
    qemu_name = capstone_arch = capstone_mode = keystone_arch = keystone_mode = unicorn_arch = unicorn_mode = None


port, address, gdb = int(sys.argv[1]), int(sys.argv[2], 0), sys.argv[3]
with tempfile.TemporaryDirectory() as folder:
    avatar = Avatar(arch=AArch64, output_directory=folder)
    avatar.add_memory_range(0x40000000, 0x8000000)
    target = avatar.add_target(GDBTarget, gdb_executable=gdb, gdb_port=port)
    avatar.init_targets()
    breakpoint_number = target.set_breakpoint(address)
    target.cont()
    target.wait()
    print("@pc=%#x" % target.read_register("pc"))
    target.remove_breakpoint(breakpoint_number)
    target.step()
    target.wait()
    print("@pc=%#x" % target.read_register("pc"))
    target.write_register("x0", 77)
    print("@x0=%d" % target.read_register("x0"))
    target.write_memory(0x40200000, 4, 0x12345678)
    print("@memory=%#x" % target.read_memory(0x40200000, 4))
    avatar.shutdown()
