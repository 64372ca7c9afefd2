import type { AnnotatedImage, AnnotatedObject, Box } from './types.js';

/** The lines of a VOC file before the first object. Each object is one line. */
const LINES_BEFORE_OBJECTS = 3;

/**
 * Writes the boxes of an image as a Pascal VOC file. Coordinates are edges in
 * pixels, as in the boxes.
 */
export function writeVoc(filename: string, { width, height, objects }: AnnotatedImage): string {
  const lines = [
    '<annotation>',
    `<filename>${escape(filename)}</filename>`,
    `<size><width>${width}</width><height>${height}</height><depth>3</depth></size>`,
    ...objects.map((object) => objectLine(object)),
    '</annotation>',
  ];
  return `${lines.join('\n')}\n`;
}

/** Returns the index of the object that is on a line of a VOC file, or `undefined` for a line about the image. */
export function objectOfLine(line: number): number | undefined {
  return line > LINES_BEFORE_OBJECTS ? line - LINES_BEFORE_OBJECTS - 1 : undefined;
}

function objectLine({ className, box, isDifficult, isTruncated, isOccluded }: AnnotatedObject): string {
  const flags = [
    `<truncated>${Number(isTruncated ?? false)}</truncated>`,
    `<difficult>${Number(isDifficult ?? false)}</difficult>`,
    isOccluded === undefined ? '' : `<occluded>${Number(isOccluded)}</occluded>`,
  ];
  return `<object><name>${escape(className)}</name>${flags.join('')}${box ? boxElement(box) : ''}</object>`;
}

function boxElement([left, top, right, bottom]: Box): string {
  return `<bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escape = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character]!);
