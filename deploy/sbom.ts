/**
 * Writes the bill of materials of what `assemble.ts` made: CycloneDX JSON of every npm package in it, with versions,
 * licences and hashes. The base image's Debian packages are for an image scanner to tell.
 *
 * Usage: node deploy/sbom.ts <folder> <file>
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, file] = process.argv.slice(2);
if (!folder || !file) {
  process.stderr.write('Usage: node deploy/sbom.ts <folder> <file>\n');
  process.exit(2);
}

const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'], {
  cwd: folder,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const sbom = JSON.parse(text);
const { name, version } = JSON.parse(readFileSync(join(folder, 'apps/ingestor/package.json'), 'utf8'));
Object.assign(sbom.metadata.component, { name, version, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` });
// What is different each time would make another image of the same sources.
delete sbom.serialNumber;
delete sbom.metadata.timestamp;
writeFileSync(file, `${JSON.stringify(sbom, null, 1)}\n`);
