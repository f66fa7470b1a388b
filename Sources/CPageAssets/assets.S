/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of pages, as they stand in Sources/WavExport/Page/Assets. __has_include makes them inputs of the build:
   a change of a text assembles this file again. */

#if !__has_include("page.html") || !__has_include("page.css") || !__has_include("page.js") || !__has_include("decoder.js")
#error "an asset of pages is missing in Sources/WavExport/Page/Assets"
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

/* Several files of a script become one text, in this order. */
	.global wavfft_page_script
wavfft_page_script:
	.incbin "page.js"
	.global wavfft_page_script_end
wavfft_page_script_end:

	.global wavfft_page_decoder
wavfft_page_decoder:
	.incbin "decoder.js"
	.global wavfft_page_decoder_end
wavfft_page_decoder_end:

	.section .note.GNU-stack,"",@progbits
