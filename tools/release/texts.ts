const UNRELEASED = '## Unreleased\n';

/** Makes the section "Unreleased" that of a version, below a new and empty one. Throws when there is no such section. */
export function promoteUnreleased(changelog: string, version: string, date: string): string {
  if (!changelog.includes(UNRELEASED)) throw new Error('CHANGELOG.md has no section "Unreleased".');
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## ${version} (${date})\n`);
}

/** Replaces the version of the image: after `VERSION=` and in names of images and their labels. */
export function replaceVersion(text: string, from: string, to: string): string {
  const escaped = from.replaceAll('.', '\\.');
  return text.replaceAll(new RegExp(`(VERSION=|ingestor:|newTag: |')${escaped}(?![\\w.-])`, 'g'), `$1${to}`);
}
