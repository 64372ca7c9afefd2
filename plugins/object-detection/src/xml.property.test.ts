import { beforeAll, describe, expect, it } from '@jest/globals';
import { createReport } from '@tracebloc/ingestor-dataset';
import { readTask } from '@tracebloc/ingestor-conformance';
import fc from 'fast-check';
import { objectDetection } from './detection.js';
import { drawScene } from './scene.test-support.js';
import { readVoc } from './voc.js';
import { XmlError, parseXml } from './xml.js';

/** Texts of characters that XML allows. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...Array.from('<>&"\'% \té😀'), ']]>', '--', '&lt;', '&amp;amp;', '日本', '<!--', '<?'),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((parts) =>
    parts
      .join('')
      .replace(/[^\t\n -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
      .trim(),
  )
  .filter((text) => text !== '' && !/<!doctype|<!entity/i.test(text));

/** The ways in which XML can write a text. */
const anySpelling = fc.constantFrom<(text: string) => string>(
  (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  (text) => text.replaceAll('&', '&#38;').replaceAll('<', '&#x3c;').replaceAll('>', '&#62;').replaceAll('"', '&quot;'),
  (text) => Array.from(text, (character) => `&#${character.codePointAt(0)};`).join(''),
  (text) => Array.from(text, (character) => `&#x${character.codePointAt(0)!.toString(16)};`).join('<!-- -->'),
  // In CDATA too, what looks like a reference to an entity is refused.
  (text) =>
    text.includes('&')
      ? text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
      : `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`,
);
const anyNoise = fc.constantFrom('', ' ', '\n\t', '<!-- a -- > b -->', '<?pi "x"?>', '\r\n');
const pixels = fc.oneof(fc.integer({ min: 0, max: 64 }), fc.double({ min: 0, max: 64, noNaN: true }));
const anyBox = fc
  .tuple(pixels, pixels, pixels, pixels)
  .filter(([a, b, c, d]) => a !== c && b !== d)
  .map(([a, b, c, d]) => ({ xmin: Math.min(a, c), ymin: Math.min(b, d), xmax: Math.max(a, c), ymax: Math.max(b, d) }));
const anyScene = fc.record({
  objects: fc.array(fc.record({ name: anyText, box: anyBox, reversed: fc.boolean() }), { minLength: 1, maxLength: 4 }),
  spell: anySpelling,
  noise: fc.array(anyNoise, { minLength: 1, maxLength: 4 }),
});

/** Writes an annotation as another program might. */
function write({ objects, spell, noise }: typeof anyScene extends fc.Arbitrary<infer T> ? T : never): string {
  let turn = 0;
  const element = (name: string, ...inner: string[]) => {
    const gap = noise[turn++ % noise.length]!;
    return `<${name}${turn % 3 === 0 ? ` id='"<é&quot;'` : ''}>${gap}${inner.join(gap)}${gap}</${name}${turn % 5 === 0 ? ' ' : ''}>`;
  };
  const parts = objects.map(({ name, box, reversed }) => {
    const edges = Object.entries(box).map(([edge, value]) => element(edge, spell(String(value))));
    return element('object', element('name', spell(name)), element('bndbox', ...(reversed ? edges.reverse() : edges)));
  });
  const size = element('size', element('width', '64'), element('height', '64'), element('depth', '3'));
  return `<?xml version="1.0"?>\n${element('annotation', element('filename', 'a.jpg'), size, ...parts)}`;
}

describe('any boxes and names', () => {
  it('are read as they were written, in any spelling, also from what toXml returns', () => {
    fc.assert(
      fc.property(anyScene, (scene) => {
        const report = createReport();
        const root = parseXml(write(scene));
        for (const source of [root, parseXml(root.toXml())]) {
          const annotation = readVoc(source, 'a.xml', ['a.jpg'], report)!;
          expect(report.findings()).toEqual([]);
          expect(annotation.objects.map(({ name }) => name)).toEqual(scene.objects.map(({ name }) => name));
          expect(annotation.objects.map(({ box }) => box)).toEqual(scene.objects.map(({ box }) => box));
          expect(annotation).toMatchObject({ size: { width: 64, height: 64, depth: 3 } });
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('any damage to an annotation', () => {
  let image: Buffer;
  beforeAll(async () => {
    image = await drawScene({ width: 64, height: 64 });
  });

  /** Returns whether an image with these bytes as its annotation is written. */
  async function isAccepted(xml: Buffer): Promise<boolean> {
    const { report, records } = await readTask(objectDetection, {
      ...{ manifest: 'filename,label\na,dog\n', label: 'label', fileOptions: { target_size: [16, 16] } },
      files: { 'images/a.jpg': image, 'annotations/a.xml': xml },
    });
    const isWritten = records[0]!.files.some(({ content }) => content !== undefined);
    expect(isWritten).toBe(report.errors === 0);
    return isWritten;
  }

  it('that cuts it off anywhere is reported', async () => {
    await fc.assert(
      fc.asyncProperty(anyScene, fc.double({ min: 0, max: 0.999, noNaN: true }), async (scene, share) => {
        const xml = Buffer.from(write(scene).trimEnd());
        expect(await isAccepted(xml.subarray(0, Math.floor(share * xml.length)))).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  const pieces = [
    ...Array.from('<>/&;"=-\0\r\ufffe'),
    ...[
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?',
      '?>',
      '&lol;',
      '&#0;',
      '&#xd800;',
      '<!',
      '<a b="1" b="2">',
      '<__proto__>',
    ],
    ...['<!DOCTYPE a [<!ENTITY b "c">]>', '<!ENTITY % a SYSTEM "file:///etc/passwd">', '<constructor/>', '<object/>'],
    ...['<bndbox/>', '</object>', '<xmin>', 'NaN', '1e999', '<a:b/>', '<:@>', '<#text/>', '<b>'.repeat(40)],
  ].map((text) => Buffer.from(text));
  const anyChange = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    removes: fc.constantFrom(0, 0, 1, 5, 30),
    piece: fc.oneof(
      { arbitrary: fc.constantFrom(...pieces), weight: 4 },
      { arbitrary: fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)), weight: 1 },
    ),
  });

  it('is reported, or leaves an annotation that reads the same after it is written', async () => {
    const seen = { reported: 0, sound: 0 };
    await fc.assert(
      fc.asyncProperty(anyScene, fc.array(anyChange, { maxLength: 3 }), async (scene, changes) => {
        const damaged = changes.reduce(
          (bytes, { at, removes, piece }) => {
            const start = Math.floor(at * bytes.length);
            return Buffer.concat([bytes.subarray(0, start), piece, bytes.subarray(start + removes)]);
          },
          Buffer.from(write(scene)),
        );
        const isSound = await isAccepted(damaged);
        seen[isSound ? 'sound' : 'reported']++;
        if (!isSound) return;
        const written = parseXml(damaged.toString()).toXml();
        expect(parseXml(written).toXml()).toBe(written);
        const bare = written.replace(/<!\[CDATA\[[^]*?\]\]>/g, '');
        expect(bare).not.toMatch(/<!|<\?|\]\]>|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)|="[^"]*</i);
        expect(written).not.toMatch(/&#0;|&#xd800;|\0|\ufffe/);
      }),
      { numRuns: 80 },
    );
    expect(Math.min(seen.reported, seen.sound)).toBeGreaterThan(0);
  });

  it.each([
    ['an entity of entities', `<!DOCTYPE a [${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(20)}]><a>&b;</a>`],
    ['an entity of a file', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['a parameter entity', '<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1:1/"> %b;]><a/>'],
  ])('by %s is refused before it is parsed', (_name, xml) => {
    const refusal = expect.objectContaining({ name: 'XmlError', code: 'xml-entity' });
    expect(() => parseXml(xml)).toThrow(XmlError);
    try {
      parseXml(xml);
    } catch (error) {
      expect(error).toEqual(refusal);
    }
  });

  const LARGEST = 2 * 1024 * 1024;
  it.each([
    ['<b/>', LARGEST],
    ...['x<b/>', '&amp;', '&#65;', '<![CDATA[x]]>', '<!-- x -->', '<?x y?>'].map(
      (piece) => [piece, LARGEST / 4] as const,
    ),
    ...['<', '</a', '<![CDATA[', '<!', ' a="'].map((piece) => [piece, LARGEST / 4] as const),
  ] as const)('that repeats %j in %i bytes takes a bounded time and memory', (piece, size) => {
    const [started, before] = [process.cpuUsage(), process.memoryUsage().heapUsed];
    try {
      const root = parseXml(`<a>${piece.repeat(Math.floor(size / piece.length))}</a>`);
      expect(root.text.length).toBeLessThanOrEqual(size);
    } catch (error) {
      expect(error).toBeInstanceOf(XmlError);
    }
    // For the largest file 1 GiB and 30 seconds of the processor.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(512 * size);
    expect(process.cpuUsage(started).user / 1000).toBeLessThan((30_000 * size) / LARGEST);
  });
});
