import { existsSync } from 'node:fs';
import type { Config } from '@oclif/core';
import { type IngestorError, listNames, nearest } from '@tracebloc/ingestor-core';
import { makeError } from '../errors.js';

/** The most commands that are proposed. */
const MAX_PROPOSED = 3;

/** Returns the error for words that name no command. It proposes the command that was most likely meant. */
export function unknownCommand(config: Pick<Config, 'commands' | 'topics'>, words: readonly string[]): IngestorError {
  const known = pathsOf(config);
  const topic = leadingTopic(known, words);
  const wrong = words[topic.length] ?? words.at(-1) ?? '';
  const where = topic.length === 0 ? '' : ` of ${nameOf(topic)}`;
  return makeError('unknown-command', {
    message: `${JSON.stringify(wrong)} is not a command${where}.`,
    fix: adviceFor(known, words) ?? `The commands${where} are ${listNames(nextWords(known, topic).sort())}.`,
  });
}

type CommandPath = readonly string[];

function nameOf(path: CommandPath): string {
  return ['ingestor', ...path].join(' ');
}

/** Returns the words of every command that is shown, and of every topic. */
function pathsOf({ commands, topics }: Pick<Config, 'commands' | 'topics'>): CommandPath[] {
  const shown = commands.filter(({ hidden }) => !hidden).flatMap(({ id, aliases }) => [id, ...aliases]);
  const names = topics.filter(({ hidden }) => !hidden).map(({ name }) => name);
  return [...new Set([...shown, ...names])].map((id) => id.split(':'));
}

/** Returns the words that can follow these. */
function nextWords(known: readonly CommandPath[], before: CommandPath): string[] {
  const after = known.filter((path) => before.every((word, index) => path[index] === word));
  return [...new Set(after.flatMap((path) => path[before.length] ?? []))];
}

function leadingTopic(known: readonly CommandPath[], words: CommandPath): CommandPath {
  const depth = words.findIndex((word, index) => !nextWords(known, words.slice(0, index)).includes(word));
  return words.slice(0, Math.max(0, depth));
}

function adviceFor(known: readonly CommandPath[], words: CommandPath): string | undefined {
  const [first = '', second] = words;
  const swapped = second === undefined ? undefined : complete(known, [second, first, ...words.slice(2)]);
  const likely = complete(known, words) ?? (swapped && swapped.length > 1 ? swapped : undefined);
  const proposed = likely ? [likely] : known.filter((path) => path.length > 1 && path.at(-1) === first);
  if (proposed.length > 0) {
    const names = proposed.slice(0, MAX_PROPOSED).map((path) => `\`${nameOf(path)}\``);
    return `Did you mean ${names.join(' or ')}?`;
  }
  if (!existsSync(first)) return undefined;
  return /\.ya?ml$/i.test(first) ? `To check it: ingestor validate ${first}` : `To describe it: ingestor init ${first}`;
}

/** Replaces misspelt words by the nearest, until no word can follow. Returns `undefined` if one is near none. */
function complete(known: readonly CommandPath[], words: CommandPath): CommandPath | undefined {
  const path: string[] = [];
  for (const word of words) {
    const next = nextWords(known, path);
    if (next.length === 0) break;
    const near = next.includes(word) ? word : nearest(word, next);
    if (near === undefined) return undefined;
    path.push(near);
  }
  return path;
}
