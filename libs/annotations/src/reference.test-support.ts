/** Whether the centre of a pixel is inside of a polygon: a line to the left crosses an odd number of edges. */
function isInside(polygon: readonly number[], column: number, row: number): boolean {
  const [x, y] = [column + 0.5, row + 0.5];
  let crossings = 0;
  for (let at = 0; at < polygon.length; at += 2) {
    const next = (at + 2) % polygon.length;
    const [x0, y0, x1, y1] = [polygon[at]!, polygon[at + 1]!, polygon[next]!, polygon[next + 1]!];
    const isBetween = (y0 <= y && y < y1) || (y1 <= y && y < y0);
    if (isBetween && x0 + ((y - y0) * (x1 - x0)) / (y1 - y0) <= x) crossings++;
  }
  return crossings % 2 === 1;
}

/** Returns the mask of objects, each with a value and its polygons, pixel by pixel. */
export function slowMask(
  width: number,
  height: number,
  objects: readonly { value: number; polygons: readonly (readonly number[])[] }[],
): number[] {
  return Array.from({ length: width * height }, (_, at) => {
    const [column, row] = [at % width, Math.floor(at / width)];
    const above = objects.findLast(({ polygons }) => polygons.some((polygon) => isInside(polygon, column, row)));
    return above?.value ?? 0;
  });
}

/** Returns the runs of the pixels that are not 0, column by column. */
export function runsOf(width: number, height: number, pixels: ArrayLike<number>): number[] {
  const counts = [0];
  let isInRun = false;
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      const isSet = pixels[row * width + column] !== 0;
      if (isSet !== isInRun) {
        counts.push(0);
        isInRun = isSet;
      }
      counts[counts.length - 1]!++;
    }
  }
  return counts;
}

/** Compresses runs as COCO does. */
export function encodeRuns(counts: readonly number[]): string {
  let text = '';
  for (const [at, count] of counts.entries()) {
    let value = at > 2 ? count - counts[at - 2]! : count;
    for (let more = true; more;) {
      const bits = value & 31;
      value >>= 5;
      more = (bits & 16) !== 0 ? value !== -1 : value !== 0;
      text += String.fromCharCode((more ? bits | 32 : bits) + 48);
    }
  }
  return text;
}
