import { notOfExtension, USER_SCHEMA } from './names.ts';

const OF_USER = `${USER_SCHEMA} AND ${notOfExtension('pg_proc', 'p.oid')}`;

/** Functions, aggregates, and what calls them by itself. */
export const ROUTINE_QUERIES = {
  function: `SELECT p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS definition, NULL AS "table"
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p', 'w') AND ${OF_USER}`,
  aggregate: `SELECT p.oid::regprocedure::text AS name, format('returns %s kind %s state %s by %s final %s combine %s from %s sorted by %s moving %s',
      format_type(p.prorettype, NULL), a.aggkind, format_type(a.aggtranstype, NULL), a.aggtransfn, a.aggfinalfn, a.aggcombinefn,
      coalesce(quote_literal(a.agginitval), 'nothing'), a.aggsortop::regoperator, a.aggmtransfn) AS definition, NULL AS "table"
    FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${OF_USER}`,
  'event-trigger': `SELECT e.evtname::text AS name, format('on %s %s by %s enabled %s', e.evtevent, coalesce(e.evttags, '{}'), e.evtfoid::regprocedure,
      e.evtenabled) AS definition, NULL AS "table"
    FROM pg_event_trigger e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')}`,
} as const;
