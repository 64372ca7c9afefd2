/** Gets MySQL, which no Debian release has, with all libraries that it needs, out of Debian unstable; needs no root. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MIRROR = process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org/debian';
const INDEX = 'dists/sid/main/binary-amd64/Packages.xz';

/** As dpkg itself would follow the links that stand for /bin and /lib. */
const UNPACK = 'dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink --no-same-owner';

/** Unpacks the server below the folder and returns its version. */
export async function fetchMysql(folder) {
  const packages = readIndex(execFileSync('xz', ['-dc'], { input: await download(INDEX), maxBuffer: 1 << 30 }));
  const wanted = closure('mysql-server-core', packages);
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(folder, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(folder, name));
  }
  for (const { Filename } of wanted) {
    const archive = join(folder, 'package.deb');
    writeFileSync(archive, await download(Filename));
    execFileSync('sh', ['-c', UNPACK, 'unpack', archive, folder]);
  }
  return wanted.find(({ Package }) => Package === 'mysql-server-core').Version;
}

async function download(path) {
  const answer = await fetch(`${MIRROR}/${path}`);
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Packages by their names, and by what they provide. */
function readIndex(text) {
  const packages = new Map();
  const provided = new Map();
  for (const paragraph of text.toString().split('\n\n')) {
    const fields = Object.fromEntries(
      [...paragraph.matchAll(/^(\S+): (.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    if (!fields.Package) continue;
    packages.set(fields.Package, fields);
    for (const name of namesIn(fields.Provides)) if (!provided.has(name)) provided.set(name, fields);
  }
  return { get: (name) => packages.get(name) ?? provided.get(name) };
}

/** The package and all that it depends on; of alternatives the first. */
function closure(name, packages) {
  const found = new Set();
  const add = (wanted) => {
    const fields = packages.get(wanted);
    if (!fields || found.has(fields)) return;
    found.add(fields);
    for (const other of [...namesIn(fields.Depends), ...namesIn(fields['Pre-Depends'])]) add(other);
  };
  add(name);
  return [...found];
}

/** The names that a field lists; none where the package has no such field. */
function namesIn(list = '') {
  return list.split(',').flatMap((alternatives) => /^[^\s(:|]+/.exec(alternatives.trim()) ?? []);
}
