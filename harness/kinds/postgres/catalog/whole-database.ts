import { USER_SCHEMA } from './names.ts';

/** What belongs to no object in particular, or to any. */
export const DATABASE_QUERIES = {
  extension: `SELECT e.extname AS name, 'version ' || e.extversion || ' in schema ' || n.nspname AS definition, NULL AS "table"
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace`,
  schema: `SELECT n.nspname::text AS name, 'a schema' AS definition, NULL AS "table" FROM pg_namespace n WHERE ${USER_SCHEMA}
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')`,
  // What most dumps leave out: how the database sorts, and what it sets for every session or for those of one role.
  setting: `SELECT 'collation' AS name, pg_encoding_to_char(encoding) || ' collate ' || datcollate || ' ctype ' || datctype AS definition,
      NULL AS "table" FROM pg_database WHERE datname = current_database()
    UNION ALL SELECT CASE s.setrole WHEN 0 THEN '' ELSE pg_get_userbyid(s.setrole) || ' ' END || split_part(line, '=', 1), line, NULL
      FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS line
      WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  // By its digest alone: people write into comments what is for nobody else.
  comment: `SELECT i.type || ' ' || i.identity AS name, format('%s characters, sha256 %s', length(o.description),
      left(encode(sha256(convert_to(o.description, 'UTF8')), 'hex'), 32)) AS definition, NULL AS "table"
    FROM pg_description o CROSS JOIN LATERAL pg_identify_object(o.classoid, o.objoid, o.objsubid) i
    WHERE o.objoid >= 16384 AND o.classoid <> 'pg_extension'::regclass
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classoid AND d.objid = o.objoid AND d.deptype = 'e')`,
} as const;
