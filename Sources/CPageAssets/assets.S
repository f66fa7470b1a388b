/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of pages, as they stand in Sources/WavExport/Page/Assets. __has_include makes them inputs of the build:
   a change of a text assembles this file again. */

#if !(__has_include("page.html") && __has_include("page.css") && __has_include("index.html") \
    && __has_include("index.css") && __has_include("decoder.js") && __has_include("numbers.js") \
    && __has_include("elements.js") && __has_include("address.js") && __has_include("arrays.js") \
    && __has_include("pyramid.js") && __has_include("series.js") && __has_include("axes.js") \
    && __has_include("pens.js") && __has_include("themes.js") && __has_include("state.js") \
    && __has_include("difference.js") && __has_include("spectrogram.js") \
    && __has_include("model.js") && __has_include("overlays.js") && __has_include("figure.js") \
    && __has_include("heatmap.js") && __has_include("cursors.js") && __has_include("panels.js") \
    && __has_include("save.js") && __has_include("screen.js") && __has_include("app.js") \
    && __has_include("input.js") && __has_include("main.js") && __has_include("columns.js") \
    && __has_include("recordings.js") && __has_include("thumbnails.js") && __has_include("rows.js") \
    && __has_include("list.js") && __has_include("index.js"))
#error "a text of pages is missing in Sources/WavExport/Page/Assets"
#endif

	.section .rodata

	.global wavfft_page_frame
wavfft_page_frame:
	.incbin "page.html"
	.global wavfft_page_frame_end
wavfft_page_frame_end:

	.global wavfft_page_style
wavfft_page_style:
	.incbin "page.css"
	.global wavfft_page_style_end
wavfft_page_style_end:

/* The files of the application are one script within one scope, in the order of order.txt. */
	.global wavfft_page_script
wavfft_page_script:
	.ascii "(() => {\n\"use strict\";\n"
	.incbin "numbers.js"
	.ascii "\n"
	.incbin "elements.js"
	.ascii "\n"
	.incbin "address.js"
	.ascii "\n"
	.incbin "arrays.js"
	.ascii "\n"
	.incbin "pyramid.js"
	.ascii "\n"
	.incbin "series.js"
	.ascii "\n"
	.incbin "axes.js"
	.ascii "\n"
	.incbin "pens.js"
	.ascii "\n"
	.incbin "themes.js"
	.ascii "\n"
	.incbin "state.js"
	.ascii "\n"
	.incbin "difference.js"
	.ascii "\n"
	.incbin "spectrogram.js"
	.ascii "\n"
	.incbin "model.js"
	.ascii "\n"
	.incbin "overlays.js"
	.ascii "\n"
	.incbin "figure.js"
	.ascii "\n"
	.incbin "heatmap.js"
	.ascii "\n"
	.incbin "cursors.js"
	.ascii "\n"
	.incbin "panels.js"
	.ascii "\n"
	.incbin "save.js"
	.ascii "\n"
	.incbin "screen.js"
	.ascii "\n"
	.incbin "app.js"
	.ascii "\n"
	.incbin "input.js"
	.ascii "\n"
	.incbin "main.js"
	.ascii "})();\n"
	.global wavfft_page_script_end
wavfft_page_script_end:

	.global wavfft_page_decoder
wavfft_page_decoder:
	.incbin "decoder.js"
	.global wavfft_page_decoder_end
wavfft_page_decoder_end:

/* An index of recordings: its style follows that of all pages, its script is in the order of index-order.txt. */
	.global wavfft_page_index_frame
wavfft_page_index_frame:
	.incbin "index.html"
	.global wavfft_page_index_frame_end
wavfft_page_index_frame_end:

	.global wavfft_page_index_style
wavfft_page_index_style:
	.incbin "page.css"
	.incbin "index.css"
	.global wavfft_page_index_style_end
wavfft_page_index_style_end:

	.global wavfft_page_index_script
wavfft_page_index_script:
	.ascii "(() => {\n\"use strict\";\n"
	.incbin "numbers.js"
	.ascii "\n"
	.incbin "elements.js"
	.ascii "\n"
	.incbin "address.js"
	.ascii "\n"
	.incbin "arrays.js"
	.ascii "\n"
	.incbin "columns.js"
	.ascii "\n"
	.incbin "recordings.js"
	.ascii "\n"
	.incbin "thumbnails.js"
	.ascii "\n"
	.incbin "rows.js"
	.ascii "\n"
	.incbin "list.js"
	.ascii "\n"
	.incbin "index.js"
	.ascii "})();\n"
	.global wavfft_page_index_script_end
wavfft_page_index_script_end:

	.section .note.GNU-stack,"",%progbits
