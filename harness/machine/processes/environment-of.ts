import { RUN_VARIABLE } from './process-table.ts';

/** Variables of the user that programs may see: how to find programs and to reach the network, nothing of their set-up. */
const PASSED_ON = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'LD_LIBRARY_PATH'];

/** The environment of every program of a run, with a home of its own. */
export function environmentOf(runId: string, home: string): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']],
  );
  return {
    ...Object.fromEntries(passed),
    HOME: home,
    TMPDIR: home,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    NO_PROXY: '127.0.0.1',
    [RUN_VARIABLE]: runId,
  };
}
