# The GDB session of `make demo`. Scripts/demo replaces the endpoint; the rest is plain GDB.
set pagination off
set confirm off
set architecture aarch64
@CONNECT@

echo \n== The first instruction of the firmware: nothing has been executed yet\n
x/3i $pc
info registers x0 pc sp cpsr

echo \n== Three steps\n
stepi
stepi
stepi
x/2i $pc

echo \n== A hardware breakpoint on the instruction that copies U-Boot to RAM; GDB finds it in flash\n
find /w 0, 0x10000, 0xa8812c0a
set $copy = $_
hbreak *$copy
continue
x/i $pc
printf "U-Boot moves itself to 0x%lx\n", $x0

echo \n== A watchpoint there: it stops at the store, with the right address and value\n
delete
set $target = $x0
watch *(unsigned int *) $target
continue
x/2i $pc - 4
printf "at 0x%lx now: 0x%x, as in flash: 0x%x\n", $target, *(unsigned int *) $target, *(unsigned int *) 0

echo \n== A software breakpoint in flash, which no debugger can write to: Trapline patches no memory\n
delete
break *($copy + 12)
continue
info registers x0 x1 pc cpsr
x/4i $target

echo \n== Memory changed and read back\n
set $spare = 0x40300000
print/x *(unsigned int *) $spare
set var *(unsigned int *) $spare = 0x600df00d
x/4xb $spare
set var *(unsigned int *) $spare = 0

echo \n== System registers by name, and a walk of the translation tables\n
info registers SCTLR_EL1 VBAR_EL1 CurrentEL
monitor translate 0x40300000

echo \n== Ctrl-C while U-Boot runs\n
delete
python
import os, signal, threading
threading.Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
end
continue
info registers pc sp cpsr
info threads
eval "monitor translate 0x%lx", $pc
echo \n== Detach\n
detach
echo GDB is done\n
