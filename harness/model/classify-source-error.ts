/** Something in the way of a tool that says nothing about the backup. */
export interface SourceTrouble {
  readonly code: string;
  /** What the tool did not get past, after its name: `restic could not reach the server`. */
  readonly what: string;
  readonly next: string;
}

interface Pattern extends SourceTrouble {
  readonly says: RegExp;
  /** Said of files, too: it counts only where the tool talks to a server. */
  readonly onlyOverNetwork?: true;
}

const AGAIN = 'then run the drill again.';

/** What restic, rclone, aws, psql, pg_restore, tar and gpg say when the surroundings are in the way; the first counts. */
const PATTERNS: readonly Pattern[] = [
  {
    code: 'disk-full',
    says: /no space left on device|disk quota exceeded|could not (write|extend) file.*space|wrote only \d+ of \d+ bytes|remaining disk space|ENOSPC/i,
    what: 'found no space left on the disk',
    next: 'free space, or set DRILL_WORK to a folder on a larger disk; `drill plan` says how much is needed.',
  },
  {
    code: 'agent-not-started',
    says: /^gpg: .*(can't connect to the (gpg-)?agent|No agent running)/m,
    what: 'could not start its agent, whose socket has no room below a folder with a long path',
    next: 'set DRILL_WORK to a shorter path (40 characters are few enough), or see why gpg-agent does not run here.',
  },
  {
    code: 'out-of-memory',
    says: /cannot allocate memory|\bout of memory\b|std::bad_alloc|\bENOMEM\b/i,
    what: 'got no more memory',
    next: `close other programs, or give the machine more memory, ${AGAIN}`,
  },
  {
    code: 'tls-failed',
    says: /\bx509: |\btls: |CERTIFICATE_VERIFY_FAILED|certificate (verify failed|has expired|is not yet valid)|self[- ]signed certificate|SSL (validation failed|error|routines)|\[SSL: |server gave HTTP response to HTTPS client|handshake failure/i,
    what: 'could not agree with the server on a secure connection',
    next: `see whether the certificate of the server is valid and known here, and whether the clock is right, ${AGAIN}`,
  },
  {
    code: 'source-unreachable',
    says: /connection refused|no such host|could not resolve|could not translate host name|name or service not known|temporary failure in name resolution|network is unreachable|no route to host|could not connect to the endpoint url|connect(ion)? timeout on endpoint|connection timed out|host is down/i,
    what: 'could not reach the server',
    next: `see whether the server runs and the network reaches it, ${AGAIN}`,
  },
  {
    code: 'server-troubled',
    says: /\bSlowDown\b|\bServiceUnavailable\b|\bInternalError\b|\bRequestTimeout\b|Reduce your request rate|\b50[0234] (Internal Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)|\bHTTP response (code )?\(?5\d\d\)?|\bStatusCode: 5\d\d|error occurred \(5\d\d\)|\b429 Too Many Requests|HTTP Error 5\d\d|\bServer Error\b/i,
    what: 'was told by the server that something is wrong with the server itself',
    next: `look at the log of the server, or wait until it is less busy, ${AGAIN}`,
  },
  {
    code: 'connection-lost',
    says: /connection reset|Connection closed by foreign host|\bwrite: broken pipe|connection was closed before|server closed the connection unexpectedly|terminating connection due to|connection to server was lost|SSL connection has been closed|i\/o timeout|read timeout on endpoint|\b(TLS handshake|net\/http:?|Client\.) ?[Tt]imeout|context deadline exceeded|timeout awaiting|use of closed network connection|http2: .*(GOAWAY|closed)|"https?:\/\/[^"]*": (unexpected )?EOF|IncompleteRead|server sent GOAWAY/i,
    what: 'lost its connection to the server',
    next: `see whether the server and the network between stay up, ${AGAIN}`,
  },
  {
    code: 'database-not-ready',
    says: /the database system is (starting up|shutting down|in recovery mode)|too many clients already|remaining connection slots are reserved/i,
    what: 'was not let in by the database server, which had no room or was not ready',
    next: `see the log of the server, ${AGAIN}`,
  },
  {
    code: 'connection-lost',
    says: /\bunexpected EOF\b|: EOF\b|transfer closed with .* remaining/,
    onlyOverNetwork: true,
    what: 'got less from the server than it was promised',
    next: `see whether the server and the network between stay up, ${AGAIN} When it says the same each time, an object there is cut short.`,
  },
];

/** What was in the way, when what a tool said tells so; undefined when it may well be the backup. */
export function classifySourceError(said: string, isOverNetwork = false): SourceTrouble | undefined {
  const found = PATTERNS.find(({ says, onlyOverNetwork }) => (isOverNetwork || !onlyOverNetwork) && says.test(said));
  return found && { code: found.code, what: found.what, next: found.next };
}

const REMOTE = /(^|[:=\s])(https?|sftp|s3):\/\/|^(s3|rest|sftp|rclone|b2|azure|gs|swift):/;

/** Whether a call of a tool talks to a server, by its arguments and what it is given in its environment. */
export function isOverNetwork(args: readonly string[], env: Readonly<Record<string, string>>): boolean {
  return [...args, ...Object.values(env)].some((word) => REMOTE.test(word));
}
