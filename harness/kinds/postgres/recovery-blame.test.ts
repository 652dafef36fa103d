import { describe, expect, it } from 'vitest';
import { recoveryBlame } from './recovery-blame.ts';

describe('whom a recovery that did not work tells about', () => {
  it.each([
    'FATAL:  could not locate required checkpoint record',
    'PANIC:  could not locate a valid checkpoint record',
    'FATAL:  WAL ends before end of online backup',
    'FATAL:  WAL ends before consistent recovery point',
    'FATAL:  invalid data in file "backup_label"',
    'PANIC:  could not open file "global/pg_control": No such file or directory',
    'FATAL:  incorrect checksum in control file',
  ])('the copy: %s', (line) => {
    expect(recoveryBlame({ said: `LOG:  starting\n${line}`, exitCode: 1 })).toBe('backup');
    expect(recoveryBlame({ said: line, signal: 'SIGABRT' })).toBe('backup');
    // By way of a shell or of Docker's client.
    expect(recoveryBlame({ said: line, exitCode: 134 })).toBe('backup');
  });

  it.each([
    'PANIC:  could not write to file "pg_wal/xlogtemp.12": No space left on device',
    'FATAL:  could not extend file "base/1/2": wrote only 4096 of 8192 bytes at block 7',
    'FATAL:  could not access file "vchord.so": No such file or directory',
    'FATAL:  could not load library "/usr/lib/x.so": undefined symbol',
    'FATAL:  could not create shared memory segment: Cannot allocate memory',
    'FATAL:  database files are incompatible with server',
    'FATAL:  lock file "postmaster.pid" already exists',
    'FATAL:  out of memory',
  ])('the machine: %s', (line) => {
    expect(recoveryBlame({ said: line, exitCode: 1 })).toBe('environment');
  });

  it('not the copy when the server was killed, was never started, or has said nothing', () => {
    const said = 'FATAL:  WAL ends before end of online backup';
    for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGXFSZ', 'SIGBUS'])
      expect(recoveryBlame({ said, signal })).toBe('environment');
    for (const exitCode of [125, 126, 127, 137, 143]) expect(recoveryBlame({ said, exitCode })).toBe('environment');
    expect(recoveryBlame({ said: 'LOG:  redo starts at 0/2000028', exitCode: 1 })).toBe('environment');
    expect(recoveryBlame({ said: '', exitCode: undefined })).toBe('environment');
  });
});
