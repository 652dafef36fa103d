import { DrillError } from '../model/error.ts';
import type { PathContext } from '../model/path.ts';

/** What tools say when they were not let in, or found nobody: nothing is known of the backup then. */
const TROUBLES = [
  {
    code: 'credentials-refused',
    said: /wrong password or no key found|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|Access Denied|403 Forbidden|401 Unauthorized|Permission denied \(publickey/i,
    what: 'The backup could not be opened with the credentials of the configuration',
    next: 'see whether the password and the keys are still those of the backup: without them nobody can restore it.',
  },
  {
    code: 'source-unreachable',
    said: /connection refused|no such host|could not resolve|i\/o timeout|network is unreachable|no route to host|connection timed out/i,
    what: 'The place of the backup could not be reached',
    next: 'see whether its server runs and the network reaches it, then run the drill again.',
  },
];

/** The same context, whose tools' failures are told apart: a door that stays shut says nothing of what is behind it. */
export function reaching<Context extends Pick<PathContext, 'run'>>(context: Context): Context {
  const run: PathContext['run'] = async (job) => {
    try {
      return await context.run(job);
    } catch (error) {
      throw error instanceof DrillError ? (toldApart(error) ?? error) : error;
    }
  };
  return { ...context, run };
}

function toldApart(error: DrillError): DrillError | undefined {
  const trouble = TROUBLES.find(({ said }) => said.test(error.tail));
  if (!trouble || error.blame !== 'backup') return undefined;
  const { code, what, next } = trouble;
  return new DrillError({
    code,
    where: error.where,
    what: `${what}: ${error.what}`,
    next,
    blame: 'environment',
    cause: error,
    tail: error.tail,
  });
}
