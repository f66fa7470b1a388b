// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// The folder for unnamed files, spelled: `TMPDIR`, or `/tmp`.
public func temporaryFolder() -> String {
  getenv("TMPDIR").map { spelled(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? "/tmp"
}

/// Bytes that are free in the file system that holds a folder; 0 if it does not say.
func freeBytes(in folder: String) -> Int {
  max(0, Int(FilePath(spelled: folder).withPlatformString(shim_free_bytes)))
}

/// Whether a folder is in a file system that keeps its files in memory.
func isMemory(_ folder: String) -> Bool {
  FilePath(spelled: folder).withPlatformString(shim_is_memory) == 1
}
