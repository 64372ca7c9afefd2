import { open } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { DataForm, LayoutDetection, LayoutSplit } from '@tracebloc/ingestor-contract';
import { counted, halvesOf, splitOption } from '@tracebloc/ingestor-annotations';
import { splitsIn, walk, type Walked } from './walk.js';

/** Names of folders that have a meaning in other layouts, and are no classes. */
const NO_CLASSES: readonly string[] = [
  ...['images', 'jpegimages', 'labels', 'annotations', 'masks', 'texts', 'sequences'],
  ...['imagesets', 'segmentationclass', 'segmentationobject', 'obj_train_data'],
];

/** The files without an extension that are looked at, and the bytes of each. */
const [SAMPLE, BEGINNING] = [20, 4096];

/** Finds folders of classes, or folders of splits that have them. */
export async function detectFolders(root: string): Promise<LayoutDetection | undefined> {
  for (const form of ['image_classes', 'text_classes'] as const) {
    const found = await detectForm(root, form);
    if (found) return found;
  }
  return undefined;
}

async function detectForm(root: string, form: DataForm): Promise<LayoutDetection | undefined> {
  const names = [...(await splitsIn(root)).keys()];
  const splits = new Map<string, LayoutSplit>();
  const walked = new Map<LayoutSplit, Walked>();
  for (const split of names.length > 0 ? names : [undefined]) {
    const found = await walk({ path: root, form, options: split === undefined ? {} : { split } });
    if (!isOfClasses(found) || !(await areTexts(found))) continue;
    const one = { path: root, options: split === undefined ? [] : [splitOption(split)], rows: found.files.length };
    splits.set(split ?? 'train', one);
    walked.set(one, found);
  }
  const halves = halvesOf(splits);
  if (!halves) return undefined;
  const { files, others, loose, isNested } = walked.get(halves.train)!;
  const classes = new Set(files.map(({ className }) => className)).size;
  const doubts = [
    ...(halves.doubts ?? []),
    ...(isNested
      ? ['Folders are in folders of classes: `nested` in the options decides which of them is the class.']
      : []),
    ...(others.length + loose.length > 0 ? [`Files that are left out: ${others.length + loose.length}.`] : []),
  ];
  return {
    found: `${counted(files.length, form === 'image_classes' ? 'image' : 'text')} in folders of ${counted(classes, 'class')}`,
    forms: [form],
    ...halves,
    ...(doubts.length > 0 && { doubts }),
  };
}

/** Whether the first files without an extension are texts. Programs have none either. */
async function areTexts({ root, files }: Walked): Promise<boolean> {
  const bare = files.filter(({ path }) => extname(path) === '').slice(0, SAMPLE);
  const texts = await Promise.all(bare.map(async ({ path }) => isText(join(root, path))));
  return texts.every(Boolean);
}

/** Whether the beginning of a file is not binary. The encoding is looked at when the texts are read. */
async function isText(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    return !buffer.subarray(0, bytesRead).includes(0);
  } finally {
    await file.close();
  }
}

/** Whether the folders are those of at least two classes. */
function isOfClasses({ files, folders, others }: Walked): boolean {
  const top = folders.filter((folder) => !folder.includes('/'));
  if (top.some((folder) => NO_CLASSES.includes(folder.toLowerCase()))) return false;
  const classes = new Set(files.map(({ className }) => className));
  return classes.size >= 2 && files.length >= others.length;
}
