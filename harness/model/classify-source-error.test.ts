import { describe, expect, it } from 'vitest';
import { classifySourceError, isOverNetwork } from './classify-source-error.ts';

/** What the tools really say, word for word, when a server misbehaves. */
const SURROUNDINGS: readonly (readonly [code: string, said: string])[] = [
  [
    'server-troubled',
    'Stat(<config/>) returned error, retrying after 981ms: unexpected HTTP response (500): 500 Internal Server Error',
  ],
  ['server-troubled', 'Stat(<config/>) failed: unexpected HTTP response (503): 503 Service Unavailable'],
  [
    'server-troubled',
    'fatal error: An error occurred (503) when calling the HeadObject operation (reached max retries: 1): Service Unavailable',
  ],
  [
    'server-troubled',
    'download failed: s3://b/x to x An error occurred (SlowDown) when calling the GetObject operation: Please reduce your request rate.',
  ],
  [
    'server-troubled',
    'ERROR : x: Failed to copy: failed to open source object: operation error S3: GetObject, https response error StatusCode: 500, RequestID: , api error InternalError: We encountered an internal error',
  ],
  [
    'connection-lost',
    'Stat(<config/>) failed: Head "http://:***@127.0.0.1:9102/b/config": read tcp 127.0.0.1:39668->127.0.0.1:9102: read: connection reset by peer',
  ],
  ['connection-lost', 'Stat(<config/>) failed: Head "http://:***@127.0.0.1:9103/b/config": EOF'],
  [
    'connection-lost',
    'Stat(<config/>) failed: Stat: Get "http://127.0.0.1:9103/bkt/?location=": Connection closed by foreign host http://127.0.0.1:9103/bkt/?location=. Retry again.',
  ],
  [
    'connection-lost',
    'fatal error: Connection was closed before we received a valid response from endpoint URL: "http://127.0.0.1:9102/b/x".',
  ],
  ['connection-lost', 'fatal error: Read timeout on endpoint URL: "http://127.0.0.1:9104/b/x"'],
  [
    'connection-lost',
    'psql: error: connection to server at "127.0.0.1", port 9103 failed: server closed the connection unexpectedly',
  ],
  ['connection-lost', 'FATAL:  terminating connection due to administrator command'],
  [
    'source-unreachable',
    'Stat(<config/>) failed: Stat: Get "http://127.0.0.1:9199/bkt/?location=": dial tcp 127.0.0.1:9199: connect: connection refused',
  ],
  ['source-unreachable', 'fatal error: Could not connect to the endpoint URL: "http://127.0.0.1:9199/b/x"'],
  ['source-unreachable', 'dial tcp: lookup nosuch.invalid on 127.0.0.53:53: no such host'],
  ['source-unreachable', 'psql: error: connection to server at "127.0.0.1", port 9199 failed: Connection refused'],
  [
    'source-unreachable',
    'psql: error: could not translate host name "nosuch.invalid" to address: Name or service not known',
  ],
  ['tls-failed', 'Stat: Get "https://127.0.0.1:9100/bkt/?location=": http: server gave HTTP response to HTTPS client'],
  [
    'tls-failed',
    'Get "https://s3.example/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  [
    'tls-failed',
    'fatal error: SSL validation failed for https://127.0.0.1:9100/b/x [SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)',
  ],
  ['disk-full', 'tar: upload/1.jpg: Cannot write: No space left on device'],
  ['disk-full', 'ERROR:  could not extend file "base/5/1": No space left on device'],
  ['out-of-memory', 'fatal error: runtime: out of memory'],
  ['out-of-memory', 'tar: upload/1.jpg: Cannot open: Cannot allocate memory'],
  ['database-not-ready', 'psql: error: connection to server failed: FATAL:  sorry, too many clients already'],
  ['database-not-ready', 'FATAL:  the database system is in recovery mode'],
];

/** The backup itself: none of that may be put down to the surroundings. */
const BACKUPS: readonly string[] = [
  'gzip: t2.gz: unexpected end of file',
  'gzip: stdin: invalid compressed data--crc error',
  'tar: Unexpected EOF in archive',
  'tar: This does not look like a tar archive',
  'pg_restore: error: input file does not appear to be a valid archive (too short?)',
  'pg_restore: error: could not read from input file: end of file',
  'pg_restore: error: could not execute query: ERROR:  relation "asset" already exists',
  'psql:dump.sql:12: ERROR:  syntax error at or near "garbage"',
  'Fatal: repository contains errors',
  'Load(<data/0d5e>, 0, 0) failed: ciphertext verification failed',
  'Fatal: no snapshot found',
  'Fatal: wrong password or no key found',
  'ERROR:  invalid memory alloc request size 18446744073709551613',
  'error: cannot find 500 files',
];

describe('classifySourceError', () => {
  it.each(SURROUNDINGS)('%s: %s', (code, said) => {
    expect(classifySourceError(said)?.code).toBe(code);
  });

  it.each(BACKUPS)('leaves to the backup: %s', (said) => {
    expect(classifySourceError(said, true)?.code ?? classifySourceError(said)?.code).toBeUndefined();
  });

  it('believes in a cut connection only where there was one', () => {
    const said = 'Load(<data/0d5e>, 0, 0) failed: unexpected EOF';
    expect(classifySourceError(said, false)).toBeUndefined();
    expect(classifySourceError(said, true)?.code).toBe('connection-lost');
    expect(isOverNetwork(['-r', '/backups/restic', 'restore'], {})).toBe(false);
    expect(isOverNetwork(['restore'], { RESTIC_REPOSITORY: 's3:http://127.0.0.1:9000/b' })).toBe(true);
    expect(isOverNetwork(['s3', 'cp'], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' })).toBe(true);
  });
});
