/** A data folder that somebody else's server has made holds this file until the run has made its superuser its own. */
export const TAKEOVER_FILE = 'drill-takeover';

/** The superuser of every Postgres server of a run, and the only role of a physical copy that may log in. */
export const RUN_SUPERUSER = 'postgres';
