// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A number with a fixed number of decimals, with a decimal point in any locale: `-93.41`.
///
/// - Precondition: |value| * 10^places is below 2^53; `places` is from 0 to 9.
public func fixed(_ value: Double, _ places: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  let unit = (0..<places).reduce(1) { scale, _ in scale * 10 }
  let scaled = (abs(value) * Double(unit)).rounded()
  guard scaled < 0x1p53 else { return "\(value)" }
  let digits = Int(scaled)
  let sign = value < 0 && digits > 0 ? "-" : ""
  if places == 0 { return sign + String(digits) }
  let fraction = String(digits % unit)
  let zeros = String(repeating: "0", count: places - fraction.count)
  return "\(sign)\(digits / unit).\(zeros)\(fraction)"
}

/// A number with this many significant digits and no trailing zeros: `2756.25`, `0.0396`.
public func significant(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
  var places = digits - 1
  var magnitude = abs(value)
  while magnitude >= 10 {
    magnitude /= 10
    places -= 1
  }
  while magnitude < 1 {
    magnitude *= 10
    places += 1
  }
  // Too small for that many decimals: `2.49e-10`.
  if places > 9 {
    let exponent = digits - 1 - places
    let mantissa = value / pow(10, Double(exponent))
    return "\(significant(mantissa, digits))e\(exponent)"
  }
  var text = fixed(value, max(places, 0))
  if text.contains(".") {
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
  }
  return text
}

/// A whole number in groups of three digits: `16,578,390`.
public func grouped(_ number: Int) -> String {
  var text = String(abs(number))
  var place = text.count - 3
  while place > 0 {
    text.insert(",", at: text.index(text.startIndex, offsetBy: place))
    place -= 3
  }
  return number < 0 ? "-" + text : text
}

/// A share, 0 to 1, as a percentage with three significant digits.
public func percent(_ share: Double) -> String {
  share > 0 && share < 1e-6 ? "less than 0.0001 %" : significant(100 * share, 3) + " %"
}

/// An estimated share: `about 1.83 %`, or `less than 0.0001 %`.
public func aboutPercent(_ share: Double) -> String {
  let text = percent(share)
  return text.hasPrefix("less") ? text : "about " + text
}
