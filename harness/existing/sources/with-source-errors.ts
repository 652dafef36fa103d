import { classifySourceError } from '../../model/classify-source-error.ts';
import { DrillError } from '../../model/error.ts';
import type { PathContext } from '../../model/path.ts';
import { plainTrouble } from './plain-trouble.ts';

/** What tools say when they were not let in: nothing is known of the backup then. Of a drill's own store it is. */
const REFUSED = {
  code: 'credentials-refused',
  said: /wrong password or no key found|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|AccessDenied|Access Denied|403\b.{0,20}Forbidden|\(403\)|401 Unauthorized|Permission denied \(publickey/i,
  what: 'The backup could not be opened with the credentials of the configuration',
  next: 'see whether the password and the keys are still those of the backup: without them nobody can restore it.',
};

/** The same context, whose tools' failures are told apart: a door that stays shut says nothing of what is behind it. */
export function withSourceErrors<Context extends Pick<PathContext, 'run'>>(context: Context): Context {
  const run: PathContext['run'] = async (job) => {
    try {
      return await context.run(job);
    } catch (error) {
      throw error instanceof DrillError ? (classified(error) ?? error) : error;
    }
  };
  return { ...context, run };
}

function classified(error: DrillError): DrillError | undefined {
  if (error.blame !== 'backup') return undefined;
  const about = { where: error.where, blame: 'environment', cause: error, tail: error.tail } as const;
  if (REFUSED.said.test(error.tail))
    return new DrillError({ ...about, code: REFUSED.code, what: `${REFUSED.what}: ${error.what}`, next: REFUSED.next });
  const trouble = classifySourceError(error.tail);
  const plain = trouble ? undefined : plainTrouble(error.tail);
  if (plain) {
    // A tool that has failed for the backup has failed, whatever the words: batches tell each sort of failure once.
    const code = plain.blame === 'backup' ? error.code : plain.code;
    return new DrillError({ ...about, ...plain, code, what: `${plain.what}: ${error.what}` });
  }
  if (!trouble) return undefined;
  const what = `The place of the backup: a tool ${trouble.what}. ${error.what}`;
  return new DrillError({ ...about, code: trouble.code, what, next: trouble.next });
}
