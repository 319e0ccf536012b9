"""Pictures: bytes in, bytes out, synchronous.

Owns every decision about pixels: which files are taken, how they become one clean JPEG, the
background modes, thumbnails and QR codes. Knows no disk, no network, no database and no HTTP.
Nothing is imported here: OpenCV costs a tenth of a second, and the caller chooses when.
"""
