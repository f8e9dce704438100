"""The tools that gdbstub-mcp offers, called one after the other. Arguments: port, ELF file."""
import sys

from gdbstub_mcp import server

port, elf = int(sys.argv[1]), sys.argv[2]
print(server.debug_connect("guest", port=port, elf=elf))
# Its breakpoints have the length 1, whatever the architecture.
print(server.debug_break("guest", "row"))
print(server.debug_continue("guest", 60))
print(server.debug_step("guest", 2))
print(server.debug_registers("guest", "x0,pc,cpsr"))
print(server.debug_set_register("guest", "x0", "77"))
print(server.debug_registers("guest", "x0"))
print(server.debug_memory("guest", "row", 16))
print(server.debug_backtrace("guest"))
print(server.debug_delete("guest", 1))
print(server.debug_break("guest", "round", kind="write"))
print(server.debug_continue("guest", 60))
print(server.debug_delete("guest", 2))
print(server.debug_disconnect("guest"))
