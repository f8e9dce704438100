/// A date and time of day in UTC of the Gregorian calendar.
struct CivilTime: Equatable, Sendable {
    var year: Int64
    /// The month, from 1.
    var month: Int64
    /// The day of the month, from 1.
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64

    private static let secondsPerDay: Int64 = 86400
    /// The number of days from March 1 of year 0 to 1970; calculations use years that begin in March, so the leap day
    /// is last.
    private static let epoch: Int64 = 719468
    private static let daysPerEra: Int64 = 146097

    init(year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64) {
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }

    /// Converts from seconds since 1970.
    ///
    /// - Parameter seconds: Clamped to the years 0 to 9999.
    init(seconds: Int64) {
        let seconds = min(max(seconds, -Self.epoch * Self.secondsPerDay), 253_402_300_799)
        let time = seconds - Self.floor(seconds, Self.secondsPerDay) * Self.secondsPerDay
        let days = Self.floor(seconds, Self.secondsPerDay) + Self.epoch
        let era = days / Self.daysPerEra
        let dayOfEra = days % Self.daysPerEra
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
    }

    /// Seconds since 1970; fields beyond their range carry over.
    var seconds: Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = Self.floor(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * Self.daysPerEra + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - Self.epoch
        return days * Self.secondsPerDay + hour * 3600 + minute * 60 + second
    }

    /// The day of the week, where 1 is Sunday.
    var weekday: Int64 {
        let days = Self.floor(seconds, Self.secondsPerDay)
        // 1970 began on a Thursday.
        return days + 4 - Self.floor(days + 4, 7) * 7 + 1
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }
}
