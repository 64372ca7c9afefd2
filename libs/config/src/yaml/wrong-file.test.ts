import { expect, it } from '@jest/globals';
import { BASE, LOCAL, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();
const refused = (config: string) =>
  refusalLines(place.run({ env: LOCAL, flags: { config, configOrigin: 'argument' } }));

it.each([
  [
    'data.csv',
    /^argument: the file ".*\/data\.csv" is data, not a configuration — .* To write one: ingestor init data\.csv$/,
  ],
  ['trian.yaml', /^argument: the file ".*" does not exist — Did you mean "train\.yaml"\?$/],
  ['sub/ingst.yaml', /does not exist — Did you mean "sub\/ingest\.yaml"\?$/],
  ['telepathy.yaml', /does not exist — Use the path of a readable YAML file\.$/],
  ['none/x.yaml', /does not exist — Use the path of a readable YAML file\.$/],
  ['sub', /is a folder — Did you mean "sub\/ingest\.yaml"\?$/],
  ['yolo/data.yaml', /^argument: the file "yolo\/data\.yaml" describes a dataset for YOLO: .* ingestor init yolo$/],
  ['empty', /is a folder — Name the YAML file that describes the data\. To write one: ingestor init empty$/],
])('a wrong file gets the right one or the next command: %s', async (config, line) => {
  place.write('train.yaml', BASE);
  place.write('sub/ingest.yaml', BASE);
  place.write('yolo/data.yaml', 'path: ../set\ntrain: images/train\nnames:\n  0: person\n');
  place.write('empty/data.csv', 'a\n1\n');
  expect(await refused(config)).toEqual([expect.stringMatching(line)]);
});
