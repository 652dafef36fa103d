/** What decoding an image came to: its format and size in pixels, or why it is none. */
export interface DecodedImage {
  readonly ok: boolean;
  readonly saw: string;
  /** What it shows in some twenty bytes, a ThumbHash, in hex; only of one that could be decoded. */
  readonly thumbhash?: string;
}

/** Decodes images that came out of a backup, all their pixels, where they can do no harm. */
export interface ImageDecoder extends AsyncDisposable {
  /** An error means that nobody could look, which says nothing of the image. */
  decode(name: string, bytes: Uint8Array): Promise<DecodedImage>;
}
