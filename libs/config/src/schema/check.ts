import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '@tracebloc/ingestor-contract';
import { sayError, type SchemaError } from './wording.js';
import { problemAt } from '../errors.js';
import { deepest, remove, toJson, type LocatedMap, type Path } from '../yaml/located.js';
import type { Wording } from './wording.js';
import type { ConfigProblem } from '../types.js';

const validators = new WeakMap<object, ValidateFunction>();

/**
 * Checks a document against a schema. It returns the problems and removes the values that are not valid from the document,
 * so that later checks find only values of the right type. The compiled schema is cached for as long as `owner` exists.
 */
export function checkDocument(
  root: LocatedMap,
  owner: object,
  makeSchema: () => JsonSchema,
  wording: Wording,
): ConfigProblem[] {
  const validate = validators.get(owner) ?? compile(makeSchema());
  validators.set(owner, validate);
  if (validate(toJson(root))) return [];
  const errors = withoutNoise(validate.errors ?? []);
  const said = errors.map((error) => ({
    ...sayError(error, deepest(root, error.path), wording),
    missing: error.keyword === 'required',
  }));
  // A misspelt field and the missing field that was meant are one problem.
  const misspelt = new Set(
    said.flatMap(({ path, meant }) => (meant ? [fieldName([...path.slice(0, -1), meant])] : [])),
  );
  const shown = said.filter(({ missing, path }) => !missing || !misspelt.has(fieldName(path)));
  const problems = shown.map(({ path, message, fix, atKey }) => {
    const node = deepest(root, path);
    const origin = (atKey ? node.keyOrigin : undefined) ?? node.origin;
    return problemAt(origin, fieldName(path), message, fix);
  });
  for (const { path, missing } of said) if (!missing) remove(root, path);
  return problems;
}

function compile(schema: JsonSchema): ValidateFunction {
  // Plugins may add keywords for editors. The conformance kit checks their schemas, so a run need not, which would take
  // three times as long as all else here.
  const unchecked = { strict: false, validateSchema: false, meta: false, logger: false } as const;
  return new Ajv2020({ ...unchecked, allErrors: true, verbose: true, ownProperties: true }).compile(schema);
}

/**
 * Keeps the useful errors. For an `anyOf` or `oneOf` these are the errors of the one alternative with the type of the
 * value, or otherwise the error of the keyword itself. For an `if` they are the errors of its branch.
 */
function withoutNoise(errors: readonly ErrorObject[]): SchemaError[] {
  let kept = errors.filter(({ keyword }) => keyword !== 'if');
  for (const choice of errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')) {
    const inside = kept.filter(
      ({ schemaPath, instancePath }) =>
        schemaPath.startsWith(`${choice.schemaPath}/`) && `${instancePath}/`.startsWith(`${choice.instancePath}/`),
    );
    const branches = Map.groupBy(inside, ({ schemaPath }) => schemaPath.slice(choice.schemaPath.length).split('/')[1]);
    const meant = [...branches.values()].filter(
      (branch) =>
        !branch.some(({ keyword, instancePath }) => keyword === 'type' && instancePath === choice.instancePath),
    );
    const drop = new Set(
      meant.length === 1 ? [choice, ...inside.filter((error) => !meant[0]!.includes(error))] : inside,
    );
    kept = kept.filter((error) => !drop.has(error));
  }
  return kept.map((error) => ({ ...error, path: parsePointer(error.instancePath) }));
}

function parsePointer(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function fieldName(path: Path): string {
  return path.reduce(
    (name, key) => (/^\d+$/.test(key) && name ? `${name}[${key}]` : name ? `${name}.${key}` : key),
    '',
  );
}
