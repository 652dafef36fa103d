import { OWN_USER } from './confined.ts';

/** The key of a Secret under which the accounts of a container are. */
export const ACCOUNTS = 'passwd';

/** The accounts of a container that is not root, for programs that ask who they are; images do not know the one of a run. */
export function accounts(name = 'drill'): string {
  return `root:x:0:0:root:/root:/bin/sh\n${name}:x:${OWN_USER}:${OWN_USER}::/tmp:/bin/sh\n`;
}
