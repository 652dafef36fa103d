import { isScalar, LineCounter, type ParsedNode, parseAllDocuments, visit } from 'yaml';

const ALIASES_MOST = 50;

/**
 * The value of a text in YAML or JSON. Throws an `Error` that says what is wrong with it and where, and never what the line
 * says, which may be a secret: keys that come twice, tags that mean something elsewhere, more than one document, and
 * aliases that blow up are refused.
 */
export function parseYaml(text: string, schema: 'core' | 'failsafe' = 'core'): unknown {
  const lines = new LineCounter();
  const documents = parseAllDocuments<ParsedNode>(text, {
    ...{ schema, lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true, merge: false },
  });
  if (!Array.isArray(documents)) return undefined;
  if (documents.length > 1) throw new Error('it is more than one document: a line "---" begins another one');
  const [document] = documents;
  if (!document) return undefined;
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new Error(`line ${line}, column ${col}: ${SAYS[problem.code] ?? 'it is not YAML'}`);
  }
  let aliases = 0;
  visit(document, {
    Alias: () => {
      aliases += 1;
    },
    Pair: (_, { key }) => {
      if (isScalar(key) && key.value === '__proto__') throw new Error('the key __proto__ is no name for anything');
    },
  });
  if (aliases > ALIASES_MOST) throw new Error(`it has ${aliases} aliases (*name), more than ${ALIASES_MOST}`);
  return document.toJS({ maxAliasCount: ALIASES_MOST }) as unknown;
}

/** By the code of the problem, since the library's own words may show the text. */
const SAYS: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'a key that is there already',
  TAG_RESOLVE_FAILED: 'a tag (!something) that means nothing here',
  NON_STRING_KEY: 'a key that is no text',
  TAB_AS_INDENT: 'a tab where the line is indented',
  BAD_INDENT: 'it is indented otherwise than the lines around it',
  MISSING_CHAR: 'something is missing, such as a closing quote or bracket',
  BAD_ALIAS: 'an alias (*name) that stands for nothing',
  MULTILINE_IMPLICIT_KEY: 'a key over several lines',
};
