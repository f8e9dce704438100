# shellcheck shell=bash
# Functions for the scripts that boot a Debian kernel: its modules, and the initial RAM disk's format.

# add_module DEBIAN-FOLDER MODULES-FOLDER NAME: copies a module and what it needs, once each, and adds them to `order`,
# the order in which they must be loaded; nothing where it is built in. - and _ are the same in a name.
add_module() {
    local file name needed
    file=$(find "$1" -name "${3//[-_]/[-_]}.ko*" -print -quit)
    [ -n "$file" ] || return 0
    name=$(basename "$file" | sed 's/\.ko.*//')
    [ ! -e "$2/$name.ko" ] || return 0
    case $file in
        *.xz) xz -dc "$file" ;;
        *) cat "$file" ;;
    esac >"$2/$name.ko"
    for needed in $(tr '\0' '\n' <"$2/$name.ko" | sed -n 's/^depends=//p' | tr ',' ' '); do
        add_module "$1" "$2" "$needed"
    done
    printf '%s\n' "$name.ko" >>"$2/order"
}

# archive_root FOLDER: writes the folder, folders and programs only, with a console device, in the format of the kernel's
# Documentation/driver-api/early-userspace/buffer-format.rst.
archive_root() {
    local path size archived=0
    archive_entry dev $((8#040755)) 0
    # Where the console is no module, init has it before it has mounted anything.
    archive_entry dev/console $((8#020600)) 0 5 1
    (cd "$1" && find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort) | while read -r path; do
        if [ -d "$1/$path" ]; then
            archive_entry "$path" $((8#040755)) 0
        else
            size=$(stat -c %s "$1/$path")
            archive_entry "$path" $((8#100755)) "$size"
            cat "$1/$path"
            archive_padding "$size"
        fi
    done
    archive_entry 'TRAILER!!!' 0 0
}

archive_padding() { # SIZE: zeros up to a multiple of four
    head -c $(((4 - $1 % 4) % 4)) /dev/zero
}

archive_entry() { # NAME MODE SIZE [DEVICE-MAJOR DEVICE-MINOR]: a header; the content follows
    archived=$((archived + 1))
    printf '070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%s\0' \
        "$archived" "$2" 0 0 1 0 "$3" 0 0 "${4:-0}" "${5:-0}" $((${#1} + 1)) 0 "$1"
    archive_padding $((110 + ${#1} + 1))
}
