import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding, JsonObject } from '@tracebloc/ingestor-contract';
import { readTask } from '@tracebloc/ingestor-conformance';
import { objectDetection } from './detection.js';
import { WHOLE_BOX, boxIn, drawScene, vocXml } from './scene.test-support.js';

let image: Buffer;
beforeAll(async () => {
  image = await drawScene({ width: 64, height: 64 });
});

async function findingsOf(xml: string | Uint8Array) {
  const { report, records } = await readTask(objectDetection, {
    manifest: 'filename,label\na,dog\n',
    label: 'label',
    files: { 'images/a.jpg': image, 'annotations/a.xml': xml },
  });
  const isWritten = records[0]!.files.every(({ content }) => content !== undefined);
  expect(isWritten).toBe(report.errors === 0);
  return report.findings().map(({ code, row, column, value, file }) => {
    expect(file).toBe('annotations/a.xml');
    return [code, row, column, value];
  });
}

const withBox = (changes: Partial<Record<keyof typeof WHOLE_BOX, number | string>>) =>
  vocXml({ boxes: [{ ...WHOLE_BOX, ...changes }] });
const without = (name: string) => vocXml().replace(new RegExp(`<${name}>[^]*</${name}>`), '');

it('a correct annotation has no findings', async () => {
  expect(await findingsOf(vocXml())).toEqual([]);
  expect(await findingsOf(`\ufeff<?xml version="1.0"?>\r\n${vocXml().replaceAll('\n', '\r\n')}`)).toEqual([]);
});

it('an annotation is read in the encoding that it states', async () => {
  const xml = `<?xml version="1.0" encoding="iso-8859-1"?>\n${vocXml({ name: 'chien doré' })}`;
  expect(await findingsOf(Buffer.from(xml, 'latin1'))).toEqual([['unlisted-name', undefined, 'name', 'chien doré']]);
});

describe('an error is reported with its line, element and value', () => {
  it.each<[string, string | Uint8Array, unknown[]]>([
    ['no XML', 'dog 1 2 3 4', ['not-xml', 1, undefined, undefined]],
    ['a DOCTYPE', `<!DOCTYPE annotation>\n${vocXml()}`, ['xml-entity', 1, undefined, '<!DOCTYPE']],
    ['Latin-1', Buffer.from(vocXml({ name: 'chien doré' }), 'latin1'), ['not-utf8', undefined, undefined, '0xE9']],
    ['a large file', vocXml().padEnd(2_097_153), ['annotation-too-large', undefined, undefined, '2097153 bytes']],
    ['another root', '<annotations/>', ['wrong-root', 1, 'annotations', 'annotations']],
    ['no size', without('size'), ['missing-element', 1, 'annotation', undefined]],
    ['no depth', without('depth'), ['missing-element', 3, 'size', undefined]],
    ['no name', without('name'), ['missing-element', 8, 'object', undefined]],
    ['an empty name', vocXml({ name: ' ' }), ['missing-element', 9, 'name', undefined]],
    ['no box', without('bndbox'), ['missing-element', 8, 'object', undefined]],
    ['no edge', without('xmax'), ['missing-element', 10, 'bndbox', undefined]],
    ['two boxes', vocXml({ more: '<bndbox/>' }), ['repeated-element', 16, 'bndbox', undefined]],
    ['another width', vocXml({ width: 65 }), ['size-mismatch', 3, 'size', '65x64x3']],
    ['a height that is not a number', vocXml({ height: 'tall' }), ['size-mismatch', 3, 'size', '64xtallx3']],
    ['NaN', withBox({ xmin: 'NaN' }), ['bad-coordinate', 11, 'xmin', 'NaN']],
    ['infinity', withBox({ ymax: '1e999' }), ['bad-coordinate', 14, 'ymax', '1e999']],
    ['hexadecimal', withBox({ xmax: '0x20' }), ['bad-coordinate', 13, 'xmax', '0x20']],
    ['an empty number', withBox({ ymin: '' }), ['bad-coordinate', 12, 'ymin', '']],
    ['a box beyond the right side', withBox({ xmax: 65 }), ['box-outside', 10, 'bndbox', '10,20 to 65,60']],
    ['a box outside', withBox({ xmin: 64.1, xmax: 64.4 }), ['box-outside', 10, 'bndbox', '64.1,20 to 64.4,60']],
    ['a box beyond the bottom', withBox({ ymax: 64.5 }), ['box-outside', 10, 'bndbox', '10,20 to 50,64.5']],
    ['a negative edge', withBox({ ymin: -1 }), ['box-outside', 10, 'bndbox', '10,-1 to 50,60']],
    ['a box the wrong way round', withBox({ xmin: 51 }), ['inverted-box', 10, 'bndbox', '51,20 to 50,60']],
    ['a box without height', withBox({ ymin: 60 }), ['empty-box', 10, 'bndbox', '10,60 to 50,60']],
    ['a flag of yes', vocXml({ more: '<truncated>yes</truncated>\n' }), ['bad-flag', 16, 'truncated', 'yes']],
    ['a share', vocXml({ more: '<occluded>0.5</occluded>\n' }), ['bad-flag', 16, 'occluded', '0.5']],
    ['truncated of 2', vocXml({ more: '<truncated>2</truncated>\n' }), ['bad-flag', 16, 'truncated', '2']],
    [
      'a bad box of a part',
      vocXml({ more: '<part><name>ear</name></part>' }),
      ['missing-element', 16, 'part', undefined],
    ],
  ])('%s', async (_, xml, expected) => {
    expect(await findingsOf(xml)).toEqual([expected]);
  });

  it('a box with a fraction that touches all sides is valid', async () => {
    expect(await findingsOf(withBox({ xmin: '0', ymin: '-0.0', xmax: '64.', ymax: '6.4e1' }))).toEqual([]);
  });

  it('several errors are reported together', async () => {
    const boxes = [
      { ...WHOLE_BOX, xmax: 'wide' },
      { ...WHOLE_BOX, ymax: 99 },
    ];
    const found = await findingsOf(vocXml({ width: 80, boxes, more: '<difficult>?</difficult>' }));
    expect(found.map(([code, row]) => [code, row])).toEqual([
      ['bad-flag', 16],
      ['bad-flag', 25],
      ['bad-coordinate', 13],
      ['box-outside', 19],
      ['size-mismatch', 3],
    ]);
  });
});

/** Returns the edges of the box in the annotation that is written, of a picture that keeps its size. */
async function boxOf(xml: string, fileOptions: JsonObject = {}) {
  const { report, records } = await readTask(objectDetection, {
    manifest: 'filename,label\na,dog\n',
    label: 'label',
    fileOptions: { target_size: [64, 64], ...fileOptions },
    files: { 'images/a.jpg': image, 'annotations/a.xml': xml },
  });
  const written = records[0]!.files[1]!.content;
  return { box: written && boxIn(written), found: report.findings().map(({ code, value }) => [code, value]), report };
}

describe('a box over the edge', () => {
  it('by what rounding explains is moved to the edge', async () => {
    const edges = { xmin: -0.4, ymin: -0.49, xmax: 64.3, ymax: 64.004 };
    expect(await boxOf(withBox(edges))).toMatchObject({ box: { xmin: 0, ymin: 0, xmax: 64, ymax: 64 }, found: [] });
  });

  it('by more is an error, and cut at the edge with the option that its fix names', async () => {
    const xml = withBox({ xmin: -5, ymax: 80 });
    const { box, report } = await boxOf(xml);
    const [{ code, fix }] = report.findings() as [Finding];
    expect([box, code]).toEqual([undefined, 'box-outside']);
    const [, name, value] = /`spec\.file_options\.(\w+): (\w+)`/.exec(fix)!;
    expect(await boxOf(xml, { [name!]: value === 'true' })).toMatchObject({
      box: { xmin: 0, ymin: 20, xmax: 50, ymax: 64 },
      found: [['clipped-box', '-5,20 to 50,80']],
    });
  });

  it('that is wholly outside stays an error', async () => {
    const { found } = await boxOf(withBox({ xmin: 70, xmax: 90 }), { clip: true });
    expect(found).toEqual([['box-outside', '70,20 to 90,60']]);
  });
});

describe('a size of 0x0', () => {
  it('is taken from the image, with a warning', async () => {
    const { box, found } = await boxOf(vocXml({ width: 0, height: 0, depth: 0 }));
    expect([box, found]).toEqual([WHOLE_BOX, [['unknown-size', '0x0x0']]]);
  });

  it('still has boxes inside the image', async () => {
    const { found } = await boxOf(vocXml({ width: 0, height: 0, boxes: [{ ...WHOLE_BOX, xmax: 65 }] }));
    expect(found).toEqual([
      ['box-outside', '10,20 to 65,60'],
      ['unknown-size', '0x0x3'],
    ]);
  });
});

describe('a warning lets the annotation pass', () => {
  it.each<[string, string, unknown[]]>([
    ['another filename', vocXml({ filename: 'b.jpg' }), ['filename-differs', 2, 'filename', 'b.jpg']],
    ['no filename', without('filename'), ['filename-differs', 1, 'annotation', undefined]],
    ['no object', vocXml({ boxes: [] }), ['no-object', 1, 'annotation', undefined]],
    ['another name', vocXml({ name: 'cat' }), ['unlisted-name', undefined, 'name', 'cat']],
    ['another depth', vocXml({ depth: 1 }), ['depth-differs', 3, 'size', '64x64x1']],
    ['a depth in words', vocXml({ depth: 'RGB' }), ['depth-differs', 3, 'size', '64x64xRGB']],
    ['occluded of 2', vocXml({ more: '<occluded>2</occluded>\n' }), ['large-flag', 16, 'occluded', '2']],
    ['difficult of 3', vocXml({ more: '<difficult>3</difficult>\n' }), ['large-flag', 16, 'difficult', '3']],
  ])('%s', async (_, xml, expected) => {
    expect(await findingsOf(xml)).toEqual([expected]);
  });
});
