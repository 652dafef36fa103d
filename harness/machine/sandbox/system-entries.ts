import { lstatSync, readlinkSync } from 'node:fs';

/** A part of the system that every sandboxed program sees, read-only: a mount, or a link such as `/bin`. */
export type SystemEntry =
  | { readonly kind: 'mount'; readonly source: string; readonly path: string }
  | { readonly kind: 'link'; readonly target: string; readonly path: string };

/** Programs and libraries, wherever a distribution keeps them. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store'];
/** How libraries are found, which certificates are trusted, which program a name means. No accounts, no keys. */
const SETTINGS = [
  'alternatives',
  'ca-certificates',
  'crypto-policies',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'pki/ca-trust',
  'pki/tls/certs',
  'postgresql-common',
  'ssl/certs',
  'ssl/openssl.cnf',
].map((name) => `/etc/${name}`);
/** How servers outside are found, for programs that may reach them. */
const NETWORK = ['gai.conf', 'host.conf', 'hosts', 'nsswitch.conf', 'resolv.conf', 'services'].map(
  (name) => `/etc/${name}`,
);

/** What of this system a sandboxed program sees; whatever is not there is left out. */
export function systemEntries({ network }: { readonly network: boolean }): SystemEntry[] {
  return [...PROGRAMS, ...SETTINGS, ...(network ? NETWORK : [])].flatMap((path) => entryOf(path) ?? []);
}

function entryOf(path: string): SystemEntry | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  // Links between folders of programs are made again; those of settings lead anywhere, and what they lead to is mounted.
  if (stat.isSymbolicLink() && PROGRAMS.includes(path)) return { kind: 'link', target: readlinkSync(path), path };
  return { kind: 'mount', source: path, path };
}
