/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PNG files by libpng. Its errors are longjmp(3), which must not jump over frames of Swift. */
#ifndef WAVFFT_PNG_WRITER_H
#define WAVFFT_PNG_WRITER_H

#include <stddef.h>
#include <stdint.h>

/* How pixels are stored: a grey, an index into a palette, red green blue, or blue green red and an unused
   byte; 8 bits each. */
enum png_writer_layout { png_writer_grey, png_writer_palette, png_writer_rgb, png_writer_bgrx };

/* What is compressed: the bytes themselves, or the differences from the pixel above, or from the one of three
   neighbours that Paeth predicts. */
enum png_writer_filter { png_writer_plain, png_writer_above, png_writer_paeth };

/* An image: rows from top to bottom, `pitch` bytes apart. */
struct png_writer_image {
  const uint8_t *rows;
  size_t pitch;
  uint32_t width;
  uint32_t height;
  enum png_writer_layout layout;
  /* Red, green and blue of 1 to 256 colours, for indices. */
  const uint8_t *palette;
  int colour_count;
  enum png_writer_filter filter;
  /* The level of zlib, 0 to 9. */
  int level;
  /* Whether zlib only looks for runs of the same byte. */
  int has_runs;
};

/* Encodes an image as a file in memory, `*byte_count` bytes, which the caller frees. NULL if libpng cannot,
   with its message. */
uint8_t *png_writer_encode(const struct png_writer_image *image, size_t *byte_count, char message[128]);

/* The version of libpng. */
const char *png_writer_version(void);

#endif
