# The GDB session of `make demo-linux`. Scripts/demo-linux replaces the endpoint and the addresses; the rest is plain
# GDB.
set pagination off
set confirm off
set architecture aarch64

# A frame record has the caller's x29 and the return address, and x29 points to the newest (AAPCS64, "The frame
# pointer").
define frames
  set $record = (unsigned long *) $x29
  set $number = 2
  printf "#0  0x%lx\n#1  0x%lx\n", $pc, $x30
  while (unsigned long) $record >= 0xffff000000000000 && $number < 20
    if $record[1] >= 0xffff000000000000
      printf "#%d  0x%lx\n", $number, $record[1]
    end
    set $record = (unsigned long *) $record[0]
    set $number = $number + 1
  end
end

@CONNECT@

echo \n== Attached: what each vCPU is doing\n
info threads

echo \n== A breakpoint in the kernel, at a system call\n
break *@SYSCALL@
continue
x/3i $pc
info registers pc sp cpsr

echo \n== Who called it, by frame pointers\n
frames

echo \n== Steps in the kernel\n
delete
stepi
stepi
stepi
x/i $pc

echo \n== A watchpoint on jiffies, found in the code of jiffies_read: the kernel's clock ticks\n
# The guest's symbol list has no variables, but jiffies_read loads jiffies with an ADRP and an LDR (Arm ARM, C6.2).
set $code = (unsigned int *) @JIFFIES_READ@
while ($code[0] & 0x9f000000) != 0x90000000
  set $code = $code + 1
end
set $distance = ((long) ($code[0] >> 5 & 0x7ffff) << 2 | ($code[0] >> 29 & 3)) << 43 >> 43
set $jiffies = ((unsigned long) $code & ~0xfffUL) + ($distance << 12)
while ($code[0] & 0xffc00000) != 0xf9400000
  set $code = $code + 1
end
set $jiffies = $jiffies + ($code[0] >> 10 & 0xfff) * 8
printf "jiffies is at 0x%lx\n", $jiffies
watch *(unsigned long *) $jiffies
continue
x/2i $pc - 4
continue
delete

echo \n== Ctrl-C while Linux runs\n
python
import os, signal, threading
threading.Timer(2, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
end
continue
info threads
eval "monitor translate 0x%lx", $pc

echo \n== Detach\n
detach
echo GDB is done\n
