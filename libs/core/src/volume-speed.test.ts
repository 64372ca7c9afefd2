import { describe, expect, it } from '@jest/globals';
import { VolumeSpeed } from './volume-speed.js';

function wait(milliseconds: number): true {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
  return true;
}

function compute(milliseconds: number): true {
  for (const started = performance.now(); performance.now() - started < milliseconds;);
  return true;
}

/** Returns how many of the files synchronous calls were made for. */
function made(speed: VolumeSpeed, files: number, calls: () => true): number {
  return Array.from({ length: files }, () => speed.run(calls)).filter((result) => result === true).length;
}

describe('synchronous calls', () => {
  it('are made as long as the volume answers immediately', () => {
    expect(made(new VolumeSpeed(), 1000, () => true)).toBe(1000);
  });

  it('end soon on a volume that makes them wait, and are tried again later', () => {
    const speed = new VolumeSpeed();
    const first = made(speed, 200, () => wait(5));
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(20);
    expect(made(speed, 3000, () => true)).toBeGreaterThan(500);
  });

  (process.platform === 'linux' ? it : it.skip)('go on if the processor, not the volume, takes the time', () => {
    expect(made(new VolumeSpeed(), 100, () => compute(2))).toBe(100);
  });

  it('pass their errors on', () => {
    const failing = (): never => {
      throw new Error('no such file');
    };
    expect(() => new VolumeSpeed().run(failing)).toThrow('no such file');
  });
});
