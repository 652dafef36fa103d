import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, pick } from './environment.ts';
import { runProgram } from './run-program.ts';

const ASK_BUDGET_MS = 20_000;
/** Where Go finds the network and its own folders. Nothing else of the user's: flags and exceptions change what is built. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'XDG_CACHE_HOME',
  'TMPDIR',
  'GOPATH',
  'GOMODCACHE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'http_proxy',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];
/** Only to read the user's choice of a proxy. */
const ASKED_WITH = ['GOENV', 'XDG_CONFIG_HOME', 'GOPROXY'];

/**
 * The environment for Go: what it builds is what `go.mod` and `go.sum` say, whatever the user's variables and `go env -w`
 * allow. A newer toolchain, where one is needed, is checked against Go's own checksum database.
 */
export async function goEnvironment(
  command: string,
  env: Environment,
  homeForGo: string,
): Promise<Record<string, string>> {
  const hasHome = env.HOME ? await isWritable(env.HOME) : false;
  const ours = { HOME: homeForGo, GOPATH: join(homeForGo, 'go'), GOCACHE: join(homeForGo, 'build') };
  const base = { ...pick(env, PASSED_ON), ...(!hasHome && ours) };
  const proxy = env.GOPROXY || (await askedProxy(command, { ...base, ...pick(env, ASKED_WITH) }));
  return {
    ...base,
    ...(proxy && { GOPROXY: proxy }),
    GOENV: 'off',
    GOWORK: 'off',
    GO111MODULE: 'on',
    GOTOOLCHAIN: env.GOTOOLCHAIN === 'local' ? 'local' : 'auto',
    // Modules below our own folder stay deletable; Go would make them read-only.
    GOFLAGS: hasHome ? '-mod=readonly' : '-mod=readonly -modcacherw',
    CGO_ENABLED: '0',
  };
}

async function askedProxy(command: string, env: Record<string, string>): Promise<string> {
  const ran = await runProgram(command, ['env', 'GOPROXY'], { env, cwd: '/', budgetMs: ASK_BUDGET_MS });
  return ran.ok ? ran.stdout.trim() : '';
}

async function isWritable(folder: string): Promise<boolean> {
  return await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
}
