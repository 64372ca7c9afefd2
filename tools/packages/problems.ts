/** The fields of a `package.json` that are checked. */
export interface Manifest {
  name: string;
  description?: string;
  license?: string;
  homepage?: string;
  repository?: { url?: string; directory?: string };
  bugs?: string;
  engines?: { node?: string };
  exports?: unknown;
  bin?: Record<string, string>;
  oclif?: { commands?: unknown };
  scripts?: Record<string, string>;
}

export interface PackedPackage {
  /** The folder in the repository. */
  folder: string;
  manifest: Manifest;
  /** The paths that `npm pack` takes. */
  files: readonly string[];
  read: (path: string) => string;
  /** The texts that the files of these names must have. */
  legal: Readonly<Record<string, string>>;
}

/** A package's README must have more than a title. */
const LEAST_README = 200;

/** Returns what a package lacks, one phrase for each problem. */
export function problemsOf({ folder, manifest, files, read, legal }: PackedPackage): string[] {
  const packed = new Set(files);
  const problems: string[] = [];
  const need = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };

  for (const field of ['description', 'license', 'homepage', 'repository', 'bugs', 'engines'] as const) {
    need(manifest[field] !== undefined, `package.json has no ${field}`);
  }
  need(manifest.repository?.directory === folder, `repository.directory is not ${folder}`);
  need(packed.has('README.md') && read('README.md').length >= LEAST_README, 'README.md is missing or too short');
  for (const [name, text] of Object.entries(legal)) {
    need(packed.has(name) && read(name) === text, `${name} is missing or not that of the repository`);
  }
  for (const target of targetsOf(manifest)) need(packed.has(target), `${target} is not packed`);
  for (const path of files) {
    need(!/\.test(-support)?\.|\.tsbuildinfo$/.test(path), `${path} is a file of the tests or the compiler`);
    if (path.endsWith('.js.map')) need(hasSources(read(path)), `${path} has no sources`);
  }
  if (manifest.oclif?.commands !== undefined) {
    need(
      manifest.scripts?.prepack?.includes('oclif-manifest.ts') === true,
      'scripts.prepack makes no oclif.manifest.json',
    );
  }
  return problems;
}

/** Returns the files that `exports` and `bin` name. The condition for sources in this workspace is left out. */
function targetsOf({ exports, bin = {} }: Manifest): string[] {
  const targets = [...Object.values(bin), ...stringsIn(exports)];
  return targets.map((target) => target.replace(/^\.\//, ''));
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === '@tracebloc/source' ? [] : stringsIn(inner)));
}

function hasSources(text: string): boolean {
  const { sources, sourcesContent = [] } = JSON.parse(text) as { sources: string[]; sourcesContent?: string[] };
  return sources.length === sourcesContent.length;
}
