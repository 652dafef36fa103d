/** A date or a commit of a build is none. */
const VERSION = /^v?(\d{1,3}(?:\.\d+)*)(?![\w.])/;

/** The version that the tag of an image names, such as `v3.1.0` or `v3`; empty when it names none. */
export function versionOfTag(image: string): string {
  const [name = ''] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? '';
  const version = VERSION.exec(tag)?.[1];
  return version === undefined ? '' : `v${version}`;
}
