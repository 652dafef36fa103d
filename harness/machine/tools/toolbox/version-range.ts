const COMPARISON = /^(>=|<=|>|<|=)?v?(\d[\d.]*)$/;

/** Orders versions by their numbers, whatever stands between them: `0.9` before `0.18.1` before `0.18.1-1`. */
export function compareVersions(a: string, b: string): number {
  const left = numbers(a);
  const right = numbers(b);
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether a version tells anything: `git` and `(devel)` do not. */
export function isVersioned(version: string): boolean {
  return /\d/.test(version);
}

/** Whether `version` lies in `range`: `*`, or comparisons that must all hold, such as `>=14 <19`. */
export function inRange(version: string, range: string): boolean {
  if (range.trim() === '*') return true;
  return range
    .trim()
    .split(/\s+/)
    .every((part) => {
      const [, operator = '=', bound] = COMPARISON.exec(part) ?? [];
      if (bound === undefined) throw new Error(`"${range}" is not a range of versions`);
      return holds(operator, compareVersions(version, bound));
    });
}

function holds(operator: string, order: number): boolean {
  if (operator === '>=') return order >= 0;
  if (operator === '<=') return order <= 0;
  if (operator === '>') return order > 0;
  return operator === '<' ? order < 0 : order === 0;
}

function numbers(version: string): number[] {
  return (version.match(/\d+/g) ?? []).map(Number);
}
