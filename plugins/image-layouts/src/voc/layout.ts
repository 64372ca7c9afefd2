import type { DataLayout, LayoutPlaces, LayoutRequest } from '@tracebloc/ingestor-contract';
import { annotationFindings } from '@tracebloc/ingestor-annotations';
import { detectVoc } from './detect.js';
import { chooseSplits, findPlaces } from './places.js';
import { openVoc } from './source.js';

export const voc: DataLayout = {
  kind: 'layout',
  name: 'voc',
  title: 'Pascal VOC',
  summary:
    'A folder with `JPEGImages`, `Annotations` or `SegmentationClass`, and lists in `ImageSets`, instead of a manifest.',
  names: 'folder',
  extensions: [],
  options: {
    type: 'object',
    properties: {
      split: {
        type: ['string', 'array'],
        items: { type: 'string' },
        minItems: 1,
        examples: ['val'],
        description:
          'The list of `ImageSets` to read, or several. Default: `train`, or else `trainval`, or else the first.',
      },
    },
  },
  forms: ['boxes', 'masks'],
  findings: annotationFindings.list.filter(({ code }) => ['shortened-label', 'unknown-class'].includes(code)),
  locate,
  open: openVoc,
  detect: detectVoc,
};

async function locate(request: LayoutRequest): Promise<LayoutPlaces> {
  const places = await findPlaces(request);
  const { images, annotations, masks, splits } = places;
  const { chosen = [] } = chooseSplits(places, request);
  return {
    files: chosen.map((split) => splits.get(split)!),
    folders: { images, ...(annotations && { annotations }), ...(masks && { masks }) },
  };
}
