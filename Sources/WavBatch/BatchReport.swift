// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport

/// The result of a batch as text for people: two lines.
public func batchReport(_ result: BatchResult) -> String {
  var facts = ["\(grouped(result.done)) done", "\(grouped(result.failed)) failed"]
  if result.skipped > 0 { facts[0] += " (\(grouped(result.skipped)) of them before)" }
  let left = result.files - result.done - result.failed
  if left > 0 { facts.append("\(grouped(left)) not tried") }
  let tried = result.done + result.failed - result.skipped
  let speed =
    tried > 0 && result.seconds > 0
    ? ", \(significant(Double(tried) / result.seconds, 3)) files/s, "
      + "\(significant(Double(result.byteCount) / 1e6 / result.seconds, 3)) MB/s" : ""
  return """
    \(grouped(result.files)) \(result.files == 1 ? "file" : "files"): \
    \(facts.joined(separator: ", ")); \(significant(result.seconds, 3)) s\(speed)
    Summary in \(printable(result.summaryPath))\(result.indexPath.map { ", index in \(printable($0))" } ?? "")

    """
}

/// The result of a batch as a JSON object.
public func batchReportJSON(
  _ result: BatchResult, defaults: OptionDefaults? = nil
) throws -> String {
  struct Document: Codable {
    var schema = DocumentSchema.batch
    var files: Int
    var done: Int
    var skipped: Int
    var failed: Int
    var inputBytes: Int
    var seconds: Double
    var summary: String
    var index: String?
    var defaults: OptionDefaults?
  }
  return try jsonText(
    Document(
      files: result.files, done: result.done, skipped: result.skipped, failed: result.failed,
      inputBytes: result.byteCount, seconds: (result.seconds * 1000).rounded() / 1000,
      summary: result.summaryPath, index: result.indexPath, defaults: defaults))
}
