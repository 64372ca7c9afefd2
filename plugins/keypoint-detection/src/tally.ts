import type { JsonValue, Report } from '@tracebloc/ingestor-contract';
import type { FileTally } from '@tracebloc/ingestor-dataset';
import { ImageTally, type PartialImages } from '@tracebloc/ingestor-images';
import { keypointFindings } from './findings.js';
import type { KeypointOptions } from './options.js';
import type { Pose } from './pose.js';

/** Counts images, and points that are cut off. */
export class KeypointTally implements FileTally {
  readonly images: ImageTally;
  #points = 0;
  #rows = 0;

  constructor({ background, fit }: KeypointOptions) {
    this.images = new ImageTally({ background, needsOneSize: fit === 'exact' });
  }

  /** Adds an object with its points as they were and as they are stored. */
  add(before: Pose, after: Pose): void {
    const cropped = before.filter(({ visible }, index) => visible && !after[index]!.visible).length;
    this.#points += cropped;
    if (cropped > 0) this.#rows++;
  }

  partial(): { images: PartialImages; points: number; rows: number } {
    return { images: this.images.partial(), points: this.#points, rows: this.#rows };
  }

  merge(partial: JsonValue): void {
    const { images, points, rows } = partial as ReturnType<KeypointTally['partial']>;
    this.images.merge(images);
    this.#points += points;
    this.#rows += rows;
  }

  finish(report: Report, file: string): void {
    this.images.finish(report, 'images');
    if (this.#points === 0) return;
    const [points, rows] = [countOf(this.#points, 'visible point'), countOf(this.#rows, 'row')];
    const message = `\`cover\` cuts off ${points} of ${rows}. Their visibility becomes 0.`;
    keypointFindings.report(report, 'cropped-points', () => ({ message, file }));
  }
}

const countOf = (count: number, what: string): string =>
  `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
