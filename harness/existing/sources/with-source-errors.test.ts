import { describe, expect, it } from 'vitest';
import { DrillError } from '../../model/error.ts';
import type { PathContext } from '../../model/path.ts';
import { withSourceErrors } from './with-source-errors.ts';

function toldOf(tail: string, blame: 'backup' | 'environment' = 'backup') {
  const run: PathContext['run'] = async () => {
    throw new DrillError({ code: 'job-failed', where: 'job/a', what: 'it ended with 1.', next: 'read.', blame, tail });
  };
  return withSourceErrors({ run }).run({ name: 'a', volumes: [], steps: () => [] });
}

describe('withSourceErrors', () => {
  it.each([
    ['credentials-refused', 'Fatal: wrong password or no key found'],
    ['credentials-refused', 'Stat(<config/>) failed: unexpected HTTP response (403): 403 Forbidden'],
    ['credentials-refused', 'fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden'],
    ['tls-failed', 'Get "https://s3/": x509: certificate has expired or is not yet valid'],
    ['server-troubled', 'api error SlowDown: Please reduce your request rate.'],
    ['connection-lost', 'Head "http://s3/b": EOF'],
    ['source-unreachable', 'dial tcp: lookup s3 on 127.0.0.53:53: no such host'],
  ])('%s is nobody’s backup: %s', async (code, said) => {
    await expect(toldOf(said)).rejects.toMatchObject({ code, blame: 'environment' });
  });

  it.each([
    ['bucket-missing', 'usage', 'api error NoSuchBucket: The specified bucket does not exist'],
    ['repository-missing', 'usage', 'Fatal: repository does not exist: unable to open config file'],
    ['job-failed', 'backup', 'error: error loading index 8bab: LoadRaw(<index/8bab63663a>): invalid data returned'],
    ['job-failed', 'backup', 'Fatal: unable to load index 8bab6366: load <index/8bab63663a>: invalid data'],
    ['job-failed', 'backup', 'Fatal: repository contains errors'],
    ['job-failed', 'backup', 'gzip: stdin: unexpected end of file'],
    ['job-failed', 'backup', 'gzip: /volumes/dump: invalid compressed data--crc error'],
    ['job-failed', 'backup', '/usr/bin/find: ‘/backup/dumps’: No such file or directory'],
  ])('%s, %s, and in a sentence: %s', async (code, blame, said) => {
    const what = expect.stringMatching(/^(There is no|The (index|repository|folder|file)) .*: it ended with 1\.$/);
    await expect(toldOf(said)).rejects.toMatchObject({ code, blame, what });
  });

  it('leaves to the backup what is its own, and what was told apart already', async () => {
    await expect(toldOf('Fatal: no snapshot found')).rejects.toMatchObject({ code: 'job-failed', blame: 'backup' });
    await expect(toldOf('no such host', 'environment')).rejects.toMatchObject({ code: 'job-failed' });
  });
});
