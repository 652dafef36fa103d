import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../model/duration.ts';

/** Reads a whole number of at least `least`, or says what is wrong with it. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    return value;
  };
}

/** Makes sure that a text is a duration; it stays as it was written. */
export function duration(text: string): string {
  if (parseDuration(text) === undefined)
    throw new InvalidArgumentError('It must be a duration such as 90s, 30m, 2h or 1h30m, of at most a hundred years.');
  return text;
}

const UNITS = ['', 'K', 'M', 'G', 'T'];

/** Reads a size such as `20GiB`, `500M` or a number of bytes; each unit is 1,024 of the one before. */
export function sizeInBytes(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.floor(Number(number) * 1024 ** UNITS.indexOf(unit.toUpperCase()));
  if (!number || !Number.isSafeInteger(bytes) || bytes < 1)
    throw new InvalidArgumentError('It must be a size such as 20GiB, 500MiB or a number of bytes.');
  return bytes;
}
