import type sharp from 'sharp';

let loading: Promise<typeof sharp> | undefined;

/** Loads sharp when the first image is read: most runs of a host do not need the image plugins that it has. */
export function loadSharp(): Promise<typeof sharp> {
  return (loading ??= load());
}

async function load(): Promise<typeof sharp> {
  const loaded = (await import('sharp')).default;
  // Files are read once: a cache would only keep memory. One thread for each image, since several images are processed in parallel.
  loaded.cache(false);
  loaded.concurrency(1);
  return loaded;
}
