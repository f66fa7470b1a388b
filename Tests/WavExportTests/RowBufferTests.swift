// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavExport

@Suite struct RowBufferTests {
  private func text(_ body: (inout RowBuffer) -> Void) -> String {
    var buffer = RowBuffer(capacity: 1000)
    body(&buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }

  @Test func fixedDecimalsWithoutTrailingZeros() {
    #expect(text { $0.append(20.25, decimals: 5) } == "20.25")
    #expect(text { $0.append(-93.400001, decimals: 5) } == "-93.4")
    #expect(text { $0.append(0.000123, decimals: 6) } == "0.000123")
    #expect(text { $0.append(0, decimals: 6) } == "0.0")
    #expect(text { $0.append(-0.0000001, decimals: 5) } == "0.0")
    #expect(text { $0.append(1e30, decimals: 5) } == "1e+30")
  }

  @Test func decimalsAreRounded() {
    #expect(text { $0.append(0.126, decimals: 2) } == "0.13")
    #expect(text { $0.append(-0.124, decimals: 2) } == "-0.12")
    #expect(text { $0.append(2.9996, decimals: 3) } == "3.0")
    #expect(text { $0.append(99.99999, decimals: 0) } == "100")
  }

  @Test func singlePrecisionReadsBackTheSame() {
    var value = Float(1.0e-12)
    while value < 1e12 {
      for candidate in [value, value.nextUp, -value, value * 1.2345679] {
        let written = text { $0.append(candidate) }
        #expect(Float(written) == candidate, "\(candidate) as \(written)")
      }
      value *= 1.37
    }
    #expect(text { $0.append(Float(0)) } == "0.0")
    #expect(text { $0.append(Float(0.1)) } == "0.100000001")
  }
}
