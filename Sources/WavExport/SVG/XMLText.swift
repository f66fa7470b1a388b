// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// Text with XML's special characters escaped, and forbidden characters replaced.
public func xmlEscaped(_ text: String) -> String {
  var result = ""
  for scalar in writable(text).unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

/// Text without the characters that XML forbids and fonts do not have.
func writable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\t": result += " "
    case _ where spelledByte(scalar) != nil: result += printable(String(scalar))
    case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
      result += "\u{fffd}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
