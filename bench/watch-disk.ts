import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { execa } from 'execa';
import { folderNameOf, workRoot } from '../harness/machine/work-folders/work-root.ts';

const LOOK_MS = 50;

/** Looks at what the work folders of a drill's runs take on the disk, all the time until it is disposed of. */
export function watchDisk(drill: string, root = workRoot()): AsyncDisposable & { largestBytes(): number } {
  const over = new AbortController();
  let largest = 0;
  const watching = (async () => {
    for await (const _ of setInterval(LOOK_MS, undefined, { signal: over.signal })) {
      const folders = namesIn(root).filter((name) => name.startsWith(`${folderNameOf(drill, root)}-`));
      if (folders.length === 0) continue;
      const paths = folders.map((name) => join(root, name));
      // Files that go while it looks are no error.
      const { stdout } = await execa('du', ['--summarize', '--total', '--block-size=1', ...paths], { reject: false });
      largest = Math.max(largest, Number(stdout.trim().split('\n').at(-1)?.split('\t')[0] ?? 0));
    }
  })().catch(() => {});
  return {
    largestBytes: () => largest,
    [Symbol.asyncDispose]: async () => {
      over.abort();
      await watching;
    },
  };
}

/** The first run makes it. */
function namesIn(root: string): string[] {
  return existsSync(root) ? readdirSync(root) : [];
}
