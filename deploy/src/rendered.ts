import type { IJob } from 'kubernetes-models/batch/v1';
import type { IConfigMap } from 'kubernetes-models/v1';
import { parseAllDocuments } from 'yaml';
import { render } from './kubectl.ts';

/** An overlay as kubectl renders it: the text and its objects. */
export interface Rendered {
  text: string;
  objects: (IConfigMap | IJob)[];
  configMap: IConfigMap;
  job: IJob;
}

/** Renders an overlay of `deploy/job/base` that has a ConfigMap. */
export function renderOverlay(folder: string): Rendered {
  const text = render(folder);
  const objects = parseAllDocuments(text).map((document) => document.toJSON() as IConfigMap | IJob);
  const [configMap, job] = objects as [IConfigMap, IJob];
  return { text, objects, configMap, job };
}
