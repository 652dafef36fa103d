/** Where the server that wrote the rows saw its media; every path in the database begins with it. */
export const MEDIA_ROOT = '/data';

/** The folders that Immich keeps below its media root, each with a marker file. */
export const MEDIA_FOLDERS = ['upload', 'library', 'thumbs', 'encoded-video', 'profile', 'backups'] as const;

/** Before Immich starts it reads this file in each folder, so that it never runs on an empty mount. */
export const MARKER = '.immich';

/** The path in the volume as the database writes it. */
export function inDatabase(path: string): string {
  return `${MEDIA_ROOT}/${path}`;
}

/** `<folder>/<user>/XX/YY/<name>`, with XX and YY the name's first characters. */
export function sharded(folder: (typeof MEDIA_FOLDERS)[number], userId: string, name: string): string {
  return `${folder}/${userId}/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
}

/** The file of the configuration that holds Kubernetes Secrets in plain. */
export const SECRETS_FILE = 'secrets.yaml';
