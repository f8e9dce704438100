import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// Disks and the network, as Linux's own drivers use them.
    @Suite(.serialized) struct Devices {
        private static let layouts = VMUnderTest.isTrapline ? LinuxGuest.Layout.allCases : [.virt]

        @Test(
            "64 MiB written to a disk are read back the same after a remount, and are in the file", arguments: layouts)
        func disk(layout: LinuxGuest.Layout) throws {
            let guest = try LinuxGuest.shared(layout)
            let disk = try #require(guest.disk)
            try guest.run("mke2fs -F /dev/vda >/dev/null && mount -t ext4 /dev/vda /mnt")
            try guest.run("dd if=/dev/urandom of=/mnt/data bs=1M count=64 2>/dev/null && sync", limit: .seconds(120))
            let written = try guest.run("md5sum </mnt/data", limit: .seconds(60))
            try guest.run("umount /mnt && echo 3 >/proc/sys/vm/drop_caches && mount -t ext4 /dev/vda /mnt")
            #expect(try guest.run("wc -c </mnt/data") == "67108864\n")
            #expect(try guest.run("md5sum </mnt/data", limit: .seconds(60)) == written)
            try guest.run("umount /mnt")
            // The file on the host is the disk, byte for byte.
            let device = try guest.run("md5sum </dev/vda", limit: .seconds(60)).prefix(32)
            let file = try ChildProcess.run(Toolchain.onPath("md5sum"), [disk], limit: .seconds(30)).text.prefix(32)
            #expect(device == file && device.count == 32, "\(device) \(file)")
            try guest.expectNoComplaints()
        }

        @Test(
            "a megabyte goes to a server on the host's loopback and comes back the same",
            .notOnKVM(.passt), arguments: layouts)
        func network(layout: LinuxGuest.Layout) throws {
            let server = try EchoServer()
            defer { server.close() }
            let guest = try LinuxGuest.shared(layout)
            try guest.run(
                "udhcpc -i eth0 -n -q -t 5 -s /bin/lease >/dev/null", limit: .seconds(60))
            // Text, as busybox posts nothing else.
            try guest.run("head -c 750000 /dev/urandom | base64 >/tmp/sent")
            let sent = try guest.run("sha256sum </tmp/sent")
            let gateway = try guest.run("ip route | sed -n 's/^default via \\([0-9.]*\\).*/\\1/p'")
                .trimmingCharacters(in: .whitespacesAndNewlines)
            // passt of 2023 repeats data when the end of the stream comes in one segment with its last bytes.
            let back = try guest.run(
                "wget -q -O - --post-file=/tmp/sent http://\(gateway):\(server.port)/ | sha256sum", limit: .seconds(60))
            #expect(back == sent, "by way of \(gateway)")
            #expect(server.echoed > 1_000_000)
        }
    }
}
