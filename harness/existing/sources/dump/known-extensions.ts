/**
 * Extensions that a drill makes for a dump: those of Immich and others that come with Postgres and reach neither files
 * nor programs nor other servers. Whatever is not here is made by nobody, since it is made as superuser.
 */
export const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  ...['vector', 'vchord', 'vectors', 'cube', 'earthdistance', 'pg_trgm', 'unaccent', 'uuid-ossp', 'plpgsql'],
  ...['btree_gin', 'btree_gist', 'bloom', 'citext', 'dict_int', 'dict_xsyn', 'fuzzystrmatch', 'hstore', 'intarray'],
  ...['intagg', 'isn', 'lo', 'ltree', 'pgcrypto', 'pg_stat_statements', 'seg', 'tablefunc', 'tcn'],
  ...['tsm_system_rows', 'tsm_system_time'],
]);
