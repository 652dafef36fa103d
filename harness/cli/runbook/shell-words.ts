import { shellWord as wordOf } from '../../model/shell-word.ts';

/** Text that was in the run, by the variable that stands for it in the runbook. */
export type Substitutions = ReadonlyMap<string, string>;

/** One word as a shell takes it; where a known text occurs in it, its variable stands. */
export function shellWord(text: string, known: Substitutions): string {
  if (text === '') return wordOf(text);
  return split(text, known)
    .map((part) => ('variable' in part ? `"$${part.variable}"` : wordOf(part.text)))
    .join('');
}

function split(text: string, known: Substitutions): ({ text: string } | { variable: string })[] {
  const longestFirst = [...known.keys()].filter((value) => value !== '').sort((a, b) => b.length - a.length);
  const value = longestFirst.find((one) => indexOfWhole(text, one) !== -1);
  if (value === undefined) return text === '' ? [] : [{ text }];
  const at = indexOfWhole(text, value);
  const variable = known.get(value) ?? '';
  return [...split(text.slice(0, at), known), { variable }, ...split(text.slice(at + value.length), known)];
}

/** Where it occurs and goes on with no letter or digit: `/volumes/list-1` is no part of `/volumes/list-12`. */
function indexOfWhole(text: string, value: string): number {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1))
    if (!/^[\w-]/.test(text.slice(at + value.length))) return at;
  return -1;
}
