import { NAMED_TABLE, named, notOfExtension, USER_SCHEMA } from './names.ts';

const OF_USER = `${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`;

/** Tables and views, and whatever is on them. */
export const TABLE_QUERIES = {
  table: `SELECT ${NAMED_TABLE} AS name, 'kind ' || c.relkind::text || ' persistence ' || c.relpersistence::text ||
      CASE WHEN c.relispopulated THEN '' ELSE ' not populated' END ||
      coalesce(' as ' || pg_get_viewdef(CASE WHEN c.relkind IN ('v', 'm') THEN c.oid END), '') AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND ${OF_USER}`,
  column: `SELECT ${NAMED_TABLE} || '.' || a.attname AS name,
      format_type(a.atttypid, a.atttypmod) || coalesce((SELECT ' collate ' || o.collname FROM pg_collation o
        WHERE o.oid = a.attcollation AND o.collname <> 'default'), '') || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END ||
      coalesce(' default ' || pg_get_expr(ad.adbin, ad.adrelid), '') || ' identity ' || a.attidentity::text ||
      ' generated ' || a.attgenerated::text || ' storage ' || a.attstorage::text AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
    WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped AND ${OF_USER}`,
  index: `SELECT ${named('i.relname')} AS name, pg_get_indexdef(i.oid) || CASE WHEN x.indisvalid THEN '' ELSE ' INVALID' END AS definition,
      ${NAMED_TABLE} AS "table"
    FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${OF_USER}`,
  constraint: `SELECT k.conname || ' on ' || ${NAMED_TABLE} AS name,
      pg_get_constraintdef(k.oid) || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALIDATED' END AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype <> 'n' AND ${OF_USER}`,
  trigger: `SELECT g.tgname || ' on ' || ${NAMED_TABLE} AS name,
      pg_get_triggerdef(g.oid) || ' enabled ' || g.tgenabled::text AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT g.tgisinternal AND ${USER_SCHEMA}`,
  rule: `SELECT r.rulename || ' on ' || ${NAMED_TABLE} AS name, pg_get_ruledef(r.oid) || ' enabled ' || r.ev_enabled::text AS definition,
      ${NAMED_TABLE} AS "table"
    FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rulename <> '_RETURN' AND ${OF_USER}`,
  statistics: `SELECT ${named('x.stxname')} AS name, pg_get_statisticsobjdef(x.oid) AS definition, NULL AS "table"
    FROM pg_statistic_ext x JOIN pg_namespace n ON n.oid = x.stxnamespace
    WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_statistic_ext', 'x.oid')}`,
  sequence: `SELECT n.nspname || '.' || s.sequencename AS name, format('%s from %s by %s, last value %s', s.data_type, s.start_value,
      s.increment_by, coalesce(s.last_value::text, 'none')) AS definition, NULL AS "table"
    FROM pg_sequences s JOIN pg_namespace n ON n.nspname = s.schemaname WHERE ${USER_SCHEMA}`,
} as const;
