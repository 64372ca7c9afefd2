import type sharp from 'sharp';

let loading: Promise<typeof sharp> | undefined;

/** Loads sharp when the first image is read: a host has image plugins installed that most of its runs do not need. */
export function loadSharp(): Promise<typeof sharp> {
  return (loading ??= load());
}

async function load(): Promise<typeof sharp> {
  const loaded = (await import('sharp')).default;
  // Files are read once: a cache would only keep memory. One thread an image, since several images are worked on at once.
  loaded.cache(false);
  loaded.concurrency(1);
  return loaded;
}
