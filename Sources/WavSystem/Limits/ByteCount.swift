// SPDX-License-Identifier: GPL-2.0-or-later

/// A number of bytes for people: `1.07 GB`, in decimal units with three digits.
public func readableBytes(_ count: Int) -> String {
  var value = Double(count)
  for unit in ["bytes", "kB", "MB", "GB"] {
    if value < 1000 || unit == "GB" {
      if unit == "bytes" { return count == 1 ? "1 byte" : "\(count) bytes" }
      let places = value < 10 ? 100.0 : value < 100 ? 10.0 : 1.0
      let rounded = (value * places).rounded() / places
      return places == 1 ? "\(Int(rounded)) \(unit)" : "\(rounded) \(unit)"
    }
    value /= 1000
  }
  return "\(count) bytes"
}
