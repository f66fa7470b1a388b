// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import SystemPackage

/// The folder for unnamed files, as spelled text: `TMPDIR`, or `/tmp`.
public func temporaryFolder() -> String { temporaryFolderOfUser() ?? "/tmp" }

/// Free bytes in the file system of a folder; 0 if there is no such folder.
func freeBytes(in folder: String) -> Int {
  max(0, Int(FilePath(spelled: folder).withPlatformString(shim_free_bytes)))
}

/// Whether the file system of a folder keeps its files in memory.
func isMemory(_ folder: String) -> Bool {
  FilePath(spelled: folder).withPlatformString(shim_is_memory) == 1
}
