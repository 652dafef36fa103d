import { DrillError } from '../../../model/error.ts';
import { VERSION, versionIn } from '../server/version-answer.ts';

const BUDGET_MS = 10_000;

/** The version that an Immich server says it is. */
export async function installedVersionAt(url: string): Promise<string> {
  try {
    const answer = await fetch(new URL(VERSION, url), { signal: AbortSignal.timeout(BUDGET_MS) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return versionIn(await answer.json());
  } catch (cause) {
    throw new DrillError({
      code: 'installed-version-unknown',
      where: 'gate',
      what: `${url} did not say which version of Immich is installed: ${(cause as Error).message}.`,
      next: 'see that it can be reached from here, or say it with --installed-version.',
      blame: 'environment',
      cause,
    });
  }
}
