/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "page_assets.h"

#define ASSET(name)                                                                        \
  extern const unsigned char wavfft_page_##name[], wavfft_page_##name##_end[];              \
  struct page_asset page_asset_##name(void) {                                               \
    return (struct page_asset){wavfft_page_##name,                                          \
                               (size_t)(wavfft_page_##name##_end - wavfft_page_##name)};    \
  }

ASSET(frame)
ASSET(style)
ASSET(script)
ASSET(decoder)
ASSET(index_frame)
ASSET(index_style)
ASSET(index_script)
