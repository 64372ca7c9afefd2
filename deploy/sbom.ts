/**
 * Writes the bill of materials of the folder that `assemble.ts` made: CycloneDX JSON that lists every npm package in it
 * with its version, licence and hash. An image scanner lists the Debian packages of the base image.
 *
 * Usage: node deploy/sbom.ts <folder> <file>
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, file] = process.argv.slice(2);
if (folder === undefined || file === undefined) {
  process.stderr.write('Usage: node deploy/sbom.ts <folder> <file>\n');
  process.exit(2);
}

const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--sbom-type=application'], {
  cwd: folder,
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
});
const sbom = JSON.parse(text) as {
  serialNumber?: string;
  metadata: { timestamp?: string; component: Record<string, unknown> };
};
const manifest = readFileSync(join(folder, 'apps/ingestor/package.json'), 'utf8');
const { name, version } = JSON.parse(manifest) as { name: string; version: string };
Object.assign(sbom.metadata.component, { name, version, purl: `pkg:npm/${name.replace('@', '%40')}@${version}` });
// These differ between two builds of the same sources, which should give the same image.
delete sbom.serialNumber;
delete sbom.metadata.timestamp;
writeFileSync(file, `${JSON.stringify(sbom, null, 1)}\n`);
