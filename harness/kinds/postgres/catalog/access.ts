import { NAMED_TABLE, notOfExtension, USER_SCHEMA } from './names.ts';

/** Types that have an owner of their own: not those that come with a table, nor arrays and multiranges. */
const OWN_TYPE = `t.typcategory <> 'A' AND t.typtype <> 'm'
  AND (t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid))`;

/** A role that every server has, by whatever name: `public` belongs to it until somebody changes that. */
const OWNER_OF_SCHEMA = `CASE WHEN n.oid = 'public'::regnamespace AND (n.nspowner = 10 OR n.nspowner::regrole::text = 'pg_database_owner')
  THEN 'the server' ELSE pg_get_userbyid(n.nspowner) END`;

/** Everything that has an owner: its catalog, what it is, whose it is by id and by name, what is granted on it, and by default. */
const OWNED = `
  SELECT 'pg_class'::regclass AS classid, c.oid AS objid, 0 AS subid, pg_get_userbyid(c.relowner) AS owner, c.relacl AS acl,
    acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner) AS usual
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${USER_SCHEMA}
  UNION ALL SELECT 'pg_class'::regclass, c.oid, a.attnum, NULL, a.attacl, acldefault('c', c.relowner)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND ${USER_SCHEMA}
  UNION ALL SELECT 'pg_proc'::regclass, p.oid, 0, pg_get_userbyid(p.proowner), p.proacl, acldefault('f', p.proowner)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${USER_SCHEMA}
  UNION ALL SELECT 'pg_type'::regclass, t.oid, 0, pg_get_userbyid(t.typowner), t.typacl, acldefault('T', t.typowner)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${OWN_TYPE} AND ${USER_SCHEMA}
  UNION ALL SELECT 'pg_namespace'::regclass, n.oid, 0, ${OWNER_OF_SCHEMA}, n.nspacl, acldefault('n', n.nspowner)
  FROM pg_namespace n WHERE ${USER_SCHEMA}
  UNION ALL SELECT 'pg_largeobject'::regclass, l.oid, 0, pg_get_userbyid(l.lomowner), l.lomacl, acldefault('L', l.lomowner)
  FROM pg_largeobject_metadata l
  UNION ALL SELECT 'pg_database'::regclass, b.oid, 0, pg_get_userbyid(b.datdba), b.datacl, acldefault('d', b.datdba)
  FROM pg_database b WHERE b.datname = current_database()`;

const NOT_OF_EXTENSION = `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.objid AND d.deptype = 'e')`;

/** A database has another name after a restore, and there is only one. */
const SUBJECT = `CASE WHEN o.classid = 'pg_database'::regclass THEN 'database' ELSE i.type || ' ' || i.identity END`;

function rights(acl: string): string {
  return `SELECT x.privilege_type || ' to ' || CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(x.grantee)::text END ||
    CASE WHEN x.is_grantable THEN ' with grant option' ELSE '' END AS line FROM aclexplode(${acl}) x`;
}

/** Who may do what. Rights that every server gives by itself are left out: a newer one knows some more of them. */
export const ACCESS_QUERIES = {
  owner: `SELECT ${SUBJECT} AS name, o.owner::text AS definition, NULL AS "table"
    FROM (${OWNED}) o CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, o.subid) i
    WHERE o.owner IS NOT NULL AND ${NOT_OF_EXTENSION}`,
  grant: `SELECT ${SUBJECT} AS name, r.lines AS definition, NULL AS "table"
    FROM (${OWNED}) o CROSS JOIN LATERAL pg_identify_object(o.classid, o.objid, o.subid) i
    LEFT JOIN pg_init_privs v ON v.classoid = o.classid AND v.objoid = o.objid AND v.objsubid = o.subid
    CROSS JOIN LATERAL (SELECT string_agg(line, ', ' ORDER BY line COLLATE "C") AS lines FROM (
      (${rights('o.acl')} EXCEPT ${rights('coalesce(v.initprivs, o.usual)')})
      UNION ALL SELECT 'not ' || line FROM (${rights('coalesce(v.initprivs, o.usual)')} EXCEPT ${rights('o.acl')}) missing) changed) r
    WHERE o.acl IS NOT NULL AND r.lines IS NOT NULL AND ${NOT_OF_EXTENSION}`,
  'default-privilege': `SELECT format('of %s%s on %s', pg_get_userbyid(p.defaclrole), coalesce(' in ' || n.nspname, ''), p.defaclobjtype) AS name,
      (SELECT string_agg(line, ', ' ORDER BY line COLLATE "C") FROM (${rights('p.defaclacl')}) granted) AS definition, NULL AS "table"
    FROM pg_default_acl p LEFT JOIN pg_namespace n ON n.oid = p.defaclnamespace`,
  'row-security': `SELECT ${NAMED_TABLE} AS name, CASE WHEN c.relrowsecurity THEN 'enabled' ELSE 'disabled' END ||
      CASE WHEN c.relforcerowsecurity THEN ', forced' ELSE '' END AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`,
  policy: `SELECT p.polname || ' on ' || ${NAMED_TABLE} AS name, format('%s for %s to %s using %s check %s',
      CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, p.polcmd,
      (SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(o)::text END, ', ' ORDER BY pg_get_userbyid(o)::text COLLATE "C") FROM unnest(p.polroles) o),
      pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) AS definition, ${NAMED_TABLE} AS "table"
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE ${USER_SCHEMA} AND ${notOfExtension('pg_class', 'c.oid')}`,
} as const;
