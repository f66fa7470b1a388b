// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavExport

@Suite struct ColourMapTests {
  /// CIELAB lightness, 0 to 100, of a colour of sRGB (IEC 61966-2-1, CIE 15).
  private func lightness(_ colour: Colour) -> Double {
    let linear = [colour.red, colour.green, colour.blue].map { component in
      let share = Double(component) / 255
      return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
    }
    let luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return luminance > 216 / 24389.0
      ? 116 * cbrt(luminance) - 16 : luminance * 24389 / 27
  }

  @Test(arguments: ColourMap.allCases)
  func lightnessRisesEvenly(map: ColourMap) {
    let values = map.colours.map(lightness)
    #expect(values.count == 256)
    // Rounding to 8 bits makes single steps uneven: three of cividis are -0.01.
    #expect(zip(values, values.dropFirst()).allSatisfy { $1 - $0 > -0.02 })
    #expect(zip(values, values.dropFirst(2)).allSatisfy { $1 > $0 })
    let span = values[255] - values[0]
    for (index, value) in values.enumerated() {
      let even = values[0] + span * Double(index) / 255
      #expect(abs(value - even) < 0.06 * span, "colour \(index) of \(map)")
    }
  }

  /// The published tables, in 8 bits.
  @Test func endsAndMiddlesAreThePublishedOnes() {
    func digits(_ map: ColourMap, _ index: Int) -> [UInt8] {
      let colour = map.colours[index]
      return [colour.red, colour.green, colour.blue]
    }
    #expect(digits(.inferno, 0) == [0x00, 0x00, 0x04])
    #expect(digits(.inferno, 128) == [0xbc, 0x37, 0x54])
    #expect(digits(.inferno, 255) == [0xfc, 0xff, 0xa4])
    #expect(digits(.cividis, 0) == [0x00, 0x22, 0x4e])
    #expect(digits(.cividis, 128) == [0x7d, 0x7c, 0x78])
    #expect(digits(.cividis, 255) == [0xfe, 0xe8, 0x38])
  }
}
