import type { DataLayout, LayoutPlaces, LayoutRequest } from '@tracebloc/ingestor-contract';
import { ANNOTATED_FORMS, annotatedTable, annotationFindings, CLASSES_OPTION } from '@tracebloc/ingestor-annotations';
import { readConfig, SPLITS } from './config.js';
import { detectYolo } from './detect.js';
import { findImages, LabelPaths } from './images.js';
import { openYolo } from './source.js';

export const yolo: DataLayout = {
  kind: 'layout',
  name: 'yolo',
  title: 'YOLO',
  summary:
    'The data.yaml of a YOLO dataset, instead of a manifest and annotations; of older tools the obj.data, obj.names or classes.txt.',
  names: 'file',
  extensions: [],
  options: {
    type: 'object',
    properties: {
      split: {
        type: ['string', 'array'],
        items: { type: 'string', enum: [...SPLITS] },
        minItems: 1,
        examples: ['val'],
        description: 'The split to read, or several: `train`, `val` or `test`. Default: `train`.',
      },
      classes: CLASSES_OPTION,
    },
  },
  forms: ANNOTATED_FORMS,
  findings: annotationFindings.list,
  locate,
  async open(request, reading) {
    return annotatedTable(await openYolo(request, reading), request.form, reading.report);
  },
  detect: detectYolo,
};

async function locate(request: LayoutRequest): Promise<LayoutPlaces> {
  const { images, lists } = await findImages(await readConfig(request.path), request);
  const labels = new LabelPaths();
  for (const { path } of images) labels.of(path);
  const pairs = [...labels.folders].sort().map(([folder, labelFolder], at): [string, string][] => {
    const number = at === 0 ? '' : String(at + 1);
    return [
      [`images${number}`, folder],
      ...(labelFolder === folder ? [] : [[`labels${number}`, labelFolder] as [string, string]]),
    ];
  });
  const folders = Object.fromEntries(pairs.flat());
  return { files: [request.path, ...lists], folders };
}
