// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials

/// A value as JSON text: keys sorted, in snake case, with a newline at the end.
package func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.keyEncodingStrategy = .convertToSnakeCase
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return printableJSON(String(decoding: try encoder.encode(value), as: UTF8.self)) + "\n"
}
