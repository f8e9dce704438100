import Foundation
import Machine
import TestSupport
import Testing

@Suite struct MC146818Tests {
    /// 2024-02-29 23:59:58 UTC, a Thursday.
    private static let leapDay: UInt64 = 1_709_251_198

    /// A clock whose time a test moves.
    private final class Time {
        var seconds: UInt64
        init(_ seconds: UInt64) { self.seconds = seconds }
    }

    private static func read(_ clock: MC146818, _ registers: [UInt64]) -> [UInt64] {
        registers.map { register in
            clock.write(offset: 0, size: 1, value: register, vcpu: 0)
            return clock.read(offset: 1, size: 1, vcpu: 0)
        }
    }

    private static func write(_ clock: MC146818, _ values: [(UInt64, UInt64)]) {
        for (register, value) in values {
            clock.write(offset: 0, size: 1, value: register, vcpu: 0)
            clock.write(offset: 1, size: 1, value: value, vcpu: 0)
        }
    }

    /// Second, minute, hour, weekday, day, month, year, century.
    private static let fields: [UInt64] = [0, 2, 4, 6, 7, 8, 9, 0x32]

    @Test func itTellsTheTimeInBCD() {
        let time = Time(Self.leapDay)
        let clock = MC146818(time: { time.seconds })
        #expect(Self.read(clock, Self.fields) == [0x58, 0x59, 0x23, 5, 0x29, 2, 0x24, 0x20])
        time.seconds += 2
        #expect(Self.read(clock, Self.fields) == [0, 0, 0, 6, 1, 3, 0x24, 0x20])
    }

    @Test func itTellsTheTimeInBinaryAndInTwelveHours() {
        let time = Time(Self.leapDay)
        let clock = MC146818(time: { time.seconds })
        Self.write(clock, [(0xB, 4 | 2)])
        #expect(Self.read(clock, Self.fields) == [58, 59, 23, 5, 29, 2, 24, 20])
        Self.write(clock, [(0xB, 0)])
        #expect(Self.read(clock, [4]) == [0x91])
        for (hours, expected) in [(1, 0x12), (2, 0x01), (13, 0x92), (14, 0x81)] as [(UInt64, UInt64)] {
            time.seconds = Self.leapDay + hours * 3600
            #expect(Self.read(clock, [4]) == [expected])
        }
        Self.write(clock, [(4, 0x92)])
        Self.write(clock, [(0xB, 2)])
        #expect(Self.read(clock, [4]) == [0x12])
    }

    @Test func itIsSetFieldByFieldWhileItStands() {
        let time = Time(Self.leapDay)
        let clock = MC146818(time: { time.seconds })
        // In between is the 30th of February.
        Self.write(clock, [(0xB, 0x82), (7, 0x30), (8, 0x12), (9, 0x99), (0x32, 0x19), (4, 0x01), (2, 2), (0, 3)])
        time.seconds += 100
        #expect(Self.read(clock, Self.fields) == [3, 2, 1, 5, 0x30, 0x12, 0x99, 0x19], "it stands")
        Self.write(clock, [(0xB, 2)])
        time.seconds += 7
        #expect(Self.read(clock, Self.fields) == [0x10, 2, 1, 5, 0x30, 0x12, 0x99, 0x19])
        clock.reset()
        #expect(Self.read(clock, [9]) == [0x24])
    }

    @Test func otherRegistersAreStatusAndMemory() {
        let clock = MC146818(time: { 0 })
        #expect(Self.read(clock, [0xA, 0xB, 0xC, 0xD, 0xE, 0x7F]) == [0x26, 2, 0, 0x80, 0, 0])
        Self.write(clock, [(0xA, 0xFF), (0xC, 0xFF), (0xD, 0), (0xE, 0x12), (0xFF, 0x34), (1, 0x56)])
        #expect(Self.read(clock, [0xA, 0xC, 0xD, 0xE, 0x7F, 0x81, 0]) == [0x7F, 0, 0x80, 0x12, 0x34, 0x56, 0])
        #expect(clock.read(offset: 0, size: 1, vcpu: 0) == 0)
    }

    @Test func everyDayOfFourHundredYearsIsAsTheCalendarSays() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let time = Time(0)
        let clock = MC146818(time: { time.seconds })
        Self.write(clock, [(0xB, 4 | 2)])
        for day in stride(from: 0, to: 146_097 as UInt64, by: 5) {
            time.seconds = day * 86400 + day % 86400
            let date = Date(timeIntervalSince1970: TimeInterval(time.seconds))
            let parts = calendar.dateComponents([.year, .month, .day, .weekday, .second], from: date)
            let year = try #require(parts.year)
            let expected = [parts.second, parts.weekday, parts.day, parts.month, year % 100, year / 100]
            #expect(Self.read(clock, [0, 6, 7, 8, 9, 0x32]) == expected.map { UInt64($0 ?? -1) })
        }
    }

    @Test func noValueBreaksIt() {
        var random = SeededRandom.announced("MC146818")
        for _ in 0..<200 {
            let start = random.next() >> UInt64.random(in: 0..<64, using: &random)
            let clock = MC146818(time: { start })
            for _ in 0..<300 {
                clock.write(offset: random.next() % 3, size: 1, value: random.next() & 0xFF, vcpu: 0)
                _ = clock.read(offset: random.next() % 3, size: 1, vcpu: 0)
            }
        }
    }
}
