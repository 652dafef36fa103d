import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunResult } from '../../model/result.ts';
import { handOver, type OtherAccount } from './other-account.ts';
import { Workplace } from './workplace.ts';

const BETWEEN_GC_MS = 300;

/** How a drill among others has ended. */
export interface Ended {
  readonly account: 'this' | 'other';
  readonly exitCode: number | undefined;
  readonly verdict: string;
  readonly stderr: string;
}

/** What `drill gc` has said, each time that it ran beside them. */
export interface Cleaned {
  readonly exitCode: number | undefined;
  readonly stdout: string;
}

/**
 * Runs so many drills at once below one public folder, with `gc` between them all the time, half of both as another account
 * where there is one.
 */
export async function drillsAtOnce(
  folder: string,
  count: number,
  other: OtherAccount | undefined,
): Promise<{
  readonly ended: readonly Ended[];
  readonly cleaned: readonly Cleaned[];
  readonly left: readonly string[];
}> {
  const work = join(folder, 'work');
  mkdirSync(work);
  chmodSync(work, 0o1777);
  let over = false;
  const cleaned: Cleaned[] = [];
  const clean = async (account: OtherAccount | undefined) => {
    using place = placeOf(work, account);
    while (!over) {
      cleaned.push(await place.run(['gc'], account));
      await delay(BETWEEN_GC_MS);
    }
  };
  const drill = async (account: OtherAccount | undefined): Promise<Ended> => {
    using place = placeOf(work, account);
    const { exitCode, stdout, stderr } = await place.run(['notes', '--json'], account);
    const verdict = stdout.startsWith('{') ? (JSON.parse(stdout) as RunResult).verdict : stdout;
    return { account: account ? 'other' : 'this', exitCode, verdict, stderr };
  };
  const accounts = Array.from({ length: count }, (_, i) => (i % 2 === 1 ? other : undefined));
  const cleaning = [undefined, ...(other ? [other] : [])].map(clean);
  const ended = await Promise.all(accounts.map(drill));
  over = true;
  await Promise.all(cleaning);
  using place = new Workplace(work);
  return { ended, cleaned, left: place.leftFolders() };
}

function placeOf(work: string, account: OtherAccount | undefined): Workplace {
  const place = new Workplace(work);
  if (account) handOver(place, account);
  return place;
}
