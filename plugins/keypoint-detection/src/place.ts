import { type Image, type Placement, changesImage, movePoint, turnPoint } from '@tracebloc/ingestor-images';
import { type Pose, type Unit, isUnlabelled } from './pose.js';

/** The digits of a point that has moved. More would only show how numbers are added. */
const DIGITS = 12;

/** Returns the points that are outside of their image, whose stored pixels they count, or of which they are fractions. */
export function pointsOutside(pose: Pose, unit: Unit, { width, height }: Pick<Image, 'width' | 'height'>): Pose {
  const [right, bottom] = unit === 'pixels' ? [width, height] : [1, 1];
  return pose.filter(({ x, y }) => x < 0 || y < 0 || x > right || y > bottom);
}

/**
 * Moves the points of the stored pixels to where the written image shows what is there, in the same unit. A point that is cut off
 * goes to the edge, and is not visible any more. Points that are not labelled stay at 0, 0.
 */
export function placePose(
  pose: Pose,
  unit: Unit,
  image: Pick<Image, 'width' | 'height' | 'orientation'>,
  placement: Placement,
): Pose {
  if (image.orientation === 1 && !changesImage(placement)) return pose;
  const { width, height } = placement.target;
  const [from, to] = unit === 'pixels' ? [ONE, ONE] : [image, placement.target];
  return pose.map((point) => {
    if (isUnlabelled(point)) return point;
    const stored = { x: point.x * from.width, y: point.y * from.height };
    const moved = movePoint(turnPoint(stored, image, image.orientation), placement);
    const x = rounded(Math.min(Math.max(moved.x, 0), width) / to.width);
    const y = rounded(Math.min(Math.max(moved.y, 0), height) / to.height);
    const isInside = isWithin(moved.x, width) && isWithin(moved.y, height);
    return { ...point, x, y, visible: point.visible && isInside };
  });
}

const ONE = { width: 1, height: 1 };

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
/** A point at the edge may be beyond it by how numbers are rounded. */
const isWithin = (value: number, limit: number): boolean => rounded(value) >= -1e-9 && rounded(value) <= limit;
