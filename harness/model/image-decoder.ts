/** What decoding an image came to: its format and size in pixels, or why it is none. */
export interface DecodedImage {
  readonly ok: boolean;
  readonly saw: string;
  /** The image as 16 by 16 grey pixels, upright, in hex; only of one that could be decoded. */
  readonly small?: string;
}

/** Decodes images that came out of a backup, all their pixels, where they can do no harm. */
export interface ImageDecoder extends AsyncDisposable {
  /** An error means that nobody could look, which says nothing of the image. */
  decode(name: string, bytes: Uint8Array): Promise<DecodedImage>;
}
