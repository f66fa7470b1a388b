// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

extension Program {
  /// Runs the program with a terminal of some columns at stdout; lines end with `\n` in the result.
  static func run(
    onTerminal columns: Int, _ arguments: [String], in folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws -> Result {
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(master >= 0)
    let terminal = FileHandle(fileDescriptor: master, closeOnDealloc: true)
    // Swift does not import TIOCSPTLCK and TIOCGPTN, nor unlockpt and ptsname, which use them.
    var (lock, number): (Int32, Int32) = (0, 0)
    try #require(ioctl(master, 0x4004_5431, &lock) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
    let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(slave >= 0)
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    try #require(ioctl(slave, UInt(TIOCSWINSZ), &size) == 0)
    let output = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    let process = try start(
      arguments, in: folder ?? root, environment: environment, output: output)
    try output.close()
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    // Reading fails when the last process has closed its side.
    while case let count = read(master, &buffer, buffer.count), count > 0 {
      bytes += buffer[..<count]
    }
    process.waitUntilExit()
    try terminal.close()
    return Result(
      status: process.terminationStatus,
      output: String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n"), error: "")
  }
}
