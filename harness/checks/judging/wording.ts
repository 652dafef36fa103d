const NUMBER = new Intl.NumberFormat('en');

/** Writes a number with its noun: `1 file`, `1,000 files`; the plural is given where it is not made with an s. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${NUMBER.format(count)} ${count === 1 ? singular : plural}`;
}

/** The first words of a list, and how many more there are: `a, b and 3 more`. */
export function firstFew(words: readonly string[], most = 5): string {
  if (words.length <= most) return words.join(', ');
  return `${words.slice(0, most).join(', ')} and ${NUMBER.format(words.length - most)} more`;
}
