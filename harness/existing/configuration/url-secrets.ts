import { Secret } from '../../model/secret.ts';
import { settingOf } from './tool-settings.ts';

const HTTP_USER = /(https?:\/\/)([^/?#\s]*)@/i;
/** A password may have slashes in it; a port is followed by nothing else than the path. */
const PASSWORD = /:\/\/[^/@\s]*:(?!\d+(?:\/|$))[^@\s]*@/;
const REST = /^rest:(https?:\/\/)([^/?#\s:@]*)(?::([^/?#\s@]*))?@/i;

/** Whether an address holds a user or a password; the user alone of an `sftp:` one is none. */
export function holdsCredentials(address: string): boolean {
  return HTTP_USER.test(address) || PASSWORD.test(address);
}

/** The repository without user and password, which its tool gets as secrets of their own; undefined where there is no way. */
export function withoutCredentials(
  repository: string | Secret,
): { repository: string | Secret; env: Record<string, string | Secret> } | undefined {
  const text = repository instanceof Secret ? repository.reveal() : repository;
  if (!holdsCredentials(text)) return { repository, env: {} };
  const [all, scheme, user = '', password = ''] = REST.exec(text) ?? [];
  if (all === undefined || !(repository instanceof Secret)) return undefined;
  const rest = `rest:${scheme}${text.slice(all.length)}`;
  if (holdsCredentials(rest)) return undefined;
  return {
    repository: new Secret(repository.name, rest),
    env: {
      RESTIC_REST_USERNAME: settingOf('RESTIC_REST_USERNAME', decoded(user)),
      RESTIC_REST_PASSWORD: settingOf('RESTIC_REST_PASSWORD', decoded(password)),
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
