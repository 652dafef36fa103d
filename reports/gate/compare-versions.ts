const VERSION = /^v?(\d+(?:\.\d+)*)(.*)$/i;

/** Whether two names of versions mean the same: `v3.1.0` and `3.1.0` do. */
export function sameVersion(one: string, other: string): boolean {
  return bare(one) === bare(other);
}

/** Whether two names may mean the same version, as far as their numbers say: `v3` may be `3.1.0`, and so may `3.1.0-rc.1`. */
export function maybeSameVersion(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  // What has no numbers tells nothing of what it is not.
  if (!left || !right) return true;
  return left.slice(0, right.length).every((part, index) => part === right[index]);
}

/** Whether a version is older than another; what has no numbers is not. */
export function isBelow(one: string, other: string): boolean {
  const [left, right] = [numbersOf(one), numbersOf(other)];
  if (!left || !right) return false;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const step = (left[index] ?? 0) - (right[index] ?? 0);
    if (step !== 0) return step < 0;
  }
  return false;
}

function numbersOf(version: string): number[] | undefined {
  return VERSION.exec(version.trim())?.[1]?.split('.').map(Number);
}

function bare(version: string): string {
  return version.trim().replace(/^v(?=\d)/i, '');
}
