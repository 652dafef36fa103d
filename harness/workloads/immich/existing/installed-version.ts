import { z } from 'zod';
import { DrillError } from '../../../model/error.ts';

const BUDGET_MS = 10_000;
const PATH = '/api/server/version';
const answerSchema = z.object({ major: z.number(), minor: z.number(), patch: z.number() });

/** The version that an Immich server says it is. */
export async function installedVersionAt(url: string): Promise<string> {
  try {
    const answer = await fetch(new URL(PATH, url), { signal: AbortSignal.timeout(BUDGET_MS) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const { major, minor, patch } = answerSchema.parse(await answer.json());
    return `v${major}.${minor}.${patch}`;
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
