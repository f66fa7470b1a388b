/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "png_writer.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

/* The file as far as it is written. */
struct file {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  char *message;
};

static void append(png_structp png, png_bytep bytes, size_t count) {
  struct file *file = png_get_io_ptr(png);
  if (count > file->capacity - file->count) {
    size_t capacity = 2 * (file->capacity + count);
    uint8_t *larger = realloc(file->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    file->bytes = larger;
    file->capacity = capacity;
  }
  memcpy(file->bytes + file->count, bytes, count);
  file->count += count;
}

static void flush(png_structp png) { (void)png; }

static void fail(png_structp png, const char *message) {
  struct file *file = png_get_error_ptr(png);
  strncpy(file->message, message, 127);
  file->message[127] = 0;
  png_longjmp(png, 1);
}

static void warn(png_structp png, const char *message) {
  (void)png;
  (void)message;
}

/* Returns whether it is written. libpng's errors jump back into this function, so nothing that is needed after
   that is in its frame. */
static int write_image(png_structp png, png_infop info, const struct png_writer_image *image) {
  if (setjmp(png_jmpbuf(png))) return 0;
  int is_indexed = image->layout == png_writer_palette;
  int is_coloured = image->layout == png_writer_rgb || image->layout == png_writer_bgrx;
  int type = is_indexed ? PNG_COLOR_TYPE_PALETTE : is_coloured ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
  png_set_IHDR(png, info, image->width, image->height, 8, type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (is_indexed) {
    png_color colours[256] = {{0}};
    for (int index = 0; index < image->colour_count && index < 256; index++) {
      const uint8_t *colour = image->palette + 3 * index;
      colours[index] = (png_color){colour[0], colour[1], colour[2]};
    }
    png_set_PLTE(png, info, colours, image->colour_count);
  }
  int filter = image->filter == png_writer_paeth   ? PNG_FILTER_PAETH
               : image->filter == png_writer_above ? PNG_FILTER_UP
                                                   : PNG_FILTER_NONE;
  png_set_filter(png, PNG_FILTER_TYPE_BASE, filter);
  png_set_compression_level(png, image->level);
  if (image->has_runs) png_set_compression_strategy(png, 3 /* Z_RLE of zlib.h */);
  png_set_compression_buffer_size(png, 1 << 16);
  png_write_info(png, info);
  if (image->layout == png_writer_bgrx) {
    png_set_bgr(png);
    png_set_filler(png, 0, PNG_FILLER_AFTER);
  }
  for (uint32_t row = 0; row < image->height; row++) png_write_row(png, image->rows + row * image->pitch);
  png_write_end(png, NULL);
  return 1;
}

uint8_t *png_writer_encode(const struct png_writer_image *image, size_t *byte_count, char message[128]) {
  struct file file = {NULL, 0, 0, message};
  strcpy(message, "out of memory");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &file, fail, warn);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int is_written = 0;
  if (info) {
    png_set_write_fn(png, &file, append, flush);
    is_written = write_image(png, info, image);
  }
  png_destroy_write_struct(&png, &info);
  if (!is_written) {
    free(file.bytes);
    return NULL;
  }
  *byte_count = file.count;
  return file.bytes;
}

const char *png_writer_version(void) { return png_get_libpng_ver(NULL); }
