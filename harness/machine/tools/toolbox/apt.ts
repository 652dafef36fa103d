import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Environment, pick } from './environment.ts';
import { type Ran, runProgram } from './run-program.ts';

const LISTS_FRESH_MS = 24 * 3_600_000;
const APT_BUDGET_MS = 10 * 60_000;
const SERVER_BUDGET_SECONDS = 10;
const PASSED_ON = ['PATH', 'HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy', 'NO_PROXY', 'no_proxy'];
const DEPENDS = /^ [ |](?:Pre)?Depends: ([a-z0-9][\w.+-]*)$/gm;

/**
 * apt with lists of its own in a folder of ours: needs no root and changes nothing of the system. Packages are taken
 * only by sums out of lists that a key of the system has signed, and are unpacked without running their scripts.
 */
export class PrivateApt {
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #signal: AbortSignal | undefined;

  constructor(folder: string, env: Environment, signal?: AbortSignal) {
    this.#folder = folder;
    this.#env = { ...pick(env, PASSED_ON), HOME: folder, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    this.#signal = signal;
  }

  /** Reads the lists of the system's own package sources, unless ours are from today. */
  async update(): Promise<Ran | undefined> {
    const stamp = join(this.#folder, 'updated');
    const age = Date.now() - ((await stat(stamp).catch(() => undefined))?.mtimeMs ?? 0);
    if (age < LISTS_FRESH_MS) return undefined;
    for (const name of ['lists/partial', 'cache/archives/partial']) {
      await mkdir(join(this.#folder, name), { recursive: true });
    }
    const ran = await this.#run('apt-get', ['update']);
    if (ran.ok) await writeFile(stamp, '');
    return ran;
  }

  /** Asks for new lists next time: a package that they name may be gone from the servers. */
  async forgetLists(): Promise<void> {
    await rm(join(this.#folder, 'updated'), { force: true });
  }

  /** Downloads packages into a folder; gives their files. */
  async download(packages: readonly string[], folder: string): Promise<{ ran: Ran; files: string[] }> {
    await mkdir(folder, { recursive: true });
    const ran = await this.#run('apt-get', ['download', ...packages], folder);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.deb'));
    return { ran, files: files.map((name) => join(folder, name)) };
  }

  /** What packages depend on directly, by name; packages that only exist by another name are left out. */
  async dependencies(packages: readonly string[]): Promise<string[]> {
    const kinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
      (kind) => `--no-${kind}`,
    );
    const { stdout } = await this.#run('apt-cache', ['depends', ...kinds, ...packages]);
    return [...new Set([...stdout.matchAll(DEPENDS)].flatMap(([, name]) => (name ? [name] : [])))];
  }

  /** Those of the packages that the system has already. */
  async installed(packages: readonly string[]): Promise<Set<string>> {
    if (packages.length === 0) return new Set();
    const format = ['-W', '-f', `\${Package} \${db:Status-Abbrev}\\n`];
    const { stdout } = await this.#run('dpkg-query', [...format, ...packages], this.#folder, []);
    const lines = stdout.split('\n').filter((line) => / ii\s*$/.test(line));
    return new Set(lines.map((line) => line.split(' ')[0] ?? ''));
  }

  /** Takes the files out of a package; scripts of its maintainer are not run. */
  async unpack(file: string, folder: string): Promise<Ran> {
    return await this.#run('dpkg-deb', ['-x', file, folder], this.#folder, []);
  }

  async #run(command: string, args: readonly string[], cwd = this.#folder, options = this.#options()): Promise<Ran> {
    const [env, budgetMs, signal] = [this.#env, APT_BUDGET_MS, this.#signal];
    return await runProgram(command, [...options, ...args], { env, cwd, budgetMs, signal });
  }

  #options(): string[] {
    const settings = {
      'Dir::State::Lists': join(this.#folder, 'lists'),
      'Dir::Cache': join(this.#folder, 'cache'),
      'Acquire::Languages': 'none',
      'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
      'Acquire::Retries': '1',
      'Acquire::http::Timeout': String(SERVER_BUDGET_SECONDS),
      'Acquire::https::Timeout': String(SERVER_BUDGET_SECONDS),
      // A line in the system's own settings could let in what nobody has signed.
      'APT::Get::AllowUnauthenticated': 'false',
      'Acquire::AllowInsecureRepositories': 'false',
      'Acquire::AllowDowngradeToInsecureRepositories': 'false',
      'Acquire::AllowWeakRepositories': 'false',
      // apt's own unprivileged account cannot write into a cache below a private home folder.
      ...(process.getuid?.() === 0 && { 'APT::Sandbox::User': 'root' }),
    };
    return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  }
}
