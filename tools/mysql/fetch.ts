/** Fetches MySQL and the libraries that it needs from Debian unstable: no Debian release has MySQL. Needs no root. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MIRROR = process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';
const INDEX = 'dists/sid/main/binary-amd64/Packages.xz';

/** Follows the links /bin and /lib, as dpkg does. */
const UNPACK = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner';

/** The fields of a paragraph in an index of packages; `Package` and `Filename` are always there. */
type Fields = Readonly<Record<string, string>>;
type Index = (name: string) => Fields | undefined;

/** Unpacks the server below the folder and returns its version. */
export async function fetchMysql(folder: string): Promise<string> {
  const index = execFileSync('xz', ['-dc'], { input: await download(INDEX), maxBuffer: 1 << 30 });
  const wanted = closure('mysql-server-core', readIndex(index.toString()));
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(folder, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(folder, name));
  }
  for (const { Filename } of wanted) {
    const archive = join(folder, 'package.deb');
    writeFileSync(archive, await download(Filename!));
    execFileSync('sh', ['-c', UNPACK, 'unpack', archive, folder]);
  }
  return wanted.find(({ Package }) => Package === 'mysql-server-core')?.Version ?? 'of an unknown version';
}

async function download(path: string): Promise<Buffer> {
  const answer = await fetch(`${MIRROR}/${path}`);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Finds packages by their names, and by the names that they provide. */
function readIndex(text: string): Index {
  const packages = new Map<string, Fields>();
  const provided = new Map<string, Fields>();
  for (const paragraph of text.split('\n\n')) {
    const fields: Fields = Object.fromEntries(
      [...paragraph.matchAll(/^(\S+): (.*)$/gm)].map(([, name, value]) => [name!, value!]),
    );
    if (!fields.Package) continue;
    packages.set(fields.Package, fields);
    for (const name of namesIn(fields.Provides)) if (!provided.has(name)) provided.set(name, fields);
  }
  return (name) => packages.get(name) ?? provided.get(name);
}

/** Returns the package and all its dependencies; of alternatives, the first. */
function closure(name: string, index: Index): Fields[] {
  const found = new Set<Fields>();
  const add = (wanted: string) => {
    const fields = index(wanted);
    if (!fields || found.has(fields)) return;
    found.add(fields);
    for (const other of [...namesIn(fields.Depends), ...namesIn(fields['Pre-Depends'])]) add(other);
  };
  add(name);
  return [...found];
}

/** Returns the names in a field's list of packages. */
function namesIn(list = ''): string[] {
  return list.split(',').flatMap((alternatives) => /^[^\s(:|]+/.exec(alternatives.trim()) ?? []);
}
