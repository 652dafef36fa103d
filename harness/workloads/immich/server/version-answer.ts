import { z } from 'zod';

/** Where an Immich server says which version it is, to anybody who asks. */
export const VERSION = '/api/server/version';

const part = z.number().int().nonnegative();
const answerSchema = z.object({ major: part, minor: part, patch: part });

/** The version that is said in an answer from there, such as `v3.1.0`; throws when it says none. */
export function versionIn(answer: unknown): string {
  const { major, minor, patch } = answerSchema.parse(answer);
  return `v${major}.${minor}.${patch}`;
}
