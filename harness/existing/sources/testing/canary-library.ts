import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A library that touches a file as soon as anybody loads it; a name that nothing has where there is no compiler. It is called
 * as one that a copy may ask for, and lies where no server has it.
 */
export function canaryLibrary(folder: string, touched: string): string {
  const source = join(folder, 'canary.c');
  const library = join(folder, 'vchord.so');
  const body = `open("${touched}", O_CREAT | O_WRONLY, 0644);`;
  writeFileSync(source, `#include <fcntl.h>\n__attribute__((constructor)) static void touch(void) { ${body} }\n`);
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-o', library, source], { stdio: 'ignore' });
  } catch {
    return join(folder, 'canary');
  }
  chmodSync(library, 0o755);
  return library;
}
