import type { ToolDefinition } from './toolbox/definition.ts';

/** The Postgres server and its clients, all from one folder: a dump is made by the client of its own server. */
export const tool: ToolDefinition = {
  name: 'postgres',
  programs: [
    'postgres',
    'initdb',
    'pg_ctl',
    'pg_controldata',
    'pg_isready',
    'psql',
    'pg_dump',
    'pg_dumpall',
    'pg_restore',
    'pg_basebackup',
    'pg_verifybackup',
  ],
  purpose: 'runs, dumps and restores Postgres databases',
  accepts: '>=14 <19',
  version: { args: ['--version'], pattern: /PostgreSQL\) (\d+(?:\.\d+)*)/ },
  together: {
    places: [
      '/usr/lib/postgresql/*/bin', // Debian, Ubuntu
      '/usr/lib/postgresql*/bin', // openSUSE
      '/usr/lib64/postgresql-*/bin', // Gentoo
      '/usr/pgsql-*/bin', // Red Hat, from postgresql.org
      '/usr/libexec/postgresql*', // Alpine
      '/opt/homebrew/opt/postgresql*/bin',
      '/usr/local/opt/postgresql*/bin', // Homebrew on Intel
      '/home/linuxbrew/.linuxbrew/opt/postgresql*/bin',
      '/Applications/Postgres.app/Contents/Versions/*/bin',
    ],
  },
  hint: 'install Postgres 14 to 18 (`apt-get install postgresql postgresql-contrib`, `brew install postgresql@17`), or start Docker.',
};
