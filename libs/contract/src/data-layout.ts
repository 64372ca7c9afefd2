import type { FindingCode, Report } from './finding.js';
import type { JsonObject, JsonSchema } from './json.js';
import type { SurveyedOption } from './survey.js';
import type { FileTable } from './table.js';

/**
 * What the rows and the files of a dataset are like, as the data standard has them. A data layout gives a form and a task
 * reads one, so that neither knows the other. `images`, `annotations`, `masks` and `texts` are folders.
 *
 * - `image_classes`: `filename`, `label`; `images`.
 * - `boxes`: `filename`; `images`, and in `annotations` a Pascal VOC file `<stem>.xml` for each image.
 * - `masks`: `filename`, `mask_id`, `label` with the classes in the image; `images`, and in `masks` an 8-bit grey or palette PNG
 *   `<stem>_mask.png` for each image.
 * - `keypoints`: `filename`, `Annotation`, `Visibility`, `label`, a row for each object; `images`.
 * - `text_classes`: `filename`, `label`; `texts`, UTF-8.
 * - `token_tags`: `filename`, `label` with a tag for each word; `texts`, words separated by spaces.
 * - `text_pairs`: `filename`, and `label` if the data has one; `texts`, each a line whose fields a tab separates.
 * - `free_texts`: `filename`; `texts`.
 */
export type DataForm =
  'image_classes' | 'boxes' | 'masks' | 'keypoints' | 'text_classes' | 'token_tags' | 'text_pairs' | 'free_texts';

/** The folders that a form can have, which are also the usual fields of `ingest.yaml`. */
export type FormFolder = 'images' | 'annotations' | 'masks' | 'texts';

/**
 * A layout of labelled data on disk that is not a table, for example COCO or a folder for each class. It gives the rows and
 * the files of a form; those that are not on disk in that form are made when they are read. Nothing is written to disk.
 */
export interface DataLayout {
  kind: 'layout';
  /** The field of `ingest.yaml` that has the path, in snake case: `coco`. `spec.<name>_options` has the options. */
  name: string;
  /** The name in sentences: `COCO`. */
  title: string;
  /** What the field of `ingest.yaml` names, in a sentence. */
  summary: string;
  /** Whether the field names a file or a folder. */
  names: 'file' | 'folder';
  /** It is empty: no extension tells the layout. */
  extensions: readonly string[];
  /** JSON Schema of `spec.<name>_options`: an object with `properties`. */
  options: JsonSchema;
  forms: readonly DataForm[];
  /** Every code that it reports beside those of the task. */
  findings: readonly FindingCode[];
  /** Finds the files and folders of a dataset. Throws a `TableError` if something is missing. */
  locate(request: LayoutRequest): Promise<LayoutPlaces>;
  /**
   * Opens a dataset. Reports what is wrong with it and continues without it. Throws a `TableError` for a file that cannot be
   * read. What is opened gives the same rows and files each time, the rows in the order of their file names.
   */
  open(request: LayoutRequest, reading: LayoutReading): Promise<LayoutTable>;
  /** Returns the datasets of this layout in a folder, or `undefined` if there is none. */
  detect?(root: string): Promise<LayoutDetection | undefined>;
}

export interface LayoutRequest {
  /** Absolute, as the configuration names it. */
  path: string;
  form: DataForm;
  /** They fit the schema and have its defaults. */
  options: JsonObject;
  /** The absolute paths of folders that the configuration names, by the folders of the form. */
  folders: Readonly<Partial<Record<FormFolder, string>>>;
}

/** The files of a dataset on disk. They tell whether it has changed. */
export interface LayoutPlaces {
  /** The absolute paths of the files that decide the rows, in a fixed order. Their content is compared. */
  files: readonly string[];
  /** The absolute paths of folders with further files, by a name each. Names, sizes and times of the files are compared. */
  folders: Readonly<Record<string, string>>;
}

export interface LayoutReading {
  report: Report;
  signal: AbortSignal;
}

/** An open dataset: the rows of its form, and the files. */
export interface LayoutTable extends FileTable {
  folders: Readonly<Partial<Record<FormFolder, SourceFolder>>>;
  /**
   * Returns where the user finds a row of the table, or a line of a file that the layout makes, by the file's name in
   * findings. `undefined` leaves the place as it is.
   */
  locate?(file: string | undefined, row: number | undefined): FindingPlace | undefined;
  close?(): Promise<void>;
}

/** A place in a file on disk, as a finding names it. */
export interface FindingPlace {
  file: string;
  row?: number;
  column?: string;
}

/** A folder of files that a layout gives. */
export interface SourceFolder {
  /** As findings show it: `images`. */
  name: string;
  files: Iterable<SourceFile>;
  /** Is set if the files have numbers, so that none of them needs to be kept in memory. */
  numbered?: NumberedFiles;
  /** Of masks: the names of the classes by the values of their pixels, if the layout tells them. 0 is the background. */
  classes?: Readonly<Record<string, string>>;
}

/** Files that are found by their names without a list of them. */
export interface NumberedFiles {
  count: number;
  /** Returns the number of the file with this name, from 0, or `undefined` if there is none. */
  numberOf(name: string): number | undefined;
  at(number: number): SourceFile;
}

export interface SourceFile {
  /** Unique in the folder, with the extension. */
  readonly name: string;
  /** As findings show it. Default: the name of the folder and the name of the file. */
  readonly shown?: string;
  /** The absolute path of the file on disk. For a file that is made, a path that no other file of the dataset has. */
  readonly path: string;
  /** The real path of the folder that must hold the file on disk; see `RecordFile.within`. */
  readonly within?: string;
  /** Makes the bytes of a file that is not on disk: the same bytes each time. */
  make?(): Promise<Uint8Array>;
}

/** A dataset that was found in a folder, for `ingestor init`. */
export interface LayoutDetection {
  /** What was found, as a sentence for people: "a COCO file of 120 images with 640 boxes of 3 classes". */
  found: string;
  /** The forms that the data has, the richest first. */
  forms: readonly DataForm[];
  /** The halves of the dataset. One without a split has only `train`. */
  train: LayoutSplit;
  test?: LayoutSplit;
  /** Sentences about what the data does not decide, or what is left out. They quote no value. */
  doubts?: readonly string[];
}

/** A part of a dataset as the configuration names it. */
export interface LayoutSplit {
  /** Absolute. */
  path: string;
  options: readonly SurveyedOption[];
  /** Folders that the layout would not find by itself: absolute paths. */
  folders?: Readonly<Partial<Record<FormFolder, string>>>;
  /** The number of rows, if it is known. */
  rows?: number;
}
