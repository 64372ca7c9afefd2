import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from '@jest/globals';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { readNamedFiles } from '@tracebloc/ingestor-dataset';
import fc from 'fast-check';
import { ingest } from '../run/ingest.js';
import { lines, Place } from '../run/ingest.test-support.js';

/** Each row names a text. */
const named: TaskType = {
  ...lines,
  dataFormat: 'text',
  missing: 'empty',
  layout: {
    manifest: ['csv'],
    description: '',
    sidecars: [{ field: 'texts', extensions: ['.txt'], required: true, description: '' }],
  },
  records: (context) =>
    readNamedFiles(context, {
      field: 'texts',
      extension: '.txt',
      labelCheck: { add: () => undefined },
      check: async () => undefined,
    }),
};

/** The longest name on most volumes, in bytes. */
const MOST = 255;
const units = [
  ...Array.from('aB0 .-_\n\r\t"\',;%$*?:|<>éßİ가日😀'),
  ...['e\u0301', '\u212a', '\u1112\u1161\u11ab', '\u0958', '👩‍👧', '\u202e', '\u2028', '\ufeff', '\u0001'],
];
const odd = [
  ...['CON', 'nul', 'aux.txt', '__proto__', 'constructor', '-rf', '--', '~', '$(id)', '`id`', '%00', '%2e%2e%2f'],
  ...['a.txt', 'a.TXT', 'photo.jpg', 'x'.repeat(251), 'é'.repeat(125), 'e\u0301'.repeat(83), ' a ', 'a.'],
];
const anyStem = fc.oneof(
  fc.constantFrom(...odd),
  fc.string({ unit: fc.constantFrom(...units), minLength: 1, maxLength: 10 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);
const isPlain = (stem: string) =>
  !/[/\\\0]/.test(stem) && !stem.startsWith('.') && stem.trim() !== '' && Buffer.byteLength(stem) <= MOST - 4;
const arrivesAs = (stem: string) => `${stem.normalize()}.txt`;
const fits = (stem: string) => Buffer.byteLength(arrivesAs(stem)) <= MOST;

const escapes = [
  ...['../secret', '../secret.txt', 'texts/../../secret.txt', '/etc/passwd', './a', 'link', 'link.txt', '..', '.'],
  ...[' .. ', '..\\secret', 'C:\\secret', 'a\0.txt', '%2e%2e/secret', '..%2fsecret'],
];

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Creates a place with files in its folder `source/texts`, and with a file outside that no dataset may contain. */
async function placeWith(files: ReadonlyMap<string, Uint8Array>, names: readonly string[]): Promise<Place> {
  const place = await Place.make();
  const texts = join(place.folder, 'source', 'texts');
  mkdirSync(texts, { recursive: true });
  writeFileSync(join(place.folder, 'source', 'secret.txt'), 'secret');
  symlinkSync('../secret.txt', join(texts, 'link.txt'));
  files.forEach((name, content) => writeFileSync(Buffer.concat([Buffer.from(`${texts}/`), name]), content));
  writeFileSync(place.source, ['label,filename', ...names.map((name, row) => `${row},${cell(name)}`)].join('\n'));
  return place;
}

function run(place: Place) {
  const base = place.config();
  const source = { ...base.source, sidecars: { texts: join(place.folder, 'source', 'texts') } };
  return ingest({ ...base, task: named, source, schema: [], columns: [] });
}

/** Returns the content of each file that arrived, by its name. */
function arrived(place: Place): Record<string, string> {
  const folder = join(place.folder, 'numbers');
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const form = fc.constantFrom<(stem: string) => string>(
  (stem) => `${stem}.txt`,
  (stem) => `${stem}.txt`.normalize('NFD'),
  (stem) => `${stem}.txt`.normalize('NFC'),
  (stem) => `${stem}.TXT`,
  // A name like `a.txt.txt` without its extension would be the name of another file.
  (stem) => (stem.toLowerCase().endsWith('.txt') ? `${stem}.txt` : stem),
);

describe('a file of any name', () => {
  const stems = fc.uniqueArray(anyStem.filter(isPlain).filter(fits), {
    selector: (stem) => stem.normalize(),
    minLength: 1,
    maxLength: 16,
  });

  it('is found by any spelling, and arrives under exactly that name', async () => {
    await fc.assert(
      fc.asyncProperty(stems, fc.array(form, { minLength: 16, maxLength: 16 }), async (all, forms) => {
        const files = new Map(all.map((stem) => [`content of ${stem}`, Buffer.from(`${stem}.txt`)]));
        const place = await placeWith(
          files,
          all.map((stem, index) => forms[index]!(stem)),
        );
        try {
          expect(await run(place)).toMatchObject({ outcome: 'ingested', inserted: all.length });
          expect(arrived(place)).toEqual(
            Object.fromEntries(all.map((stem) => [arrivesAs(stem), `content of ${stem}`])),
          );
          const database = new DatabaseSync(join(place.folder, 'db.sqlite'), { readOnly: true });
          const rows = database.prepare('SELECT filename, extension FROM numbers ORDER BY id').all();
          database.close();
          expect(rows.map((row) => ({ ...row }))).toEqual(
            all.map((stem) => ({ filename: stem.normalize(), extension: '.txt' })),
          );
        } finally {
          await place.remove();
        }
      }),
      { numRuns: 6 },
    );
  });
});

describe('whatever the folder and the manifest contain', () => {
  const badBytes = fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes));
  const onDisk = fc
    .oneof(
      anyStem.filter(isPlain).map((stem) => Buffer.from(`${stem}.txt`)),
      fc.constantFrom('\u0958'.repeat(80), '.hidden', 'a', 'a.jpg').map((name) => Buffer.from(`${name}.txt`)),
      badBytes.map((bytes) => Buffer.concat([bytes, Buffer.from('.txt')])),
    )
    .filter(
      (name) => !name.includes(0) && !name.includes(0x2f) && name.length <= MOST && name.toString() !== 'link.txt',
    );
  const inManifest = fc.oneof(fc.constantFrom(...escapes, '', ' ', '.hidden', 'x'.repeat(300)), anyStem);

  it('the run ends with findings, or with files of the folder under their own names, and nothing else', async () => {
    const seen = { ingested: 0, invalid: 0 };
    const dataset = fc.record({
      disk: fc.array(onDisk, { minLength: 1, maxLength: 6 }),
      chosen: fc.array(fc.nat(5), { maxLength: 6 }),
      others: fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, fc.array(inManifest, { maxLength: 3 })),
    });
    await fc.assert(
      fc.asyncProperty(dataset, async ({ disk, chosen, others }) => {
        const files = new Map(disk.map((name, index) => [`content ${index}`, name]));
        const names = chosen.map((index) => disk[index % disk.length]!.toString());
        const place = await placeWith(files, [...names, ...others]);
        try {
          const { outcome } = await run(place);
          expect(['ingested', 'invalid']).toContain(outcome);
          seen[outcome as keyof typeof seen]++;
          const there = outcome === 'ingested' ? ['numbers'] : [];
          const found = readdirSync(place.folder).filter((name) => !/^(?:db\.sqlite.*|\.ingestor)$/.test(name));
          expect(found.sort()).toEqual(['data.csv', ...there, 'source'].sort());
          if (outcome === 'invalid') return;
          for (const [name, content] of Object.entries(arrived(place))) {
            const original = files.get(content)!.toString();
            expect(original.normalize().replace(/\.txt$/i, '.txt')).toBe(name);
          }
        } finally {
          await place.remove();
        }
      }),
      {
        numRuns: 20,
        // Of few random datasets, all may be invalid.
        examples: [[{ disk: [Buffer.from('a.txt')], chosen: [0], others: [] }]],
      },
    );
    expect(Math.min(seen.ingested, seen.invalid)).toBeGreaterThan(0);
  });
});
