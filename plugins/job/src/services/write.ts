import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExitCode, IngestorError, printable } from '@tracebloc/ingestor-core';
import { listObjects, type JobObjects } from './objects.js';
import type { JobPlan } from './plan.js';

/** The objects as YAML documents that `kubectl apply` takes, printable whatever they hold. */
export async function objectsYaml(objects: JobObjects): Promise<string> {
  const { dumpYaml } = await import('@kubernetes/client-node');
  return listObjects(objects)
    .map((object) => {
      const text = dumpYaml(object, { lineWidth: -1 });
      // JSON is YAML too, and has an escape for everything.
      return `---\n${printable(text) === text ? text : `${printable(JSON.stringify(object, null, 2))}\n`}`;
    })
    .join('');
}

/** Writes a file a run, `<name>.yaml`, and gives their paths. One with a Secret in it is for its owner's eyes only. */
export async function writeObjects(folder: string, plans: readonly JobPlan[]): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true });
    const files: string[] = [];
    for (const { name, objects } of plans) {
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, await objectsYaml(objects), { mode: objects.secret ? 0o600 : 0o644 });
      files.push(file);
    }
    return files;
  } catch (error) {
    throw new IngestorError({
      code: 'output-unwritable',
      message: `The objects cannot be written to ${folder}: ${(error as Error).message}`,
      fix: 'Give --output a folder that this user may write to.',
      exitCode: ExitCode.usage,
      cause: error,
    });
  }
}
