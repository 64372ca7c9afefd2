import { expect, it } from '@jest/globals';
import type { SourceFile, SourceFolder } from '@tracebloc/ingestor-contract';
import { createReport } from '../findings/report.js';
import { SidecarFolder } from './sidecar-folder.js';

let made = 0;

/** Files `0.txt` to `9.txt`, whose text is their number. */
const fileAt = (number: number): SourceFile => ({
  name: `${number}.txt`,
  path: `/data#${number}`,
  make: async () => {
    made++;
    return Buffer.from(String(number));
  },
});
const folder: SourceFolder = {
  name: 'texts',
  get files(): never {
    throw new Error('The files are listed.');
  },
  numbered: {
    count: 10,
    numberOf: (name) => (/^\d\.txt$/.test(name) ? Number(name[0]) : undefined),
    at: fileAt,
  },
};

it('files that have numbers are found, made once for a row, and remembered without a list of them', async () => {
  const found = await SidecarFolder.open(folder, '.txt');
  const report = createReport();
  const find = (name: string) => found.find(name, { report, file: 'data', row: 2 });
  const file = await find('7');
  expect(file).toMatchObject({ stem: '7', extension: '.txt', shown: 'texts/7.txt', path: '/data#7', repeated: false });
  made = 0;
  expect(Buffer.from(await file!.make!()).toString() + Buffer.from(await file!.make!()).toString()).toBe('77');
  expect(made).toBe(1);
  expect(await find('7.TXT')).toMatchObject({ repeated: true });
  expect(await find('77')).toBeUndefined();
  for (const name of ['0', '1', '2', '3', '4', '5', '8']) found.mark(name);
  await found.reportUnnamed(report);
  expect(report.findings()).toMatchObject([
    { code: 'missing-file', value: '77' },
    { code: 'unnamed-file', message: '2 of 10 files are not named by any row, so they are not used: 6.txt and 9.txt.' },
  ]);
});
