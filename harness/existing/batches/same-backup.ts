import { createReadStream } from 'node:fs';
import { DrillError } from '../../model/error.ts';
import { linesOf } from '../../model/lines.ts';
import { compareBytes, type ListedFile } from '../../model/manifest.ts';

/** What a run that goes on finds to be another backup than the one that it began with: nothing of both can be put together. */
export function backupChanged(what: string, cause?: unknown): DrillError {
  return new DrillError({
    code: 'backup-changed',
    where: 'run/resume',
    what: `The backup is not the one that the run began with: ${what}.`,
    next: 'drill it afresh, with `drill run`.',
    blame: 'environment',
    cause,
  });
}

/** That what it began with can no longer be found is no verdict on the backups that are there. */
export function asChanged(error: unknown): unknown {
  const isGone = error instanceof DrillError && ['snapshot-missing', 'backup-missing'].includes(error.code);
  return isGone ? backupChanged(error.what.replace(/\.$/, ''), error) : error;
}

/** The first difference between what a backup listed before and what it lists now, in words. */
export async function firstDifference(beforePath: string, nowPath: string): Promise<string> {
  const [before, now] = [entriesOf(beforePath), entriesOf(nowPath)];
  for (;;) {
    const [old, young] = [(await before.next()).value, (await now.next()).value];
    if (!old && !young) return 'its list was written otherwise';
    if (old && (!young || compareBytes(old.path, young.path) < 0)) return `${old.path} is gone`;
    if (young && (!old || compareBytes(old.path, young.path) > 0)) return `${young.path} is new`;
    if (old && young && JSON.stringify(old) !== JSON.stringify(young))
      return `${old.path} was ${inWords(old)}, and is ${inWords(young)}`;
  }
}

function inWords({ sizeBytes, modifiedAt, version }: ListedFile): string {
  return `${sizeBytes} bytes of ${modifiedAt}${version ? ` with MD5 ${version}` : ''}`;
}

async function* entriesOf(path: string): AsyncGenerator<ListedFile, undefined> {
  for await (const line of linesOf(createReadStream(path))) yield JSON.parse(line) as ListedFile;
  return undefined;
}
