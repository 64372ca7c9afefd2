import { readFile, writeFile } from 'node:fs/promises';
import type { Finding } from '@tracebloc/ingestor-contract';
import type { RunConfig } from '@tracebloc/ingestor-config';
import { READER_FINDINGS } from '@tracebloc/ingestor-dataset';
import { type Manifest, parseManifest } from './manifest.js';
import { type ReadOptions, readDataset } from './read.js';

/** A cell that fits no type and that no message may repeat. */
const ODD = 'zq-odd-cell-7';

interface Damage {
  what: string;
  damage: (manifest: Manifest) => string | Uint8Array;
  options?: ReadOptions;
  /** Whether every task must report an error. */
  isError: boolean;
}

/** The ways in which any manifest may be broken. */
const DAMAGES: readonly Damage[] = [
  { what: 'an empty manifest', isError: true, damage: () => '' },
  { what: 'a manifest without rows', isError: true, damage: ({ assemble }) => assemble('') },
  { what: 'a ragged row', isError: true, damage: ({ assemble, rows, ragged }) => assemble(rows + ragged) },
  {
    what: 'a byte that is not UTF-8',
    isError: true,
    damage: ({ assemble, rows, row }) => {
      const [before, after] = assemble(rows + row('\0')).split('\0');
      return Buffer.concat([Buffer.from(before!), Buffer.of(0xe4), Buffer.from(after!)]);
    },
  },
  {
    what: 'an odd value in every cell',
    isError: false,
    damage: ({ assemble, rows, row }) => assemble(rows + row(ODD)),
  },
  { what: 'a row of empty cells', isError: false, damage: ({ assemble, rows, row }) => assemble(rows + row('')) },
];

const NO_LABEL: Damage = {
  what: 'no label column',
  isError: true,
  damage: ({ text }) => text,
  options: { label: 'zq_no_such_column' },
};

/**
 * Checks that a broken manifest leads to findings, not exceptions, and that each finding is documented and complete. It
 * changes the manifest, so `config` must be that of a copy.
 */
export async function* checkDamage(config: RunConfig): AsyncGenerator<string, void> {
  const { path } = config.source;
  const manifest = parseManifest(await readFile(path, 'utf8'), config.source);
  const known = new Set([...READER_FINDINGS, ...config.task.findings].map(({ code }) => code));
  for (const { what, damage, options, isError } of [...DAMAGES, ...(config.label ? [NO_LABEL] : [])]) {
    await writeFile(path, damage(manifest));
    try {
      const report = await readDataset(config, options);
      if (isError && report.errors === 0) {
        yield `${what} is not an error: read the manifest through context.dataset, and report missing columns.`;
      }
      for (const finding of report.findings()) yield* checkFinding(what, finding, known);
    } catch (error) {
      yield `${what} makes \`records\` throw (${String(error)}): report a finding and continue.`;
    }
  }
}

function* checkFinding(what: string, finding: Finding, known: ReadonlySet<string>): Generator<string, void> {
  const { code, message, fix } = finding;
  if (!known.has(code)) yield `${what} reports ${code}, which is not in the task's \`findings\`: add it there.`;
  if (!message || !fix) yield `${what} reports ${code} without a ${message ? 'fix' : 'message'}: write one sentence.`;
  if (message.includes(ODD)) yield `The message of ${code} repeats a cell's value: put the value into \`value\`.`;
}
