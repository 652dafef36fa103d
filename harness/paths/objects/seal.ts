import type { Step } from '../../model/job.ts';
import type { PathContext } from '../../model/path.ts';

/** `age` with a key pair whose private half stays in the vault, or `gpg` with a passphrase that stays there. */
export type Cipher = 'age' | 'gpg';

/** The programs that a cipher takes. */
export function programsOf(cipher: Cipher): string[] {
  return cipher === 'age' ? ['age', 'age-keygen'] : ['gpg'];
}

/** Makes the component's key in the vault, unless it is there; gives the steps that a job, which mounts it, begins with. */
export async function keySteps(context: PathContext, cipher: Cipher): Promise<Step[]> {
  const name = `${context.component}.key`;
  if (await context.vault.has(name)) return [];
  if (cipher === 'age') return [{ program: 'age-keygen', args: ['--output', keyFile(context)] }];
  await context.vault.write(name, Buffer.from(context.secret('passphrase').reveal()), { mode: 0o600 });
  return [];
}

/** A step that encrypts a file before it leaves its job. */
export function seal(context: PathContext, cipher: Cipher, plain: string, sealed: string): Step {
  if (cipher === 'age')
    return { program: 'age', args: ['--encrypt', '--identity', keyFile(context), '--output', sealed, plain] };
  return gpg(context, ['--symmetric', '--cipher-algo', 'AES256', '--output', sealed, plain]);
}

/** A step that decrypts a file by the key in the vault. */
export function unseal(context: PathContext, cipher: Cipher, sealed: string, plain: string): Step {
  if (cipher === 'age')
    return { program: 'age', args: ['--decrypt', '--identity', keyFile(context), '--output', plain, sealed] };
  return gpg(context, ['--decrypt', '--output', plain, sealed]);
}

function keyFile({ component, vault }: PathContext): string {
  return `${vault.path}/${component}.key`;
}

function gpg(context: PathContext, args: string[]): Step {
  return {
    program: 'gpg',
    args: ['--batch', '--pinentry-mode', 'loopback', '--passphrase-file', keyFile(context), ...args],
  };
}
