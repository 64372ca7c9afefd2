#!/usr/bin/env -S node --max-semi-space-size=4
// The flag (MiB) keeps V8 from giving a stream of short-lived rows ever more room: a third less memory, no slower.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `ingestor needs Node.js 22.13 or newer; this is ${process.versions.node} (${process.execPath}).\n` +
      'Install a newer one, or add it to this folder: npm install node@24, then run through npx.\n',
  );
  process.exit(2);
}
const { main } = await import('../dist/main.js');
await main(import.meta.url);
