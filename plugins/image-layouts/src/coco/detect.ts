import { open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type DataForm, isTableError, type LayoutDetection, type LayoutSplit } from '@tracebloc/ingestor-contract';
import { counted, halvesOf, splitOf } from '@tracebloc/ingestor-annotations';
import { readElements } from './elements.js';
import { locateCoco } from './places.js';

/** The bytes at the beginning of a file that show whether it may be COCO. */
const BEGINNING = 64 << 10;

interface Profile {
  path: string;
  images: number;
  annotations: number;
  classes: number;
  forms: DataForm[];
}

/** Finds COCO files in a folder, in `annotations`, and in the folders of splits. */
export async function detectCoco(root: string): Promise<LayoutDetection | undefined> {
  const profiles: Profile[] = [];
  for (const path of await jsonFiles(root)) {
    const profile = await profileOf(path);
    if (profile) profiles.push(profile);
  }
  // One dataset can have files for several tasks: instances_train2017.json and person_keypoints_train2017.json.
  const families = new Map<string, Profile[]>();
  for (const profile of profiles) {
    const family = familyOf(root, profile.path);
    families.set(family, [...(families.get(family) ?? []), profile]);
  }
  const [chosen, ...others] = [...families.values()];
  if (!chosen) return undefined;
  const splits = new Map<string, LayoutSplit>();
  for (const { path, images } of chosen) {
    const split = splitIn(root, path) ?? basename(path);
    if (!splits.has(split)) splits.set(split, { path, options: [], rows: images });
  }
  const halves = halvesOf(splits)!;
  const train = chosen.find(({ path }) => path === halves.train.path)!;
  const doubts = [
    ...(halves.doubts ?? []),
    ...(others.length > 0 ? [`There are further COCO files, such as ${basename(others[0]![0]!.path)}.`] : []),
  ];
  const { images, annotations, classes, forms } = train;
  return {
    found: `a COCO file of ${counted(images, 'image')} with ${counted(annotations, 'object')} of ${counted(classes, 'class')}`,
    forms,
    ...halves,
    ...(doubts.length > 0 && { doubts }),
  };
}

async function jsonFiles(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const folders = entries.filter(
    (entry) => entry.isDirectory() && (entry.name === 'annotations' || splitOf(entry.name)),
  );
  const files: string[] = [];
  for (const folder of [root, ...folders.map(({ name }) => join(root, name)).sort()]) {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.') && /\.json$/i.test(name));
    files.push(...names.sort().map((name) => join(folder, name)));
  }
  return files;
}

/** Returns the split that a file is of, by its name or that of its folder. */
function splitIn(root: string, path: string): string | undefined {
  const folder = dirname(path);
  return splitOf(basename(path)) ?? (folder === root ? undefined : splitOf(basename(folder)));
}

/** Returns the name of a file without its split, so that the files of one dataset have the same. */
function familyOf(root: string, path: string): string {
  const split = splitIn(root, path);
  return split === undefined
    ? path
    : basename(path)
        .toLowerCase()
        .replace(/(train|val|test)[a-z]*\d*/, '');
}

/** Reads a COCO file with annotations and images, and returns `undefined` for any other. */
async function profileOf(path: string): Promise<Profile | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING), 0, BEGINNING, 0);
    const beginning = buffer.toString('utf8', 0, bytesRead);
    if (!/^\s*\u{feff}?\{/u.test(beginning) || !/"(images|annotations|categories|info|licenses)"\s*:/.test(beginning))
      return undefined;
    const profile = { path, images: 0, annotations: 0, classes: 0 };
    let [hasBoxes, hasOutlines, hasPoints] = [false, false, false];
    for await (const elements of readElements(file, new AbortController().signal)) {
      for (const { key, text } of elements) {
        if (key === 'images') profile.images++;
        else if (key === 'categories') profile.classes++;
        else if (key === 'annotations') {
          profile.annotations++;
          hasBoxes ||= /"bbox"\s*:\s*\[\s*[\d.]/.test(text);
          hasOutlines ||= /"segmentation"\s*:\s*(\{|\[\s*[[\d])/.test(text);
          hasPoints ||= /"keypoints"\s*:\s*\[\s*[\d.]/.test(text);
        }
      }
    }
    if (profile.images === 0 || profile.annotations === 0 || profile.classes === 0) return undefined;
    const forms: DataForm[] = [
      ...(hasPoints ? (['keypoints'] as const) : []),
      ...(hasOutlines ? (['masks'] as const) : []),
      ...(hasBoxes || hasOutlines ? (['boxes'] as const) : []),
    ];
    await locateCoco({ path, form: 'boxes', options: {}, folders: {} });
    return forms.length > 0 ? { ...profile, forms } : undefined;
  } catch (error) {
    if (isTableError(error)) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}
