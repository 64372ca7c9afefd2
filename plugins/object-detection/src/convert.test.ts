import { expect, it } from '@jest/globals';
import sharp from 'sharp';
import { createReport } from '@tracebloc/ingestor-dataset';
import { readTask, type TaskInput } from '@tracebloc/ingestor-conformance';
import { type JsonValue, resolveOptions } from '@tracebloc/ingestor-contract';
import { objectDetection } from './detection.js';
import { boxIn, drawScene, findRed, vocXml } from './scene.test-support.js';

const BOX = { xmin: 100, ymin: 60, xmax: 300, ymax: 110 };
const fileOptions = { convert: true, fit: 'contain' };

it.each<[string, (image: Buffer) => Promise<Buffer>]>([
  ['a.webp', (image) => sharp(image).webp({ lossless: true }).toBuffer()],
  ['a.tif', (image) => sharp(image).tiff({ compression: 'lzw' }).toBuffer()],
  ['a.png', (image) => sharp(image).ensureAlpha().png().toBuffer()],
  ['a.jpg', (image) => sharp(image).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer()],
])('the box of %s is around the same pixels after it is converted', async (name, encode) => {
  const content = await encode(await drawScene({ width: 640, height: 480, box: BOX, format: 'png' }));
  const { records, report } = await readTask(objectDetection, {
    manifest: 'filename,label\na,dog\n',
    label: 'label',
    fileOptions,
    files: { [`images/${name}`]: content, 'annotations/a.xml': vocXml({ width: 640, height: 480, boxes: [BOX] }) },
  });
  expect(report.findings()).toMatchObject([{ code: 'converted-image', severity: 'warning', file: 'images/' }]);
  const [image, xml] = records[0]!.files;
  expect([records[0]!.extension, image!.target, xml!.target]).toEqual(['.jpg', 'a.jpg', 'a.xml']);
  expect(await sharp(image!.content).metadata()).toMatchObject({
    format: 'jpeg',
    width: 448,
    height: 448,
    channels: 3,
  });
  const [written, red] = [boxIn(xml!.content!), await findRed(image!.content!)];
  for (const edge of ['xmin', 'ymin', 'xmax', 'ymax'] as const) {
    expect(Math.abs(written[edge] - red.box[edge])).toBeLessThanOrEqual(1);
  }
});

it('shards make the records of the whole, and conclude the same, without labels and with images to convert', async () => {
  const image = await drawScene({ width: 64, height: 64 });
  const webp = await sharp(image).webp().toBuffer();
  const names = Array.from({ length: 12 }, (_, index) => `p${index}`);
  const files = names.flatMap((name, index) => {
    const boxes = index % 4 === 3 ? [] : [{ xmin: 1, ymin: 2, xmax: 30, ymax: 40 }];
    const xml = vocXml({ filename: `${name}.jpg`, boxes, name: index % 3 === 0 ? 'cat' : 'Dog' });
    return [
      [`images/${name}.${index % 2 === 0 ? 'webp' : 'jpg'}`, index % 2 === 0 ? webp : image],
      [`annotations/${name}.xml`, index === 1 ? xml.replace('>Dog<', '>dog<') : xml],
    ] as const;
  });
  const input: TaskInput = {
    manifest: ['filename', ...names, ...names, ''].join('\n'),
    fileOptions: { convert: true },
    files: Object.fromEntries<string | Uint8Array>(files),
  };
  const whole = await readTask(objectDetection, input);
  expect(whole.report.errors).toBe(0);
  const parts: JsonValue[] = [];
  const report = createReport();
  let own = 0;
  for (let index = 0; index < 3; index++) {
    const shard = { index, count: 3 };
    const part = await readTask(objectDetection, { ...input, shard, handOn: (counted) => parts.push(counted) });
    expect(part.records.map(({ row }) => row)).toEqual(whole.records.map(({ row }) => row));
    for (const record of part.records.filter(({ files }) => files.length > 0)) {
      own++;
      const same = whole.records.find(({ row }) => row === record.row)!;
      expect([record.label, record.files.map(({ content }) => content)]).toEqual([
        same.label,
        same.files.map(({ content }) => content),
      ]);
    }
    for (const finding of part.report.findings()) report.add(finding);
  }
  expect(own).toBe(whole.records.length);
  const options = resolveOptions(objectDetection, { fields: {}, fileOptions: { convert: true } });
  const kept = JSON.parse(JSON.stringify(parts)) as JsonValue[];
  objectDetection.shards!.conclude!(kept, { options, schema: [], columns: [], report, file: 'data' });
  const tell = (all: typeof report) =>
    all.findings().map(({ code, message, value }) => JSON.stringify([code, message, value]));
  expect(tell(report).sort()).toEqual(tell(whole.report).sort());
  expect(whole.report.totals().map(({ code, total }) => [code, total])).toEqual([
    ['no-object', 3],
    ['no-label', 3],
    ['converted-image', 1],
    ['similar-classes', 1],
  ]);
});
