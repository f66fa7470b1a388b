// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

/// A WAV file from its parts; every number in the header can be set to a wrong value.
package func wav(
  _ samples: Data, format: UInt16 = 1, channels: UInt16 = 1, rate: UInt32 = 8000,
  bits: UInt16 = 16, promisedBytes: Int? = nil
) -> Data {
  func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
    withUnsafeBytes(of: number.littleEndian) { Data($0) }
  }
  let frame = UInt16(max(1, channels) * bits / 8)
  var file = Data("RIFF".utf8) + bytes(UInt32(36 + samples.count)) + Data("WAVEfmt ".utf8)
  file += bytes(UInt32(16)) + bytes(format) + bytes(channels) + bytes(rate)
  file += bytes(rate * UInt32(frame)) + bytes(frame) + bytes(bits)
  file += Data("data".utf8) + bytes(UInt32(promisedBytes ?? samples.count)) + samples
  return file
}

/// Samples as 16-bit PCM.
package func pcm16(_ values: [Int16]) -> Data {
  values.reduce(into: Data()) { data, value in
    withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
  }
}

/// Samples as 32-bit floating point.
package func pcmFloat(_ values: [Float]) -> Data {
  values.reduce(into: Data()) { data, value in
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }
}

/// Samples as 64-bit floating point.
package func pcmDouble(_ values: [Double]) -> Data {
  values.reduce(into: Data()) { data, value in
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }
}

/// The folder of the package.
package let packageRoot = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// A file among the fixtures.
package func fixture(_ name: String) -> String {
  packageRoot.appending(path: "fixtures/\(name)").path
}
