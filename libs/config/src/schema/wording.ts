import { listNames, nearest } from '@tracebloc/ingestor-core';
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { JsonSchema, TaskType } from '@tracebloc/ingestor-contract';
import { type Located, type Path } from '../yaml/located.js';
import { properties, taskProperties } from './compose.js';
import { describeValue, quote } from '../wording.js';

export type SchemaError = ErrorObject & { path: Path };

/** The context that the text of an error depends on. */
export interface Wording {
  /** `undefined` if the category is unknown. */
  task?: TaskType;
  tasks: readonly TaskType[];
  /** Returns the fix for a missing top-level field if the run has no configuration file. */
  howToGive: (field: string) => string | undefined;
}

export interface Said {
  /** The path of the field, which may be unknown or missing. */
  path: Path;
  message: string;
  fix: string;
  /** The problem is the name of the field rather than its value. */
  atKey?: boolean;
  /** The similar known field that was probably meant. */
  meant?: string;
}

const TYPES: Record<string, string> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (name: value)',
  null: 'nothing',
};

/** Describes an error of the schema in plain words. `node` is the value at the path of the error. */
export function sayError(error: SchemaError, node: Located, wording: Wording): Said {
  const { path, keyword, params } = error as SchemaError & { params: Record<string, unknown> };
  const schema = (error.parentSchema ?? {}) as JsonSchema;
  const found = describeValue(node);
  switch (keyword) {
    case 'type':
      return {
        path,
        message: `must be ${expected(params.type)}, found ${found}`,
        fix: typeFix(params.type, node, schema),
      };
    case 'anyOf':
    case 'oneOf':
      return { path, message: `${found} is not a valid value here`, fix: choiceFix(node, schema) };
    case 'required':
      return sayMissing([...path, String(params.missingProperty)], schema, wording);
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return sayUnknown(path, String(params.additionalProperty ?? params.unevaluatedProperty), schema, wording);
    case 'enum':
      return sayNotOneOf(path, params.allowedValues as unknown[], node);
    case 'const':
      return {
        path,
        message: `must be ${quote(String(params.allowedValue))}, found ${found}`,
        fix: constantFix(path, params),
      };
    case 'minItems':
    case 'maxItems':
      return {
        path,
        message: `the list has length ${lengthOf(node)}; ${bounds(schema)}`,
        fix: exampleFix(schema),
      };
    case 'minLength':
    case 'minProperties':
      return { path, message: 'is empty', fix: exampleFix(schema) };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return {
        path,
        message: `${found} is out of range: it must be ${String(params.comparison)} ${String(params.limit)}`,
        fix: exampleFix(schema),
      };
    default:
      return {
        path,
        message: `${found} is not valid: it ${error.message ?? 'does not match the schema'}`,
        fix: exampleFix(schema),
      };
  }
}

function sayMissing(path: Path, schema: JsonSchema, { howToGive, task }: Wording): Said {
  const name = path.at(-1)!;
  const given = path.length === 1 ? howToGive(name) : undefined;
  const wanted = examplesOf(properties(schema)[name])[0];
  const line = wanted === undefined ? `Add \`${name}\`` : `Add it, for example \`${name}: ${inline(wanted)}\``;
  const whose = path.length === 1 && task && ['label', 'schema'].includes(name) ? `; ${task.id} needs it` : '';
  return { path, message: `is missing${whose}`, fix: given ?? `${line}.` };
}

function sayUnknown(parent: Path, name: string, schema: JsonSchema, { task, tasks }: Wording): Said {
  const path = [...parent, name];
  const said = (message: string, fix: string): Said => ({ path, message, fix, atKey: true });
  const known = Object.keys(properties(schema));
  if (parent.length === 0 && name === 'label' && task?.label.use === 'forbidden') {
    return said(`${task.id} is self-supervised and has no label`, 'Remove it.');
  }
  const owners = tasks.filter((other) => other !== task && ownFields(other, parent).includes(name)).map(({ id }) => id);
  if (task && owners.length > 0) {
    return said(
      `${task.id} does not take this field`,
      `Remove it, or choose a task that takes it: ${listNames(owners)}.`,
    );
  }
  const home = homeOf(name, parent, schema);
  if (home) return said('is not known here', `Move it to \`${home}\`.`);
  const near = nearest(name, known);
  if (near !== undefined) return { ...said('is not a known field', `Did you mean \`${near}\`?`), meant: near };
  return said(
    'is not a known field',
    `Remove it; known here are ${listNames(
      known.filter((key) => key !== '$schema'),
      24,
    )}.`,
  );
}

/** Returns the fields that only this task has at the top level or below `spec.file_options`. */
function ownFields(task: TaskType, parent: Path): string[] {
  if (parent.length === 0) return Object.keys(taskProperties(task));
  return parent.join('.') === 'spec.file_options' ? Object.keys(properties(task.fileOptions)) : [];
}

/** Returns the right place of a field that is written at the top level or directly below `spec`. */
function homeOf(name: string, parent: Path, schema: JsonSchema): string | undefined {
  const spec = parent.length === 0 ? properties(schema).spec : parent.join('.') === 'spec' ? schema : undefined;
  if (!spec) return undefined;
  const sections = properties(spec);
  if (parent.length === 0 && Object.hasOwn(sections, name)) return `spec.${name}`;
  const section = Object.keys(sections).find((key) => Object.hasOwn(properties(sections[key]!), name));
  return section && `spec.${section}.${name}`;
}

function sayNotOneOf(path: Path, allowed: readonly unknown[], node: Located): Said {
  const choices = allowed.map(String);
  const near = node.kind === 'scalar' ? nearest(node.text, choices) : undefined;
  return {
    path,
    message: `must be ${choices.length > 1 ? 'one of ' : ''}${listNames(choices)}, found ${describeValue(node)}`,
    fix:
      near === undefined
        ? `Write \`${path.at(-1) ?? ''}: ${choices[0] ?? ''}\` or another of these.`
        : `Did you mean \`${near}\`?`,
  };
}

function constantFix(path: Path, params: Record<string, unknown>): string {
  return `Write \`${path.at(-1) ?? ''}: ${String(params.allowedValue)}\`.`;
}

function expected(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => TYPES[String(one)] ?? String(one)).join(' or ');
}

function typeFix(type: unknown, node: Located, schema: JsonSchema): string {
  const wantsText = type === 'string' && node.kind === 'scalar' && node.value !== null;
  return wantsText ? `Put it in quotes: ${quote(node.text)}.` : exampleFix(schema);
}

/** A text is put in quotes only where one of the choices is text. */
function choiceFix(node: Located, schema: JsonSchema): string {
  const choices = (schema.anyOf ?? schema.oneOf ?? []) as readonly JsonSchema[];
  const takesText = choices.some(
    ({ type, const: value }) => type === undefined || type === 'string' || typeof value === 'string',
  );
  return takesText ? typeFix('string', node, schema) : exampleFix(schema);
}

function exampleFix(schema: JsonSchema): string {
  const wanted = examplesOf(schema)[0];
  return wanted === undefined ? 'Correct the value.' : `Write, for example, \`${inline(wanted)}\`.`;
}

function examplesOf(schema: JsonSchema | undefined): readonly unknown[] {
  if (schema?.const !== undefined) return [schema.const];
  return Array.isArray(schema?.examples) ? schema.examples : [];
}

/** Returns a value in the flow style of YAML. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${inline(item)}`)
      .join(', ')}}`;
  }
  const text = String(value);
  return typeof value === 'string' && /^[^\w./\\]|[\\:#]|, /.test(text) ? `'${text}'` : text;
}

function bounds({ minItems: least, maxItems: most }: JsonSchema): string {
  if (typeof least === 'number' && least === most) return `it must have ${least} entries`;
  const limits = [typeof least === 'number' && `at least ${least}`, typeof most === 'number' && `at most ${most}`];
  return `it must have ${limits.filter(Boolean).join(' and ')} entries`;
}

function lengthOf(node: Located): number {
  return node.kind === 'list' ? node.items.length : 0;
}
