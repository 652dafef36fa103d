const CUT = '_This summary was cut, because it was too long. All of it is in `result.json`._\n';

/** Cuts Markdown at a line so that it takes no more than so many bytes, and says so; a fence that is open is closed. */
export function fitMarkdown(markdown: string, mostBytes: number): string {
  if (Buffer.byteLength(markdown) <= mostBytes) return markdown;
  let bytes = Buffer.byteLength(CUT);
  let fence = '';
  const kept: string[] = [];
  for (const line of markdown.split('\n')) {
    const ticks = /^`{3,}/.exec(line)?.[0] ?? '';
    const next = ticks === '' ? fence : ticks === fence ? '' : fence || ticks;
    bytes += Buffer.byteLength(line) + 1 + Math.max(0, next.length - fence.length);
    if (bytes + next.length + 4 > mostBytes) break;
    kept.push(line);
    fence = next;
  }
  return [...kept, ...(fence ? [fence] : []), '', CUT].join('\n');
}
