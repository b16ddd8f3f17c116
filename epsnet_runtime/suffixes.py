"""How files of images and of videos are called."""

# Also of formats that not every installation reads: an image that is named as one that
# cannot be read is better than one that is passed over.
IMAGE_SUFFIXES = (
    *('.jpg', '.jpeg', '.jfif', '.mpo', '.jp2', '.png', '.apng', '.gif', '.bmp'),
    *('.webp', '.avif', '.heic', '.heif', '.tif', '.tiff', '.ppm', '.pgm'),
)
# Those of them that may hold an animation.
ANIMATION_SUFFIXES = ('.gif', '.webp', '.png', '.apng', '.avif')
VIDEO_SUFFIXES = (
    *('.mp4', '.m4v', '.mov', '.avi', '.mkv', '.webm', '.mpg', '.mpeg', '.wmv'),
    *('.ts', '.mts', '.m2ts', '.3gp', '.flv', '.ogv'),
)
