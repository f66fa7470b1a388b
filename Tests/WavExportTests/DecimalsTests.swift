// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavExport

@Suite struct DecimalsTests {
  @Test func fixedDecimals() {
    #expect(fixed(-93.4051, 2) == "-93.41")
    #expect(fixed(0.05, 1) == "0.1")
    #expect(fixed(1.005, 3) == "1.005")
    #expect(fixed(-0.001, 2) == "0.00")
    #expect(fixed(12, 0) == "12")
    #expect(fixed(-.infinity, 2) == "-inf")
    #expect(fixed(999.9999, 2) == "1000.00")
  }

  @Test func significantDigits() {
    #expect(significant(2756.25, 7) == "2756.25")
    #expect(significant(20, 7) == "20")
    #expect(significant(0.039599, 3) == "0.0396")
    #expect(significant(0, 3) == "0")
    #expect(significant(22050, 3) == "22050")
    #expect(significant(2.4898514523799663e-10, 4) == "2.49e-10")
    #expect(significant(-1.5e-300, 4) == "-1.5e-300")
  }

  @Test func numbersAsTheyWereTyped() {
    #expect(numeral(20) == "20")
    #expect(numeral(0.5) == "0.5")
    #expect(numeral(-120) == "-120")
    #expect(numeral(44100.25) == "44100.25")
    #expect(numeral(.infinity) == "inf")
  }

  @Test func groupsOfThree() {
    #expect(grouped(16_578_390) == "16,578,390")
    #expect(grouped(999) == "999")
    #expect(grouped(-1000) == "-1,000")
  }
}
