/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of pages, in the program itself. */
#ifndef WAVFFT_PAGE_ASSETS_H
#define WAVFFT_PAGE_ASSETS_H

#include <stddef.h>

struct page_asset {
  const unsigned char *_Nonnull start;
  size_t count;
};

/* The frame of the application: the body before the data. */
struct page_asset page_asset_frame(void);
/* The style sheet. */
struct page_asset page_asset_style(void);
/* The script of the application, at the end of the body. */
struct page_asset page_asset_script(void);
/* The script behind each element of data. */
struct page_asset page_asset_decoder(void);
/* The same of an index of recordings; the decoder is that of all pages. */
struct page_asset page_asset_index_frame(void);
struct page_asset page_asset_index_style(void);
struct page_asset page_asset_index_script(void);

#endif
