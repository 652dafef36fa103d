import { notOfExtension, USER_SCHEMA } from './names.ts';

const OF_USER = `${USER_SCHEMA} AND ${notOfExtension('pg_type', 't.oid')}`;

/** Types, and what is defined over them. */
export const TYPE_QUERIES = {
  type: `SELECT n.nspname || '.' || t.typname AS name, CASE t.typtype
      WHEN 'e' THEN 'enum ' || (SELECT string_agg(quote_literal(v.enumlabel), ', ' ORDER BY v.enumsortorder) FROM pg_enum v WHERE v.enumtypid = t.oid)
      WHEN 'r' THEN 'range of ' || (SELECT format_type(r.rngsubtype, NULL) FROM pg_range r WHERE r.rngtypid = t.oid)
      ELSE 'composite of ' || (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
        FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END AS definition, NULL AS "table"
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE (t.typtype IN ('e', 'r') OR (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid)) AND ${OF_USER}`,
  domain: `SELECT n.nspname || '.' || t.typname AS name, format_type(t.typbasetype, t.typtypmod) ||
      CASE WHEN t.typnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || t.typdefault, '') ||
      coalesce((SELECT ' collate ' || o.collname FROM pg_collation o WHERE o.oid = t.typcollation AND o.collname <> 'default'), '') ||
      coalesce((SELECT string_agg(' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) ||
        CASE WHEN k.convalidated THEN '' ELSE ' NOT VALIDATED' END, '' ORDER BY k.conname COLLATE "C")
        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype <> 'n'), '') AS definition, NULL AS "table"
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${OF_USER}`,
  collation: `SELECT n.nspname || '.' || o.collname AS name, format('provider %s locale %s ctype %s deterministic %s', o.collprovider,
      coalesce(o.collcollate, to_jsonb(o)->>'colllocale', to_jsonb(o)->>'colliculocale'), o.collctype, o.collisdeterministic)
      AS definition, NULL AS "table"
    FROM pg_collation o JOIN pg_namespace n ON n.oid = o.collnamespace
    WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_collation', 'o.oid')}`,
  cast: `SELECT format_type(c.castsource, NULL) || ' as ' || format_type(c.casttarget, NULL) AS name,
      format('by %s method %s context %s', c.castfunc::regprocedure, c.castmethod, c.castcontext) AS definition, NULL AS "table"
    FROM pg_cast c WHERE c.oid >= 16384 AND ${notOfExtension('pg_cast', 'c.oid')}`,
  operator: `SELECT i.identity AS name, format('by %s returns %s commutator %s negator %s restrict %s join %s hashes %s merges %s',
      o.oprcode, format_type(o.oprresult, NULL), o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin,
      o.oprcanhash, o.oprcanmerge) AS definition, NULL AS "table"
    FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
    CROSS JOIN LATERAL pg_identify_object('pg_operator'::regclass, o.oid, 0) i
    WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_operator', 'o.oid')}`,
  'text-search': `SELECT 'configuration ' || n.nspname || '.' || c.cfgname AS name, 'parser ' || p.prsname || coalesce((
        SELECT string_agg(' ' || k.alias || ' ' || m.mapseqno || ' ' || m.mapdict::regdictionary, '' ORDER BY k.alias COLLATE "C", m.mapseqno)
        FROM pg_ts_config_map m JOIN LATERAL ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype WHERE m.mapcfg = c.oid), '')
        AS definition, NULL AS "table"
      FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace JOIN pg_ts_parser p ON p.oid = c.cfgparser
      WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_ts_config', 'c.oid')}
    UNION ALL SELECT 'dictionary ' || n.nspname || '.' || o.dictname, 'template ' || t.tmplname || ' ' || coalesce(o.dictinitoption, ''), NULL
      FROM pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace JOIN pg_ts_template t ON t.oid = o.dicttemplate
      WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_ts_dict', 'o.oid')}`,
} as const;
