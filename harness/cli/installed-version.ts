import { findPlugIns } from '../existing/configuration/find-plug-ins.ts';
import { DrillError } from '../model/error.ts';

/** The version that a server says it is, asked in the way of each workload that knows one; throws when none has an answer. */
export async function installedVersionAt(url: string): Promise<string> {
  const refused: unknown[] = [];
  for (const { installedVersionAt: ask } of (await findPlugIns()).values()) {
    try {
      if (ask) return await ask(url);
    } catch (error) {
      refused.push(error);
    }
  }
  throw (
    refused[0] ??
    new DrillError({
      code: 'installed-version-unknown',
      where: 'gate',
      what: `No workload knows how to ask ${url} for its version.`,
      next: 'say it with --installed-version.',
      blame: 'environment',
    })
  );
}
