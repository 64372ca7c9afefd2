import type { FindingPlace, SourceFile } from '@tracebloc/ingestor-contract';

/** The edges of a box in pixels, from the upper left corner of the image: left, top, right, bottom. They may be fractions. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** A mask as the lengths of runs, column by column from the upper left corner, which begin with a run outside of the object. */
export interface RunLengths {
  width: number;
  height: number;
  counts: readonly number[];
}

/** A point of an object. `visible` is false if the point is hidden or was not labelled. */
export interface Keypoint {
  name: string;
  /** In pixels. */
  x: number;
  y: number;
  visible: boolean;
}

/** An object in an image. Which shapes it has depends on the data. */
export interface AnnotatedObject {
  className: string;
  box?: Box;
  /** The outlines of its parts: x and y in turn, in pixels. */
  polygons?: readonly (readonly number[])[];
  runs?: RunLengths;
  /** They are absent, or empty, if none of the object's points was labelled. */
  keypoints?: readonly Keypoint[];
  isDifficult?: boolean;
  isTruncated?: boolean;
  isOccluded?: boolean;
}

export interface AnnotatedImage {
  /** In pixels. */
  width: number;
  height: number;
  objects: readonly AnnotatedObject[];
}

/** Images with annotations, however a layout has them. The index of an image is its position in `images`. */
export interface AnnotatedSource {
  /** In the order of their names. */
  images: readonly SourceFile[];
  /** The names of the classes, each once, in the order of their values in masks. The first has the value 1. */
  classes: readonly string[];
  /** Returns the number of objects of an image that have keypoints. */
  pointedOf(index: number): number;
  /** Reads what is in an image. It was checked when the source was opened. */
  load(index: number): Promise<AnnotatedImage>;
  /** Returns where the user finds what is said of an image, or of one of its objects. */
  placeOf(index: number, object?: number): FindingPlace;
  close?(): Promise<void>;
}
